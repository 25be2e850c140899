"""One file: it outlives the process, belongs to one sandbox, and can be made fresh."""

import os
import signal
import subprocess
from pathlib import Path

import httpx
from tests.integration.poster_sandbox import sales
from tests.integration.poster_sandbox.running_sandbox import SOURCE, Sandbox


def test_everything_survives_a_kill(own_sandbox):
    token = own_sandbox.connect()
    own_sandbox.register("POST", f"orders/{sales.ORDER_ID}/close", sales.paid())
    cookies = dict(own_sandbox.client.cookies)

    own_sandbox.stop(signal.SIGKILL)
    own_sandbox.start()

    [receipt] = own_sandbox.api("dash.getTransaction", token, transaction_id=1001)["response"]
    assert receipt["payed_sum"] == "16500"
    own_sandbox.client.cookies.update(cookies)
    assert own_sandbox.client.get("/demo-cafe/manage/").status_code == 200


def test_a_second_sandbox_over_the_same_file_does_not_start(own_sandbox):
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    second = subprocess.Popen(
        own_sandbox.command(port=own_sandbox.port), env=environment, start_new_session=True, stderr=subprocess.PIPE
    )
    try:
        _, said = second.communicate(timeout=20)
    finally:
        if second.poll() is None:
            os.killpg(second.pid, signal.SIGKILL)

    assert second.returncode == 2
    assert b"is in use by another sandbox" in said


def test_a_wrong_app_file_is_said_and_ends_the_start(tmp_path, receiver):
    sandbox = Sandbox(tmp_path, receiver)
    sandbox.app_path.write_text("{}")
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}

    ended = subprocess.run(sandbox.command(), env=environment, capture_output=True, timeout=20, check=False)

    assert ended.returncode == 2
    assert b"missing ['application_id', 'name', 'redirect_uri', 'secret']" in ended.stderr


def test_reset_brings_the_seed_back_and_keeps_the_sign_in(sandbox, token):
    sandbox.register("POST", f"orders/{sales.ORDER_ID}/close", sales.paid())
    sandbox.weather(web_api="down")

    answer = sandbox.post_form("/demo-cafe/manage/reset", page="/demo-cafe/manage/weather")

    assert answer.headers["Location"] == "/demo-cafe/manage/?done=reset"
    assert sandbox.client.get("/sandbox/weather").json()["web_api"] == "up"
    assert sandbox.register("GET", "receipts").json()["receipts"] == []
    assert sandbox.api("access.getSpots", token)["error"]["code"] == 11
    assert sandbox.client.get("/demo-cafe/manage/").status_code == 200


def test_it_listens_on_loopback_only(sandbox):
    listening = [
        line.split()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{sandbox.port:04X}")
    ]

    assert listening == [f"0100007F:{sandbox.port:04X}"]


class TestOwnSite:
    def test_the_frames_host_reaches_neither_console_nor_register(self, sandbox):
        foreign = f"http://127.0.0.1:{sandbox.port}"

        data = httpx.get(f"{foreign}/demo-cafe/register/1/data/bootstrap", trust_env=False)
        page = httpx.get(f"{foreign}/demo-cafe/manage/", trust_env=False)

        assert data.status_code == 403
        assert page.headers["Location"] == f"{sandbox.url}/demo-cafe/manage/"

    def test_another_origin_cannot_use_the_register(self, sandbox):
        answer = sandbox.client.post(
            "/demo-cafe/register/1/data/login",
            json={"pin": "0000"},
            headers={"Origin": f"http://127.0.0.1:{sandbox.port}"},
        )

        assert answer.status_code == 403

    def test_the_web_api_answers_on_any_of_its_hosts(self, sandbox, token):
        address = f"http://127.0.0.1:{sandbox.port}/demo-cafe/api/access.getTablets?token={token}"

        assert len(httpx.get(address, trust_env=False).json()["response"]) == 3

    def test_an_app_frame_is_a_cluster_of_its_own_inside_the_register_only(self, sandbox, token):
        frame = httpx.get(f"http://127.0.0.1:{sandbox.port}/app-frame/demo-cafe/1/4242/", trust_env=False)

        assert frame.status_code == 200
        assert frame.headers["Origin-Agent-Cluster"] == "?1"
        assert frame.headers["Content-Security-Policy"] == f"frame-ancestors {sandbox.url}"
        assert "X-Frame-Options" not in frame.headers

    def test_an_app_that_is_not_connected_has_no_frame(self, sandbox):
        frame = httpx.get(f"http://127.0.0.1:{sandbox.port}/app-frame/demo-cafe/1/4242/", trust_env=False)

        assert frame.status_code == 404
