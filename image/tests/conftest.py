"""What tests are given."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support import Assets, Server, running
from tools.assets import provide


@pytest.fixture(scope="session")
def assets(pytestconfig: pytest.Config) -> Assets:
    cache = pytestconfig.cache
    assert cache is not None
    models, pictures = cache.mkdir("models"), cache.mkdir("pictures")
    provide("models", models)
    provide("pictures", pictures)
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
