"""Runs the checks in their order, within their time, whatever happens to any of them."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone

from verification.checks.accuracy import accuracy
from verification.checks.connectivity import connectivity
from verification.checks.resources import resources
from verification.checks.stability import stability
from verification.errors import NotReadyError, reason
from verification.report import Findings, Report, report_of
from verification.subject import Subject

CHECKS: dict[str, Callable[[Subject, Findings], Awaitable[None]]] = {
    "connectivity": connectivity,
    "accuracy": accuracy,
    "resources": resources,
    "stability": stability,
}

# What can be said of a service that does not answer: the API server and the logs are asked, not the service.
_NEED_NO_ANSWER = {"stability"}


async def verify(subject: Subject) -> Report:
    """Ends by SIGTERM and when the time is up, too; what is not finished then has failed."""
    findings = [Findings(name) for name in CHECKS]
    checks = asyncio.create_task(_run(subject, findings))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, checks.cancel)
    timeout = subject.config.checks.timeout_seconds
    await asyncio.wait({checks}, timeout=timeout)
    if not checks.done() or checks.cancelled():
        why = "the verification was stopped" if checks.done() else f"all checks together may take {timeout:g} s"
        checks.cancel()
        await asyncio.wait({checks})
        for each in findings:
            if each.seconds is None:
                each.problem(f"not finished: {why}")
    elif error := checks.exception():
        raise error
    return report_of(subject.config, subject.started_at, datetime.now(timezone.utc), findings)


async def _run(subject: Subject, all_findings: list[Findings]) -> None:
    ready = True
    for findings in all_findings:
        if not ready and findings.check not in _NEED_NO_ANSWER:
            findings.skip("the service is not ready")
            continue
        started = time.monotonic()
        try:
            await CHECKS[findings.check](subject, findings)
        except NotReadyError as error:
            findings.problem(reason(error))
            ready = False
        except Exception as error:
            findings.problem(reason(error))
        findings.seconds = time.monotonic() - started
        print(f"{findings.check}: {findings.status} in {findings.seconds:.1f} s")
