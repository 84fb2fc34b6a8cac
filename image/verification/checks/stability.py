"""Whether the colour's Pods went on running during the verification, and without errors in their logs."""

from __future__ import annotations

import json
import re

import httpx

from verification.kubernetes import Pod
from verification.report import Findings
from verification.subject import Subject

_LEVELS = {"error", "critical", "fatal"}
# Of logs that are not JSON.
_ERROR_LINE = re.compile(r"\b(ERROR|CRITICAL|FATAL)\b|^Traceback \(most recent call last\):")
_QUOTED = 200


async def stability(subject: Subject, findings: Findings) -> None:
    budget = subject.config.checks.stability
    after = {pod.metadata.uid: pod for pod in await subject.kubernetes.pods(subject.config.selector)}
    before = [pod for pod in subject.pods if not pod.leaving]

    restarts = 0
    broken: list[str] = []
    for pod in before:
        now = after.get(pod.metadata.uid)
        if now is None or now.leaving:
            restarts += 1
            broken.append(f"{pod.name} is gone")
        elif now.ends > pod.ends:
            restarts += now.ends - pod.ends
            broken.append(f"{pod.name} ended{_last_end(now)}")
    findings.measure("restarts", restarts)
    if restarts > budget.max_restarts:
        findings.problem(f"{restarts} restarts, at most {budget.max_restarts} accepted: {', '.join(broken)}")

    errors = [error for pod in after.values() for error in await _errors_of(subject, pod)]
    findings.measure("errorLines", len(errors))
    if len(errors) > budget.max_error_lines:
        count = f"{len(errors)} lines of level ERROR in the log, at most {budget.max_error_lines} accepted"
        findings.problem(f"{count}, the first: {errors[0]}")


def error_lines(log: str) -> list[str]:
    """What a log says of errors: lines of JSON by their level, others by their words. Each shortened."""
    return [text[:_QUOTED] for line in log.splitlines() if (text := _error_in(line)) is not None]


def _error_in(line: str) -> str | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return line.strip() if _ERROR_LINE.search(line) else None
    if not isinstance(entry, dict) or str(entry.get("level", "")).lower() not in _LEVELS:
        return None
    return str(entry.get("message", line))


async def _errors_of(subject: Subject, pod: Pod) -> list[str]:
    errors: list[str] = []
    for status in pod.status.container_statuses:
        # Of a container that was there before the last restart, too: it may have said why.
        for previous in (True, False) if status.restart_count > 0 else (False,):
            try:
                log = await subject.kubernetes.log(pod.name, status.name, subject.started_at, previous=previous)
            except httpx.HTTPError:
                # That a Pod or a container has gone is counted already.
                if not previous and not pod.leaving:
                    raise
                continue
            errors += error_lines(log)
    return errors


def _last_end(pod: Pod) -> str:
    ends = [status.last_end for status in pod.status.container_statuses if status.last_end is not None]
    return "".join(f": {end.reason}, exit code {end.exit_code}" for end in ends)
