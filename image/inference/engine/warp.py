"""Geometry of 68 facial landmarks: one face's pixels in another face's shape."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from inference.engine.base import Points
from inference.images import Pixels

_JAW = slice(0, 17)
_BROWS = slice(17, 27)
_NOSE_BRIDGE = 27
_CHIN = 8
# The jaw's ends reach into the hair at the temples, which a turned head would show as a smear.
_OUTLINE = [*range(2, 15), *range(17, 27)]

# Of the distance from chin to nose bridge: how far above the brows the face still counts as face.
_FOREHEAD = 0.12
# How much of the portrait's own shape the features inside the jaw keep. At 0 they take the target's shape, and with it
# its identity and its closed eyes; at 1 the expression no longer fits a turned head.
_OWN_SHAPE = 0.85


def control_points(landmarks: Points) -> Points:
    """The landmarks and a row of points on the forehead."""
    up = landmarks[_NOSE_BRIDGE] - landmarks[_CHIN]
    return np.vstack([landmarks, landmarks[_BROWS] + up * _FOREHEAD])


def fitted_shape(own: Points, target: Points) -> tuple[Points, float]:
    """The target's jaw with the features of `own` in it, and how many times larger that is than `own`."""
    transform, _ = cv2.estimateAffine2D(own, target, method=cv2.LMEDS)
    moved = own @ transform[:, :2].T + transform[:, 2]
    shape = target + (moved - target) * _OWN_SHAPE
    shape[_JAW] = target[_JAW]
    return np.asarray(shape, dtype=np.float64), float(np.sqrt(abs(np.linalg.det(transform[:, :2]))))


def outline_mask(points: Points, width: int, height: int) -> Pixels:
    """255 inside the face."""
    mask = np.zeros((height, width), np.uint8)
    forehead = points[68:]
    outline = np.round(np.vstack([points[_OUTLINE], forehead])).astype(np.int32)
    cv2.fillConvexPoly(mask, cv2.convexHull(outline), 255)
    return mask


def piecewise_affine(pixels: Pixels, own: Points, goal: Points, width: int, height: int) -> Pixels:
    """The picture warped so that the points `own` come to lie on `goal`; sensible only between the points."""
    triangle_of = np.zeros((height, width), np.int32)
    inverses: list[npt.NDArray[np.float64]] = []
    for corners in _triangulate(goal):
        # Four binary digits of a pixel, so that neighbours meet without a gap.
        cv2.fillConvexPoly(triangle_of, np.round(goal[corners] * 16).astype(np.int32), len(inverses), shift=4)
        inverse = cv2.getAffineTransform(goal[corners].astype(np.float32), own[corners].astype(np.float32))
        inverses.append(np.asarray(inverse, dtype=np.float64))
    y, x = np.mgrid[0:height, 0:width]
    m = np.stack(inverses)[triangle_of]
    map_x = (m[..., 0, 0] * x + m[..., 0, 1] * y + m[..., 0, 2]).astype(np.float32)
    map_y = (m[..., 1, 0] * x + m[..., 1, 1] * y + m[..., 1, 2]).astype(np.float32)
    warped = cv2.remap(pixels, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(warped, dtype=np.uint8)


def _triangulate(points: Points) -> list[list[int]]:
    """Delaunay triangles, as indexes into `points`."""
    low = np.floor(points.min(axis=0)).astype(int) - 1
    size = np.ceil(points.max(axis=0)).astype(int) + 2 - low
    plane = cv2.Subdiv2D((int(low[0]), int(low[1]), int(size[0]), int(size[1])))
    for x, y in points:
        plane.insert((float(x), float(y)))
    triangles: list[list[int]] = []
    for corners in np.asarray(plane.getTriangleList(), dtype=np.float64).reshape(-1, 3, 2):
        distances = np.linalg.norm(points[None] - corners[:, None], axis=2)
        indexes = [int(index) for index in distances.argmin(axis=1)]
        # OpenCV also lists triangles with corners of the enclosing plane, and those are no points of ours.
        if distances.min(axis=1).max() < 1 and len(set(indexes)) == len(indexes):
            triangles.append(indexes)
    return triangles
