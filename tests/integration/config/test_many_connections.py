"""Registers keep their connections; the one that comes after a thousand others must be heard as well."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.free_port import free_port

from incust.config.processes import Supervisor
from incust.config.serve import FILES_MAX, allow_many_files, programs

KEPT = 1_500
FILES_NEEDED = KEPT + 200
"""The test keeps so many connections open, and so does the server; both have some files besides."""
ALIVE = b"GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def file_limit() -> Iterator[None]:
    """What the test changes is put back, for the tests that follow."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture(params=["web", "live"])
def port(request: pytest.FixtureRequest, file_limit: None, tmp_path: Path) -> Iterator[int]:
    """One of the two servers, started as `incust serve` starts it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < FILES_NEEDED:
        pytest.skip(f"this system allows a process {hard} open files, the test needs {FILES_NEEDED}")
    allow_many_files()
    ports = {"web": free_port(), "live": free_port()}
    started = programs(port=ports["web"], live_port=ports["live"], web_workers=1)
    [program] = [program for program in started if program.name == request.param]
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(program)
        yield ports[request.param]


def test_the_connection_after_a_thousand_kept_ones_is_answered(port: int) -> None:
    with ExitStack() as kept:
        for _ in range(KEPT):
            connection = kept.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            connection.sendall(ALIVE)
            assert connection.recv(1024).startswith(b"HTTP/1.1 200")


def test_an_ordinary_login_gets_as_many_files_as_the_system_allows(file_limit: None) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, hard) if hard != resource.RLIM_INFINITY else 512, hard))

    allow_many_files()

    wished = FILES_MAX if hard == resource.RLIM_INFINITY else min(FILES_MAX, hard)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (wished, hard)
    child = [sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"]
    assert int(subprocess.run(child, capture_output=True, check=True).stdout) == wished


def test_a_higher_limit_is_left_alone(file_limit: None) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    allow_many_files()

    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
