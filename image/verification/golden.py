"""The golden set: inputs whose right answers are known, as pictures and a `golden.json` that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from verification.config import faults_of
from verification.errors import SetupError

_INDEX = "golden.json"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    source: str
    target: str
    faces: int = Field(ge=0)
    expected: str | None = None


class _Index(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    cases: list[_Entry]


@dataclass(frozen=True)
class Case:
    """One input."""

    name: str
    source: bytes
    """The picture whose largest face is put in."""
    target: bytes
    faces: int
    """How many faces of the target are replaced; where it is 0, the right answer is the refusal `no_face`."""
    expected: Path | None
    """The approved answer, usually smaller than answers are."""


def read_golden_set(directory: Path, *, recorded: bool = True) -> list[Case]:
    """
    The cases, in their order; one of them at least has faces.

    :param recorded: Whether the expected pictures have to be there.
    """
    index = directory / _INDEX
    try:
        entries = _Index.model_validate_json(index.read_bytes()).cases
        cases = [_case(directory, entry) for entry in entries]
    except ValidationError as error:
        raise SetupError(f"the golden set {index} is not accepted: {faults_of(error)}") from None
    except OSError as error:
        raise SetupError(f"the golden set in {directory} cannot be read: {error}") from None
    lacking = [str(case.expected) for case in cases if recorded and case.expected and not case.expected.is_file()]
    if lacking:
        raise SetupError(f"the golden set {index} names pictures that are not there: {', '.join(lacking)}")
    if not any(case.faces for case in cases):
        raise SetupError(f"the golden set {index} has no case with faces")
    return cases


def _case(directory: Path, entry: _Entry) -> Case:
    return Case(
        name=entry.name,
        source=(directory / entry.source).read_bytes(),
        target=(directory / entry.target).read_bytes(),
        faces=entry.faces,
        expected=None if entry.expected is None else directory / entry.expected,
    )
