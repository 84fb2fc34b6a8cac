"""What the API server and the logs tell of the Pods."""

from __future__ import annotations

import asyncio
import signal

from tests.support import Assets, faulty
from tests.verification.support import NOWHERE, Bench, FakeCluster, a_config, a_pod, checks, found
from verification.checks.stability import error_lines, stability
from verification.config import Checks
from verification.kubernetes import Pod
from verification.report import Findings

ENDED = {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
BACKING_OFF = {"waiting": {"reason": "CrashLoopBackOff"}}


def judged(
    bench: Bench, before: list[Pod], after: list[Pod], logs: dict[str, str] | None = None, budgets: Checks | None = None
) -> Findings:
    async def run() -> Findings:
        findings = found()
        cluster = FakeCluster(before, logs or {})
        subject = bench.subject(a_config(NOWHERE, budgets=budgets), cluster)
        cluster.pods = after
        await stability(subject, findings)
        return findings

    return asyncio.run(run())


def test_a_pod_that_went_on_running_is_stable_whatever_happened_before(bench: Bench) -> None:
    pod = a_pod(restartCount=3, lastState=ENDED)

    findings = judged(bench, [pod], [pod])

    assert findings.problems == []
    assert findings.measurements == {"restarts": 0, "errorLines": 0}


def test_restarts_are_counted_with_their_reason(bench: Bench) -> None:
    findings = judged(bench, [a_pod(restartCount=1)], [a_pod(restartCount=3, lastState=ENDED)])

    assert findings.problems == [
        "2 restarts, at most 0 accepted: facefusion-green-1 ended: OOMKilled, exit code 137",
    ]


def test_a_container_that_is_down_counts_before_it_runs_again(bench: Bench) -> None:
    for status in ({"state": ENDED}, {"state": BACKING_OFF, "lastState": ENDED}):
        assert judged(bench, [a_pod()], [a_pod(**status)]).measurements["restarts"] == 1


def test_a_pod_that_was_replaced_counts_as_a_restart(bench: Bench) -> None:
    findings = judged(bench, [a_pod()], [a_pod(name="facefusion-green-2")])

    assert findings.problems == ["1 restarts, at most 0 accepted: facefusion-green-1 is gone"]


def test_a_budget_may_allow_for_restarts_and_errors(bench: Bench) -> None:
    logs = {"facefusion-green-1": "ERROR one"}
    budgets = checks("stability", maxRestarts=1, maxErrorLines=1)

    assert judged(bench, [a_pod()], [a_pod(restartCount=1)], logs, budgets).problems == []


def test_errors_in_the_log_are_counted_and_the_first_is_quoted(bench: Bench) -> None:
    logs = {
        "facefusion-green-1": '{"level": "info", "message": "fine"}\n{"level": "error", "message": "no space left"}\n'
    }

    findings = judged(bench, [a_pod()], [a_pod()], logs)

    assert findings.problems == ["1 lines of level ERROR in the log, at most 0 accepted, the first: no space left"]


def test_what_was_logged_before_a_restart_counts_too(bench: Bench) -> None:
    logs = {"facefusion-green-1 before": '{"level": "critical", "message": "out of memory"}'}

    findings = judged(bench, [a_pod()], [a_pod(restartCount=1)], logs)

    assert findings.problems[1].endswith("the first: out of memory")


def test_errors_are_told_by_their_level_or_where_a_line_is_no_json_by_their_words() -> None:
    errors = [
        '{"level": "ERROR", "message": "a"}',
        '{"level": "critical", "exception": "Traceback (most recent call last):"}',
        "2026-01-01 12:00:00 ERROR b",
        "Traceback (most recent call last):",
    ]
    fine = [
        '{"level": "warning", "message": "ERROR c"}',
        '  File "x.py", line 1, in y',
        "0 errors",
        '["error"]',
        "",
    ]
    assert error_lines("\n".join([*errors, *fine])) == ["a", errors[1], *errors[2:]]
    assert len(error_lines("ERROR " + "x" * 1000)[0]) == 200


def test_a_real_server_that_logs_errors_is_told_though_it_answers_rightly(bench: Bench, assets: Assets) -> None:
    with faulty(assets.models, "errorLines") as server:
        with server.client() as client:
            assert client.post("/v1/swap", files=assets.files()).status_code == 200
            assert client.post("/v1/swap", files={"source": b"x", "target": b"x"}).status_code == 415
        server.process.send_signal(signal.SIGTERM)
        log, _ = server.process.communicate(timeout=30)

    # Of a refusal a good server logs no error.
    findings = judged(bench, [a_pod()], [a_pod()], {"facefusion-green-1": log})

    assert findings.measurements["errorLines"] == 2
    assert "the fault errorLines" in findings.problems[0]
