"""
Makes the pictures of the verification's golden set, which `verification/golden/golden.json` lists, from those of
assets.py. Usage: `python3 golden.py PICTURES DIRECTORY`.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from PIL import Image

# The woman on the right of the group: of the six, her face is the easiest to recognise.
_PORTRAIT = (1009, 174, 1280, 501)


def make(pictures: Path, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for picture, name in (("source.png", "portrait.png"), ("target.jpg", "group.jpg"), ("nobody.jpg", "nobody.jpg")):
        shutil.copyfile(pictures / picture, directory / name)
    with Image.open(directory / "group.jpg") as group:
        group.crop(_PORTRAIT).save(directory / "face.png")


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the pictures of the golden set.")
    parser.add_argument("pictures", type=Path)
    parser.add_argument("directory", type=Path)
    arguments = parser.parse_args()
    make(arguments.pictures, arguments.directory)


if __name__ == "__main__":
    main()
