"""Whether every endpoint answers, and as whom."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.support import Server
from tests.verification.support import Bench, a_config, found, serving
from verification.checks.connectivity import connectivity
from verification.errors import NotReadyError
from verification.report import Findings


def problems(bench: Bench, url: str, version: str = "v1.2.3") -> list[str]:
    async def run() -> Findings:
        findings = found()
        await connectivity(bench.subject(a_config(url, version=version)), findings, ready_within_seconds=0)
        return findings

    return asyncio.run(run()).problems


def test_a_good_version_answers_everything(bench: Bench, green: Server) -> None:
    assert problems(bench, green.url) == []


def test_another_colour_and_another_version_are_both_named(bench: Bench, server: Server) -> None:
    assert problems(bench, server.url, version="v2.0.0") == [
        "X-Color is blue, not green and X-Version is v1.2.3, not v2.0.0, in 7 of 7 answers"
    ]


def test_what_answers_otherwise_than_the_interface_says_is_named(bench: Bench) -> None:
    headers = {"X-Color": "green", "X-Version": "v1.2.3"}

    async def fine(_: Request) -> Response:
        return JSONResponse({}, headers=headers)

    async def text(_: Request) -> Response:
        return PlainTextResponse("a picture", headers=headers)

    app = Starlette(
        routes=[
            Route("/healthz", fine),
            Route("/readyz", fine),
            Route("/v1/info", text),
            Route("/v1/swap", text, methods=["POST"]),
        ]
    )
    with serving(app) as url:
        assert problems(bench, url) == [
            "GET /v1/info answers with text/plain; charset=utf-8, not application/json",
            "GET /metrics answers 404, not 200",
            "POST /v1/swap answers with text/plain; charset=utf-8, not image/",
            "GET /no/such/path answers with text/plain; charset=utf-8, not application/json",
            "POST /v1/swap without pictures answers 200, not 400 to 499",
            "X-Color is missing, not green and X-Version is missing, not v1.2.3, in 2 of 7 answers",
        ]


def test_a_version_that_never_becomes_ready_is_not_asked_for_more(bench: Bench) -> None:
    asked: list[str] = []

    async def loading(request: Request) -> Response:
        asked.append(request.url.path)
        return JSONResponse({"status": "loading"}, status_code=503)

    with (
        serving(Starlette(routes=[Route("/{path:path}", loading)])) as url,
        pytest.raises(NotReadyError, match="not ready after 0 s: /readyz answers 503"),
    ):
        problems(bench, url)
    assert set(asked) == {"/readyz"}
