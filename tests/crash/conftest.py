"""One deployment for the tests of a module: it takes some seconds to come up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.deployment import Deployment
from tests.crash.mailbox import Mailbox


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the deployment keeps its data and logs, and tills their journals."""
    return tmp_path_factory.mktemp("deployment")


@pytest.fixture(scope="module")
def deployment(folder: Path, mailbox: Mailbox) -> Iterator[Deployment]:
    with Deployment(folder, smtp_port=mailbox.port) as running:
        yield running
