"""Which format a client would rather have."""

from __future__ import annotations

from inference.images import MEDIA_TYPES, Format


def preferred(accept: str) -> Format:
    """The better liked of PNG and JPEG; PNG, which loses nothing, where the client does not care or wants neither."""
    wishes: dict[str, float] = {}
    for entry in accept.split(","):
        media_type, *parameters = (piece.strip() for piece in entry.split(";"))
        wishes[media_type.lower()] = _quality(parameters)

    def liking(kind: Format) -> float:
        return wishes.get(MEDIA_TYPES[kind], wishes.get("image/*", wishes.get("*/*", 0)))

    return "JPEG" if liking("JPEG") > liking("PNG") else "PNG"


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1
