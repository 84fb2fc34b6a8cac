"""Who is in a picture, by the suite's own judgement: what a service says of its answers is not asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import dlib
import numpy as np
import numpy.typing as npt

from verification.errors import SetupError
from verification.pictures import Pixels

LANDMARKS_FILE = "shape_predictor_5_face_landmarks.dat"
IDENTITY_FILE = "dlib_face_recognition_resnet_model_v1.dat"

# The detector's confidence, from which on a swapped face that is turned away is still found, and a badge is not.
_LEAST_CONFIDENCE = 0.2
# A face is described several times, with more or less of its surroundings and mirrored: one description alone is off by
# up to 0.1. Not by the recogniser's own jitter, which is another each time.
_PADDINGS = (0.1, 0.2, 0.3)
_CHIP_SIDE = 150


@dataclass(frozen=True)
class Face:
    area: int
    identity: npt.NDArray[np.float64]

    def distance(self, other: Face) -> float:
        """0 is the same picture of the same person; about 0.6 and above is somebody else."""
        return float(np.linalg.norm(self.identity - other.identity))


class Recogniser:
    def __init__(self, models: Path) -> None:
        missing = [name for name in (LANDMARKS_FILE, IDENTITY_FILE) if not (models / name).is_file()]
        if missing:
            raise SetupError(f"the directory of the models {models} lacks {' and '.join(missing)}")
        self._detector = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(str(models / LANDMARKS_FILE))
        self._encoder = dlib.face_recognition_model_v1(str(models / IDENTITY_FILE))

    def faces(self, pixels: Pixels) -> list[Face]:
        # 1: doubled before the search, so that faces of 40 pixels are found.
        found, _, _ = self._detector.run(pixels, 1, _LEAST_CONFIDENCE)
        return [self._face(pixels, rectangle) for rectangle in found]

    def largest_face(self, pixels: Pixels) -> Face:
        faces = self.faces(pixels)
        if not faces:
            raise SetupError("a source of the golden set has no face that the recogniser finds")
        return max(faces, key=lambda face: face.area)

    def _face(self, pixels: Pixels, rectangle: dlib.rectangle) -> Face:
        shape = self._predictor(pixels, rectangle)
        chips = [dlib.get_face_chip(pixels, shape, _CHIP_SIDE, padding) for padding in _PADDINGS]
        chips += [np.ascontiguousarray(chip[:, ::-1]) for chip in chips]
        identities = [np.array(self._encoder.compute_face_descriptor(chip)) for chip in chips]
        return Face(rectangle.area(), np.mean(identities, axis=0))
