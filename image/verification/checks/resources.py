"""What a short load costs: time, also compared with the other colour, memory, and whether the memory comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from verification.config import Resources
from verification.kubernetes import Pod
from verification.latency import Comparison, Turn
from verification.load import Side, load
from verification.memory import MIB, Usage, Watch
from verification.report import Findings
from verification.service import Service, unreadiness
from verification.subject import Subject

# Requests to each Pod before anything is measured: the first ones fill caches and pools.
_WARM_UP = 3
# How often the load is repeated, at most, where it is not clear yet which colour is slower.
_MOST_LOADS = 3
_P50, _P95 = 0.5, 0.95


async def resources(subject: Subject, findings: Findings) -> None:
    config = subject.config
    budget = config.checks.resources
    pods = [pod for pod in await subject.kubernetes.pods(f"app.kubernetes.io/name={config.service}") if pod.ready]
    own = [pod for pod in pods if pod.metadata.labels.get("color") == config.color]
    others = [pod for pod in pods if pod not in own]

    target = Side(subject.target, subject.load_case, (config.color, config.version))
    reference = Side(subject.reference, subject.load_case)
    at_a_time = budget.concurrency
    unready = await unreadiness(subject.reference)
    if unready is None:
        # Where a colour has fewer Pods than requests, they queue for them: compared, that would be seen as slowness.
        at_a_time = max(1, min(budget.concurrency, len(own), len(others)))
        if at_a_time < budget.concurrency:
            findings.note(f"{at_a_time} at a time: one for each Pod of the colour that has fewer")
    else:
        findings.note(f"not compared with the other colour, which does not answer: {unready}")

    await _warm_up(own, subject)
    watch = Watch(own, config.checks.timeout_seconds)
    await watch.look()
    looking = asyncio.create_task(watch.keep_looking())
    try:
        for _ in range(_MOST_LOADS):
            await load([target, reference] if unready is None else [target], budget.requests, at_a_time)
            comparison = _comparison(target, reference)
            if comparison is None or comparison.is_clear(budget.max_slowdown):
                break
            await watch.look()
            # One that leaks would only end for lack of memory, and no longer show why.
            if any(usage.growth_mib > budget.max_memory_growth_mib for usage in watch.usages):
                break
    finally:
        looking.cancel()
    _judge_latency(target, budget, findings)
    if unready is None:
        _judge_slowdown(target, reference, comparison, budget, findings)
    await watch.look()
    _judge_memory(watch.usages, target.sent, budget, findings)


async def _warm_up(pods: Sequence[Pod], subject: Subject) -> None:
    case = subject.load_case
    services = [Service(pod.url, subject.config.checks.timeout_seconds) for pod in pods]
    for _ in range(_WARM_UP):
        # Whether the answers are right is the load's business.
        await asyncio.gather(*(service.swap(case.source, case.target) for service in services), return_exceptions=True)


def _comparison(target: Side, reference: Side) -> Comparison | None:
    """None where not every request to both was answered rightly."""
    if target.faults or reference.faults or not reference.turns:
        return None
    return Comparison([Turn(own, other) for own, other in zip(target.turns, reference.turns, strict=True)])


def _judge_latency(target: Side, budget: Resources, findings: Findings) -> None:
    findings.measure("requests", target.sent)
    findings.measure("failedRequests", len(target.faults))
    if target.faults:
        findings.problem(f"{len(target.faults)} of {target.sent} requests failed, the first: {target.faults[0]}")
    if not target.seconds:
        return
    p95 = float(np.quantile(target.seconds, _P95))
    findings.measure("latencyP50Seconds", float(np.quantile(target.seconds, _P50)))
    findings.measure("latencyP95Seconds", p95)
    if p95 > budget.max_latency_p95_seconds:
        findings.problem(f"p95 latency {p95:.2f} s, at most {budget.max_latency_p95_seconds:g} s accepted")


def _judge_slowdown(
    target: Side, reference: Side, comparison: Comparison | None, budget: Resources, findings: Findings
) -> None:
    if reference.faults:
        findings.note(f"latency not compared with the other colour's, which failed: {reference.faults[0]}")
    if comparison is None:
        return
    slowdown, (slowdown_p95, p95_at_least) = comparison.slowdown, comparison.slowdown_of(_P95)
    p50, p95 = (float(np.quantile(reference.seconds, part)) for part in (_P50, _P95))
    findings.measure("referenceLatencyP50Seconds", p50)
    findings.measure("referenceLatencyP95Seconds", p95)
    findings.measure("slowdown", slowdown)
    findings.measure("slowdownP95", slowdown_p95)
    findings.measure("slowdownP95AtLeast", p95_at_least)
    limit = f"at most {budget.max_slowdown:.2f} accepted"
    if slowdown > budget.max_slowdown:
        own = float(np.quantile(target.seconds, _P50))
        findings.problem(f"{slowdown:.2f} times the other colour's latency (p50: {own:.2f} s, {p50:.2f} s), {limit}")
    if p95_at_least > budget.max_slowdown:
        own = float(np.quantile(target.seconds, _P95))
        findings.problem(f"{slowdown_p95:.2f} times the other colour's p95 latency ({own:.2f} s, {p95:.2f} s), {limit}")


def _judge_memory(usages: Sequence[Usage], requests: int, budget: Resources, findings: Findings) -> None:
    findings.measure("pods", len(usages))
    if not usages:
        findings.problem("no Pod is ready")
        return
    fullest = max(usages, key=lambda usage: max(usage.resident))
    findings.measure("memoryMiB", max(fullest.resident) / MIB, 1)
    limited = [(max(usage.resident) / limit, usage) for usage in usages if (limit := usage.pod.memory_limit)]
    part, usage = max(limited, key=lambda pair: pair[0], default=(None, None))
    findings.measure("memory", part)
    if part is None or usage is None:
        findings.note("no memory limit: the use of memory is not compared with one")
    elif part > budget.max_memory:
        findings.problem(
            f"{usage.pod.name} uses {part:.0%} of its memory limit, at most {budget.max_memory:.0%} accepted"
        )

    growing = max(usages, key=lambda usage: usage.growth_mib)
    findings.measure("memoryGrowthMiB", growing.growth_mib, 1)
    if growing.growth_mib > budget.max_memory_growth_mib:
        growth = f"{growing.pod.name} gained {growing.growth_mib:.0f} MiB of memory in {requests} requests"
        findings.problem(f"{growth}, at most {budget.max_memory_growth_mib:g} MiB accepted")

    gpu = max((max(usage.gpu) for usage in usages if usage.gpu), default=None)
    findings.measure("gpuMemory", gpu)
    if gpu is None:
        findings.note("the server does not tell of GPU memory")
    elif gpu > budget.max_gpu_memory:
        findings.problem(f"{gpu:.0%} of a GPU's memory is used, at most {budget.max_gpu_memory:.0%} accepted")
