"""One demo for the walk through the guide; a picture of every step."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.guide.running_demo import ROOT, RunningDemo

PICTURES = ROOT / ".data" / "screenshots"


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
