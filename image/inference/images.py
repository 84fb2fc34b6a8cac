"""Pictures in and out: uploaded bytes to pixels, pixels to an answer."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from inference.errors import RefusalError

Pixels = npt.NDArray[np.uint8]
"""Height x width x 3, RGB."""

Format = Literal["PNG", "JPEG"]

MEDIA_TYPES: dict[Format, str] = {"PNG": "image/png", "JPEG": "image/jpeg"}

_READABLE = ("PNG", "JPEG", "WEBP")

# The limit is checked here, by the caller's own number, before a pixel is decoded.
Pillow.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Picture:
    pixels: Pixels
    icc_profile: bytes | None
    """Colour space of the pixels, passed on so that a wide-gamut photograph keeps its colours."""


def decode(part: str, file: BinaryIO, max_pixels: int) -> Picture:
    """Reads an uploaded picture, turned upright."""
    try:
        image = Pillow.open(file, formats=_READABLE)
    except UnidentifiedImageError:
        raise RefusalError(415, "not_an_image", f"{part} is not a {', '.join(_READABLE)} picture") from None
    except Exception:
        raise _broken(part) from None
    with image:
        width, height = image.size
        if width * height > max_pixels:
            message = f"{part} has {width} x {height} pixels; at most {max_pixels} are accepted"
            raise RefusalError(422, "too_many_pixels", message)
        try:
            upright = ImageOps.exif_transpose(image).convert("RGB")
        except Exception:
            raise _broken(part) from None
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        return Picture(np.array(upright, dtype=np.uint8), profile if isinstance(profile, bytes) else None)


def encode(picture: Picture, kind: Format) -> bytes:
    image = Pillow.fromarray(picture.pixels)
    buffer = io.BytesIO()
    if kind == "PNG":
        # Level 6, the default, takes three times as long and saves a few per cent.
        image.save(buffer, "PNG", compress_level=3, icc_profile=picture.icc_profile)
    else:
        image.save(buffer, "JPEG", quality=95, subsampling=0, icc_profile=picture.icc_profile)
    return buffer.getvalue()


def _broken(part: str) -> RefusalError:
    return RefusalError(400, "broken_image", f"{part} is a picture that cannot be read to its end")
