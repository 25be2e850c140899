"""A sandbox of its own for each test, with the apps the test names, and a real browser at its register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.sandbox.app_server import AppServer
from tests.e2e.sandbox.register_page import RegisterPage
from tests.e2e.sandbox.running_sandbox import RunningSandbox

SIZE = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def app_server() -> Iterator[AppServer]:
    with AppServer() as server:
        yield server


OpenRegister = Callable[..., RegisterPage]


@pytest.fixture
def open_register(browser: Browser, app_server: AppServer, tmp_path: Path) -> Iterator[OpenRegister]:
    """`open_register("counter", "thrower")` → the register of tablet 1 with those apps, signed in as the waiter.

    Apps get the ids 1, 2, … in the order they are named. `sign_in=False` leaves the PIN screen standing.
    """
    sandboxes: list[RunningSandbox] = []
    pages: list[RegisterPage] = []

    def open_(*bundles: str, sign_in: bool = True) -> RegisterPage:
        app_server.requests.clear()
        sandbox = RunningSandbox(tmp_path, bundles, app_server)
        sandboxes.append(sandbox)
        context = browser.new_context(viewport=SIZE)
        page = RegisterPage(context.new_page(), sandbox)
        pages.append(page)
        page.open()
        if sign_in:
            page.sign_in("0000")
        return page

    yield open_
    for page in pages:
        page.page.context.close()
    for sandbox in sandboxes:
        sandbox.stop()
