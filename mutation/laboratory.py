"""Runs the collected tests against one mutant after another, each time in a fork of a process that has loaded all.

The tests' database and the template of their copies are two copies of the migrated template that this process owns; a
mutant is installed in both. Tests that turned red for a function before come first.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import psycopg
import pytest
from tests import conftest

from incust.config import database

from .coverage import Coverage
from .mutants import TRIALS_OF, Mutant
from .results import Result

TIMEOUT_S_MIN = 120
TRIALS = "integration/guards/"
ALL_FUNCTIONS = range(1000)
OF_FUNCTIONS = ("guards/test_first_fence", "guards/test_locks", "guards/test_bounded_waits")


def is_of_functions(item: pytest.Item) -> bool:
    return any(name in item.nodeid for name in OF_FUNCTIONS)


class Outcome(NamedTuple):
    """``red``: the test that turned red first, '' where all were green; ``called``: the functions by test."""

    red: str
    called: dict[str, list[str]]


class Laboratory:
    """A pytest plugin whose test loop is the experiment."""

    def __init__(
        self,
        choose: Callable[[psycopg.Connection[Any]], Sequence[Mutant]],
        report: Callable[[Mutant, Result], None],
        tests_max: int | None,
    ) -> None:
        self.tests_max = tests_max
        self.choose = choose
        self.report = report
        self.tests_database = os.environ["INCUST_DATABASE"]
        self.template = f"incust_mutants_{os.getpid()}"
        self.killers: dict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        sound_template = conftest._ensure_template()
        drop = conftest._drop
        self.renew = lambda names: [self._copy(name, sound_template) for name in names]
        conftest._ensure_template = lambda: self.template
        conftest._copy_template = lambda name: None if name == self.tests_database else self._copy(name, self.template)
        conftest._drop = lambda name: None if name == self.tests_database else drop(name)
        self.renew([self.tests_database, self.template])
        try:
            self._experiment(session)
        finally:
            drop(self.tests_database)
            drop(self.template)
        return True

    def _experiment(self, session: pytest.Session) -> None:
        with self._administrator(self.template) as template:
            mutants = list(self.choose(template))
        if not mutants:
            return
        started = time.monotonic()
        coverage = Coverage()
        session.config.pluginmanager.register(coverage)
        sound = self._in_a_fork(session, session.items, 3600, coverage)
        session.config.pluginmanager.unregister(coverage)
        if sound.red:
            raise pytest.UsageError(f"red without any mutant: {sound.red}")
        self.called = sound.called
        self.timeout_s = max(TIMEOUT_S_MIN, 4 * (time.monotonic() - started))
        for mutant in mutants:
            self.report(mutant, self._try(session, mutant))

    def _try(self, session: pytest.Session, mutant: Mutant) -> Result:
        started = time.monotonic()
        # Trials work in a copy of the template.
        installed = [self.template] if mutant.is_guard else [self.tests_database, self.template]
        try:
            self._install(mutant.apply, installed)
        except psycopg.Error as error:
            self.renew(installed)
            return Result("invalid", str(error).splitlines()[0], 0.0)
        killer = self._in_a_fork(session, self._ordered(session.items, mutant), self.timeout_s).red
        if killer:
            self.killers[mutant.subject][killer] += 1
        if mutant.undo is None:
            self.renew(installed)
        else:
            self._install(mutant.undo, installed)
        return Result("killed" if killer else "survived", killer, round(time.monotonic() - started, 1))

    def _ordered(self, items: list[pytest.Item], mutant: Mutant) -> list[pytest.Item]:
        """Those that can tell: of a function, tests that call it; of a guard, its trials. Former killers come first."""
        killers = self.killers[mutant.subject]
        if mutant.is_guard:
            guard = mutant.change.split()[1] if mutant.kind == "guard" else mutant.subject
            trials = [item for item in items if TRIALS in item.nodeid and TRIALS_OF[mutant.kind] in item.nodeid]
            return sorted(trials, key=lambda item: (guard not in item.nodeid, -killers[item.nodeid]))
        # Guards work over connections of their own, so nobody can say what they call.
        callers = [
            item for item in items
            if (mutant.subject in self.called.get(item.nodeid, [mutant.subject]) and TRIALS not in item.nodeid)
            or is_of_functions(item)
            or (mutant.is_of_trigger and TRIALS_OF["guard"] in item.nodeid)
        ]  # fmt: skip
        room = mutant.subject.partition(".")[0]

        def distance(item: pytest.Item) -> tuple[int, bool, bool, int]:
            """Tests of its room mean the function; those that call little mean it more than the whole house."""
            called = self.called.get(item.nodeid, ALL_FUNCTIONS)
            # Fences and locks are seen by tests of their own only, which need a database of their own.
            late = is_of_functions(item) != (mutant.kind in ("tenant", "lock", "timeout"))
            return -killers[item.nodeid], late, f"/{room}/" not in item.nodeid, len(called)

        near = sorted(callers, key=distance)
        return near[: self.tests_max] + [item for item in near[self.tests_max or len(near) :] if is_of_functions(item)]

    def _install(self, statement: str, names: Sequence[str]) -> None:
        for name in names:
            with self._administrator(name) as connection:
                connection.execute("SET check_function_bodies = on")
                connection.execute(statement.encode())

    def _administrator(self, name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(**database.connection_parameters(role="", database=name), autocommit=True)

    def _copy(self, name: str, template: str) -> None:
        with self._administrator("postgres") as admin:
            # One copy at a time, as in the tests.
            admin.execute("SELECT pg_advisory_lock(78)")
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            conftest.migrate.create_database(admin, name, template=template)
            # A mutant that waits for ever is a red test, too.
            admin.execute(f"""ALTER DATABASE "{name}" SET statement_timeout = '20s'""")
            admin.execute(f"""ALTER DATABASE "{name}" SET track_functions = 'all'""")

    def _in_a_fork(
        self, session: pytest.Session, items: Sequence[pytest.Item], timeout_s: float, coverage: Coverage | None = None
    ) -> Outcome:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            quiet = os.open(os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            red = self._run(session, items)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps([red, coverage.called if coverage else {}]).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            ready, _, _ = select.select([pipe], [], [], timeout_s)
            if not ready:
                os.kill(child, signal.SIGKILL)
            answer = pipe.read()
        os.waitpid(child, 0)
        return Outcome(*json.loads(answer)) if answer else Outcome("time ran out, or the process died", {})

    def _run(self, session: pytest.Session, items: Sequence[pytest.Item]) -> str:
        red: list[str] = []

        class Watch:
            def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
                if report.failed:
                    red.append(report.nodeid)
                    print(report.longreprtext, file=sys.stderr)

        session.config.pluginmanager.register(Watch())
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if red:
                break
        try:
            session._setupstate.teardown_exact(None)
        except Exception as error:
            print(error, file=sys.stderr)  # what a red test left behind
        return red[0] if red else ""
