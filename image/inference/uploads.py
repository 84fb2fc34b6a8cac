"""Reads the form of a swap with a bound on every byte of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from inference.errors import RefusalError
from inference.images import Format

# Boundaries, part headers and the small fields.
_FRAMING_BYTES = 64 * 1024
_FORMATS: dict[str, Format] = {"png": "PNG", "jpeg": "JPEG", "jpg": "JPEG"}


@dataclass(frozen=True)
class SwapForm:
    source: BinaryIO
    target: BinaryIO
    format: Format | None
    """None where the form does not say."""


@asynccontextmanager
async def swap_form(request: Request, max_image_bytes: int) -> AsyncIterator[SwapForm]:
    """
    The parts of the form, which are files on disk beyond a mebibyte and are gone when the context ends.

    A form that says to be too large is refused unread, one that turns out to be is read no further.
    """
    limit = 2 * max_image_bytes + _FRAMING_BYTES
    length = request.headers.get("content-length")
    if length is not None and int(length) > limit:
        raise _too_large(max_image_bytes)
    content_type = request.headers.get("content-type", "")
    if not content_type.startswith("multipart/form-data"):
        raise RefusalError(
            415, "not_multipart", "the body must be multipart/form-data with the files source and target"
        )

    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _too_large(max_image_bytes)
        return message

    bounded = Request(request.scope, receive)
    try:
        form = await bounded.form(max_files=2, max_fields=8, max_part_size=_FRAMING_BYTES)
    except HTTPException as error:
        raise RefusalError(400, "bad_form", error.detail) from None
    try:
        yield _checked(form, max_image_bytes)
    finally:
        await form.close()


def _checked(form: FormData, max_image_bytes: int) -> SwapForm:
    files: dict[str, BinaryIO] = {}
    for name in ("source", "target"):
        parts = form.getlist(name)
        part = parts[0] if len(parts) == 1 else None
        if isinstance(part, UploadFile) and part.size:
            if part.size > max_image_bytes:
                raise _too_large(max_image_bytes)
            files[name] = part.file
    missing = [name for name in ("source", "target") if name not in files]
    if missing:
        message = f"the form must hold one file each as source and target; not so: {' and '.join(missing)}"
        raise RefusalError(400, "missing_part", message)
    kind = form.get("format")
    if kind is not None and (not isinstance(kind, str) or kind.lower() not in _FORMATS):
        raise RefusalError(400, "bad_format", "format must be png or jpeg")
    return SwapForm(files["source"], files["target"], _FORMATS[kind.lower()] if isinstance(kind, str) else None)


def _too_large(max_image_bytes: int) -> RefusalError:
    return RefusalError(413, "too_large", f"each picture may have at most {max_image_bytes} bytes")
