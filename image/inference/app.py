"""The HTTP surface."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from inference import metrics
from inference.engine.base import AlignedT, Engine
from inference.errors import RefusalError
from inference.images import MEDIA_TYPES
from inference.jobs import Jobs
from inference.lifecycle import Lifecycle
from inference.logs import log
from inference.negotiation import preferred
from inference.observe import Observe
from inference.pipeline import Pipeline
from inference.settings import Settings
from inference.uploads import swap_form

logger = logging.getLogger(__name__)

_TEST_HEADER = "x-test-job-seconds"


def create_app(
    settings: Settings, lifecycle: Lifecycle, engine_name: str, load: Callable[[], Engine[AlignedT]]
) -> ASGIApp:
    """The application; `load` is called on a thread of its own while the server already answers its probes."""
    counters = metrics.Metrics(settings.color, settings.version, engine_name)
    counters.ready_when(lambda: lifecycle.ready)
    jobs = Jobs(settings.concurrency, settings.max_jobs, counters.jobs_in_flight)
    pipeline: Pipeline[AlignedT] | None = None

    async def prepare() -> None:
        nonlocal pipeline
        started = perf_counter()
        try:
            engine = await asyncio.to_thread(load)
        except Exception as error:
            logger.exception("the models cannot be loaded: %s", error)  # noqa: TRY401 - the reason for people, in line
            lifecycle.failed = True
            return
        pipeline = Pipeline(engine, settings.max_image_pixels, counters.timed)
        lifecycle.loaded = True
        log(logger, "ready", engine=engine.name, load_seconds=round(perf_counter() - started, 3))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        loading = asyncio.create_task(prepare())
        yield
        await loading

    async def swap(request: Request) -> Response:
        if pipeline is None:
            raise RefusalError(503, "loading", "the models are not loaded yet; try again later")
        hold = _hold_seconds(request, settings.test_job_seconds_max)
        with jobs.admitted():
            async with swap_form(request, settings.max_upload_bytes) as form:
                kind = form.format or preferred(request.headers.get("accept", "*/*"))
                started = perf_counter()
                if hold == 0:
                    # In one go: what lies between the stages is large, and must not wait for other jobs' turns.
                    answer = await jobs.compute(lambda: pipeline.run(form.source, form.target, kind))
                else:
                    draft = await jobs.compute(lambda: pipeline.swap(form.source, form.target))
                    # Outside the workers: a job that is only held must not keep others from being computed.
                    await asyncio.sleep(hold)
                    answer = await jobs.compute(lambda: pipeline.finish(draft, kind))
        milliseconds = round((perf_counter() - started) * 1000)
        log(logger, "swapped", faces=answer.faces, duration_ms=milliseconds, bytes=len(answer.content), format=kind)
        headers = {
            "X-Faces": str(answer.faces),
            "X-Duration-Ms": str(milliseconds),
            "X-Identity-Distance": f"{answer.identity_distance:.3f}",
        }
        return Response(answer.content, media_type=MEDIA_TYPES[kind], headers=headers)

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        return JSONResponse({"status": lifecycle.status}, status_code=200 if lifecycle.ready else 503)

    async def exposition(_: Request) -> Response:
        return Response(counters.exposition(), media_type=metrics.CONTENT_TYPE)

    async def info(_: Request) -> Response:
        return JSONResponse(
            {
                "color": settings.color,
                "version": settings.version,
                "engine": engine_name,
                "status": lifecycle.status,
                "limits": {
                    "upload_bytes": settings.max_upload_bytes,
                    "image_pixels": settings.max_image_pixels,
                    "jobs": settings.max_jobs,
                    "concurrency": settings.concurrency,
                },
                "formats": list(MEDIA_TYPES.values()),
            }
        )

    routes = [
        Route("/v1/swap", swap, methods=["POST"]),
        Route("/v1/info", info),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", exposition),
    ]
    application = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={
            RefusalError: _refused,
            HTTPException: _http_error,
            ClientDisconnect: _gone,
            Exception: _failed,
        },
    )
    return Observe(application, lifecycle, counters, {route.path for route in routes})


def _hold_seconds(request: Request, most: float) -> float:
    """A hook for tests that need long jobs without long work; it is off unless the environment allows it."""
    text = request.headers.get(_TEST_HEADER)
    if text is None:
        return 0
    if most <= 0:
        raise RefusalError(400, "test_hook_off", f"{_TEST_HEADER} is a test hook, and it is off on this server")
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= most:
        raise RefusalError(400, "bad_test_hook", f"{_TEST_HEADER} must be a number from 0 to {most:g}")
    return seconds


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=headers)


def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusalError):
        raise error
    return _error(
        error.status,
        error.code,
        error.message,
        {"Retry-After": "5"} if error.status == 503 else None,  # noqa: PLR2004
    )


def _http_error(_: Request, error: Exception) -> Response:
    """What the framework itself refuses: an unknown path, a method that a path does not have."""
    if not isinstance(error, HTTPException):
        raise error
    code = error.detail.lower().replace(" ", "_")
    return _error(error.status_code, code, error.detail, dict(error.headers or {}))


def _gone(_: Request, __: Exception) -> Response:
    return _error(400, "incomplete", "the connection ended before the request did")


def _failed(_: Request, __: Exception) -> Response:
    return _error(500, "internal", "the server failed; its log has the reason")
