"""How much memory the Pods use, by their own metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
from prometheus_client.parser import text_string_to_metric_families

from verification.errors import reason
from verification.kubernetes import Pod
from verification.service import Service

MIB = 2.0**20

_RESIDENT = "process_resident_memory_bytes"
_GPU_USED = "inference_gpu_memory_used_bytes"
_GPU_TOTAL = "inference_gpu_memory_total_bytes"

_EVERY_SECONDS = 1.0


@dataclass
class Usage:
    """A Pod's memory over a time."""

    pod: Pod
    resident: list[float] = field(default_factory=list)
    """Bytes."""
    gpu: list[float] = field(default_factory=list)
    """Parts of the fullest GPU's memory; empty where the server does not tell."""

    @property
    def growth_mib(self) -> float:
        return (self.resident[-1] - self.resident[0]) / MIB


class Watch:
    """Looks at all Pods from time to time."""

    def __init__(self, pods: Sequence[Pod], job_seconds: float) -> None:
        self.usages = [Usage(pod) for pod in pods]
        self._services = [Service(pod.url, job_seconds) for pod in pods]

    async def look(self) -> None:
        await asyncio.gather(*map(self._look_at, self.usages, self._services))

    async def keep_looking(self) -> None:
        """Until it is cancelled; what a busy Pod does not answer in between, it answers in the end."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await asyncio.gather(*map(self._look_at, self.usages, self._services), return_exceptions=True)

    async def _look_at(self, usage: Usage, service: Service) -> None:
        try:
            response = await service.get("/metrics")
        except httpx.HTTPError as error:
            raise LookupError(f"{usage.pod.name} does not tell how much memory it uses: {reason(error)}") from error
        resident = _series(response.text, _RESIDENT)
        if not resident:
            raise LookupError(f"{usage.pod.name} has no metric {_RESIDENT}")
        usage.resident.append(sum(resident.values()))
        used, total = (_series(response.text, name) for name in (_GPU_USED, _GPU_TOTAL))
        parts = [used[gpu] / total[gpu] for gpu in used.keys() & total.keys()]
        if parts:
            usage.gpu.append(max(parts))


def _series(exposition: str, name: str) -> dict[tuple[tuple[str, str], ...], float]:
    """A metric's values, each by its labels."""
    return {
        tuple(sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if sample.name == name
    }
