"""What the server counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client import exposition as prometheus
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from inference.pipeline import STAGES, Stage

CONTENT_TYPE = prometheus.CONTENT_TYPE_LATEST

# From a probe, or a small face on a GPU, to a film frame on a CPU.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    def __init__(self, color: str, version: str, engine: str) -> None:
        registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._registry = registry
        self._requests = Counter(
            "inference_requests", "Requests answered.", ["method", "path", "status"], registry=registry
        )
        self._durations = Histogram(
            "inference_request_duration_seconds",
            "Time from a request's headers to the end of its answer.",
            ["method", "path", "status"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self.jobs_in_flight = Gauge(
            "inference_jobs_in_flight", "Jobs that were admitted and are not answered yet.", registry=registry
        )
        self._ready = Gauge(
            "inference_ready", "1 when the models are loaded and the server is not stopping.", registry=registry
        )
        self._stages = Histogram(
            "inference_stage_duration_seconds",
            "Time that a stage of the pipeline took.",
            ["stage"],
            buckets=_BUCKETS,
            registry=registry,
        )
        for stage in STAGES:
            # A series that exists from the start can be alerted on before the first job.
            self._stages.labels(stage)
        build = Gauge("inference_build_info", "What runs here.", ["color", "version", "engine"], registry=registry)
        build.labels(color, version, engine).set(1)

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        self._requests.labels(method, path, str(status)).inc()
        self._durations.labels(method, path, str(status)).observe(seconds)

    def ready_when(self, ready: Callable[[], bool]) -> None:
        self._ready.set_function(lambda: float(ready()))

    @contextmanager
    def timed(self, stage: Stage) -> Iterator[None]:
        """Stages that fail are not counted: their time says nothing about the next one's."""
        started = perf_counter()
        yield
        self._stages.labels(stage).observe(perf_counter() - started)

    def exposition(self) -> bytes:
        return generate_latest(self._registry)
