"""The sandbox of Poster beside our server, with our application in its marketplace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.integration.poster_sandbox.running_sandbox import APP_ID, SECRET, Receiver, Sandbox

from incust.poster.applications import forget_known

PUBLIC_URL = "http://testserver"
REDIRECT_URI = f"{PUBLIC_URL}/poster/connected"


class PosterBeside(Sandbox):
    """``allow()`` is the owner who presses Allow Access; it gives the query that Poster sends him back with."""

    def __init__(self, folder: Any, receiver: Receiver) -> None:
        super().__init__(folder, receiver)
        self.app |= {"name": "inCust", "redirect_uri": REDIRECT_URI}
        self.app_path.write_text(json.dumps(self.app))

    def add_tablet(self, name: str, spot: int) -> None:
        self.sign_in()
        self.post_form("/demo-cafe/manage/tablets", {"name": name, "spot_id": spot, "spot": spot})

    def requests_of(self, method: str) -> list[dict[str, Any]]:
        return [one for one in self.receiver.requests if method in one["path"]]


@pytest.fixture(scope="session")
def poster_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PosterBeside]:
    receiver = Receiver()
    running = PosterBeside(tmp_path_factory.mktemp("poster"), receiver).start()
    yield running
    running.stop()
    receiver.stop()


@pytest.fixture
def poster(poster_process: PosterBeside, settings: Any) -> Iterator[PosterBeside]:
    """Poster as if just seeded, and our settings pointing to it."""
    poster_process.reset()
    settings.PUBLIC_URL = PUBLIC_URL
    settings.POSTER_ACCOUNT_URL = f"{poster_process.url}/{{account}}"
    settings.POSTER_AUTH_URL = f"{poster_process.url}/api/auth"
    settings.POSTER_APPLICATION_ID, settings.POSTER_APPLICATION_SECRET = APP_ID, SECRET
    settings.POSTER_APPLICATION_NAME = "inCust"
    forget_known()
    yield poster_process
    poster_process.weather(web_api="up", web_api_delay_s=0, webhooks="flowing")
    forget_known()
