"""Given a receipt that somebody else works on, when it is refunded, then the till waits a moment, not for ever."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest
from django.db import connection

from incust.businesses.terminal_access import Busy

from .factories import a_cafe
from .refunding import amounts, paid, refund


def test_each_try_ends_by_itself_and_the_last_one_is_busy(
    committed_database: str, as_owner: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = a_cafe().guest(12_000)
    check_id = paid(guest, 4000)
    with connection.cursor() as cursor:
        # What waits longer than three tries take is cut, and not tried again.
        cursor.execute("SET statement_timeout = '3s'")
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    as_owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(guest.cafe.business_id)])
    as_owner.execute("SELECT FROM checks.check FOR UPDATE")
    with pytest.raises(Busy):
        refund(guest.cafe, check_id)
    assert 1 <= len(pauses) <= 2
    as_owner.rollback()
    assert guest.balance == (8250, 8250)
    assert amounts(refund(guest.cafe, check_id)) == ("refunded", 4000, 250, 0, 0, 12_000)
