"""The jobs of one server: few are computed at a time, more may wait, and there is a bound to both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from prometheus_client import Gauge

from inference.errors import RefusalError

ResultT = TypeVar("ResultT")


class Jobs:
    def __init__(self, concurrency: int, limit: int, in_flight: Gauge) -> None:
        self._workers = ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="worker")
        self._limit = limit
        self._count = 0
        self._in_flight = in_flight

    @contextmanager
    def admitted(self) -> Iterator[None]:
        """A job from its first byte to its answer: each may hold two uploads in /tmp, hence the bound."""
        if self._count >= self._limit:
            raise RefusalError(503, "busy", f"{self._limit} jobs are in flight, which is the most; try again later")
        self._count += 1
        self._in_flight.inc()
        try:
            yield
        finally:
            self._count -= 1
            self._in_flight.dec()

    async def compute(self, work: Callable[[], ResultT]) -> ResultT:
        """Runs on a worker thread, in the order of arrival, while the server goes on answering others."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)
