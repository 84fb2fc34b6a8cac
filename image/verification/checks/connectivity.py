"""Whether every endpoint of the interface answers as it should, and as the colour and the version that it should be.

Where TLS ends at NGINX, whether clients would take what it shows them, too.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timezone

import httpx

from verification.certificate import Certificate, days_left, fault_of
from verification.errors import NotReadyError, reason
from verification.report import Findings
from verification.service import SWAP_PATH, Service, described, error_of, identity_fault, unreadiness
from verification.subject import Subject

# A Service learns of its Pods' readiness a moment after everybody else.
_READY_WITHIN_SECONDS = 30.0
_PAUSE_SECONDS = 0.5

_NO_PICTURE = b"this is no picture"


@dataclass(frozen=True)
class _Endpoint:
    name: str
    ask: Callable[[Service], Awaitable[httpx.Response]]
    statuses: range
    media_type: str
    """How the answer's Content-Type starts."""
    is_error: bool = False
    """Whether the answer has to say in JSON what is wrong."""


def _exactly(status: int) -> range:
    return range(status, status + 1)


def _endpoints(subject: Subject) -> list[_Endpoint]:
    case = subject.load_case
    ok, missing = _exactly(200), _exactly(404)
    return [
        _Endpoint("GET /healthz", lambda service: service.get("/healthz"), ok, "application/json"),
        _Endpoint("GET /readyz", lambda service: service.get("/readyz"), ok, "application/json"),
        _Endpoint("GET /v1/info", lambda service: service.get("/v1/info"), ok, "application/json"),
        _Endpoint("GET /metrics", lambda service: service.get("/metrics"), ok, "text/plain"),
        _Endpoint(f"POST {SWAP_PATH}", lambda service: service.swap(case.source, case.target), ok, "image/"),
        _Endpoint(
            "GET /no/such/path",
            lambda service: service.get("/no/such/path"),
            missing,
            "application/json",
            is_error=True,
        ),
        _Endpoint(
            f"POST {SWAP_PATH} without pictures",
            lambda service: service.swap(_NO_PICTURE, _NO_PICTURE),
            range(400, 500),
            "application/json",
            is_error=True,
        ),
    ]


async def connectivity(
    subject: Subject, findings: Findings, ready_within_seconds: float = _READY_WITHIN_SECONDS
) -> None:
    if subject.config.certificate is not None:
        _look_at(subject.config.certificate, findings)
    await _ready(subject.target, ready_within_seconds)
    config = subject.config
    endpoints = _endpoints(subject)
    others: dict[str, list[str]] = {}
    for endpoint in endpoints:
        try:
            response = await endpoint.ask(subject.target)
        except httpx.HTTPError as error:
            findings.problem(f"{endpoint.name} is not answered: {reason(error)}")
            continue
        fault = _fault(endpoint, response)
        if fault is not None:
            findings.problem(f"{endpoint.name} {fault}")
        identity = identity_fault(response, config.color, config.version)
        if identity is not None:
            others.setdefault(identity, []).append(endpoint.name)
    # Mostly the same for all of them: said once.
    for identity, names in others.items():
        findings.problem(f"{identity}, in {len(names)} of {len(endpoints)} answers")
    findings.measure("endpoints", len(endpoints))


def _look_at(certificate: Certificate, findings: Findings) -> None:
    try:
        shown = certificate.read()
    except ValueError as error:
        findings.problem(f"{certificate.name} cannot be read: {reason(error)}")
        return
    if shown is None:
        # As in a first deployment: the namespace is new, and an issuer waits for the Ingress, which waits for this.
        findings.note(f"{certificate.name} is not there yet: NGINX shows one of its own, which clients refuse")
        return
    now = datetime.now(timezone.utc)
    findings.measure("certificateDaysLeft", days_left(shown, now), digits=1)
    fault = fault_of(shown, certificate.host, now)
    if fault is not None:
        findings.problem(f"{certificate.name} {fault}")


async def _ready(service: Service, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (fault := await unreadiness(service)) is not None:
        if time.monotonic() > deadline:
            raise NotReadyError(f"not ready after {seconds:g} s: {fault}")
        await asyncio.sleep(_PAUSE_SECONDS)


def _fault(endpoint: _Endpoint, response: httpx.Response) -> str | None:
    wanted = endpoint.statuses
    if response.status_code not in wanted:
        accepted = str(wanted.start) if len(wanted) == 1 else f"{wanted.start} to {wanted.stop - 1}"
        return f"answers {described(response)}, not {accepted}"
    media_type = response.headers.get("Content-Type", "nothing")
    if not media_type.startswith(endpoint.media_type):
        return f"answers with {media_type}, not {endpoint.media_type}"
    if endpoint.is_error and error_of(response) is None:
        return "does not say in JSON what is wrong"
    return None
