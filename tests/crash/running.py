"""One deployment for all tests of a worker that need one: it takes its time to come up, and none of them spoils it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.deployment import Deployment
from tests.crash.mailbox import Mailbox


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the deployment keeps its data and logs, and tills their journals."""
    return tmp_path_factory.mktemp("deployment")


@pytest.fixture(scope="session")
def running_deployment(folder: Path, mailbox: Mailbox) -> Iterator[Deployment]:
    with Deployment(folder, smtp_port=mailbox.port) as running:
        yield running


@pytest.fixture
def deployment(running_deployment: Deployment) -> Deployment:
    """The one deployment, well again after what an earlier test did to it."""
    running_deployment.wait_until_it_answers()
    return running_deployment
