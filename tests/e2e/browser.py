"""The one way in which tests and measurements start a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e import chromium

PATIENCE_MS = 60_000
"""How long anything is waited for that has no promised time: a slow machine is no defect, and waiting ends at once
when the thing is there."""

# Playwright switches storage partitioning off, and without it Chromium gives frames of another site no localStorage
# at all. The last --disable-features counts, so any value brings the browser's own behaviour back.
WITH_STORAGE_IN_FRAMES = "--disable-features=Translate"


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A Chromium until the block ends.

    Playwright keeps an event loop in the thread meanwhile, and Django takes all that runs there for asynchronous code:
    a fixture of a wider scope than the module would break the tests that follow on the same worker.
    """
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable(),
            args=[*chromium.ARGUMENTS, WITH_STORAGE_IN_FRAMES],
            timeout=PATIENCE_MS,
        )
        yield browser
        browser.close()
