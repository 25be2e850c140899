"""The comparison that ends every crash and storm is tried itself: each kind of difference, in journal or books, shows.

Nothing is killed here.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.crash import comparison
from tests.crash.comparison import Books
from tests.crash.counter import Counter
from tests.crash.deployment import Deployment, until
from tests.crash.mailbox import Mailbox
from tests.crash.run import SETTLES_WITHIN_S
from tests.crash.till import Acknowledged, Journal

Entries = list[Acknowledged]
Comparison = Callable[[Books, Journal], None]


@pytest.fixture(scope="module")
def counter(running_deployment: Deployment, folder: Path) -> Counter:
    """Two receipts were paid and posted, the second with points; then it was taken back."""
    running_deployment.wait_until_it_answers()
    cafe = running_deployment.open_cafe("compared", tills=1, guests=1)
    counter = Counter(running_deployment, cafe, 0, Journal(folder / "journal-compared.jsonl"))
    counter.refund(counter.finalize("a", counter.reserve("a")))
    with running_deployment.books() as books:
        until(lambda: comparison.settled(books), "the worker never came to an end", SETTLES_WITHIN_S)
    return counter


@pytest.fixture
def comparisons(counter: Counter, mailbox: Mailbox) -> dict[str, Comparison]:
    """By what they compare."""
    cafe = counter.cafe
    return {
        "receipts": lambda books, journal: comparison.compare_receipts(books, cafe, journal),
        "entries": lambda books, journal: comparison.compare_entries(books, cafe, journal),
        "refunds": lambda books, journal: comparison.compare_refunds(books, cafe, journal),
        "messages": lambda books, journal: comparison.compare_messages(books, cafe, journal, mailbox),
    }


@pytest.fixture
def books(counter: Counter) -> Iterator[Books]:
    """The administrator's, with guards off; what a test does to them is undone."""
    with counter.deployment.books() as books, books.transaction(force_rollback=True):
        books.execute("SET LOCAL session_replication_role = replica")
        yield books


def without(operation: str, entries: Entries) -> Entries:
    """Nobody was told of the last one."""
    last = [entry for entry in entries if entry.operation == operation][-1]
    return [entry for entry in entries if entry is not last]


def otherwise(operation: str, told: dict[str, Any], entries: Entries) -> Entries:
    """The last one was answered with something else."""
    last = [entry for entry in entries if entry.operation == operation][-1]
    return [replace(entry, answer={**entry.answer, **told}) if entry is last else entry for entry in entries]


def twice(operation: str, check: str, entries: Entries) -> Entries:
    """A till was told of another receipt, which the books do not know."""
    last = [entry for entry in entries if entry.operation == operation][-1]
    answer = {**last.answer, "check_id": check}
    body = {**last.body, "check": {**last.body["check"], "external_id": check}}
    return [*entries, replace(last, body=body, answer=answer)]


FINALIZE, REFUND = "checks/finalize", "checks/refund"


@pytest.mark.parametrize(
    ("compared", "doctored"),
    [
        ("receipts", partial(twice, FINALIZE, "0")),
        ("receipts", partial(without, FINALIZE)),
        ("receipts", partial(otherwise, FINALIZE, {"balance_minor": 1})),
        ("entries", partial(twice, FINALIZE, "0")),
        ("entries", partial(without, FINALIZE)),
        ("entries", partial(otherwise, FINALIZE, {"earned_minor": 901})),
        ("entries", partial(otherwise, FINALIZE, {"redeemed_minor": 999})),
        ("entries", partial(otherwise, REFUND, {"taken_back_minor": 899})),
        ("refunds", partial(without, REFUND)),
        ("refunds", partial(otherwise, REFUND, {"returned_minor": 999})),
        ("messages", partial(without, FINALIZE)),
        ("messages", partial(otherwise, FINALIZE, {"earned_minor": 901})),
    ],
    ids=lambda case: case if isinstance(case, str) else f"{case.func.__name__} {case.args}",
)
def test_another_journal_is_not_that_of_these_books(
    counter: Counter,
    comparisons: dict[str, Comparison],
    books: Books,
    compared: str,
    doctored: Callable[[Entries], Entries],
) -> None:
    comparisons[compared](books, counter.journal)
    journal = Journal(counter.journal.path, doctored(list(counter.journal.entries)))
    with pytest.raises((AssertionError, KeyError)):
        comparisons[compared](books, journal)


OF_THE_CAFE = "business_id = {business_id}"


@pytest.mark.parametrize(
    ("compared", "done"),
    [
        ("receipts", "DELETE FROM checks.check WHERE external_id = 'a' AND {here}"),
        ("receipts", "UPDATE checks.check SET customer_id = 0 WHERE external_id = 'a' AND {here}"),
        (
            "receipts",
            "UPDATE checks.check SET answer = answer || '{{\"earned_minor\": 1}}' WHERE external_id = 'a' AND {here}",
        ),
        (
            "entries",
            "INSERT INTO ledger.entry (business_id, posting_id, unit, system_account, amount_minor)"
            " SELECT business_id, posting_id, unit, system_account, amount_minor FROM ledger.entry"
            " WHERE system_account = 'issued' AND {here}",
        ),
        ("entries", "UPDATE ledger.entry SET amount_minor = amount_minor + 1 WHERE account_id IS NOT NULL AND {here}"),
        ("entries", "UPDATE ledger.account SET balance_minor = balance_minor + 1 WHERE {here}"),
        ("entries", "UPDATE ledger.account SET held_minor = 1 WHERE {here}"),
        ("refunds", "DELETE FROM checks.refund WHERE {here}"),
        (
            "refunds",
            'INSERT INTO checks.refund SELECT (jsonb_populate_record(r, \'{{"id": 0, "number": 2}}\')).*'
            " FROM checks.refund r WHERE r.{here}",
        ),
        ("messages", "DELETE FROM messaging.message WHERE topic = 'check-finalized' AND {here}"),
        (
            "messages",
            'INSERT INTO messaging.message SELECT (jsonb_populate_record(m, \'{{"id": 0, "dedup_key": "2"}}\')).*'
            " FROM messaging.message m WHERE m.topic = 'check-finalized' AND m.{here} LIMIT 1",
        ),
        ("messages", "UPDATE messaging.message SET state = 'failed' WHERE topic = 'check-finalized' AND {here}"),
    ],
)
def test_other_books_are_not_those_of_this_journal(
    counter: Counter, comparisons: dict[str, Comparison], books: Books, compared: str, done: str
) -> None:
    comparisons[compared](books, counter.journal)
    here = OF_THE_CAFE.format(business_id=counter.cafe.business_id)
    assert books.execute(done.format(here=here).encode()).rowcount > 0
    with pytest.raises((AssertionError, KeyError)):
        comparisons[compared](books, counter.journal)


def test_a_letter_that_came_twice_is_seen(
    counter: Counter, comparisons: dict[str, Comparison], books: Books, mailbox: Mailbox
) -> None:
    """The last of this module: what is in the mailbox stays there."""
    comparisons["messages"](books, counter.journal)
    again = EmailMessage()
    again["To"] = counter.guest.email
    again.set_content(mailbox.texts(counter.guest.email)[0])
    with smtplib.SMTP("127.0.0.1", mailbox.port) as server:
        server.send_message(again, from_addr="cafe@example.com", to_addrs=[counter.guest.email])
    with pytest.raises(AssertionError, match="got a letter twice"):
        comparisons["messages"](books, counter.journal)
