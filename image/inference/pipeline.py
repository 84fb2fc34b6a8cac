"""The stages of a face swap, in their order and timed: detect, embed, align, swap, post-process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Generic, Literal

import numpy as np

from inference.engine.base import AlignedT, Embedding, Engine, Face, Portrait
from inference.errors import RefusalError
from inference.images import Format, Picture, decode, encode

Stage = Literal["decode", "detect", "embed", "align", "swap", "post-process"]
STAGES: tuple[Stage, ...] = ("decode", "detect", "embed", "align", "swap", "post-process")


@dataclass(frozen=True)
class Draft(Generic[AlignedT]):
    """A picture whose faces have been swapped and not refined yet."""

    picture: Picture
    identity: Embedding
    """Whose face was put in."""
    faces: list[tuple[Face, AlignedT]]


@dataclass(frozen=True)
class Answer:
    content: bytes
    faces: int
    """Faces that were replaced."""
    identity_distance: float
    """Mean distance of their identities from the portrait's: the smaller, the more alike."""


class Pipeline(Generic[AlignedT]):
    """Runs an engine's stages; `timed` is entered around each of them."""

    def __init__(
        self,
        engine: Engine[AlignedT],
        max_pixels: int,
        timed: Callable[[Stage], AbstractContextManager[object]],
    ) -> None:
        self._engine = engine
        self._max_pixels = max_pixels
        self._timed = timed

    def run(self, source: BinaryIO, target: BinaryIO, kind: Format) -> Answer:
        return self.finish(self.swap(source, target), kind)

    def swap(self, source: BinaryIO, target: BinaryIO) -> Draft[AlignedT]:
        """All stages up to the swap itself."""
        engine = self._engine
        with self._timed("decode"):
            source_picture, picture = self._decode(source, target)
        with self._timed("detect"):
            source_faces = engine.detect(source_picture.pixels)
            faces = engine.detect(picture.pixels)
        without = [name for name, found in (("source", source_faces), ("target", faces)) if not found]
        if without:
            raise RefusalError(422, "no_face", f"no face was found in {' and '.join(without)}")
        with self._timed("embed"):
            face = max(source_faces, key=lambda candidate: candidate.box.area)
            identity = engine.embed(source_picture.pixels, face)
            portrait = Portrait(source_picture.pixels, face, identity)
        with self._timed("align"):
            aligned = [(face, engine.align(portrait, picture.pixels, face)) for face in faces]
        with self._timed("swap"):
            for _, one in aligned:
                engine.swap(picture.pixels, one)
        return Draft(picture, identity, aligned)

    def finish(self, draft: Draft[AlignedT], kind: Format) -> Answer:
        """The last stage; what it refines is also what it measures and encodes."""
        with self._timed("post-process"):
            pixels = draft.picture.pixels
            for _, aligned in draft.faces:
                self._engine.post_process(pixels, aligned)
            identities = [self._engine.embed(pixels, face) for face, _ in draft.faces]
            distances = [float(np.linalg.norm(identity - draft.identity)) for identity in identities]
            return Answer(encode(draft.picture, kind), len(draft.faces), float(np.mean(distances)))

    def _decode(self, source: BinaryIO, target: BinaryIO) -> tuple[Picture, Picture]:
        """Both pictures; where both are at fault, both faults are told at once."""
        pictures: list[Picture] = []
        refusals: list[RefusalError] = []
        for part, file in (("source", source), ("target", target)):
            try:
                pictures.append(decode(part, file, self._max_pixels))
            except RefusalError as refusal:
                refusals.append(refusal)
        if refusals:
            first = refusals[0]
            raise RefusalError(first.status, first.code, "; ".join(refusal.message for refusal in refusals))
        return pictures[0], pictures[1]
