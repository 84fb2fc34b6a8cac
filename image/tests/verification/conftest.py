"""What tests of the verification suite are given."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import Assets, Server, running
from tests.verification.support import Bench
from tools import golden
from verification.faces import Recogniser
from verification.golden import read_golden_set

_SET = Path(__file__).parents[2] / "verification" / "golden"


@pytest.fixture(scope="session")
def recogniser_models(pytestconfig: pytest.Config) -> Path:
    cache = pytestconfig.cache
    assert cache is not None
    return cache.mkdir("recogniser")


@pytest.fixture(scope="session")
def golden_set(assets: Assets, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden set as the image has it."""
    assert pytestconfig.cache is not None
    directory = tmp_path_factory.mktemp("golden")
    shutil.copytree(_SET, directory, dirs_exist_ok=True)
    golden.make(pytestconfig.cache.mkdir("pictures"), directory)
    return directory


@pytest.fixture(scope="session")
def bench(golden_set: Path, recogniser_models: Path) -> Bench:
    return Bench(read_golden_set(golden_set), Recogniser(recogniser_models))


@pytest.fixture(scope="session")
def green(assets: Assets) -> Iterator[Server]:
    """A good version of the other colour than `server`, which is its reference."""
    with running(assets.models, COLOR="green") as shared:
        yield shared
