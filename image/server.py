"""Serves face swaps: `python3 server.py --listen --port=7860`. README.md has the interface and the environment."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

import uvicorn

from inference.app import create_app
from inference.engine.cpu import CpuEngine
from inference.lifecycle import Lifecycle, Protocol, Server
from inference.logs import log_as_json
from inference.settings import Settings, SettingsError

# Longer than a proxy keeps an idle connection (NGINX: 60 s), so that it is the proxy that closes it and never writes a
# request to a connection that has just been closed.
_KEEP_ALIVE_SECONDS = 75


def main() -> int:
    try:
        settings = Settings.read(os.environ)
    except SettingsError as error:
        print(f"the environment is not accepted: {error}", file=sys.stderr)
        return 2
    arguments = _arguments(settings.port)
    log_as_json()

    lifecycle = Lifecycle()
    config = uvicorn.Config(
        create_app(settings, lifecycle, CpuEngine.name, lambda: CpuEngine(settings.models)),
        host="0.0.0.0" if arguments.listen else "127.0.0.1",  # noqa: S104 - that is what --listen is for
        port=arguments.port,
        http=Protocol,
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Here and not in the application, so that what uvicorn itself answers has them too.
        headers=[("X-Color", settings.color), ("X-Version", settings.version)],
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    asyncio.run(Server(config, lifecycle, settings.linger_seconds).serve())
    return 1 if lifecycle.failed else 0


def _arguments(default_port: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serves face swaps over HTTP.")
    parser.add_argument("--listen", action="store_true", help="answer on all addresses, not on loopback alone")
    parser.add_argument("--port", type=int, default=default_port, help="default: the environment's PORT, else 7860")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
