"""Kills at the moments that matter: inside a transaction, between commit and answer, in the middle of a job.

Which try of a till counted depends on the machine's speed: a statement that waits at a point is cut after a while, and
one that a till gave up may be served after all. What is asserted holds in each case: one posting, equal answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash import comparison, points
from tests.crash.counter import EARNED_MINOR, Counter
from tests.crash.deployment import Deployment, until
from tests.crash.mailbox import Mailbox
from tests.crash.points import Point, armed, reached
from tests.crash.run import SETTLES_WITHIN_S, compare
from tests.crash.till import Journal
from tests.network.fault_proxy import Fault, FaultProxy

TESTS_MAX = 15


@pytest.fixture(scope="module")
def counters(running_deployment: Deployment, folder: Path, mailbox: Mailbox) -> Iterator[Iterator[Counter]]:
    """In the end everything that the tests did is compared, whatever they looked at themselves."""
    running_deployment.wait_until_it_answers()
    cafe = running_deployment.open_cafe("points", tills=TESTS_MAX, guests=TESTS_MAX)
    journal = Journal(folder / "journal-points.jsonl")
    with points.installed(running_deployment):
        yield (Counter(running_deployment, cafe, number, journal) for number in range(TESTS_MAX))
        running_deployment.wait_until_it_answers()
        compare(running_deployment, cafe, journal, mailbox)


@pytest.fixture
def counter(deployment: Deployment, counters: Iterator[Counter]) -> Counter:
    return next(counters)


@pytest.mark.parametrize("point", [points.ENTRIES_WRITTEN, points.ANSWER_STORED], ids=lambda point: point.name)
def test_postgres_dies_inside_finalize_before_the_commit(counter: Counter, point: Point) -> None:
    reserved = counter.reserve("a")
    finalized = counter.killed_at(point, "postgres", lambda: counter.finalize("a", reserved))
    assert counter.written(finalized) == (1, 0)
    assert counter.answered_again(finalized)
    assert finalized.answer["balance_minor"] == EARNED_MINOR - EARNED_MINOR + 900


def test_the_web_dies_inside_finalize_and_the_receipt_is_posted_once(counter: Counter) -> None:
    finalized = counter.killed_at(points.ANSWER_STORED, "web", lambda: counter.finalize("a"))
    assert counter.written(finalized) == (1, 0)
    assert counter.answered_again(finalized)
    assert finalized.answer["balance_minor"] == 2 * EARNED_MINOR


@pytest.mark.parametrize("part", ["web", "web's child"])
def test_the_web_dies_after_the_commit_and_before_the_answer(counter: Counter, part: str) -> None:
    deployment = counter.deployment
    with FaultProxy(deployment.port) as proxy:
        proxy.plan = lambda request: Fault.DROP_ANSWER if request.number == 0 else Fault.NONE
        proxy.on_drop = lambda: until(lambda: deployment.kill(part) is None, f"{part} is not there to be killed")
        finalized = counter.finalize("a", till=counter.a_till(proxy.port))
        answers = proxy.answers_to(finalized.key)
    assert len(answers) > 1
    assert finalized.replayed or answers[0].status != 200, "whoever was answered, unheard, is answered from the store"
    assert len({answer for answer in answers if answer.status == 200}) == 1, "the till hears what it would have heard"
    assert counter.written(finalized) == (1, 0)
    assert finalized.answer["balance_minor"] == 2 * EARNED_MINOR


def test_postgres_dies_inside_reserve_and_one_hold_is_taken(counter: Counter) -> None:
    reserved = counter.killed_at(points.HOLD_TAKEN, "postgres", lambda: counter.reserve("a"))
    assert reserved.done
    with counter.deployment.books() as books:
        held = books.execute(
            "SELECT sum(h.amount_minor), count(*) FROM ledger.hold h JOIN ledger.account a ON a.id = h.account_id"
            " WHERE a.customer_id = %s",
            [counter.guest.customer_id],
        ).fetchone()
    assert held == (EARNED_MINOR, 1)
    assert counter.finalize("a", reserved).answer["unbacked_minor"] == 0


def test_the_web_dies_inside_cancel_and_the_hold_is_released_once(counter: Counter) -> None:
    counter.reserve("a")
    cancelled = counter.killed_at(points.HOLD_RESOLVED, "web", lambda: counter.cancel("a"))
    assert cancelled.answer["status"] == "cancelled"
    assert counter.reserve("b").done, "the points are free again"
    counter.cancel("b")


@pytest.mark.parametrize("part", ["web", "postgres"])
def test_a_refund_is_killed_in_the_middle_and_returns_once(counter: Counter, part: str) -> None:
    finalized = counter.finalize("a", counter.reserve("a"))
    refunded = counter.killed_at(points.REFUND_WRITTEN, part, lambda: counter.refund(finalized))
    assert counter.written(refunded) == (1, 1)
    assert counter.answered_again(refunded)
    told = {name: refunded.answer[name] for name in ("returned_minor", "taken_back_minor", "balance_minor")}
    assert told == {"returned_minor": EARNED_MINOR, "taken_back_minor": 900, "balance_minor": EARNED_MINOR}


@pytest.mark.parametrize("part", ["worker", "postgres"])
def test_the_relay_is_killed_between_job_and_mark_and_makes_one_job(
    counter: Counter, mailbox: Mailbox, part: str
) -> None:
    _settle(counter)
    with armed(counter.deployment, points.JOB_DEFERRED):
        counter.finalize("a")
        reached(counter.deployment)
        counter.deployment.kill(part)
    counter.deployment.wait_until_it_answers()
    _settle(counter)
    assert len(mailbox.texts(counter.guest.email)) == 2


def test_a_worker_killed_in_the_middle_of_jobs_leaves_them_to_the_next_one(counter: Counter, mailbox: Mailbox) -> None:
    """One letter was sent, and its event is about to be forgotten; another is just being sent."""
    _settle(counter)
    with armed(counter.deployment, points.EVENT_HANDLED):
        counter.finalize("sent already")
        reached(counter.deployment)
        counter.deployment.kill("worker")
    counter.deployment.wait_until_it_answers()
    with mailbox.slow_to_thank():
        counter.finalize("being sent")
        until(lambda: len(mailbox.texts(counter.guest.email)) == 3, "the letter did not come")
        counter.deployment.kill("worker")
    _settle(counter)
    with counter.deployment.books() as books:
        states = books.execute(
            "SELECT state FROM messaging.message WHERE customer_id = %s ORDER BY id", [counter.guest.customer_id]
        ).fetchall()
    assert [state for (state,) in states] == ["sent", "sent", "ambiguous"]
    assert len(mailbox.texts(counter.guest.email)) == 3, "no notice comes twice"


def test_all_killed_at_once_comes_back_with_what_was_answered(counter: Counter) -> None:
    finalized = counter.finalize("a")
    counter.deployment.kill_all_at_once()
    counter.deployment.start()
    again = counter.till.tell(finalized.operation, finalized.body)
    assert (again.answer, again.replayed) == (finalized.answer, True)


def test_tills_are_served_while_the_supervisor_is_dead_and_after_it_is_started_again(counter: Counter) -> None:
    before = counter.deployment.pid("web")
    counter.deployment.kill_supervisor()
    assert counter.finalize("a").done
    os.kill(before, 0)  # the same web: nobody was there to start another
    counter.deployment.start()
    assert counter.deployment.pid("web") != before
    assert counter.finalize("b").answer["balance_minor"] == 3 * EARNED_MINOR


def _settle(counter: Counter) -> None:
    def done() -> bool:
        with counter.deployment.books() as books:
            return comparison.settled(books)

    until(done, "the worker never came to an end", SETTLES_WITHIN_S)
