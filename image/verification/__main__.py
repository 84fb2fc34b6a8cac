"""The command line: `python3 -m verification` in a Job, `python3 -m verification record` for a person."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import traceback
from pathlib import Path

import httpx

from verification.config import Config
from verification.errors import SetupError, reason
from verification.faces import Recogniser
from verification.golden import read_golden_set
from verification.kubernetes import in_cluster
from verification.publish import publish
from verification.record import record
from verification.subject import Subject
from verification.suite import verify

_PASSED, _FAILED, _NOT_RUN = 0, 1, 2


def main() -> int:
    arguments = _arguments()
    try:
        if arguments.command == "record":
            asyncio.run(record(arguments.url, arguments.golden, Recogniser(arguments.models)))
            return _PASSED
        return asyncio.run(_verify())
    except SetupError as error:
        print(f"this could not be run: {error}", file=sys.stderr)
    except Exception:
        # Not 1, which is a verdict on the service.
        traceback.print_exc()
    return _NOT_RUN


async def _verify() -> int:
    config = Config.read(os.environ)
    golden = read_golden_set(config.golden)
    recogniser = Recogniser(config.models)
    kubernetes = in_cluster(os.environ, config.namespace)
    try:
        subject = await Subject.meet(config, golden, recogniser, kubernetes)
    except httpx.HTTPError as error:
        raise SetupError(f"the colour's Pods cannot be read: {reason(error)}") from None
    print(f"verification of {config.service} {config.color} {config.version}, image {config.image}")
    report = await verify(subject)
    await publish(report, kubernetes, config.report_configmap)
    return _PASSED if report.verdict == "passed" else _FAILED


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m verification", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    recording = commands.add_parser(
        "record", help="write the expected pictures of a golden set, from a service whose answers were looked at"
    )
    recording.add_argument("--url", required=True, help="the service, such as http://localhost:7860")
    recording.add_argument("--golden", type=Path, default=Path("/golden"), help="the golden set (default: %(default)s)")
    recording.add_argument("--models", type=Path, default=Path("/models"), help="default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
