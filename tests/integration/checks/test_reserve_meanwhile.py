"""Given a cashier who has decided, when the receipt or the guest's code moved on meanwhile, then he hears it."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from incust.checks import quoted
from incust.checks.problems import CheckFinalized, QuoteChanged
from incust.config import database
from incust.customers.problems import ConfirmationRequired

from .factories import NOON, Guest, a_cafe, a_check, rules

# Another receipt takes the guest's identification right after this one was evaluated on it.
TAKEN_MEANWHILE = """
ALTER FUNCTION checks.load(jsonb, jsonb) RENAME TO load_itself;
CREATE FUNCTION checks.load(caller jsonb, ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  context jsonb := checks.load_itself(caller, ask);
BEGIN
  PERFORM customers.use_identification(
    (context->>'business_id')::bigint, (ask->>'identification_id')::bigint, {other_check});
  RETURN context;
END $$;
"""


@pytest.fixture
def guest(committed_database: str) -> Guest:
    return a_cafe().guest(4000)


@pytest.fixture
def administrator(committed_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**database.connection_parameters(role="")) as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("closed_without_payment", [False, True])
def test_a_receipt_that_is_closed_is_told_as_such_though_the_quote_is_outdated(
    guest: Guest, closed_without_payment: bool
) -> None:
    seen = guest.quote(a_check()).quote_hash
    guest.finalize(a_check(), closed_without_payment=closed_without_payment)
    guest.finalize(a_check(external_id="another"))
    guest.cafe.publish(rules(earn="6"))
    with pytest.raises(CheckFinalized):
        guest.reserve(a_check(), 100, seen_hash=seen)


def test_an_identification_that_served_for_another_receipt_meanwhile_holds_nothing(
    guest: Guest, administrator: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = guest.reserve(a_check(external_id="another"), 0)
    guest = guest.scanned_again()
    seen = guest.quote(a_check()).quote_hash
    monkeypatch.setattr(quoted, "_contexts", OrderedDict())  # another process answered it
    administrator.execute(TAKEN_MEANWHILE.format(other_check=other.check_id))
    administrator.commit()
    with pytest.raises(QuoteChanged):
        guest.reserve(a_check(), 1000, seen_hash=seen)
    assert guest.balance == (4000, 4000)


def test_a_code_that_nobody_asked_for_is_not_looked_at(guest: Guest) -> None:
    assert guest.reserve(a_check(), 1000, confirmation_code="123456").redeem_minor == 1000


def test_a_code_says_what_it_is_for_and_which_till_asked(committed_database: str) -> None:
    guest = a_cafe().guest(4000, strength="weak", email="olena@example.org")
    with pytest.raises(ConfirmationRequired):
        guest.reserve(a_check(), 4000)
    [(sent,)] = guest.cafe.rows("SELECT payload::text FROM messaging.outbox WHERE topic = 'confirmation-code'")
    message = json.loads(sent)
    assert (message["customer_id"], message["amount_minor"], message["currency"]) == (guest.id, 4000, "UAH")
    assert guest.cafe.rows("SELECT kind, customer_id, terminal_id, happened_at FROM customers.confirmation_event") == [
        ("sent", guest.id, guest.cafe.terminal_id, NOON)
    ]
