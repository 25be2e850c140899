"""The past that the bench makes by statements of its own must be one that the product could have written."""

from __future__ import annotations

import psycopg
import pytest
from bench import chain, history
from bench.progress import Progress
from django.db import connection, transaction

from incust.checks.verify import verify_ledger
from incust.config.database import external_url

GUESTS = 60
needs_administrator = pytest.mark.skipif(bool(external_url()), reason="switches triggers off, as administrators may")


@needs_administrator
def test_a_made_past_is_sound_and_as_large_as_it_says(
    committed_database: str, django_db_blocker: pytest.FixtureRequest, as_owner: psycopg.Connection
) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        history.fill(committed_database, chain.open_chain(guests=GUESTS, terminals=20), Progress({}))

        assert verify_ledger() == []
        # Three checks each, a fourth for every third guest; two entries for each, two more where points were redeemed.
        assert _counts() == {
            "customers.customer": GUESTS, "ledger.account": GUESTS, "checks.check": GUESTS * 10 // 3,
            "ledger.posting": GUESTS * 10 // 3, "ledger.entry": GUESTS * 32 // 3, "ledger.lot": GUESTS * 10 // 3,
            "ledger.hold": GUESTS * 2, "checks.check_line": GUESTS * 20 // 3,
        }  # fmt: skip
        built_anew = as_owner.execute("SELECT to_regclass('ledger.entry_version_once') IS NOT NULL").fetchone()
        assert built_anew == (True,)


@needs_administrator
def test_the_product_goes_on_from_there(committed_database: str, django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        cafe = chain.open_chain(guests=GUESTS, terminals=20)
        history.fill(committed_database, cafe, Progress({}))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('incust.business_id', %s, true)", [str(cafe.business_id)])
            cursor.execute(
                "SELECT ledger.post_check(%s, 1, nextval('checks.check_id_seq'), NULL, 100, '{50}', '{NULL}', '{NULL}',"
                " 'test', now(), now(), NULL)",
                [cafe.business_id],
            )
        [difference] = verify_ledger()
        assert difference.fault == "no-check"  # nobody wrote that one; everything else agrees


def _counts() -> dict[str, int]:
    tables = (
        "customers.customer", "ledger.account", "checks.check", "ledger.posting", "ledger.entry", "ledger.lot",
        "ledger.hold", "checks.check_line",
    )  # fmt: skip
    with history.database.administrator(connection.settings_dict["NAME"]) as admin:
        return {table: admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
