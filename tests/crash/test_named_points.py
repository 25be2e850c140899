"""Kills at the moments that matter: inside a transaction, between commit and answer, in the middle of a job."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.crash import comparison, points
from tests.crash.deployment import Cafe, Deployment, until
from tests.crash.mailbox import Mailbox
from tests.crash.points import Point, armed, reached
from tests.crash.run import SETTLES_WITHIN_S, compare
from tests.crash.till import Acknowledged, Journal, Till
from tests.network.fault_proxy import Fault, FaultProxy

TOTAL_MINOR = 10_000
EARNED_MINOR = 1_000
"""Ten percent: five that last, five that expire."""
TESTS_MAX = 18


class Counter:
    """Each test has a till and a guest of its own, who has 1,000 to spend."""

    def __init__(self, deployment: Deployment, cafe: Cafe, number: int, journal: Journal) -> None:
        self.deployment = deployment
        self.cafe = cafe
        self.guest = cafe.guests[number]
        self.journal = journal
        self._key = cafe.keys[number]
        self._number = number
        self.till = self.a_till(deployment.port)
        self.finalize("first")

    def a_till(self, port: int) -> Till:
        chance = random.Random(f"{self._number} {port}")
        return Till(self._number, port=port, key=self._key, journal=self.journal, chance=chance)

    def finalize(
        self, external_id: str, reserved: Acknowledged | None = None, till: Till | None = None
    ) -> Acknowledged:
        redeemed_minor = reserved.answer["redeem_minor"] if reserved else 0
        paid = {"cash_minor": TOTAL_MINOR - redeemed_minor, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0}
        body = {
            **self._whose(), "check": _check(external_id), "check_id": reserved and reserved.answer["check_id"],
            "redeemed_minor": redeemed_minor, "payment": paid, "closed_without_payment": False,
            "closed_at": datetime.now(UTC).isoformat(), "salesperson": None,
        }  # fmt: skip
        return (till or self.till).tell("checks/finalize", body)

    def reserve(self, external_id: str) -> Acknowledged:
        asked = {**self._whose(), "check": _check(external_id)}
        quote = self.till.ask("checks/quote", {**asked, "redeem_minor": EARNED_MINOR})
        return self.till.tell(
            "checks/reserve", {**asked, "redeem_minor": EARNED_MINOR, "check_hash": quote["check_hash"],
                               "confirmation_code": None},
        )  # fmt: skip

    def cancel(self, external_id: str) -> Acknowledged:
        return self.till.tell("checks/cancel", {"external_id": external_id})

    def refund(self, finalized: Acknowledged) -> Acknowledged:
        body = {"check_id": finalized.answer["check_id"], "external_id": None, "lines": None, "accomplished": True,
                "refunded_at": datetime.now(UTC).isoformat(), "salesperson": None}  # fmt: skip
        return self.till.tell("checks/refund", body)

    def killed_at(self, point: Point, part: str, operation: Callable[[], Acknowledged]) -> Acknowledged:
        """The operation's answer, though `part` is killed while the operation is at that point."""
        with armed(self.deployment, point), ThreadPoolExecutor(1) as pool:
            told = pool.submit(operation)
            reached(self.deployment)
            self.deployment.kill(part)
            answered = told.result()
        self.deployment.wait_until_it_answers()
        return answered

    def _whose(self) -> dict[str, Any]:
        return {"customer_id": str(self.guest.customer_id), "identification_id": None}


@pytest.fixture(scope="module")
def counters(deployment: Deployment, folder: Path, mailbox: Mailbox) -> Iterator[Iterator[Counter]]:
    """In the end everything that the tests did is compared, whatever they looked at themselves."""
    points.install(deployment)
    cafe = deployment.open_cafe("points", tills=TESTS_MAX, guests=TESTS_MAX)
    journal = Journal(folder / "journal.jsonl")
    yield (Counter(deployment, cafe, number, journal) for number in range(TESTS_MAX))
    deployment.wait_until_it_answers()
    compare(deployment, cafe, journal, mailbox)


