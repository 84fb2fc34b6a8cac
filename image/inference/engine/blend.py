"""Makes a face that was put in look as if it had always been there."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from inference.images import Pixels

# Seamless cloning alone bleeds hair and background into the face, colour statistics alone leave an edge.
_CLONE_SHARE = 0.6
# As a share of the face's size.
_FEATHER = 0.03
_SHARPNESS = 0.3
# Limits of the contrast change, so that a dark or a flat picture does not turn a face into a mask.
_GAIN = (0.6, 1.5)


def match_colors(face: Pixels, scene: Pixels, mask: Pixels) -> Pixels:
    """Gives the face the scene's mean and spread per channel of LAB (Reinhard et al. 2001)."""
    inside = mask > 0
    own, wanted = _to_lab(face), _to_lab(scene)
    own_mean, own_spread = own[inside].mean(axis=0), own[inside].std(axis=0)
    mean, spread = wanted[inside].mean(axis=0), wanted[inside].std(axis=0)
    gain = np.clip(spread / np.maximum(own_spread, 1e-3), *_GAIN)
    matched = ((own - own_mean) * gain + mean).astype(np.float32)
    return _to_pixels(cv2.cvtColor(matched, cv2.COLOR_LAB2RGB) * 255)


def blend(face: Pixels, scene: Pixels, mask: Pixels) -> Pixels:
    """The scene with the face in it."""
    inner = _shrink(mask, 0.02 * _size(mask))
    left, top, width, height = cv2.boundingRect(inner)
    center = (left + width // 2, top + height // 2)
    # Three channels: a mask of one channel is overwritten by OpenCV's implementation.
    cloned = cv2.seamlessClone(face, scene, cv2.merge([inner] * 3), center, cv2.NORMAL_CLONE)
    mixed = cloned * _CLONE_SHARE + face * (1 - _CLONE_SHARE)
    weight = feathered(inner)
    return _to_pixels(mixed * weight + scene * (1 - weight))


def sharpen(scene: Pixels, mask: Pixels) -> Pixels:
    """Gives back, inside the face, the detail that warping has smoothed."""
    pixels = scene.astype(np.float32)
    detail = pixels - cv2.GaussianBlur(pixels, (0, 0), 1.0)
    return _to_pixels(pixels + detail * _SHARPNESS * feathered(mask))


def feathered(mask: Pixels) -> npt.NDArray[np.float32]:
    """The mask as weights from 0 to 1 that fade out inside its edge."""
    radius = max(1.0, _FEATHER * _size(mask))
    faded = np.asarray(cv2.GaussianBlur(_shrink(mask, radius), (0, 0), radius), dtype=np.float32)
    return faded[..., np.newaxis] / np.float32(255)


def _shrink(mask: Pixels, radius: float) -> Pixels:
    side = 2 * int(radius) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.erode(mask, kernel), dtype=np.uint8)


def _size(mask: Pixels) -> float:
    _, _, width, height = cv2.boundingRect(mask)
    return float(max(width, height))


def _to_lab(pixels: Pixels) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), dtype=np.float32)


def _to_pixels(values: npt.ArrayLike) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), dtype=np.uint8)
