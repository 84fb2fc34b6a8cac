"""Whether clients would take what NGINX shows them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support import Server
from tests.verification.support import Bench, a_config, found
from verification.certificate import Certificate
from verification.checks.connectivity import connectivity
from verification.report import Findings

_HOST = "facefusion.example.com"
_NAME = f"the certificate of {_HOST} (Secret facefusion-tls)"


def pem(*names: str, begins_in: float = -1, ends_in: float = 90) -> bytes:
    """A certificate for some names, that begins and ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _HOST)])
    now = datetime.now(timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + timedelta(days=begins_in))
        .not_valid_after(now + timedelta(days=ends_in))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(map(x509.DNSName, names)), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def look(bench: Bench, green: Server, file: Path) -> Findings:
    certificate = Certificate.model_validate({"host": _HOST, "secretName": "facefusion-tls", "file": file})

    async def run() -> Findings:
        findings = found()
        await connectivity(bench.subject(a_config(green.url, certificate=certificate)), findings)
        return findings

    return asyncio.run(run())


@pytest.mark.parametrize("name", [_HOST, "*.example.com", "FaceFusion.example.com"])
def test_one_that_covers_the_host_is_taken_and_its_days_are_counted(
    bench: Bench, green: Server, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "tls.crt"
    file.write_bytes(pem("other.example.com", name) + pem("ca.example.com"))

    findings = look(bench, green, file)

    assert findings.problems == []
    assert findings.measurements["certificateDaysLeft"] == 90.0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (pem("example.com", "*.facefusion.example.com"), "is for example.com, *.facefusion.example.com"),
        (pem("*.com"), "is for *.com"),
        (pem(), "is for no host"),
        (pem(_HOST, begins_in=-9, ends_in=-1), "expired on 2"),
        (pem(_HOST, begins_in=2), "is not valid before 2"),
        (b"not a certificate", "cannot be read: "),
    ],
)
def test_one_that_clients_would_refuse_is_a_problem(
    bench: Bench, green: Server, tmp_path: Path, content: bytes, problem: str
) -> None:
    file = tmp_path / "tls.crt"
    file.write_bytes(content)

    (found_problem,) = look(bench, green, file).problems

    assert found_problem.startswith(f"{_NAME} {problem}")


def test_one_that_is_missing_is_no_reason_to_stop(bench: Bench, green: Server, tmp_path: Path) -> None:
    findings = look(bench, green, tmp_path / "tls.crt")

    assert findings.problems == []
    assert findings.notes == [f"{_NAME} is not there yet: NGINX shows one of its own, which clients refuse"]
