"""What a swap returns."""

from __future__ import annotations

import io

import httpx
import numpy as np
import pytest
from PIL import Image as Pillow

from inference.engine.cpu import CpuEngine
from inference.images import Pixels
from tests.support import Assets


def pixels_of(content: bytes) -> Pixels:
    return np.array(Pillow.open(io.BytesIO(content)).convert("RGB"), dtype=np.uint8)


def test_every_face_of_the_group_becomes_the_source_person(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files=assets.files())

    assert response.status_code == 200
    assert response.headers["x-faces"] == "6"
    engine = CpuEngine(assets.models)
    source, before, after = pixels_of(assets.source), pixels_of(assets.target), pixels_of(response.content)
    (portrait,) = engine.detect(source)
    wanted = engine.embed(source, portrait)
    distances = []
    for face in engine.detect(before):
        original = engine.embed(before, face)
        result = engine.embed(after, face)
        to_source, to_original = np.linalg.norm(result - wanted), np.linalg.norm(result - original)
        assert to_source < to_original, f"the face at {face.box} is still closer to who it was"
        assert to_source < np.linalg.norm(original - wanted) - 0.1, f"the face at {face.box} has hardly changed"
        distances.append(to_source)
    assert float(response.headers["x-identity-distance"]) == pytest.approx(np.mean(distances), abs=0.01)


def test_the_picture_around_the_faces_stays_as_it_was(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files=assets.files())

    before, after = pixels_of(assets.target), pixels_of(response.content)
    changed = np.argwhere((before != after).any(axis=2))
    far = np.ones(len(changed), dtype=bool)
    for face in CpuEngine(assets.models).detect(before):
        center = face.landmarks.mean(axis=0)[::-1]
        far &= np.linalg.norm(changed - center, axis=1) > 1.2 * (face.box.right - face.box.left)
    assert len(changed) > 10_000
    assert not far.any()


@pytest.mark.parametrize(
    ("accept", "field", "media_type"),
    [
        (None, None, "image/png"),
        ("image/jpeg", None, "image/jpeg"),
        ("image/png;q=0.2, image/jpeg;q=0.9", None, "image/jpeg"),
        ("image/jpeg;q=0, image/*", None, "image/png"),
        ("text/html, */*;q=0.8", None, "image/png"),
        ("application/json", None, "image/png"),
        (None, "jpeg", "image/jpeg"),
        ("image/png", "JPG", "image/jpeg"),
        ("image/jpeg", "png", "image/png"),
    ],
)
def test_the_format_is_the_one_asked_for_and_png_otherwise(
    client: httpx.Client, assets: Assets, accept: str | None, field: str | None, media_type: str
) -> None:
    response = client.post(
        "/v1/swap",
        files={"source": assets.source, "target": assets.source},
        data={"format": field} if field else {},
        headers={"Accept": accept} if accept else {},
    )

    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert Pillow.open(io.BytesIO(response.content)).get_format_mimetype() == media_type


def test_an_answer_says_how_many_faces_it_found_and_how_long_it_took(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files={"source": assets.target, "target": assets.source})

    assert response.headers["x-faces"] == "1"
    assert int(response.headers["x-duration-ms"]) > 0


def test_a_photograph_that_was_taken_sideways_is_turned_upright(client: httpx.Client, assets: Assets) -> None:
    upright = Pillow.open(io.BytesIO(assets.target))
    exif = Pillow.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90 degrees clockwise to view.
    sideways = io.BytesIO()
    upright.rotate(90, expand=True).save(sideways, "JPEG", exif=exif, quality=95)

    response = client.post("/v1/swap", files={"source": assets.source, "target": sideways.getvalue()})

    assert response.headers["x-faces"] == "6"
    assert Pillow.open(io.BytesIO(response.content)).size == upright.size


def test_a_face_cut_off_by_the_edge_is_swapped_too(client: httpx.Client, assets: Assets) -> None:
    cut = io.BytesIO()
    # The chin of the left-most face is below the edge, its right cheek just inside.
    Pillow.open(io.BytesIO(assets.target)).crop((50, 200, 180, 390)).save(cut, "PNG")

    response = client.post("/v1/swap", files={"source": assets.source, "target": cut.getvalue()})

    assert response.status_code == 200
    assert response.headers["x-faces"] == "1"


def test_the_colour_profile_of_the_target_is_kept(client: httpx.Client, assets: Assets) -> None:
    target = io.BytesIO()
    Pillow.open(io.BytesIO(assets.source)).save(target, "PNG", icc_profile=b"a profile")

    response = client.post("/v1/swap", files={"source": assets.source, "target": target.getvalue()})

    assert Pillow.open(io.BytesIO(response.content)).info["icc_profile"] == b"a profile"
