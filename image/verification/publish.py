"""Tells the verdict: in the log, in the report's ConfigMap, and as the container's last words."""

from __future__ import annotations

from pathlib import Path

import httpx

from verification.errors import reason
from verification.kubernetes import KubernetesApi
from verification.report import Report

# Where Kubernetes reads a container's last words, and how many of them it takes.
_LAST_WORDS = Path("/dev/termination-log")
_LAST_WORDS_BYTES = 4096


async def publish(report: Report, kubernetes: KubernetesApi, configmap: str, last_words: Path = _LAST_WORDS) -> None:
    """The verdict comes last in the log, and stands whether or not the rest can be written."""
    print(report.json_line())
    try:
        await kubernetes.write_to_configmap(configmap, {"report.json": report.json_line()})
    except httpx.HTTPError as error:
        print(f"the report could not be written to the ConfigMap {configmap}: {reason(error)}")
    verdict = "\n".join(report.verdict_lines())
    _say_last(verdict, last_words)
    print(verdict)


def _say_last(verdict: str, last_words: Path) -> None:
    try:
        last_words.write_bytes(verdict.encode()[:_LAST_WORDS_BYTES])
    except OSError as error:
        print(f"{last_words} could not be written to: {error.strerror}")
