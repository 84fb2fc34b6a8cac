"""What the suite is set on in tests: services, the Kubernetes API, budgets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

from tests.support import eventually
from verification.certificate import Certificate
from verification.config import Checks, Config
from verification.faces import Recogniser
from verification.golden import Case
from verification.kubernetes import KubernetesApi, Pod
from verification.report import Findings
from verification.service import Service
from verification.subject import Subject

NOWHERE = "http://127.0.0.1:9"
"""Where nobody listens."""

CHECKS = {
    "timeoutSeconds": 120,
    "accuracy": {"maxIdentityDistance": 0.5, "minSimilarity": 0.9, "minReferenceSimilarity": 0.9},
    "resources": {
        "requests": 8,
        "concurrency": 2,
        "maxMemory": 0.9,
        "maxMemoryGrowthMiB": 64,
        "maxGpuMemory": 0.95,
        "maxLatencyP95Seconds": 30,
        "maxSlowdown": 1.5,
    },
    "stability": {"maxRestarts": 0, "maxErrorLines": 0},
}


def checks(part: str | None = None, **changes: float) -> Checks:
    """The budgets, with changes to one part of them, or to those of no part."""
    changed = {**CHECKS, **changes} if part is None else {**CHECKS, part: {**_part(part), **changes}}
    return Checks.model_validate(changed)


def _part(name: str) -> dict[str, float]:
    part = CHECKS[name]
    assert isinstance(part, dict)
    return part


def a_pod(url: str = NOWHERE, *, name: str = "facefusion-green-1", color: str = "green", **status: object) -> Pod:
    """A Pod that runs, whose server listens at a URL of loopback; `status` changes its container's status."""
    container = {"name": "inference", "restartCount": 0, "state": {"running": {}}, **status}
    address = httpx.URL(url)
    return Pod.model_validate(
        {
            "metadata": {"name": name, "uid": f"uid of {name}", "labels": {"color": color}},
            "spec": {
                "containers": [
                    {
                        "name": "inference",
                        "ports": [{"name": "http", "containerPort": address.port}],
                        "resources": {"limits": {"memory": "1Gi"}},
                    }
                ]
            },
            "status": {
                "phase": "Running",
                "podIP": address.host,
                "conditions": [{"type": "Ready", "status": "True"}],
                "containerStatuses": [container],
            },
        }
    )


@dataclass
class FakeCluster:
    """A Kubernetes API that answers from memory."""

    pods: list[Pod] = field(default_factory=list)
    logs: dict[str, str] = field(default_factory=dict)
    """By Pod; of a container that was there before, by `<Pod> before`."""
    configmaps: dict[str, dict[str, str]] = field(default_factory=lambda: {"facefusion-green-verification": {}})
    requests: list[httpx.Request] = field(default_factory=list)

    def api(self) -> KubernetesApi:
        client = httpx.AsyncClient(base_url="https://cluster", transport=httpx.MockTransport(self._answer))
        return KubernetesApi(client, "inference")

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        kind, *rest = request.url.path.removeprefix("/api/v1/namespaces/inference/").split("/")
        if kind == "pods" and not rest:
            items = [pod.model_dump(mode="json", by_alias=True) for pod in self.pods]
            return httpx.Response(200, json={"items": items})
        if kind == "pods" and rest[1:] == ["log"]:
            key = f"{rest[0]} before" if request.url.params["previous"] == "true" else rest[0]
            return httpx.Response(200, text=self.logs.get(key, ""))
        if kind == "configmaps" and request.method == "PATCH" and rest[0] in self.configmaps:
            self.configmaps[rest[0]] |= httpx.Response(200, content=request.content).json()["data"]
            return httpx.Response(200, json={})
        return httpx.Response(403, json={"message": f"{request.url.path} is forbidden"})


def a_config(
    target: str,
    reference: str = NOWHERE,
    *,
    version: str = "v1.2.3",
    budgets: Checks | None = None,
    certificate: Certificate | None = None,
) -> Config:
    return Config(
        service="facefusion",
        color="green",
        version=version,
        image=f"registry.example.com/facefusion:{version}",
        hash="0123456789",
        namespace="inference",
        target_url=target,
        reference_url=reference,
        selector="app.kubernetes.io/name=facefusion,color=green",
        report_configmap="facefusion-green-verification",
        checks=budgets or checks(),
        certificate=certificate,
        golden=Path("/golden"),
        models=Path("/models"),
    )


@dataclass(frozen=True)
class Bench:
    """What all subjects of the tests share."""

    golden: list[Case]
    recogniser: Recogniser

    def subject(self, config: Config, cluster: FakeCluster | None = None, golden: list[Case] | None = None) -> Subject:
        """To be asked for where the event loop runs."""
        cluster = cluster or FakeCluster([a_pod(config.target_url)])
        return Subject(
            config,
            golden or self.golden,
            self.recogniser,
            cluster.api(),
            Service(config.target_url, 60),
            Service(config.reference_url, 60),
            datetime.now(timezone.utc),
            list(cluster.pods),
        )


def found(check: str = "check") -> Findings:
    return Findings(check)


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """An application on a port of loopback; its URL."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started, "the server to listen")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
