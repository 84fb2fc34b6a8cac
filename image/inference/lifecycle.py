"""Loading, serving, stopping: an HTTP server that loses no request on its way out."""

from __future__ import annotations

import json
import logging
import signal
import time
from dataclasses import dataclass
from types import FrameType

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

logger = logging.getLogger(__name__)


@dataclass
class Lifecycle:
    """Where the server is in its life; the only state that requests and signals share."""

    loaded: bool = False
    stopping: bool = False
    failed: bool = False
    """The models could not be loaded: the process is to end, and not with 0."""

    @property
    def ready(self) -> bool:
        return self.loaded and not self.stopping

    @property
    def status(self) -> str:
        if self.stopping:
            return "stopping"
        return "ready" if self.loaded else "loading"


class Server(uvicorn.Server):
    """
    Stops in three steps: it says that it is not ready, it lingers, it closes.

    While it lingers it answers as always, each time with `Connection: close`, so that clients which still come, by a
    connection that they had or by a proxy that has not heard yet, are served and then go elsewhere. After that nothing
    is accepted, and the process ends with its last job.
    """

    def __init__(self, config: uvicorn.Config, lifecycle: Lifecycle, linger_seconds: float) -> None:
        super().__init__(config)
        self._lifecycle = lifecycle
        self._linger_seconds = linger_seconds
        self._closes_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not passed on to uvicorn, which would raise the signal again at the end: an orderly stop exits with 0.
        if self._lifecycle.stopping:
            self.should_exit = True
            self.force_exit = sig == signal.SIGINT
            return
        self._lifecycle.stopping = True
        self._closes_at = time.monotonic() + self._linger_seconds
        logger.info("stopping", extra={"fields": {"signal": signal.Signals(sig).name}})

    async def on_tick(self, counter: int) -> bool:
        overdue = self._closes_at is not None and time.monotonic() >= self._closes_at
        if overdue or self._lifecycle.failed:
            self.should_exit = True
        return await super().on_tick(counter)


class Protocol(H11Protocol):
    """Answers what is no HTTP at all as everything else is answered: in JSON, and with the server's headers."""

    def send_400_response(self, msg: str) -> None:
        body = json.dumps({"error": {"code": "bad_request", "message": msg}}).encode()
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        events: list[h11.Event] = [h11.Response(status_code=400, headers=headers), h11.Data(data=body)]
        for event in [*events, h11.EndOfMessage()]:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
