"""The whole suite: its verdict and its report."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support import Assets, Server, faulty
from tests.verification.support import NOWHERE, Bench, FakeCluster, a_config, a_pod, checks
from verification import suite
from verification.checks.connectivity import connectivity
from verification.config import Config
from verification.kubernetes import Pod
from verification.publish import publish
from verification.report import Report
from verification.subject import Subject


def verified(bench: Bench, config: Config, *pods: Pod) -> Report:
    async def run() -> Report:
        return await suite.verify(bench.subject(config, FakeCluster(list(pods) or [a_pod(config.target_url)])))

    return asyncio.run(run())


def statuses(report: Report) -> dict[str, str]:
    return {check.name: check.status for check in report.checks}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite that does not wait for a service to become ready."""
    monkeypatch.setitem(suite.CHECKS, "connectivity", partial(connectivity, ready_within_seconds=0))


@pytest.fixture
def silent() -> Iterator[str]:
    """The URL of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_good_version_passes_and_the_report_has_its_numbers(bench: Bench, server: Server, green: Server) -> None:
    blue = a_pod(server.url, name="facefusion-blue-1", color="blue")

    # So few requests do not tell an equal version from a slow one on a busy machine.
    budgets = checks("resources", maxSlowdown=5)

    report = verified(bench, a_config(green.url, server.url, budgets=budgets), a_pod(green.url), blue)

    assert report.verdict_lines() == ["verification of facefusion green v1.2.3: PASSED"]
    document = json.loads(report.json_line())
    found = {check.pop("name"): check for check in document.pop("checks")}
    assert document.pop("startedAt") < document.pop("finishedAt")
    assert document == {
        "service": "facefusion",
        "color": "green",
        "version": "v1.2.3",
        "image": "registry.example.com/facefusion:v1.2.3",
        "hash": "0123456789",
        "verdict": "passed",
    }
    assert list(found) == ["connectivity", "accuracy", "resources", "stability"]
    for check in found.values():
        assert set(check) == {"status", "seconds", "problems", "notes", "measurements"}
        assert (check["status"], check["problems"]) == ("passed", [])
    assert found["accuracy"]["measurements"]["group.faces"] == 6
    assert 0.3 < found["accuracy"]["measurements"]["group.identityDistance"] < 0.48
    assert found["accuracy"]["measurements"]["portrait.similarity"] > 0.95
    assert found["accuracy"]["measurements"]["group.referenceSimilarity"] == 1
    resources = found["resources"]["measurements"]
    assert resources["slowdown"] < 5
    assert 0.1 < resources["memory"] < 0.5
    assert resources["memoryMiB"] / 1024 == pytest.approx(resources["memory"], abs=0.01)
    assert resources["gpuMemory"] is None
    assert "the server does not tell of GPU memory" in found["resources"]["notes"]
    assert found["stability"]["measurements"] == {"restarts": 0, "errorLines": 0}


def test_a_version_that_answers_500_fails_with_what_it_answered(bench: Bench, assets: Assets) -> None:
    with faulty(assets.models, "status500") as server:
        report = verified(bench, a_config(server.url))

    assert report.verdict_lines()[:3] == [
        "verification of facefusion green v1.2.3: FAILED",
        "connectivity: POST /v1/swap answers 500 internal, not 200",
        "connectivity: POST /v1/swap without pictures answers 500 internal, not 400 to 499",
    ]
    assert "resources: 8 of 8 requests failed, the first: 500 internal" in report.verdict_lines()


@pytest.mark.usefixtures("impatient")
def test_a_version_that_is_not_ready_fails_for_that_reason_alone(bench: Bench, assets: Assets) -> None:
    nowhere = verified(bench, a_config(NOWHERE))

    assert statuses(nowhere) == {
        "connectivity": "failed", "accuracy": "skipped", "resources": "skipped", "stability": "passed",
    }  # fmt: skip
    assert nowhere.verdict_lines()[1:] == ["connectivity: not ready after 0 s: All connection attempts failed"]


def test_a_check_that_raises_has_failed_and_the_others_are_carried_out(
    bench: Bench, green: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("too few\nsamples")

    monkeypatch.setitem(suite.CHECKS, "accuracy", broken)

    report = verified(bench, a_config(green.url))

    assert report.verdict_lines()[1:] == ["accuracy: too few samples"]
    assert statuses(report)["stability"] == "passed"


def test_what_is_not_finished_when_the_time_is_up_has_failed(bench: Bench, silent: str) -> None:
    report = verified(bench, a_config(silent, budgets=checks(timeoutSeconds=0.2)))

    assert report.verdict_lines() == [
        "verification of facefusion green v1.2.3: FAILED",
        *(f"{name}: not finished: all checks together may take 0.2 s" for name in suite.CHECKS),
    ]


def test_a_stopped_verification_says_what_it_did_not_finish(
    bench: Bench, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(subject: Subject, _: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await subject.target.get("/healthz")

    monkeypatch.setitem(suite.CHECKS, "connectivity", stopped)

    report = verified(bench, a_config(silent))

    assert report.verdict_lines()[1:] == [
        f"{name}: not finished: the verification was stopped" for name in suite.CHECKS
    ]


@pytest.mark.usefixtures("impatient")
def test_the_report_is_kept_and_the_verdict_comes_last(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = verified(bench, a_config(NOWHERE))
    cluster = FakeCluster()
    last_words = tmp_path / "termination-log"

    asyncio.run(publish(report, cluster.api(), "facefusion-green-verification", last_words))

    assert cluster.configmaps["facefusion-green-verification"] == {"report.json": report.json_line()}
    assert cluster.requests[0].headers["content-type"] == "application/merge-patch+json"
    assert last_words.read_text().splitlines() == report.verdict_lines()
    assert capsys.readouterr().out.splitlines()[-3:] == [report.json_line(), *report.verdict_lines()]


@pytest.mark.usefixtures("impatient")
def test_the_verdict_stands_where_nothing_can_be_written(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = verified(bench, a_config(NOWHERE))

    asyncio.run(publish(report, FakeCluster().api(), "another", tmp_path))

    assert capsys.readouterr().out.splitlines()[-4:] == [
        "the report could not be written to the ConfigMap another: the Kubernetes API answers 403: "
        "/api/v1/namespaces/inference/configmaps/another is forbidden",
        f"{tmp_path} could not be written to: Is a directory",
        *report.verdict_lines(),
    ]
