"""Writes the expected pictures of a golden set: small copies of a service's answers, to be looked at by a person."""

from __future__ import annotations

from pathlib import Path

import httpx
from PIL import Image as Pillow

from verification.errors import SetupError, reason
from verification.faces import Recogniser
from verification.golden import read_golden_set
from verification.pictures import decode, resized
from verification.service import Service, described

_LONGEST_SIDE = 192
_JOB_SECONDS = 600


async def record(url: str, directory: Path, recogniser: Recogniser) -> None:
    service = Service(url, _JOB_SECONDS)
    for case in read_golden_set(directory, recorded=False):
        if case.expected is None:
            continue
        try:
            response = await service.swap(case.source, case.target)
        except httpx.HTTPError as error:
            raise SetupError(f"{url} does not answer: {reason(error)}") from None
        if response.status_code != httpx.codes.OK:
            raise SetupError(f"{case.name} is answered {described(response)}")
        pixels = decode(response.content)
        height, width = pixels.shape[:2]
        scale = min(1, _LONGEST_SIDE / max(width, height))
        case.expected.parent.mkdir(parents=True, exist_ok=True)
        small = Pillow.fromarray(resized(pixels, round(width * scale), round(height * scale)))
        small.save(case.expected, quality=85)

        source = recogniser.largest_face(decode(case.source))
        distances = " ".join(f"{face.distance(source):.2f}" for face in recogniser.faces(pixels))
        print(f"{case.expected}: look at it; its faces' identity distances from the source: {distances}")
