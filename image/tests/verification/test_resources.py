"""What a load costs."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.support import Assets, Server, faulty
from tests.verification.support import NOWHERE, Bench, FakeCluster, a_config, a_pod, checks, found, serving
from verification.checks.resources import resources
from verification.config import Checks
from verification.kubernetes import Pod
from verification.latency import Comparison
from verification.report import Findings


def loaded(
    bench: Bench, target: str, reference: str = NOWHERE, *, budgets: Checks | None = None, pods: list[Pod] | None = None
) -> Findings:
    blue = [a_pod(reference, name="facefusion-blue-1", color="blue")] if reference != NOWHERE else []

    async def run() -> Findings:
        findings = found()
        cluster = FakeCluster(pods or [a_pod(target), *blue])
        await resources(bench.subject(a_config(target, reference, budgets=budgets), cluster), findings)
        return findings

    return asyncio.run(run())


def pretending(metrics: str, swap_seconds: float = 0, status: int = 200) -> Starlette:
    """A service that computes nothing."""

    async def readyz(_: Request) -> Response:
        return JSONResponse({"status": "ready"})

    async def swap(request: Request) -> Response:
        await request.body()
        await asyncio.sleep(swap_seconds)
        return JSONResponse({}, status_code=status, headers={"X-Color": "green", "X-Version": "v1.2.3"})

    async def exposition(_: Request) -> Response:
        return PlainTextResponse(metrics)

    return Starlette(
        routes=[Route("/readyz", readyz), Route("/v1/swap", swap, methods=["POST"]), Route("/metrics", exposition)]
    )


def memory(mib: float) -> str:
    return f"# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes {mib * 2**20}\n"


def gpu(number: int, used: int, total: int) -> str:
    labels = f'{{gpu="{number}"}}'
    return f"inference_gpu_memory_used_bytes{labels} {used}\ninference_gpu_memory_total_bytes{labels} {total}\n"


def test_a_version_that_leaks_is_told_with_what_it_gained(bench: Bench, assets: Assets) -> None:
    with faulty(assets.models, "leak") as server:
        (problem,) = loaded(bench, server.url).problems

    gained = int(problem.removeprefix("facefusion-green-1 gained ").split(" MiB", maxsplit=1)[0])
    assert 180 <= gained < 260
    assert problem.endswith(" MiB of memory in 8 requests, at most 64 MiB accepted")


def test_a_close_comparison_has_the_load_repeated_unless_the_version_leaks(
    bench: Bench, server: Server, assets: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Comparison, "is_clear", lambda *_: False)
    budgets = checks("resources", requests=4)
    with serving(pretending(memory(100))) as url, serving(pretending(memory(100))) as other:
        assert loaded(bench, url, other, budgets=budgets).measurements["requests"] == 12

    with faulty(assets.models, "leak") as leaking:
        findings = loaded(bench, leaking.url, server.url, budgets=budgets)
    assert findings.measurements["requests"] == 4
    assert findings.problems[-1].startswith("facefusion-green-1 gained ")


def test_a_slow_version_is_told_by_comparison_with_the_other_colour(
    bench: Bench, server: Server, assets: Assets
) -> None:
    with faulty(assets.models, "slow") as slow:
        findings = loaded(bench, slow.url, server.url)

    slowdown = findings.measurements["slowdown"]
    assert isinstance(slowdown, float)
    assert slowdown > 1.5
    assert findings.problems[0].startswith(f"{slowdown:.2f} times the other colour's latency (p50: ")
    assert findings.problems[0].endswith("), at most 1.50 accepted")


def test_without_another_colour_nothing_is_compared(bench: Bench) -> None:
    with serving(pretending(memory(100))) as url:
        findings = loaded(bench, url)

    assert findings.problems == []
    assert findings.notes[0].startswith("not compared with the other colour, which does not answer: ")
    assert "slowdown" not in findings.measurements
    assert findings.measurements["requests"] == 8


def test_another_colour_that_fails_is_no_measure(bench: Bench) -> None:
    with serving(pretending(memory(100))) as url, serving(pretending(memory(100), status=500)) as broken:
        findings = loaded(bench, url, broken)

    assert findings.problems == []
    assert "latency not compared with the other colour's, which failed: 500" in findings.notes


def test_no_colour_has_to_queue_where_the_other_does_not(bench: Bench) -> None:
    with serving(pretending(memory(100))) as url, serving(pretending(memory(100))) as other:
        blue = [a_pod(other, name=f"facefusion-blue-{number}", color="blue") for number in (1, 2, 3)]
        findings = loaded(bench, url, other, pods=[a_pod(url), *blue])

    assert "1 at a time: one for each Pod of the colour that has fewer" in findings.notes


def test_requests_that_make_no_whole_turns_are_rounded_up(bench: Bench) -> None:
    with serving(pretending(memory(100))) as url, serving(pretending(memory(100))) as other:
        pods = [a_pod(url), a_pod(url), a_pod(other, color="blue"), a_pod(other, color="blue")]
        # A limit far from equal, so that one load is enough.
        findings = loaded(bench, url, other, budgets=checks("resources", requests=5, maxSlowdown=1000), pods=pods)

    assert findings.problems == []
    assert findings.measurements["requests"] == 6


def test_a_slow_answer_is_told_without_another_colour_too(bench: Bench) -> None:
    with serving(pretending(memory(100), swap_seconds=0.2)) as url:
        findings = loaded(bench, url, budgets=checks("resources", maxLatencyP95Seconds=0.1))

    (problem,) = findings.problems
    assert problem.startswith("p95 latency ")
    assert problem.endswith(" s, at most 0.1 s accepted")


def test_a_pod_near_its_memory_limit_is_named(bench: Bench) -> None:
    with serving(pretending(memory(100))) as small, serving(pretending(memory(1000))) as large:
        pods = [a_pod(small), a_pod(large, name="facefusion-green-2")]
        findings = loaded(bench, small, pods=pods)

    assert findings.problems == ["facefusion-green-2 uses 98% of its memory limit, at most 90% accepted"]
    assert findings.measurements["pods"] == 2
    assert findings.measurements["memoryMiB"] == 1000


def test_the_fullest_gpu_counts(bench: Bench) -> None:
    with serving(pretending(memory(100) + gpu(0, 10, 100) + gpu(1, 97, 100))) as url:
        findings = loaded(bench, url)

    assert findings.problems == ["97% of a GPU's memory is used, at most 95% accepted"]
    assert findings.measurements["gpuMemory"] == 0.97


def test_a_pod_that_tells_nothing_of_its_memory_is_named(bench: Bench) -> None:
    with serving(pretending("")) as url, pytest.raises(LookupError, match="facefusion-green-1 has no metric process_"):
        loaded(bench, url)
