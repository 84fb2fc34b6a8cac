"""Pictures as pixels, and how alike two of them are."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageOps
from skimage.metrics import structural_similarity

Pixels = npt.NDArray[np.uint8]
"""Height x width x 3, RGB."""


def decode(content: bytes) -> Pixels:
    """Raises an OSError where the content is no whole picture."""
    with Pillow.open(io.BytesIO(content)) as image:
        return np.array(ImageOps.exif_transpose(image).convert("RGB"), dtype=np.uint8)


def similarity(answer: Pixels, wanted: Pixels) -> float:
    """SSIM: 1 where both are the same. Compared at the size of `wanted`, which may be a small copy."""
    height, width = wanted.shape[:2]
    value = structural_similarity(resized(answer, width, height), wanted, channel_axis=2)
    return float(value)


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    return np.array(Pillow.fromarray(pixels).resize((width, height), Pillow.Resampling.LANCZOS), dtype=np.uint8)
