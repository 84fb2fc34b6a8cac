"""What tests are given."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support import Assets, Server, running
from tools.assets import ASSETS, provide


def pytest_sessionstart(session: pytest.Session) -> None:
    """Fetches the files that tests need, before there are workers that would all do so at once."""
    cache = session.config.cache
    if hasattr(session.config, "workerinput") or cache is None:
        return
    for kind in ASSETS:
        provide(kind, cache.mkdir(kind))


@pytest.fixture(scope="session")
def assets(pytestconfig: pytest.Config) -> Assets:
    cache = pytestconfig.cache
    assert cache is not None
    models, pictures = cache.mkdir("models"), cache.mkdir("pictures")
    return Assets(models, (pictures / "source.png").read_bytes(), (pictures / "target.jpg").read_bytes())


@pytest.fixture(scope="session")
def server(assets: Assets) -> Iterator[Server]:
    """One server for all tests that leave it as it was."""
    with running(assets.models, MAX_UPLOAD_BYTES="1000000", MAX_IMAGE_PIXELS="4000000") as shared:
        yield shared


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as shared:
        yield shared
