"""The tills' journal against ledger, checks and messages, one by one: nothing lost, nothing doubled, equal answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import psycopg

from tests.crash.deployment import Cafe
from tests.crash.mailbox import Mailbox
from tests.crash.till import Acknowledged, Journal

Books = psycopg.Connection[Any]

CHECKS = """
SELECT c.id, c.external_id, t.name, c.status, c.customer_id, c.answer FROM checks.check c
  JOIN businesses.terminal t ON t.id = c.terminal_id WHERE c.business_id = %s
"""
POSTINGS_OF_CHECKS = """
SELECT p.cause_id, e.account_id IS NOT NULL, e.amount_minor, coalesce(e.system_account, '')
  FROM ledger.posting p JOIN ledger.entry e ON e.posting_id = p.id
  WHERE p.business_id = %s AND p.kind = 'check' ORDER BY e.id
"""
BALANCES = """
SELECT a.customer_id, a.balance_minor, a.held_minor, coalesce(sum(e.amount_minor), 0)::bigint
  FROM ledger.account a LEFT JOIN ledger.entry e ON e.account_id = a.id WHERE a.business_id = %s GROUP BY a.id
"""
REFUNDS = "SELECT r.check_id, r.answer FROM checks.refund r WHERE r.business_id = %s ORDER BY r.id"
MESSAGES = """
SELECT m.customer_id, m.state, m.dedup_key FROM messaging.message m WHERE m.business_id = %s AND m.topic = %s
"""
LEFT_OVER = """
SELECT (SELECT count(*) FROM messaging.outbox WHERE failed_at IS NULL),
       (SELECT count(*) FROM messaging.outbox WHERE failed_at IS NOT NULL)
