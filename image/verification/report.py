"""What a verification finds, for machines and for people."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from verification.config import Config

Status = Literal["passed", "failed", "skipped"]
Measurement = float | int | str | None


class Findings:
    """What one check finds; said as it is found, so that a log can be followed."""

    def __init__(self, check: str) -> None:
        self.check = check
        self.seconds: float | None = None
        """How long it took; None until it is finished."""
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.measurements: dict[str, Measurement] = {}
        self._skipped = False

    def problem(self, text: str) -> None:
        print(f"{self.check}: NOT ACCEPTED: {text}")
        self.problems.append(text)

    def note(self, text: str) -> None:
        print(f"{self.check}: {text}")
        self.notes.append(text)

    def measure(self, name: str, value: Measurement, digits: int = 3) -> None:
        rounded = round(value, digits) if isinstance(value, float) else value
        print(f"{self.check}: {name} {'unknown' if rounded is None else rounded}")
        self.measurements[name] = rounded

    def skip(self, text: str) -> None:
        self._skipped = True
        self.seconds = 0
        self.note(f"skipped: {text}")

    @property
    def status(self) -> Status:
        if self.problems:
            return "failed"
        return "skipped" if self._skipped else "passed"


class _Document(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class CheckReport(_Document):
    name: str
    status: Status
    seconds: float
    problems: list[str]
    notes: list[str]
    measurements: dict[str, Measurement]


class Report(_Document):
    service: str
    color: str
    version: str
    image: str
    hash: str
    verdict: Literal["passed", "failed"]
    started_at: datetime
    finished_at: datetime
    checks: list[CheckReport]

    def json_line(self) -> str:
        return self.model_dump_json(by_alias=True)

    def verdict_lines(self) -> list[str]:
        """The verdict for people, then a line for each problem."""
        subject = f"verification of {self.service} {self.color} {self.version}"
        problems = [f"{check.name}: {problem}" for check in self.checks for problem in check.problems]
        return [f"{subject}: {self.verdict.upper()}", *problems]


def report_of(config: Config, started_at: datetime, finished_at: datetime, findings: list[Findings]) -> Report:
    return Report(
        service=config.service,
        color=config.color,
        version=config.version,
        image=config.image,
        hash=config.hash,
        verdict="failed" if any(each.status == "failed" for each in findings) else "passed",
        started_at=started_at,
        finished_at=finished_at,
        checks=[
            CheckReport(
                name=each.check,
                status=each.status,
                seconds=round(each.seconds or 0, 1),
                problems=each.problems,
                notes=each.notes,
                measurements=each.measurements,
            )
            for each in findings
        ],
    )
