"""The engine for a machine without a GPU: dlib finds and describes faces, OpenCV warps and blends them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import dlib
import numpy as np

from inference.engine import blend, warp
from inference.engine.base import Box, Embedding, Face, Points, Portrait
from inference.images import Pixels

LANDMARKS_FILE = "shape_predictor_68_face_landmarks.dat"
IDENTITY_FILE = "dlib_face_recognition_resnet_model_v1.dat"

# The detector sees faces from 80 pixels on, 40 where the picture is doubled. Larger pictures are searched at this size:
# a face in them is large too, and the search takes time by the pixel.
_DETECTION_SIDE = 1600
# The detector's confidence. A badge on a space suit has been taken for a face with 0.12; faces that are half hidden or
# half turned away reach 0.3.
_LEAST_CONFIDENCE = 0.2
# Of the face's size: how much of its surroundings is looked at for blending.
_MARGIN = 0.4


class ModelsMissingError(Exception):
    """The models are not where they should be."""


@dataclass(frozen=True)
class AlignedFace:
    region: Box
    """Where in the target; it may reach over the edge."""
    pixels: Pixels
    """The portrait's face in the target's geometry, as large as the region."""
    mask: Pixels
    """255 where the face is."""


class CpuEngine:
    name = "cpu"

    def __init__(self, models: Path) -> None:
        missing = [name for name in (LANDMARKS_FILE, IDENTITY_FILE) if not (models / name).is_file()]
        if missing:
            raise ModelsMissingError(f"{models} lacks {' and '.join(missing)}")
        self._detector = dlib.get_frontal_face_detector()
        self._predictor = dlib.shape_predictor(str(models / LANDMARKS_FILE))
        self._encoder = dlib.face_recognition_model_v1(str(models / IDENTITY_FILE))

    def detect(self, pixels: Pixels) -> list[Face]:
        longest = max(pixels.shape[:2])
        scale = min(1.0, _DETECTION_SIDE / longest)
        searched = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
        # 1: doubled before the search.
        found, _, _ = self._detector.run(searched, 1, _LEAST_CONFIDENCE)
        return [self._face(pixels, _unscaled(rectangle, scale)) for rectangle in found]

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        points = dlib.points([dlib.point(round(x), round(y)) for x, y in face.landmarks])
        shape = dlib.full_object_detection(_rectangle(face.box), points)
        return np.array(self._encoder.compute_face_descriptor(pixels, shape), dtype=np.float64)

    def align(self, portrait: Portrait, pixels: Pixels, face: Face) -> AlignedFace:
        shape, scale = warp.fitted_shape(portrait.face.landmarks, face.landmarks)
        own, goal = warp.control_points(portrait.face.landmarks), warp.control_points(shape)
        region = _surroundings(goal)
        width, height = region.right - region.left, region.bottom - region.top
        goal = goal - (region.left, region.top)
        source_region = _surroundings(own)
        source = _cut(portrait.pixels, source_region)
        own = own - (source_region.left, source_region.top)
        if scale < 1:
            # Warping samples single pixels: a face that shrinks must be averaged first, or it flickers with noise.
            source = np.asarray(cv2.resize(source, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
            own = own * scale
        warped = warp.piecewise_affine(source, own, goal, width, height)
        return AlignedFace(region, warped, warp.outline_mask(goal, width, height))

    def swap(self, canvas: Pixels, aligned: AlignedFace) -> None:
        scene = _cut(canvas, aligned.region)
        face = blend.match_colors(aligned.pixels, scene, aligned.mask)
        _paste(canvas, aligned.region, blend.blend(face, scene, aligned.mask))

    def post_process(self, canvas: Pixels, aligned: AlignedFace) -> None:
        scene = _cut(canvas, aligned.region)
        _paste(canvas, aligned.region, blend.sharpen(scene, aligned.mask))

    def _face(self, pixels: Pixels, box: Box) -> Face:
        parts = self._predictor(pixels, _rectangle(box)).parts()
        return Face(box, np.array([(point.x, point.y) for point in parts], dtype=np.float64))


def _rectangle(box: Box) -> dlib.rectangle:
    return dlib.rectangle(box.left, box.top, box.right, box.bottom)


def _unscaled(rectangle: dlib.rectangle, scale: float) -> Box:
    sides = (rectangle.left(), rectangle.top(), rectangle.right(), rectangle.bottom())
    left, top, right, bottom = (round(side / scale) for side in sides)
    return Box(left, top, right, bottom)


def _surroundings(points: Points) -> Box:
    low, high = points.min(axis=0), points.max(axis=0)
    margin = _MARGIN * (high - low)
    left, top = np.floor(low - margin).astype(int)
    right, bottom = np.ceil(high + margin).astype(int)
    return Box(int(left), int(top), int(right), int(bottom))


def _cut(canvas: Pixels, region: Box) -> Pixels:
    """The region's pixels; beyond the canvas its edge goes on."""
    inside = _inside(canvas, region)
    return np.asarray(
        cv2.copyMakeBorder(
            canvas[inside.top : inside.bottom, inside.left : inside.right],
            inside.top - region.top,
            region.bottom - inside.bottom,
            inside.left - region.left,
            region.right - inside.right,
            cv2.BORDER_REPLICATE,
        ),
        dtype=np.uint8,
    )


def _paste(canvas: Pixels, region: Box, pixels: Pixels) -> None:
    inside = _inside(canvas, region)
    canvas[inside.top : inside.bottom, inside.left : inside.right] = pixels[
        inside.top - region.top : inside.bottom - region.top, inside.left - region.left : inside.right - region.left
    ]


def _inside(canvas: Pixels, region: Box) -> Box:
    height, width = canvas.shape[:2]
    return Box(max(0, region.left), max(0, region.top), min(width, region.right), min(height, region.bottom))