"""


def compare_receipts(books: Books, cafe: Cafe, journal: Journal) -> None:
    """Every acknowledged receipt is there once with its answer, and there is no other."""
    found = {(terminal, external_id): row for *row, external_id, terminal in _checks(books, cafe)}
    assert len(found) == _count(books, "SELECT count(*) FROM checks.check WHERE business_id = %s", cafe)
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in journal.entries:
        if entry.operation == "checks/reserve" and entry.done:
            known[_receipt(entry)].add(entry.answer["check_id"])
        if entry.operation == "checks/cancel" and entry.answer["check_id"] is not None:
            known[_receipt(entry)].add(entry.answer["check_id"])
            assert found[_receipt(entry)][1] == "cancelled", entry
    finals = journal.done("checks/finalize")
    for entry in finals:
        known[_receipt(entry)].add(entry.answer["check_id"])
        check_id, status, customer_id, answer = found[_receipt(entry)]
        assert status == entry.answer["status"] == "finalized", entry
        assert str(customer_id) == entry.body["customer_id"], entry
        assert _told(entry.answer, answer) == _told(answer, answer), entry
        assert str(check_id) == entry.answer["check_id"]
    for receipt, check_ids in known.items():
        assert check_ids == {str(found[receipt][0])}, f"{receipt} is one check, whoever was answered and when"
    final = {receipt for receipt, row in found.items() if row[1] == "finalized"}
    assert final == {_receipt(entry) for entry in finals}, "nothing is posted that no till was told of"


def compare_entries(books: Books, cafe: Cafe, journal: Journal) -> None:
    """What each receipt moved is what its till was answered; each guest has the sum of all of it, and no more."""
    posted: dict[int, Counter[str]] = defaultdict(Counter)
    for check_id, of_guest, amount_minor, system_account in books.execute(POSTINGS_OF_CHECKS, [cafe.business_id]):
        posted[check_id]["guest" if of_guest else system_account] += amount_minor
    answers = {entry.answer["check_id"]: entry for entry in journal.done("checks/finalize")}
    moved: Counter[str] = Counter()
    for check_id, entry in answers.items():
        told = entry.answer
        captured_minor = told["redeemed_minor"] - told["unbacked_minor"]
        expected = Counter({
            "guest": told["earned_minor"] - captured_minor, "issued": -told["earned_minor"],
            "redeemed": told["redeemed_minor"], "unbacked": -told["unbacked_minor"],
        })  # fmt: skip
        assert _without_zeros(posted.pop(int(check_id), Counter())) == _without_zeros(expected), entry
        moved[entry.body["customer_id"]] += expected["guest"]
    assert posted == {}, "there is a posting that no till was told of"
    owner_of = {check_id: entry.body["customer_id"] for check_id, entry in answers.items()}
    for check_id, totals in _last_refunds(journal).items():
        moved[owner_of[check_id]] += totals["returned_minor"] - totals["taken_back_minor"]
    for customer_id, balance_minor, held_minor, sum_minor in books.execute(BALANCES, [cafe.business_id]):
        assert balance_minor == sum_minor == moved.pop(str(customer_id), 0), f"guest {customer_id}"
        assert held_minor == 0, f"guest {customer_id}: all receipts are closed"
    assert _without_zeros(moved) == {}, "a guest who was promised points has no account"


def compare_refunds(books: Books, cafe: Cafe, journal: Journal) -> None:
    """Each refund that changed something is there once, with the answer that its till heard."""
    stored: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for check_id, answer in books.execute(REFUNDS, [cafe.business_id]):
        stored[str(check_id)].append(answer)
    heard: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in journal.done("checks/refund"):
        if entry.answer not in heard[entry.answer["check_id"]]:
            heard[entry.answer["check_id"]].append(entry.answer)
    assert {check: [_plain(one) for one in all_] for check, all_ in stored.items()} == {
        check: [_plain(one) for one in all_] for check, all_ in heard.items()
    }


def compare_messages(books: Books, cafe: Cafe, journal: Journal, mailbox: Mailbox) -> None:
    """Each receipt that moved something has its message, in a final state; every letter came once.

    Whether a letter was sent by a worker that died while sending cannot be known: such messages say "ambiguous", and
    their letter may have come or not.
    """
    assert settled(books)
    emails = {guest.customer_id: guest.email for guest in cafe.guests}
    told: dict[int, Counter[tuple[int, int, int]]] = defaultdict(Counter)
    for entry in {entry.answer["check_id"]: entry for entry in journal.done("checks/finalize")}.values():
        amounts = (entry.answer["redeemed_minor"], entry.answer["earned_minor"], entry.answer["balance_minor"])
        if amounts[0] or amounts[1]:
            told[int(entry.body["customer_id"])][amounts] += 1
    states: dict[int, Counter[str]] = defaultdict(Counter)
    for customer_id, state, _key in books.execute(MESSAGES, [cafe.business_id, "check-finalized"]):
        states[customer_id][state] += 1
    for customer_id, expected in told.items():
        received = mailbox.receipts(emails[customer_id])
        assert received - expected == Counter(), f"guest {customer_id} got a letter twice, or one that nobody wrote"
        assert states[customer_id].total() == expected.total(), f"guest {customer_id}: {states[customer_id]}"
        assert set(states[customer_id]) <= {"sent", "ambiguous"}
        lost = (expected - received).total()
        assert lost <= states[customer_id]["ambiguous"], f"guest {customer_id} did not get {expected - received}"
        assert received.total() >= states[customer_id]["sent"]


def settled(books: Books) -> bool:
    """Whether the worker has nothing left to do."""
    return books.execute(LEFT_OVER).fetchone() == (0, 0)


def _checks(books: Books, cafe: Cafe) -> Iterable[tuple[Any, ...]]:
    for check_id, external_id, terminal, status, customer_id, answer in books.execute(CHECKS, [cafe.business_id]):
        yield check_id, status, customer_id, answer, external_id, terminal


def _receipt(entry: Acknowledged) -> tuple[str, str]:
    external_id = entry.body.get("external_id") or entry.body["check"]["external_id"]
    return f"Till {entry.till}", external_id


def _told(answer: dict[str, Any], of: dict[str, Any]) -> dict[str, str]:
    """What the till heard of the stored answer; numbers of ours are opaque texts at the till."""
    return {name: str(answer[name]) for name in of}


def _last_refunds(journal: Journal) -> dict[str, dict[str, Any]]:
    return {entry.answer["check_id"]: entry.answer for entry in journal.done("checks/refund")}


def _plain(answer: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in answer.items() if name != "print_text"}


def _without_zeros(amounts: Counter[str]) -> dict[str, int]:
    return {name: amount for name, amount in amounts.items() if amount}


def _count(books: Books, query: str, cafe: Cafe) -> int:
    row = books.execute(query, [cafe.business_id]).fetchone()
    assert row is not None
    return int(row[0])
