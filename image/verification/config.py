"""What is verified, and what it has to prove: read from the environment and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from verification.certificate import Certificate
from verification.errors import SetupError


class _Budget(BaseModel):
    """A budget that this suite does not know is refused: nobody would look at what it limits."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, allow_inf_nan=False)


class Accuracy(_Budget):
    max_identity_distance: float = Field(ge=0)
    min_similarity: float = Field(le=1)
    min_reference_similarity: float = Field(le=1)


class Resources(_Budget):
    requests: int = Field(ge=1)
    concurrency: int = Field(ge=1)
    max_memory: float = Field(ge=0)
    max_memory_growth_mib: float = Field(ge=0, alias="maxMemoryGrowthMiB")
    max_gpu_memory: float = Field(ge=0)
    max_latency_p95_seconds: float = Field(ge=0)
    max_slowdown: float = Field(gt=0)


class Stability(_Budget):
    max_restarts: int = Field(ge=0)
    max_error_lines: int = Field(ge=0)


class Checks(_Budget):
    timeout_seconds: float = Field(gt=0)
    accuracy: Accuracy
    resources: Resources
    stability: Stability


@dataclass(frozen=True)
class Config:
    """The environment of a verification; docs/verification.md has the table for people."""

    service: str
    color: str
    version: str
    image: str
    hash: str
    namespace: str
    target_url: str
    reference_url: str
    selector: str
    report_configmap: str
    checks: Checks
    certificate: Certificate | None
    """What users are shown; none where TLS does not end at NGINX."""
    golden: Path
    models: Path

    @staticmethod
    def read(environment: Mapping[str, str]) -> Config:
        missing: list[str] = []

        def text(name: str) -> str:
            value = environment.get(name, "")
            if not value:
                missing.append(name)
            return value

        config = Config(
            service=text("SERVICE"),
            color=text("COLOR"),
            version=text("VERSION"),
            image=text("IMAGE"),
            hash=text("HASH"),
            namespace=text("NAMESPACE"),
            target_url=text("TARGET_URL"),
            reference_url=text("REFERENCE_URL"),
            selector=text("SELECTOR"),
            report_configmap=text("REPORT_CONFIGMAP"),
            checks=_checks(text("CHECKS")),
            certificate=_certificate(environment.get("CERTIFICATE", "")),
            golden=Path(environment.get("GOLDEN_DIR", "/golden")),
            models=Path(environment.get("MODELS_DIR", "/models")),
        )
        if missing:
            raise SetupError(f"the environment lacks {', '.join(missing)}")
        return config


def _checks(text: str) -> Checks:
    try:
        return Checks.model_validate_json(text)
    except ValidationError as error:
        raise SetupError(f"CHECKS is not accepted: {faults_of(error)}") from None


def _certificate(text: str) -> Certificate | None:
    if not text:
        return None
    try:
        return Certificate.model_validate_json(text)
    except ValidationError as error:
        raise SetupError(f"CERTIFICATE is not accepted: {faults_of(error)}") from None


def faults_of(error: ValidationError) -> str:
    """All faults of a document in one line, each with its place."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}".removeprefix(": ") for fault in error.errors()
    )
