"""
A fake for tests: the real server with one fault, which the environment's FAULT names. It is what a gate has to stop.
Takes the arguments of server.py, beside which it is put.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from unittest.mock import patch

import numpy as np
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import server
from inference import app
from inference.engine.base import Embedding, Face
from inference.engine.cpu import AlignedFace, CpuEngine
from inference.images import Pixels
from inference.observe import Observe

logger = logging.getLogger("faulty")

# Jobs after which a server with the fault `crash` ends.
_JOBS_UNTIL_CRASH = 5
_LEAK_BYTES = 24 * 1024 * 1024
# Of a job's own time, that a slow one takes in addition.
_SLOWER_BY = 1.75

_leaked: list[bytearray] = []
_jobs = 0

Handle = Callable[[], Awaitable[None]]
Fault = Callable[[Handle, Scope, Receive, Send], Awaitable[None]]


class WrongFacesEngine(CpuEngine):
    """Leaves every face as it is, and says that it is the right one."""

    def embed(self, _: Pixels, __: Face) -> Embedding:
        return np.zeros(128, dtype=np.float64)

    def swap(self, canvas: Pixels, aligned: AlignedFace) -> None:
        pass

    def post_process(self, canvas: Pixels, aligned: AlignedFace) -> None:
        pass


async def status_500(_: Handle, scope: Scope, receive: Receive, send: Send) -> None:
    # Read first: a client that is still writing would not see an answer.
    while (await receive()).get("more_body"):
        pass
    error = {"code": "internal", "message": "the fault status500"}
    await JSONResponse({"error": error}, status_code=500)(scope, receive, send)


async def leak(handle: Handle, *_: object) -> None:
    await handle()
    # Written to: memory that nobody has touched is not there yet.
    _leaked.append(bytearray(os.urandom(4096) * (_LEAK_BYTES // 4096)))


async def slow(handle: Handle, *_: object) -> None:
    """`handle` keeps the answer back until it returns, see `Faulty`."""
    started = time.perf_counter()
    await handle()
    await asyncio.sleep((time.perf_counter() - started) * _SLOWER_BY)


async def error_lines(handle: Handle, *_: object) -> None:
    await handle()
    logger.error("the fault errorLines: a job went wrong that did not")


async def crash(handle: Handle, *_: object) -> None:
    global _jobs  # noqa: PLW0603
    _jobs += 1
    if _jobs > _JOBS_UNTIL_CRASH:
        os._exit(3)
    await handle()


JOB_FAULTS: dict[str, Fault] = {
    "status500": status_500,
    "leak": leak,
    "slow": slow,
    "errorLines": error_lines,
    "crash": crash,
}
FAULTS = {*JOB_FAULTS, "wrongFaces", "neverReady"}


class Faulty:
    """The server's application with a fault in its jobs, or in what it says of its readiness."""

    def __init__(self, app: ASGIApp, fault: str) -> None:
        self._app = app
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        job_fault = JOB_FAULTS.get(self._fault)
        path = scope.get("path")
        if path == "/readyz" and self._fault == "neverReady":
            await JSONResponse({"status": "loading"}, status_code=503)(scope, receive, send)
        elif path == "/v1/swap" and job_fault is not None:
            answer: list[Message] = []

            async def keep(message: Message) -> None:
                answer.append(message)

            await job_fault(lambda: self._app(scope, receive, keep), scope, receive, send)
            for message in answer:
                await send(message)
        else:
            await self._app(scope, receive, send)


def main() -> int:
    fault = os.environ.get("FAULT", "")
    if fault not in FAULTS:
        print(f"FAULT: {fault!r} is not accepted; accepted: {', '.join(sorted(FAULTS))}", file=sys.stderr)
        return 2
    with ExitStack() as replaced:
        # Inside of what counts and logs: a server that fails knows that it does.
        replaced.enter_context(patch.object(app, "Observe", lambda inner, *more: Observe(Faulty(inner, fault), *more)))
        if fault == "wrongFaces":
            replaced.enter_context(patch.object(server, "CpuEngine", WrongFacesEngine))
        return server.main()


if __name__ == "__main__":
    sys.exit(main())
