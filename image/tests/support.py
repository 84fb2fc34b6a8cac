"""Servers as processes of their own, with the real models, and what tests ask of them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_IMAGE = Path(__file__).parents[1]
_FAULTY = _IMAGE.parent / "test" / "images" / "faulty" / "faulty.py"


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60)

    def connection(self) -> socket.socket:
        """A bare connection, for what no well-behaved client sends."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def metric(self, series: str) -> float:
        """The value of one series, 0 where there is none."""
        for line in httpx.get(f"{self.url}/metrics").text.splitlines():
            name, _, value = line.rpartition(" ")
            if name == series:
                return float(value)
        return 0


@dataclass(frozen=True)
class Assets:
    models: Path
    source: bytes
    target: bytes

    def files(self) -> dict[str, bytes]:
        return {"source": self.source, "target": self.target}


def environment(models: Path, **changes: str) -> dict[str, str]:
    """The environment as a Pod has it: nothing is inherited."""
    return {"PATH": os.environ["PATH"], "COLOR": "blue", "VERSION": "v1.2.3", "MODELS_DIR": str(models), **changes}


@contextmanager
def running(models: Path, *, script: Path = _IMAGE / "server.py", **changes: str) -> Iterator[Server]:
    """A server that is ready; it is ended at the end, whatever it is doing."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, script, f"--port={port}"],
        cwd=_IMAGE,
        env=environment(models, **changes),
        stdout=subprocess.PIPE,
        text=True,
    )
    server = Server(process, port)
    try:
        eventually(lambda: _is_ready(server), "the server to be ready")
        yield server
    finally:
        process.kill()
        process.communicate()


@contextmanager
def faulty(models: Path, fault: str) -> Iterator[Server]:
    """A green server with one of the faults of test/images/faulty."""
    with running(models, script=_FAULTY, FAULT=fault, COLOR="green", PYTHONPATH=str(_IMAGE)) as server:
        yield server


def run_to_end(models: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """A server that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "server.py", "--port=0"],
        cwd=_IMAGE,
        env=environment(models, **changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def eventually(condition: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Waits until a condition holds; the limit only ends a test that has failed."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(0.02)


def wait_for_jobs(server: Server, count: int) -> None:
    eventually(lambda: server.metric("inference_jobs_in_flight") == count, f"{count} jobs in flight")


def log_lines(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def _is_ready(server: Server) -> bool:
    assert server.process.poll() is None, "the server ended before it was ready"
    try:
        return httpx.get(f"{server.url}/readyz").status_code == 200
    except httpx.ConnectError:
        return False
