"""What an operator relies on: probes, metrics, logs, an orderly stop."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import uvicorn

from inference.app import create_app
from inference.engine.cpu import CpuEngine
from inference.lifecycle import Lifecycle
from inference.lifecycle import Server as LingeringServer
from inference.settings import Settings
from tests.support import Assets, Server, eventually, log_lines, run_to_end, running, wait_for_jobs


def held(server: Server, assets: Assets, seconds: float) -> httpx.Response:
    """A job that takes long without computing long."""
    with server.client() as client:
        return client.post("/v1/swap", files=assets.files(), headers={"X-Test-Job-Seconds": str(seconds)})


def test_it_is_not_ready_before_the_models_are_loaded(assets: Assets) -> None:
    loading = threading.Event()

    def load() -> CpuEngine:
        loading.wait(30)
        return CpuEngine(assets.models)

    lifecycle = Lifecycle()
    app = create_app(Settings.read({}), lifecycle, CpuEngine.name, load)
    server = LingeringServer(uvicorn.Config(app, port=0, log_config=None), lifecycle, linger_seconds=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        eventually(lambda: server.started, "the server to listen")
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            assert client.get("/healthz").status_code == 200
            assert client.get("/readyz").status_code == 503
            assert client.get("/readyz").json() == {"status": "loading"}
            assert client.post("/v1/swap", files=assets.files()).json()["error"]["code"] == "loading"
            loading.set()
            eventually(lambda: client.get("/readyz").status_code == 200, "the models to be loaded")
    finally:
        loading.set()
        server.should_exit = True
        thread.join()


def test_it_ends_with_the_reason_when_the_models_are_missing(tmp_path: Path) -> None:
    ended = run_to_end(tmp_path)

    assert ended.returncode == 1
    (failure,) = [line for line in log_lines(ended.stdout) if line["level"] == "error"]
    lacking = f"{tmp_path} lacks shape_predictor_68_face_landmarks.dat and dlib_face_recognition_resnet_model_v1.dat"
    assert failure["message"] == f"the models cannot be loaded: {lacking}"


def test_it_refuses_an_environment_with_all_its_faults_at_once(tmp_path: Path) -> None:
    ended = run_to_end(tmp_path, PORT="http", CONCURRENCY="0", MAX_JOBS="nan")

    assert ended.returncode == 2
    for fault in ("PORT: 'http'", "CONCURRENCY: '0'", "MAX_JOBS: 'nan'"):
        assert f"{fault} is not accepted; accepted: a number from" in ended.stderr


def test_every_response_says_which_colour_and_version_gave_it(client: httpx.Client, assets: Assets) -> None:
    responses = [client.get(path) for path in ("/healthz", "/readyz", "/metrics", "/v1/info", "/no/such/path")]
    responses += [client.post("/v1/swap", files=assets.files()), client.post("/healthz"), client.head("/healthz")]
    for response in responses:
        assert response.headers["x-color"] == "blue", response.url
        assert response.headers["x-version"] == "v1.2.3", response.url


def test_info_tells_what_runs_and_what_it_accepts(client: httpx.Client) -> None:
    assert client.get("/v1/info").json() == {
        "color": "blue",
        "version": "v1.2.3",
        "engine": "cpu",
        "status": "ready",
        "limits": {"upload_bytes": 1_000_000, "image_pixels": 4_000_000, "jobs": 64, "concurrency": 1},
        "formats": ["image/png", "image/jpeg"],
    }


def test_metrics_tell_the_build_the_requests_and_the_time_of_each_stage(
    server: Server, client: httpx.Client, assets: Assets
) -> None:
    def count(stage: str) -> float:
        return server.metric(f'inference_stage_duration_seconds_count{{stage="{stage}"}}')

    def requests(path: str, status: int, method: str = "GET") -> float:
        return server.metric(f'inference_requests_total{{method="{method}",path="{path}",status="{status}"}}')

    stages = ("decode", "detect", "embed", "align", "swap", "post-process")

    def duration(part: str) -> float:
        labels = '{method="POST",path="/v1/swap",status="200"}'
        return server.metric(f"inference_request_duration_seconds_{part}{labels}")

    before = {stage: count(stage) for stage in stages}
    swaps, lost = requests("/v1/swap", 200, "POST"), requests("other", 404)
    timed, seconds = duration("count"), duration("sum")

    answer = client.post("/v1/swap", files=assets.files())
    client.get("/made/up/by/a/client")

    assert {stage: count(stage) - before[stage] for stage in stages} == dict.fromkeys(stages, 1)
    assert requests("/v1/swap", 200, "POST") == swaps + 1
    assert requests("other", 404) == lost + 1
    assert duration("count") == timed + 1
    assert duration("sum") - seconds >= int(answer.headers["x-duration-ms"]) / 1000
    assert server.metric('inference_build_info{color="blue",engine="cpu",version="v1.2.3"}') == 1
    assert server.metric("inference_ready") == 1
    assert server.metric("inference_jobs_in_flight") == 0


def test_probes_are_answered_while_jobs_are_computed(server: Server, client: httpx.Client, assets: Assets) -> None:
    with ThreadPoolExecutor() as pool:

        def swap() -> httpx.Response:
            with server.client() as own:
                return own.post("/v1/swap", files=assets.files())

        jobs = [pool.submit(swap) for _ in range(3)]
        wait_for_jobs(server, 3)
        answered = 0
        while not all(job.done() for job in jobs):
            assert client.get("/healthz").status_code == 200
            answered += 1
    assert [job.result().status_code for job in jobs] == [200, 200, 200]
    assert answered > 10


def test_jobs_that_are_held_do_not_keep_others_from_being_computed(assets: Assets) -> None:
    with ThreadPoolExecutor() as pool, running(assets.models, TEST_JOB_SECONDS_MAX="600") as server:
        jobs = [pool.submit(held, server, assets, 600) for _ in range(4)]
        wait_for_jobs(server, 4)
        with server.client() as client:
            assert client.post("/v1/swap", files=assets.files()).status_code == 200
        # All four are past what is computed before the wait, and none is through.
        assert server.metric('inference_stage_duration_seconds_count{stage="swap"}') == 5
        assert not any(job.done() for job in jobs)


def test_a_stop_loses_no_request(assets: Assets) -> None:
    with running(assets.models, TEST_JOB_SECONDS_MAX="60", LINGER_SECONDS="4") as server, ThreadPoolExecutor() as pool:
        jobs = [pool.submit(held, server, assets, 4) for _ in range(3)]
        with server.client() as idle, server.client() as prober, server.connection() as uploading:
            assert idle.get("/healthz").status_code == 200
            assert prober.get("/readyz").status_code == 200
            form = multipart(assets)
            head = f"POST /v1/swap HTTP/1.1\r\nHost: x\r\nContent-Length: {len(form)}\r\n"
            uploading.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + form[:1000])
            wait_for_jobs(server, 4)

            server.process.send_signal(signal.SIGTERM)
            eventually(lambda: prober.get("/readyz").status_code == 503, "the server to say that it is not ready")
            # New requests, on a connection from before and on new ones, are answered and told to go elsewhere.
            for _ in range(20):
                late = idle.get("/healthz")
                assert late.status_code == 200
                assert late.headers["connection"] == "close"
                time.sleep(0.02)
            assert not any(job.done() for job in jobs)
            assert server.process.poll() is None

            uploading.sendall(form[1000:])
            answers = [job.result() for job in jobs]
            assert [answer.status_code for answer in answers] == [200, 200, 200]
            assert [answer.headers["connection"] for answer in answers] == ["close"] * 3
            assert uploading.recv(4096).startswith(b"HTTP/1.1 200")
        assert server.process.wait(30) == 0


def test_a_stop_without_jobs_ends_with_0(assets: Assets) -> None:
    with running(assets.models, LINGER_SECONDS="0") as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0


def test_every_line_of_the_log_is_json_and_holds_nothing_of_a_picture(assets: Assets) -> None:
    with running(assets.models, LINGER_SECONDS="0") as server:
        with server.client() as client:
            client.post("/v1/swap", files=assets.files())
            client.post("/v1/swap", files={"source": b"secret text", "target": assets.target})
        server.process.send_signal(signal.SIGTERM)
        output, _ = server.process.communicate(timeout=30)
    lines = log_lines(output)
    requests = [(line["path"], line["status"]) for line in lines if line["message"] == "request"]
    assert requests == [("/v1/swap", 200), ("/v1/swap", 415)]
    assert "secret" not in output
    assert max(len(line) for line in output.splitlines()) < 1000


def multipart(assets: Assets) -> bytes:
    parts = b""
    for name, content in assets.files().items():
        parts += f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode()
        parts += content + b"\r\n"
    return parts + b"--b--\r\n"
