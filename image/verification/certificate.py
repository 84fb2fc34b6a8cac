"""The certificate that NGINX shows to users: its public part alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Certificate(BaseModel):
    """What is shown for a host. Whatever else the program may tell of it one day is left alone."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)

    host: str
    secret_name: str
    """The Secret that it is in."""
    file: Path
    """Its `tls.crt`; not there where the Secret is not."""

    @property
    def name(self) -> str:
        return f"the certificate of {self.host} (Secret {self.secret_name})"

    def read(self) -> x509.Certificate | None:
        """The first of the chain, which is the host's own; None where there is none yet.

        Raises:
            ValueError: it is no certificate.
        """
        try:
            return x509.load_pem_x509_certificate(self.file.read_bytes())
        except FileNotFoundError:
            return None


def fault_of(certificate: x509.Certificate, host: str, now: datetime) -> str | None:
    """Why clients would refuse it; what depends on whom they trust is not looked at."""
    if not any(_covers(name, host) for name in _names_of(certificate)):
        return f"is for {', '.join(_names_of(certificate)) or 'no host'}"
    if now >= certificate.not_valid_after_utc:
        return f"expired on {certificate.not_valid_after_utc.date()}"
    if now < certificate.not_valid_before_utc:
        return f"is not valid before {certificate.not_valid_before_utc.isoformat()}"
    return None


def days_left(certificate: x509.Certificate, now: datetime) -> float:
    """Days until it expires."""
    return (certificate.not_valid_after_utc - now).total_seconds() / 86400


def _names_of(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        # Browsers have not looked at the subject's common name for years.
        return []
    return names.get_values_for_type(x509.DNSName)


def _covers(name: str, host: str) -> bool:
    """Whether a name is the host's; `*.` stands for exactly one label (RFC 6125, section 6.4.3)."""
    if name.startswith("*."):
        return host.partition(".")[2].lower() == name[2:].lower()
    return host.lower() == name.lower()
