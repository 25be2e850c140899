"""One file: it outlives the process, belongs to one sandbox, and can be made fresh."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import httpx
from tests.integration.poster_sandbox import sales
from tests.integration.poster_sandbox.running_sandbox import SOURCE, Sandbox, wait_until


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


def start_and_read(command):
    """Run a sandbox that should end by itself: (status, what it said)."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.PIPE, text=True)
    try:
        _, said = process.communicate(timeout=20)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, said


def test_a_second_sandbox_over_the_same_file_does_not_start(own_sandbox):
    status, said = start_and_read(own_sandbox.command())

    assert status == 2
    assert "is in use by another sandbox" in said


def test_a_second_sandbox_on_the_same_port_does_not_start(own_sandbox, tmp_path):
    own_sandbox.state_path = tmp_path / "other.json"
    status, said = start_and_read(own_sandbox.command())

    assert status == 2
    assert f"Port {own_sandbox.port} cannot be used" in said


def test_nothing_is_left_behind_when_the_supervisor_alone_is_killed(own_sandbox):
    own_sandbox.process.kill()
    own_sandbox.process.wait(5)

    def nobody_listens():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", own_sandbox.port)) != 0

    wait_until(nobody_listens)
    own_sandbox.client.close()


def test_a_wrong_app_file_is_said_and_ends_the_start(tmp_path, receiver):
    sandbox = Sandbox(tmp_path, receiver)
    sandbox.app_path.write_text("{}")
    status, said = start_and_read(sandbox.command())

    assert status == 2
    assert "missing ['application_id', 'name', 'redirect_uri', 'secret']" in said


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
