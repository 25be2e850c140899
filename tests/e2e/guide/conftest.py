"""One demo and one browser for the walk through the guide; a picture of every step."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e import chromium
from tests.e2e.guide.running_demo import ROOT, RunningDemo
from tests.e2e.sandbox.conftest import WITH_STORAGE_IN_FRAMES

PICTURES = ROOT / ".data" / "screenshots"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium.executable(), args=[*chromium.ARGUMENTS, WITH_STORAGE_IN_FRAMES]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def empty_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """The demo without its café: somebody who has just heard of us."""
    demo = RunningDemo(tmp_path_factory.mktemp("guide"), empty=True)
    yield demo
    assert demo.stop() == 0


@pytest.fixture(scope="module")
def pictures() -> Path:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    return PICTURES
