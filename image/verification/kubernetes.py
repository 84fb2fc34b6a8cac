"""The few questions that a verification has for the Kubernetes API, asked as the Job's ServiceAccount."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from verification.errors import SetupError

_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_SECONDS = 15
# Of a Pod's log; whoever writes more in minutes writes errors, or nothing that is worth reading.
_MOST_LOG_BYTES = 16 * 1024 * 1024
_DEFAULT_PORT = 7860

_UNITS = {
    "": 1.0, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40,
}  # fmt: skip


class _Part(BaseModel):
    """What is of interest of an object; the rest is left out."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Metadata(_Part):
    name: str
    uid: str
    deletion_timestamp: str | None = None
    labels: dict[str, str] = {}


class _Port(_Part):
    name: str = ""
    container_port: int


class _Resources(_Part):
    limits: dict[str, str] = {}


class _Container(_Part):
    name: str
    ports: list[_Port] = []
    resources: _Resources = _Resources()


class _Spec(_Part):
    containers: list[_Container]


class _Terminated(_Part):
    reason: str = "ended"
    exit_code: int


class _State(_Part):
    running: object = None
    terminated: _Terminated | None = None


class _ContainerStatus(_Part):
    name: str
    restart_count: int
    state: _State = _State()
    last_state: _State = _State()

    @property
    def last_end(self) -> _Terminated | None:
        return self.state.terminated or self.last_state.terminated

    @property
    def ends(self) -> int:
        """How often the container ended. Its restarts tell of the last end only once it runs again."""
        down = self.state.running is None and self.last_end is not None
        return self.restart_count + int(down)


class _Condition(_Part):
    type: str
    status: str


class _Status(_Part):
    phase: str = ""
    pod_ip: str = Field("", alias="podIP")
    conditions: list[_Condition] = []
    container_statuses: list[_ContainerStatus] = []


class Pod(_Part):
    metadata: _Metadata
    spec: _Spec
    status: _Status

    @property
    def name(self) -> str:
        return self.metadata.name

    @property
    def leaving(self) -> bool:
        """Whether it has ended or been told to."""
        return self.metadata.deletion_timestamp is not None or self.status.phase in {"Succeeded", "Failed"}

    @property
    def ready(self) -> bool:
        return not self.leaving and any(
            condition.type == "Ready" and condition.status == "True" for condition in self.status.conditions
        )

    @property
    def url(self) -> str:
        """Where its server listens: at the port named http, else the first, else the one that every image has."""
        ports = [port for container in self.spec.containers for port in container.ports]
        ports.sort(key=lambda port: port.name != "http")
        address = f"[{self.status.pod_ip}]" if ":" in self.status.pod_ip else self.status.pod_ip
        return f"http://{address}:{ports[0].container_port if ports else _DEFAULT_PORT}"

    @property
    def memory_limit(self) -> float | None:
        """Bytes that its first container may have."""
        limit = self.spec.containers[0].resources.limits.get("memory")
        return None if limit is None else bytes_of(limit)

    @property
    def ends(self) -> int:
        """How often its containers ended."""
        return sum(status.ends for status in self.status.container_statuses)


class _Pods(_Part):
    items: list[Pod]


class KubernetesApi:
    def __init__(self, client: httpx.AsyncClient, namespace: str) -> None:
        self._client = client
        self._namespace = f"/api/v1/namespaces/{namespace}"

    async def pods(self, selector: str) -> list[Pod]:
        response = await self._client.get(f"{self._namespace}/pods", params={"labelSelector": selector})
        return _Pods.model_validate_json(_checked(response).content).items

    async def log(self, pod: str, container: str, since: datetime, *, previous: bool = False) -> str:
        """:param previous: The log of the container that was there before a restart."""
        response = await self._client.get(
            f"{self._namespace}/pods/{pod}/log",
            params={
                "container": container,
                "sinceTime": since.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "previous": previous,
                "limitBytes": _MOST_LOG_BYTES,
            },
        )
        return _checked(response).text

    async def write_to_configmap(self, name: str, data: Mapping[str, str]) -> None:
        response = await self._client.patch(
            f"{self._namespace}/configmaps/{name}",
            json={"data": dict(data)},
            headers={"Content-Type": "application/merge-patch+json"},
        )
        _checked(response)


def in_cluster(environment: Mapping[str, str], namespace: str) -> KubernetesApi:
    """The API of the cluster that this process runs in."""
    host = environment.get("KUBERNETES_SERVICE_HOST", "")
    port = environment.get("KUBERNETES_SERVICE_PORT", "443")
    try:
        token = (_ACCOUNT / "token").read_text()
        trust = ssl.create_default_context(cafile=_ACCOUNT / "ca.crt")
    except OSError as error:
        raise SetupError(f"there is no ServiceAccount to ask the Kubernetes API with: {error}") from None
    if not host:
        raise SetupError("the environment lacks KUBERNETES_SERVICE_HOST")
    client = httpx.AsyncClient(
        base_url=f"https://{f'[{host}]' if ':' in host else host}:{port}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=_SECONDS,
        transport=httpx.AsyncHTTPTransport(verify=trust, retries=3),
        trust_env=False,
    )
    return KubernetesApi(client, namespace)


def bytes_of(quantity: str) -> float:
    """A quantity such as `1Gi`, `512M` or `1e9`."""
    number = quantity.rstrip("mkMGTi")
    return float(number) * _UNITS[quantity[len(number) :]]


def _checked(response: httpx.Response) -> httpx.Response:
    if response.is_success:
        return response
    try:
        message = response.json()["message"]
    except (ValueError, KeyError, TypeError):
        message = response.reason_phrase
    raise httpx.HTTPError(f"the Kubernetes API answers {response.status_code}: {message}")
