"""What is refused, and how."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator

import httpx
import pytest
from PIL import Image as Pillow

from tests.support import Assets, Server, running, wait_for_jobs

GIB = 1024**3


def blank(width: int = 200, height: int = 200) -> bytes:
    buffer = io.BytesIO()
    Pillow.new("RGB", (width, height), "white").save(buffer, "PNG")
    return buffer.getvalue()


def assert_refused(response: httpx.Response, status: int, code: str) -> str:
    """Returns the message, for whoever wants to see more."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-color"] == "blue"
    assert response.headers["x-version"] == "v1.2.3"
    body = response.json()
    assert list(body) == ["error"]
    assert body["error"]["code"] == code
    message = body["error"]["message"]
    assert isinstance(message, str)
    return message


def test_no_face_in_either_picture_names_both(client: httpx.Client) -> None:
    response = client.post("/v1/swap", files={"source": blank(), "target": blank()})
    assert assert_refused(response, 422, "no_face") == "no face was found in source and target"


def test_no_face_in_the_target_names_it(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files={"source": assets.source, "target": blank()})
    assert assert_refused(response, 422, "no_face") == "no face was found in target"


def test_a_single_pixel_has_no_face(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files={"source": assets.source, "target": blank(1, 1)})
    assert_refused(response, 422, "no_face")


def test_a_text_file_is_no_picture(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files={"source": b"just some text\n", "target": assets.target})
    assert "source" in assert_refused(response, 415, "not_an_image")


def test_a_format_that_is_not_offered_is_no_picture(client: httpx.Client, assets: Assets) -> None:
    bitmap = io.BytesIO()
    Pillow.open(io.BytesIO(blank())).save(bitmap, "BMP")
    response = client.post("/v1/swap", files={"source": bitmap.getvalue(), "target": assets.target})
    assert "PNG, JPEG, WEBP" in assert_refused(response, 415, "not_an_image")


