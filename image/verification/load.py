"""A short load on one colour or on both, by turns."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from verification.errors import reason
from verification.golden import Case
from verification.service import Service, described, identity_fault


@dataclass
class Side:
    """One colour under load."""

    service: Service
    case: Case
    identity: tuple[str, str] | None = None
    """The colour and the version that answers must be of."""
    turns: list[list[float]] = field(default_factory=list)
    """Seconds that each right answer took, turn by turn."""
    faults: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> list[float]:
        return [seconds for turn in self.turns for seconds in turn]

    @property
    def sent(self) -> int:
        return len(self.seconds) + len(self.faults)

    async def send(self, requests: int) -> None:
        answers = await asyncio.gather(*(self._request() for _ in range(requests)))
        self.turns.append([seconds for seconds in answers if seconds is not None])

    async def _request(self) -> float | None:
        fault: str | None
        try:
            response = await self.service.swap(self.case.source, self.case.target)
        except httpx.HTTPError as error:
            fault = reason(error)
        else:
            fault = identity_fault(response, *self.identity) if self.identity else None
            if response.status_code != httpx.codes.OK:
                fault = described(response)
            if fault is None:
                return response.elapsed.total_seconds()
        self.faults.append(fault)
        return None


async def load(sides: Sequence[Side], requests: int, at_a_time: int) -> None:
    """
    Sends all sides the same requests, one side after the other: whatever the machine does then happens to all.

    :param requests: How many to each side; more where that gives whole turns.
    """
    for turn in range(math.ceil(requests / at_a_time)):
        # Each is first as often as the other.
        for side in sides if turn % 2 == 0 else reversed(sides):
            await side.send(at_a_time)
