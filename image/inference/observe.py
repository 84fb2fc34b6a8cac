"""Counts and logs every request, and ends connections once the server is stopping."""

from __future__ import annotations

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inference.lifecycle import Lifecycle
from inference.logs import log
from inference.metrics import Metrics

logger = logging.getLogger(__name__)

# Asked every few seconds by machines: counted, but not logged.
_PROBES = {"/healthz", "/readyz", "/metrics"}


class Observe:
    def __init__(self, app: ASGIApp, lifecycle: Lifecycle, metrics: Metrics, paths: set[str]) -> None:
        self._app = app
        self._lifecycle = lifecycle
        self._metrics = metrics
        self._paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if self._lifecycle.stopping:
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        try:
            await self._app(scope, receive, observed)
        finally:
            path = scope["path"] if scope["path"] in self._paths else "other"
            # Whatever a client makes up as a path or a method must not become a series of its own.
            method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "PUT", "DELETE"} else "OTHER"
            seconds = perf_counter() - started
            self._metrics.request(method, path, status, seconds)
            if path not in _PROBES:
                log(logger, "request", method=method, path=path, status=status, duration_ms=round(seconds * 1000))
