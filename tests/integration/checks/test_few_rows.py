"""What one guest needs is found by keys, however many others there are: no operation of a till reads whole tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction

from incust.checks.cancel import CancelCheck, cancel_check
from incust.customers.identify import Identify, identify_customer
from incust.customers.models import CustomerIdentifier
from incust.engine.program import Confirmation

from .factories import NOON, Cafe, Guest, a_cafe, a_check, leave_business, rules
from .refunding import refund

OTHERS = 1_000
ROWS_MAX = 40
"""Far above what one operation needs, far below what it would read if it looked at everybody."""
PHONE = "+380501112233"

OTHER_GUESTS = """
INSERT INTO customers.customer (business_id, name, status, gender, language, category, created_at)
  SELECT %(business)s, 'Guest ' || n, 'full', '', '', '', %(now)s FROM generate_series(1, %(others)s) n;
INSERT INTO customers.customer_identifier (business_id, customer_id, kind, value, added_at)
  SELECT c.business_id, c.id, 'phone', '+38067' || (1000000 + c.id), c.created_at FROM customers.customer c
    WHERE c.name <> 'Olena';
INSERT INTO customers.identification (business_id, customer_id, terminal_id, kind, strength, happened_at)
  SELECT c.business_id, c.id, %(terminal)s, 'phone', 'weak', c.created_at FROM customers.customer c
    WHERE c.name <> 'Olena';
INSERT INTO checks.check (business_id, terminal_id, point_of_sale_id, till_account_id, spot, external_id, status,
    customer_id, currency, total_minor, service_minor, content_hash, outcome, fingerprint, answer, finalized_at)
  SELECT t.business_id, t.id, t.point_of_sale_id, t.poster_account_id, t.poster_location_id, 'of ' || c.id, 'finalized',
    c.id, 'UAH', 100, 0, '', '{"credits": [], "shares": []}', '', '{}', %(now)s
    FROM customers.customer c JOIN businesses.terminal t ON t.business_id = c.business_id AND t.use_poster
    WHERE c.name <> 'Olena';
"""
OTHER_ACCOUNTS = """
SELECT ledger.post_check(c.business_id, ledger.open_account(c.business_id, c.id, 'bonus:UAH', %(now)s), k.id, NULL, 0,
    '{500}', '{2027-01-01}', '{2027-01-02}', 'test', %(now)s, %(now)s, NULL)
  FROM customers.customer c JOIN checks.check k ON k.business_id = c.business_id AND k.customer_id = c.id
"""


@pytest.fixture
def cafe(
    committed_database: str, django_db_blocker: pytest.FixtureRequest, as_owner: psycopg.Connection
) -> Iterator[Cafe]:
    """A café with a thousand other guests, each with a phone, a check, an account and points that expire."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        cafe = a_cafe()
        cafe.publish(rules(confirmation=Confirmation.NEVER))
        values = {"business": cafe.business_id, "terminal": cafe.terminal_id, "now": NOON, "others": OTHERS}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('incust.business_id', %s, true)", [str(cafe.business_id)])
            cursor.execute(OTHER_GUESTS, values)
            cursor.execute(OTHER_ACCOUNTS, values)
        as_owner.execute("ANALYZE")
        as_owner.commit()
        yield cafe


@contextmanager
def reading_few_rows(what: str) -> Iterator[None]:
    """Fails where the block fetched more rows of any table than one guest's business can need."""
    with transaction.atomic(), connection.cursor() as cursor:
        yield
        cursor.execute(
            "SELECT schemaname || '.' || relname, seq_tup_read + coalesce(idx_tup_fetch, 0)"
            " FROM pg_stat_xact_user_tables WHERE seq_tup_read + coalesce(idx_tup_fetch, 0) > %s",
            [ROWS_MAX],
        )
        assert dict(cursor.fetchall()) == {}, what
    leave_business()


def a_guest(cafe: Cafe) -> Guest:
    guest = cafe.guest(12_000)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('incust.business_id', %s, true)", [str(cafe.business_id)])
        CustomerIdentifier.objects.create(
            business_id=cafe.business_id, customer_id=guest.id, kind="phone", value=PHONE, added_at=NOON
        )
    return guest


@pytest.mark.parametrize("door", ["key", "poster"])
def test_the_whole_way_of_a_guest_reads_only_what_is_his(cafe: Cafe, door: str) -> None:
    guest, check = a_guest(cafe), a_check()
    caller = cafe.register if door == "poster" else cafe.caller
    with reading_few_rows("identify"):
        found = identify_customer(Identify(caller=caller(), identifier=PHONE), now=NOON)
    assert found["customer"]["id"] == str(guest.id)
    with reading_few_rows("quote"):
        quote = guest.quote(check, 4000, caller=caller())
    with reading_few_rows("reserve"):
        guest.reserve(check, 4000, seen_hash=quote.quote_hash, caller=caller())
    with reading_few_rows("reserve anew"):
        reserved = guest.reserve(check, 3000, seen_hash=quote.quote_hash, caller=caller())
    with reading_few_rows("finalize"):
        posted = guest.finalize(check, 3000, check_id=reserved.check_id, caller=caller())
    assert (posted.status, posted.balance_minor) == ("finalized", 12_000 - 3000 + 300)
    with reading_few_rows("refund"):
        assert refund(cafe, posted.check_id).balance_minor == 12_000


def test_a_check_that_was_never_reserved_and_one_that_is_cancelled_read_no_more(cafe: Cafe) -> None:
    guest = a_guest(cafe)
    with reading_few_rows("finalize unreserved"):
        assert guest.finalize(a_check(external_id="unreserved")).earned_minor == 450
    reserved = guest.reserve(a_check(external_id="cancelled"), 4000)
    with reading_few_rows("cancel"):
        assert cancel_check(CancelCheck(caller=cafe.caller(), check_id=reserved.check_id), now=NOON).check_id
    assert guest.balance == (12_450, 12_450)


def test_reading_everybody_is_noticed(cafe: Cafe) -> None:
    with pytest.raises(AssertionError, match="everybody"), reading_few_rows("everybody"):
        cafe.rows("SELECT sum(balance_minor) FROM ledger.account")
