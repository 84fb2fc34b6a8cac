"""Whether answers show whom they should, by the suite's own eyes."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image as Pillow
from PIL import ImageOps
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support import Assets, Server, faulty
from tests.verification.support import NOWHERE, Bench, a_config, found, serving
from verification.checks.accuracy import accuracy
from verification.config import Config
from verification.golden import Case
from verification.pictures import decode, similarity
from verification.report import Findings


def looked_at(bench: Bench, config: Config, golden: list[Case] | None = None) -> Findings:
    async def run() -> Findings:
        findings = found()
        await accuracy(bench.subject(config, golden=golden), findings)
        return findings

    return asyncio.run(run())


def altered(url: str) -> Starlette:
    """A service that answers what another does, in few colours."""

    async def readyz(_: Request) -> Response:
        return JSONResponse({"status": "ready"})

    async def swap(request: Request) -> Response:
        async with httpx.AsyncClient(timeout=60) as client:
            headers = {"content-type": request.headers["content-type"]}
            answer = await client.post(f"{url}/v1/swap", content=await request.body(), headers=headers)
        if answer.status_code != 200:
            return Response(answer.content, answer.status_code, media_type="application/json")
        with Pillow.open(io.BytesIO(answer.content)) as picture:
            content = io.BytesIO()
            ImageOps.posterize(picture.convert("RGB"), 2).save(content, "PNG")
        return Response(content.getvalue(), media_type="image/png")

    return Starlette(routes=[Route("/readyz", readyz), Route("/v1/swap", swap, methods=["POST"])])


def case(bench: Bench, name: str) -> Case:
    return next(case for case in bench.golden if case.name == name)


def test_faces_that_were_not_replaced_are_told_whatever_the_service_says(bench: Bench, assets: Assets) -> None:
    with faulty(assets.models, "wrongFaces") as server:
        with server.client() as client:
            assert client.post("/v1/swap", files=assets.files()).headers["x-identity-distance"] == "0.000"
        findings = looked_at(bench, a_config(server.url))

    portrait, group = findings.problems
    assert portrait == "identity distance 0.72 on portrait, at most 0.50 accepted"
    assert group.startswith("identity distance 0.8")
    assert findings.notes == [
        "not compared with the other colour, which does not answer: All connection attempts failed"
    ]


def test_a_face_too_many_or_too_few_is_told(bench: Bench, green: Server) -> None:
    golden = [replace(case(bench, "portrait"), faces=2)]

    assert looked_at(bench, a_config(green.url), golden).problems == ["portrait is answered with 1 faces, not 2"]


def test_a_picture_without_faces_has_to_be_refused(bench: Bench, green: Server) -> None:
    golden = [replace(case(bench, "portrait"), faces=0), case(bench, "portrait")]

    assert looked_at(bench, a_config(green.url), golden).problems == ["portrait is answered 200, not 422 no_face"]


def test_a_picture_that_is_not_the_approved_one_is_told(bench: Bench, green: Server) -> None:
    with serving(altered(green.url)) as url:
        findings = looked_at(bench, a_config(url), [case(bench, "portrait")])

    (problem,) = findings.problems
    assert problem.startswith("similarity 0.")
    assert problem.endswith(" to the expected picture on portrait, at least 0.90 accepted")


def test_an_answer_unlike_the_other_colours_is_told(bench: Bench, green: Server) -> None:
    with serving(altered(green.url)) as url:
        findings = looked_at(bench, a_config(green.url, url), [case(bench, "portrait")])

    (problem,) = findings.problems
    assert problem.endswith(" to the other colour's answer on portrait, at least 0.90 accepted")


def test_a_broken_live_colour_does_not_keep_its_repair_away(bench: Bench, green: Server, assets: Assets) -> None:
    golden = [case(bench, "portrait")]
    with faulty(assets.models, "wrongFaces") as wrong:
        findings = looked_at(bench, a_config(green.url, wrong.url), golden)
    assert findings.problems == []
    assert findings.notes[0] == (
        "not compared with the other colour's answer, which is not right either: "
        "portrait has an identity distance of 0.72"
    )
    assert "portrait.referenceSimilarity" not in findings.measurements

    with faulty(assets.models, "status500") as broken:
        findings = looked_at(bench, a_config(green.url, broken.url), golden)
    assert findings.problems == []
    assert findings.notes[0].endswith("portrait is answered 500 internal, not 200")


def test_the_expected_picture_may_be_a_small_copy(golden_set: Path) -> None:
    picture = decode((golden_set / "portrait.png").read_bytes())
    small = picture[::2, ::2]

    assert similarity(picture, small) > 0.8
    assert similarity(picture, picture) == pytest.approx(1)
    assert similarity(picture[::-1].copy(), small) < 0.5


def test_a_service_that_answers_nothing_at_all_is_the_checks_own_failure(bench: Bench) -> None:
    with pytest.raises(httpx.ConnectError):
        looked_at(bench, a_config(NOWHERE))
