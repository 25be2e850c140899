"""The sandbox as a process of its own, and a server that receives what it sends out."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

APP_ID = "4242"
SECRET = "fe2bc8e865d8fc2236968ee53c3b2bd5"
SOURCE = Path(__file__).parents[3] / "src"


class Receiver:
    """A real HTTP server. It answers what `answers` says next, then 200, and keeps every request."""

    def __init__(self):
        self.requests = []
        self.answers = []
        self.delay_s = 0.0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                owner._serve(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        self.requests.append(
            {"method": handler.command, "path": handler.path, "headers": dict(handler.headers), "body": body.decode()}
        )
        status, text = self.answers.pop(0) if self.answers else (200, '{"ok":true}')
        time.sleep(self.delay_s)
        try:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(text)))
            handler.end_headers()
            handler.wfile.write(text.encode())
        except OSError:
            pass  # the caller did not wait

    @property
    def hooks(self):
        """Bodies of the webhooks received so far."""
        return [json.loads(one["body"]) for one in list(self.requests) if one["path"] == "/hook"]

    def clear(self):
        self.requests.clear()
        self.answers.clear()
        self.delay_s = 0.0

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Sandbox:
    """A running sandbox; `client` is its browser, without redirects."""

    def __init__(self, folder, receiver):
        self.receiver = receiver
        self.state_path = folder / "state.json"
        self.app = {
            "application_id": APP_ID,
            "secret": SECRET,
            "name": "Loyal Demo",
            "category": "Loyalty",
            "redirect_uri": f"{receiver.address}/callback",
            "webhook_url": f"{receiver.address}/hook",
            "bundle_address": f"{receiver.address}/bundle",
            "manage_url": f"{receiver.address}/manage?lang=en",
        }
        self.app_path = folder / "app.json"
        self.app_path.write_text(json.dumps(self.app))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process = None
        self.client = None

    def command(self, port=None):
        return [
            *(sys.executable, "-m", "poster_sandbox", "--port", str(port or self.port)),
            *("--state", str(self.state_path), "--app", str(self.app_path), "--webhook-retry-scale", "0.001"),
        ]

    def start(self):
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = subprocess.Popen(self.command(), env=environment, start_new_session=True)
        self.client = httpx.Client(base_url=self.url, timeout=10, trust_env=False)
        give_up_at = time.monotonic() + 60
        while True:
            try:
                self.client.get("/sandbox/weather")
                return self
            except httpx.HTTPError:
                assert time.monotonic() < give_up_at, "the sandbox did not start"
                assert self.process.poll() is None, "the sandbox ended"
                time.sleep(0.05)

    def stop(self, how=signal.SIGTERM):
        self.client.close()
        os.killpg(self.process.pid, how)
        self.process.wait(10)

    def reset(self):
        self.client.post("/sandbox/reset")
        self.client.cookies.clear()

    def let_hooks_arrive(self):
        """Wait for hooks that are on their way, so that they do not reach the next test."""
        if self.client.get("/sandbox/weather").json()["webhooks"] == "flowing":
            wait_until(lambda: all(hook["state"] != "waiting" for hook in self.webhooks()))

    # what a person does

    def sign_in(self, account="demo-cafe", user=1):
        return self.post_form(f"/{account}/manage/sign-in", {"user": user})

    def post_form(self, address, fields=None, page=None):
        """Submit a form as a browser does: with the token of the page that holds it."""
        shown = self.client.get(page or address)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)[1]
        return self.client.post(address, data={"csrfmiddlewaretoken": token, **(fields or {})})

    def consent_address(self, account="demo-cafe", **changes):
        query = {
            "application_id": APP_ID,
            "redirect_uri": self.app["redirect_uri"],
            "response_type": "code",
            **changes,
        }
        return f"/{account}/api/auth?{urlencode(query)}"

    def allow(self, account="demo-cafe"):
        """Connect the app as the owner; returns the query that it is called back with."""
        self.sign_in(account)
        answer = self.post_form(self.consent_address(account), {"allow": "1"})
        assert answer.status_code == 302, answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def exchange(self, code, account="demo-cafe", **changes):
        form = {
            "application_id": APP_ID,
            "application_secret": SECRET,
            "grant_type": "authorization_code",
            "redirect_uri": self.app["redirect_uri"],
            "code": code,
            **changes,
        }
        return self.client.post(f"/{account}/api/v2/auth/access_token", data=form).json()

    def connect(self, account="demo-cafe"):
        """The whole way to a token."""
        return self.exchange(self.allow(account)["code"], account)["access_token"]

    # what an app's server and a register do

    def api(self, method, token, account="demo-cafe", **parameters):
        return self.client.get(f"/{account}/api/{method}", params={"token": token, **parameters}).json()

    def api_post(self, method, token, **fields):
        return self.client.post(f"/demo-cafe/api/{method}", params={"token": token}, data=fields).json()

    def register(self, method, address, body=None, tablet=1, account="demo-cafe"):
        return self.client.request(method, f"/{account}/register/{tablet}/data/{address}", json=body)

    def weather(self, **changes):
        return self.client.post("/sandbox/weather", json=changes).json()

    def webhooks(self):
        """The log, out of the state file."""
        return json.loads(self.state_path.read_text())["webhooks"]


def wait_until(what, timeout_s=30.0):
    """Wait for a condition; returns its truthy value, fails after the time-out."""
    give_up_at = time.monotonic() + timeout_s
    while True:
        value = what()
        if value:
            return value
        assert time.monotonic() < give_up_at, "it did not happen in time"
        time.sleep(0.03)