@pytest.mark.parametrize("part", ["source", "target"])
def test_a_picture_that_breaks_off_is_broken(client: httpx.Client, assets: Assets, part: str) -> None:
    files = assets.files()
    files[part] = files[part][: len(files[part]) // 2]
    assert part in assert_refused(client.post("/v1/swap", files=files), 400, "broken_image")


def test_two_broken_pictures_are_both_named(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files={"source": assets.source[:5000], "target": assets.target[:5000]})
    message = assert_refused(response, 400, "broken_image")
    assert "source" in message
    assert "target" in message


def test_a_picture_of_too_many_pixels_is_refused_by_its_header(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files={"source": assets.source, "target": blank(3000, 2000)})
    message = assert_refused(response, 422, "too_many_pixels")
    assert message == "target has 3000 x 2000 pixels; at most 4000000 are accepted"


@pytest.mark.parametrize("part", ["source", "target"])
def test_a_missing_part_is_named(client: httpx.Client, assets: Assets, part: str) -> None:
    files = assets.files()
    del files[part]
    assert assert_refused(client.post("/v1/swap", files=files), 400, "missing_part").endswith(f"not so: {part}")


def test_a_part_that_is_no_file_is_missing(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files={"target": assets.target}, data={"source": "a name"})
    assert_refused(response, 400, "missing_part")


def test_a_part_given_twice_is_refused(client: httpx.Client, assets: Assets) -> None:
    files = [("source", assets.source), ("source", assets.source)]
    assert_refused(client.post("/v1/swap", files=files), 400, "missing_part")


def test_more_files_than_two_are_refused(client: httpx.Client, assets: Assets) -> None:
    files = {**assets.files(), "extra": b"x"}
    assert_refused(client.post("/v1/swap", files=files), 400, "bad_form")


def test_a_body_that_is_no_form_is_refused(client: httpx.Client) -> None:
    assert_refused(client.post("/v1/swap", json={"source": "x"}), 415, "not_multipart")


def test_a_form_that_is_not_well_formed_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert_refused(client.post("/v1/swap", content=b"--b\r\nno header", headers=headers), 400, "bad_form")
    assert_refused(client.post("/v1/swap", content=b"nothing of the kind", headers=headers), 400, "bad_form")


def test_an_unknown_format_is_refused(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files=assets.files(), data={"format": "gif"})
    assert_refused(response, 400, "bad_format")


def test_an_unknown_path_and_a_wrong_method_are_refused(client: httpx.Client) -> None:
    assert_refused(client.get("/v2/swap"), 404, "not_found")
    response = client.get("/v1/swap")
    assert_refused(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


def test_what_is_no_http_is_refused_like_everything_else(server: Server) -> None:
    with server.connection() as connection:
        connection.sendall(b"this is no HTTP\r\n\r\n")
        answer = read_to_end(connection)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"x-color: blue\r\n" in answer.lower()
    assert b"x-version: v1.2.3\r\n" in answer.lower()
    assert b'{"error": {"code": "bad_request"' in answer


def test_a_picture_above_the_limit_is_refused(client: httpx.Client, assets: Assets) -> None:
    # The form as a whole is below twice the limit.
    response = client.post("/v1/swap", files={"source": assets.source, "target": bytes(1_000_001)})
    assert "1000000 bytes" in assert_refused(response, 413, "too_large")


def test_an_upload_of_2_gib_is_refused_by_its_length_alone(server: Server) -> None:
    with server.connection() as connection:
        connection.sendall(upload_head(f"Content-Length: {2 * GIB}"))
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"x-color: blue" in answer.lower()


def test_a_client_that_asks_before_it_sends_2_gib_is_told_not_to(server: Server) -> None:
    with server.connection() as connection:
        connection.sendall(upload_head(f"Content-Length: {2 * GIB}", "Expect: 100-continue"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_an_upload_of_unknown_length_is_read_only_to_the_limit(
    assets: Assets, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("tmp")
    with running(assets.models, MAX_UPLOAD_BYTES="4000000", TMPDIR=str(directory)) as server:
        before = peak_memory(server)
        sent = 0
        with server.connection() as connection:
            connection.sendall(upload_head("Transfer-Encoding: chunked"))
            connection.settimeout(0)
            for piece in endless_upload():
                try:
                    assert connection.recv(4096).startswith(b"HTTP/1.1 413")
                    break
                except BlockingIOError:
                    connection.settimeout(30)
                    connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
                    connection.settimeout(0)
                    sent += len(piece)
            else:
                pytest.fail(f"{sent} bytes were taken without a word")
        assert sent < 60_000_000
        assert peak_memory(server) - before < 30_000_000
        # Nothing of it is left behind, and the server goes on.
        assert list(directory.iterdir()) == []
        assert httpx.get(f"{server.url}/readyz").status_code == 200


def test_no_more_jobs_are_admitted_than_the_limit(assets: Assets) -> None:
    with running(assets.models, MAX_JOBS="1") as server, server.client() as client:
        with server.connection() as held:
            # An upload that has begun is a job.
            held.sendall(upload_head("Content-Length: 1000"))
            held.sendall(b"--b\r\n")
            wait_for_jobs(server, 1)
            response = client.post("/v1/swap", files=assets.files())
            assert_refused(response, 503, "busy")
            assert int(response.headers["retry-after"]) > 0
        # The client has gone, and its place is free.
        wait_for_jobs(server, 0)
        assert client.post("/v1/swap", files=assets.files()).status_code == 200


def test_the_test_hook_is_refused_unless_the_environment_allows_it(client: httpx.Client, assets: Assets) -> None:
    response = client.post("/v1/swap", files=assets.files(), headers={"X-Test-Job-Seconds": "1"})
    assert_refused(response, 400, "test_hook_off")


def upload_head(*headers: str) -> bytes:
    lines = ["POST /v1/swap HTTP/1.1", "Host: x", "Content-Type: multipart/form-data; boundary=b", *headers, "", ""]
    return "\r\n".join(lines).encode()


def endless_upload() -> Iterator[bytes]:
    """A form of 1 GiB."""
    yield b'--b\r\nContent-Disposition: form-data; name="source"; filename="x"\r\n\r\n'
    piece = bytes(64 * 1024)
    for _ in range(GIB // len(piece)):
        yield piece


def peak_memory(server: Server) -> int:
    """The most memory that the server has ever held, in bytes."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        (line,) = (line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def read_to_end(connection: socket.socket) -> bytes:
    answer = b""
    while piece := connection.recv(4096):
        answer += piece
    return answer