@pytest.fixture
def counter(deployment: Deployment, counters: Iterator[Counter]) -> Counter:
    deployment.wait_until_it_answers()
    return next(counters)


@pytest.mark.parametrize("point", [points.ENTRIES_WRITTEN, points.ANSWER_STORED], ids=lambda point: point.name)
def test_postgres_dies_inside_finalize_before_the_commit(counter: Counter, point: Point) -> None:
    reserved = counter.reserve("a")
    finalized = counter.killed_at(point, "postgres", lambda: counter.finalize("a", reserved))
    assert finalized.tries > 1
    assert not finalized.replayed, "nothing was committed: the repeat is the first to be posted"
    assert finalized.answer["balance_minor"] == EARNED_MINOR - EARNED_MINOR + 900


def test_the_web_dies_inside_finalize_and_its_statement_outlasts_a_tills_patience(counter: Counter) -> None:
    finalized = counter.killed_at(points.ANSWER_STORED, "web", lambda: counter.finalize("a"))
    assert finalized.tries > 1
    assert not finalized.replayed, "the statement that nobody waited for was cut: the repeat is the first to be posted"
    assert finalized.answer["balance_minor"] == 2 * EARNED_MINOR


@pytest.mark.parametrize("part", ["web", "web's child"])
def test_the_web_dies_after_the_commit_and_before_the_answer(counter: Counter, part: str) -> None:
    deployment = counter.deployment
    with FaultProxy(deployment.port) as proxy:
        proxy.plan = lambda request: Fault.DROP_ANSWER if request.number == 0 else Fault.NONE
        proxy.on_drop = lambda: until(lambda: deployment.kill(part) is None, f"{part} is not there to be killed")
        finalized = counter.finalize("a", till=counter.a_till(proxy.port))
        answers = proxy.answers_to(finalized.key)
    assert finalized.tries > 1
    assert finalized.replayed
    assert len(answers) > 1
    assert len(set(answers)) == 1, "the till hears what it would have heard"
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
    assert refunded.replayed == (part == "web"), "where the database died, nothing was committed"
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
    killed = counter.deployment.pid("web")
    counter.deployment.kill_supervisor()
    assert counter.finalize("a").tries == 1
    counter.deployment.start()
    assert counter.deployment.pid("web") != killed
    assert counter.finalize("b").answer["balance_minor"] == 3 * EARNED_MINOR


@pytest.mark.parametrize("difference", ["lost", "posted twice", "answered otherwise"])
def test_the_comparison_finds_each_kind_of_difference(counter: Counter, difference: str) -> None:
    journal = Journal(counter.journal.path, list(counter.journal.entries))
    last = journal.entries[-1]
    assert last.operation == "checks/finalize"
    match difference:
        case "lost":  # the till was answered, and the books know nothing of it
            check = {**last.body["check"], "external_id": "lost"}
            journal.entries.append(replace(last, body={**last.body, "check": check}))
        case "posted twice":  # the books have a receipt more than tills were told of
            journal.entries.pop()
        case "answered otherwise":
            journal.entries[-1] = replace(last, answer={**last.answer, "balance_minor": 1})
    with counter.deployment.books() as books:
        comparison.compare_receipts(books, counter.cafe, counter.journal)
        comparison.compare_entries(books, counter.cafe, counter.journal)
        with pytest.raises((AssertionError, KeyError)):
            comparison.compare_receipts(books, counter.cafe, journal)


def _settle(counter: Counter) -> None:
    def done() -> bool:
        with counter.deployment.books() as books:
            return comparison.settled(books)

    until(done, "the worker never came to an end", SETTLES_WITHIN_S)


def _check(external_id: str) -> dict[str, Any]:
    line = {"line_id": "0", "product_id": "12", "quantity": "2.000", "amount_minor": TOTAL_MINOR}
    return {"external_id": external_id, "currency": "UAH", "lines": [line], "total_minor": TOTAL_MINOR}
