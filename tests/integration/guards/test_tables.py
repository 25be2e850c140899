"""Each trigger, constraint and unique index refuses what it is there for, and is missed when it is gone.

The schema's owner tries the statement, whom rights do not stop; so a trial tells of its guard alone. A guard that
nobody tries is a failure, and so is a trial whose guard does not hold (any more).
"""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from .catalogue import Administrator, Guard, guards
from .checks_trials import CHECKS_TRIALS
from .ledger_trials import LEDGER_TRIALS
from .refund_trials import REFUND_TRIALS
from .trial import Trial, acting_as, undone

TRIALS = LEDGER_TRIALS + CHECKS_TRIALS + REFUND_TRIALS


def named(trial: Trial) -> str:
    return f"{trial.guard}: {trial.statement.partition(' ')[0]}"


@pytest.fixture(scope="module")
def held(administrator: Administrator) -> dict[str, Guard]:
    return guards(administrator)


def test_every_guard_is_tried(held: dict[str, Guard]) -> None:
    assert sorted(held) == sorted({trial.guard for trial in TRIALS})


@pytest.mark.parametrize("trial", TRIALS, ids=named)
def test_the_guard_refuses_and_nothing_else_does(
    administrator: Administrator, held: dict[str, Guard], trial: Trial
) -> None:
    guard = held[trial.guard]
    with undone(administrator):
        for other in trial.behind:
            administrator.execute(held[other].dropping)
        with pytest.raises(psycopg.Error) as refused, acting_as(administrator):
            administrator.execute(trial.statement)
        assert_refused_by(guard, refused.value)
        administrator.execute(guard.dropping)
        with acting_as(administrator):
            administrator.execute(trial.statement)


def assert_refused_by(guard: Guard, error: psycopg.Error) -> None:
    if guard.kind == "trigger":
        assert isinstance(error, errors.RestrictViolation | errors.CheckViolation), error
        assert error.diag.constraint_name is None
    else:
        assert (f"{error.diag.schema_name}.{error.diag.table_name}", error.diag.constraint_name) == guard[:2]
