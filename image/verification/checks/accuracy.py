"""Whether the golden inputs give the right pictures: the right person in every face, and all else as it should be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx

from verification.errors import reason
from verification.faces import Recogniser
from verification.golden import Case
from verification.pictures import Pixels, decode, similarity
from verification.report import Findings
from verification.service import described, error_of, unreadiness
from verification.subject import Subject

_REFUSED = 422
_NO_FACE = "no_face"


@dataclass(frozen=True)
class _Result:
    """An answer as the suite itself sees it."""

    content: bytes
    pixels: Pixels
    faces: int
    distance: float
    """The largest of its faces' distances from the source."""


async def accuracy(subject: Subject, findings: Findings) -> None:
    budget = subject.config.checks.accuracy
    unready = await unreadiness(subject.reference)
    if unready is not None:
        findings.note(f"not compared with the other colour, which does not answer: {unready}")
    for case in subject.golden:
        response = await subject.target.swap(case.source, case.target)
        if case.faces == 0:
            if not _is_refusal(response):
                findings.problem(f"{case.name} is answered {described(response)}, not {_REFUSED} {_NO_FACE}")
            continue
        result = await asyncio.to_thread(_looked_at, subject.recogniser, case, response)
        if isinstance(result, str):
            findings.problem(f"{case.name} {result}")
            continue
        findings.measure(f"{case.name}.faces", result.faces)
        findings.measure(f"{case.name}.identityDistance", result.distance)
        if result.distance > budget.max_identity_distance:
            limit = f"at most {budget.max_identity_distance:.2f} accepted"
            findings.problem(f"identity distance {result.distance:.2f} on {case.name}, {limit}")

        if case.expected is not None:
            alike = await asyncio.to_thread(similarity, result.pixels, decode(case.expected.read_bytes()))
            findings.measure(f"{case.name}.similarity", alike)
            if alike < budget.min_similarity:
                limit = f"at least {budget.min_similarity:.2f} accepted"
                findings.problem(f"similarity {alike:.2f} to the expected picture on {case.name}, {limit}")

        if unready is None:
            await _compare(subject, findings, case, result)


async def _compare(subject: Subject, findings: Findings, case: Case, result: _Result) -> None:
    """With the other colour's answer, unless that is no yardstick: a broken colour must not keep its repair away."""
    budget = subject.config.checks.accuracy
    try:
        response = await subject.reference.swap(case.source, case.target)
        # What is known already need not be looked at again.
        same = response.status_code == httpx.codes.OK and response.content == result.content
        other = result if same else await asyncio.to_thread(_looked_at, subject.recogniser, case, response)
    except httpx.HTTPError as error:
        other = f"is not answered: {reason(error)}"
    if not isinstance(other, str) and other.distance > budget.max_identity_distance:
        other = f"has an identity distance of {other.distance:.2f}"
    if isinstance(other, str):
        findings.note(f"not compared with the other colour's answer, which is not right either: {case.name} {other}")
        return
    alike = await asyncio.to_thread(similarity, result.pixels, other.pixels)
    findings.measure(f"{case.name}.referenceSimilarity", alike)
    if alike < budget.min_reference_similarity:
        limit = f"at least {budget.min_reference_similarity:.2f} accepted"
        findings.problem(f"similarity {alike:.2f} to the other colour's answer on {case.name}, {limit}")


def _looked_at(recogniser: Recogniser, case: Case, response: httpx.Response) -> _Result | str:
    """What is to be seen in an answer, or what is wrong with it at first sight."""
    if response.status_code != httpx.codes.OK:
        return f"is answered {described(response)}, not 200"
    try:
        pixels = decode(response.content)
    except OSError:
        return "is answered with something that is no picture"
    faces = recogniser.faces(pixels)
    if len(faces) != case.faces:
        return f"is answered with {len(faces)} faces, not {case.faces}"
    source = recogniser.largest_face(decode(case.source))
    return _Result(response.content, pixels, len(faces), max(face.distance(source) for face in faces))


def _is_refusal(response: httpx.Response) -> bool:
    return response.status_code == _REFUSED and error_of(response) == _NO_FACE
