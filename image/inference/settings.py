"""Everything that the environment decides, read and checked once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


class SettingsError(Exception):
    """Faults of the environment, all at once."""


@dataclass(frozen=True)
class Settings:
    """The server's settings; README.md has the table for people."""

    color: str
    version: str
    port: int
    models: Path
    concurrency: int
    max_jobs: int
    max_upload_bytes: int
    max_image_pixels: int
    linger_seconds: float
    test_job_seconds_max: float

    @staticmethod
    def read(environment: Mapping[str, str]) -> Settings:
        faults: list[str] = []

        def number(name: str, default: float, low: float) -> float:
            text = environment.get(name) or str(default)
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            # Written so that what is no number, and compares with nothing, is a fault too.
            if not low <= value < math.inf:
                faults.append(f"{name}: {text!r} is not accepted; accepted: a number from {low:g}")
            return value

        def whole(name: str, default: int, low: int) -> int:
            value = number(name, default, low)
            return int(value) if math.isfinite(value) else default

        settings = Settings(
            color=environment.get("COLOR", "none"),
            version=environment.get("VERSION", "dev"),
            port=whole("PORT", 7860, 0),
            models=Path(environment.get("MODELS_DIR", "/models")),
            concurrency=whole("CONCURRENCY", 1, 1),
            max_jobs=whole("MAX_JOBS", 64, 1),
            max_upload_bytes=whole("MAX_UPLOAD_BYTES", 64 * MIB, 1),
            max_image_pixels=whole("MAX_IMAGE_PIXELS", 50_000_000, 1),
            linger_seconds=number("LINGER_SECONDS", 2, 0),
            test_job_seconds_max=number("TEST_JOB_SECONDS_MAX", 0, 0),
        )
        if faults:
            raise SettingsError("; ".join(faults))
        return settings
