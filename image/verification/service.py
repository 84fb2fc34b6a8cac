"""One colour of a service, as its clients see it."""

from __future__ import annotations

import json

import httpx

from verification.errors import reason

SWAP_PATH = "/v1/swap"
_PROBE_SECONDS = 10
# Of connections that were not made, so that nothing is asked twice: a name server may be slow for a moment.
_RETRIES = 2


class Service:
    """Every request has a connection of its own, so that they spread over all Pods."""

    def __init__(self, url: str, job_seconds: float) -> None:
        """:param job_seconds: How long a job may take."""
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=httpx.Timeout(job_seconds, connect=_PROBE_SECONDS),
            transport=httpx.AsyncHTTPTransport(retries=_RETRIES, limits=httpx.Limits(max_keepalive_connections=0)),
            # What the environment says of proxies is for the world outside the cluster.
            trust_env=False,
        )

    async def get(self, path: str) -> httpx.Response:
        return await self._client.get(path, timeout=_PROBE_SECONDS)

    async def swap(self, source: bytes, target: bytes) -> httpx.Response:
        return await self._client.post(SWAP_PATH, files={"source": source, "target": target})


async def unreadiness(service: Service) -> str | None:
    """Why a service is not ready, None where it is."""
    try:
        response = await service.get("/readyz")
    except httpx.HTTPError as error:
        return reason(error)
    return None if response.status_code == httpx.codes.OK else f"/readyz answers {described(response)}"


def identity_fault(response: httpx.Response, color: str, version: str) -> str | None:
    """What is wrong with what an answer says about who gave it."""
    faults = [
        f"{name} is {response.headers.get(name, 'missing')}, not {wanted}"
        for name, wanted in (("X-Color", color), ("X-Version", version))
        if response.headers.get(name) != wanted
    ]
    return " and ".join(faults) or None


def described(response: httpx.Response) -> str:
    """An answer's status, with the error that it tells of."""
    error = error_of(response)
    return str(response.status_code) if error is None else f"{response.status_code} {error}"


def error_of(response: httpx.Response) -> str | None:
    """The code of an answer that says in JSON what is wrong."""
    try:
        body = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None
