"""What the pipeline asks of an engine, whatever hardware it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from inference.images import Pixels

Points = npt.NDArray[np.float64]
"""Count x 2: x and y in pixels."""

Embedding = npt.NDArray[np.float64]
"""A person's identity as a vector: near for two pictures of one person, far for two persons."""


@dataclass(frozen=True)
class Box:
    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Face:
    """A face that was found in a picture."""

    box: Box
    landmarks: Points


@dataclass(frozen=True)
class Portrait:
    """The face to put in, with the picture that it comes from."""

    pixels: Pixels
    face: Face
    identity: Embedding


AlignedT = TypeVar("AlignedT")
"""What an engine hands from `align` to the stages after it; nobody else looks inside."""


class Engine(Protocol[AlignedT]):
    """One method per stage. All of them are called from worker threads, several at a time if so configured."""

    name: str

    def detect(self, pixels: Pixels) -> list[Face]:
        """Finds all faces."""

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """Tells who a face is."""

    def align(self, portrait: Portrait, pixels: Pixels, face: Face) -> AlignedT:
        """Brings the portrait's face and `face` of `pixels` to one geometry."""

    def swap(self, canvas: Pixels, aligned: AlignedT) -> None:
        """Puts the portrait's face in, changing `canvas`."""

    def post_process(self, canvas: Pixels, aligned: AlignedT) -> None:
        """Refines the face that was put in, changing `canvas`."""
