"""Options, order and what every promise stands on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from guest import Guest, register
from preconditions import Ground, Missing, examine
from promises import PromiseReporter
from till import Till

ORDER = (
    "test_doors", "test_bad_input", "test_guests", "test_quotes", "test_reservations", "test_receipts", "test_repeats",
    "test_at_once", "test_refunds", "test_balance", "test_document",
)  # fmt: skip
GROUND = pytest.StashKey[Ground]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance")
    group.addoption("--url", default=os.environ.get("INCUST_CONFORMANCE_URL", ""), help="the server's address")
    group.addoption("--key", default=os.environ.get("INCUST_CONFORMANCE_KEY", ""), help="API key of a terminal")
    group.addoption("--report", type=Path, help="write the result to this file as JSON")


def pytest_configure(config: pytest.Config) -> None:
    # `incust conformance` switches pytest's own output off; who starts pytest himself gets that.
    if not config.pluginmanager.has_plugin("terminal"):
        config.pluginmanager.register(PromiseReporter(config), "promises")


def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if config.option.collectonly:
        return
    try:
        ground = config.stash[GROUND] = examine(config.option.url, config.option.key)
    except Missing as missing:
        pytest.exit(f"The suite cannot begin. {missing}", returncode=2)
    reporter = config.pluginmanager.get_plugin("promises")
    if reporter is not None:
        reporter.begin(ground)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if GROUND in session.config.stash:
        session.config.stash[GROUND].till.client.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: ORDER.index(item.path.stem))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A broken promise shows the last that was said."""
    report = yield
    if report.when == "call" and report.failed:
        said = "\n".join(item.config.stash[GROUND].till.exchanges)
        report.sections.append(("the last requests and answers", said))
    return report


@pytest.fixture(scope="session")
def ground(pytestconfig: pytest.Config) -> Ground:
    return pytestconfig.stash[GROUND]


@pytest.fixture
def till(ground: Ground) -> Till:
    ground.till.exchanges.clear()
    return ground.till


@pytest.fixture
def newcomer(till: Till) -> Guest:
    """A guest without points."""
    return register(till)


@pytest.fixture
def rich(newcomer: Guest) -> Guest:
    """A guest whose points outlast all generated receipts."""
    newcomer.collect(10**9)
    return newcomer


@pytest.fixture
def guest(newcomer: Guest) -> Guest:
    """A guest who has collected points."""
    newcomer.collect()
    return newcomer


@pytest.fixture
def spender(ground: Ground, guest: Guest) -> Guest:
    """A guest with points who may redeem them without a code."""
    if ground.code_needed:
        pytest.skip("the program in force asks for a code that only the guest can read")
    return guest
