"""What the suite needs itself: without it there is no verdict, and one line that says why."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import Server
from tests.verification.support import CHECKS, a_pod
from verification.config import Checks
from verification.kubernetes import bytes_of

_IMAGE = Path(__file__).parents[2]


@pytest.fixture
def environment(golden_set: Path, recogniser_models: Path) -> dict[str, str]:
    """All that a Job has, except that it is in no cluster."""
    return {
        "PATH": os.environ["PATH"],
        "SERVICE": "facefusion",
        "COLOR": "green",
        "VERSION": "v1.2.3",
        "IMAGE": "registry.example.com/facefusion:v1.2.3",
        "HASH": "0123456789",
        "NAMESPACE": "inference",
        "TARGET_URL": "http://facefusion-green",
        "REFERENCE_URL": "http://facefusion-blue",
        "SELECTOR": "app.kubernetes.io/name=facefusion,color=green",
        "REPORT_CONFIGMAP": "facefusion-green-verification",
        "CHECKS": json.dumps(CHECKS),
        "GOLDEN_DIR": str(golden_set),
        "MODELS_DIR": str(recogniser_models),
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "verification", *arguments],
        cwd=_IMAGE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(environment: dict[str, str]) -> str:
    ended = run(environment)
    assert ended.returncode == 2, ended.stdout + ended.stderr
    (line,) = ended.stderr.splitlines()
    return line.removeprefix("this could not be run: ")


def test_all_variables_that_are_missing_are_named(environment: dict[str, str]) -> None:
    del environment["SERVICE"]
    environment["SELECTOR"] = ""

    assert refusal(environment) == "the environment lacks SERVICE, SELECTOR"


def test_budgets_that_are_not_understood_are_refused_with_their_place(environment: dict[str, str]) -> None:
    resources = {**Checks.model_validate(CHECKS).resources.model_dump(by_alias=True), "requests": 0, "maxPower": 300}
    environment["CHECKS"] = json.dumps({**CHECKS, "resources": resources})

    line = refusal(environment)

    assert line.startswith("CHECKS is not accepted: resources.requests: Input should be greater than or equal to 1; ")
    assert "resources.maxPower: Extra inputs are not permitted" in line


def test_a_certificate_that_is_not_understood_is_refused(environment: dict[str, str]) -> None:
    environment["CERTIFICATE"] = '{"host": "facefusion.example.com"}'

    assert refusal(environment).startswith("CERTIFICATE is not accepted: secretName: Field required")


def test_checks_that_are_no_json_are_refused(environment: dict[str, str]) -> None:
    environment["CHECKS"] = "all of them"

    assert refusal(environment).startswith("CHECKS is not accepted: Invalid JSON")


def test_a_golden_set_that_is_not_there_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    environment["GOLDEN_DIR"] = str(tmp_path)

    assert refusal(environment).startswith(f"the golden set in {tmp_path} cannot be read: ")


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        ([{"name": "a", "source": "face.png"}], "is not accepted: cases.0.target: Field required; cases.0.faces: "),
        ([{"name": "a", "source": "face.png", "target": "face.png", "faces": 0}], "has no case with faces"),
        (
            [{"name": "a", "source": "face.png", "target": "face.png", "faces": 1, "expected": "a.webp"}],
            "names pictures that are not there: ",
        ),
    ],
)
def test_a_golden_set_that_is_of_no_use_is_told(
    environment: dict[str, str], golden_set: Path, tmp_path: Path, cases: list[dict[str, object]], message: str
) -> None:
    shutil.copy(golden_set / "face.png", tmp_path)
    (tmp_path / "golden.json").write_text(json.dumps({"cases": cases}))
    environment["GOLDEN_DIR"] = str(tmp_path)

    assert refusal(environment).startswith(f"the golden set {tmp_path}/golden.json {message}")


def test_models_that_are_not_there_are_named(environment: dict[str, str], tmp_path: Path) -> None:
    environment["MODELS_DIR"] = str(tmp_path)

    assert "lacks shape_predictor_5_face_landmarks.dat and dlib_" in refusal(environment)


def test_without_a_service_account_there_is_no_verdict(environment: dict[str, str]) -> None:
    assert refusal(environment).startswith("there is no ServiceAccount to ask the Kubernetes API with: ")


def test_expected_pictures_are_recorded_small_from_a_service(
    environment: dict[str, str], golden_set: Path, recogniser_models: Path, green: Server, tmp_path: Path
) -> None:
    golden = tmp_path / "golden"
    shutil.copytree(golden_set, golden)
    shutil.rmtree(golden / "expected")

    ended = run(environment, "record", f"--url={green.url}", f"--golden={golden}", f"--models={recogniser_models}")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"{golden}/expected/portrait.webp: look at it; its faces' identity distances ")
    recorded = {file.name: file.stat().st_size for file in (golden / "expected").iterdir()}
    assert set(recorded) == {"portrait.webp", "group.webp"}
    assert max(recorded.values()) < 20_000


def test_quantities_are_read_as_kubernetes_writes_them() -> None:
    quantities = {"1Gi": 2**30, "512M": 512e6, "1e9": 1e9, "1073741824": 2**30, "128974848000m": 128974848}
    assert {quantity: bytes_of(quantity) for quantity in quantities} == quantities


def test_a_pods_address_is_its_ip_and_the_port_named_http() -> None:
    assert a_pod("http://10.0.0.1:7860").url == "http://10.0.0.1:7860"
    assert a_pod("http://[fd00::1]:7860").url == "http://[fd00::1]:7860"
