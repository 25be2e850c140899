"""An account that was renamed and connected again left two connected rows of one number: migrating leaves one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from tests.conftest import ROOT, _drop

from incust.config import database, migrate

MIGRATE = """
import django, sys
django.setup()
from django.core.management import call_command
for place in sys.argv[1:]:
    call_command("migrate", *place.split("."), interactive=False, verbosity=0)
"""
BEFORE = """
INSERT INTO businesses.business (id, name, slug, country, currency, time_zone, language, created_at) VALUES
  (1, 'Kava', 'kava', 'UA', 'UAH', 'Europe/Kyiv', 'uk', now()),
  (2, 'Piekarnia', 'piekarnia', 'PL', 'PLN', 'Europe/Warsaw', 'pl', now());
INSERT INTO businesses.till_account (id, business_id, system, name, number, connected, application_id) VALUES
  (10, 1, 'poster', 'second-name', '333226', true, ''), (11, 1, 'poster', 'first-name', '333226', true, ''),
  (12, 1, 'poster', 'gone', '333226', false, ''), (13, 1, 'poster', 'unnumbered', '', true, ''),
  (14, 1, 'poster', 'unnumbered-too', '', true, ''), (15, 1, 'poster', 'another', '5', true, ''),
  (16, 1, 'poster', 'sold', '777', true, ''),
  (20, 2, 'poster', 'bought', '777', true, '');
INSERT INTO poster.installation (business_id, till_account_id, application_id, token_encrypted, owner_name, owner_email,
    owner_phone, company_name, client_group_id, installed_at)
  SELECT a.business_id, a.id, '', 'token', '', '', '', '', '', timestamptz '2026-01-01' + CASE a.id
    WHEN 10 THEN interval '20 days' WHEN 11 THEN interval '10 days' ELSE interval '1 day' * a.id END
  FROM businesses.till_account a WHERE a.connected;
INSERT INTO businesses.point_of_sale (id, business_id, name, address) VALUES (1, 1, 'Rynok', '');
INSERT INTO businesses.terminal (id, business_id, name, point_of_sale_id, currency, language, enabled, ask_at_pay,
    profile_display, use_poster, poster_account_id, poster_application, poster_location_id, poster_register_id,
    poster_skip_customers, poster_always_show_benefits, poster_back_office_only, last_seen_version)
  SELECT t.id, 1, 'Terminal ' || t.id, 1, 'UAH', 'uk', true, false, 'always', true, t.account, '', '1', t.register,
    false, false, false, ''
  FROM (VALUES (1, 10, '1'), (2, 11, '1'), (3, 11, '2'), (4, 15, '1'), (5, 16, '1')) AS t (id, account, register);
"""
Rows = list[tuple[Any, ...]]


def run_migrations(name: str, *places: str) -> None:
    environment = {
        **os.environ, "INCUST_DATABASE": name, "INCUST_DATABASE_ROLE": database.OWNER_ROLE,
        "DJANGO_SETTINGS_MODULE": "incust.config.settings", "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", MIGRATE, *places], env=environment, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def migrated() -> Iterator[psycopg.Connection[Any]]:
    """A database with such rows, brought to this version. As the administrator, whom no policy binds."""
    name = f"incust_numbers_{os.getpid()}"
    _drop(name)
    migrate.prepare_database(name)
    try:
        run_migrations(name, "businesses.0003", "poster.0005")
        with psycopg.connect(
            **database.connection_parameters(role="", database=name), autocommit=True
        ) as administrator:
            administrator.execute(BEFORE)
            run_migrations(name, "businesses.0004")
            yield administrator
    finally:
        _drop(name)


def test_of_each_number_the_account_connected_last_stays(migrated: psycopg.Connection[Any]) -> None:
    found: Rows = migrated.execute("SELECT id, connected FROM businesses.till_account ORDER BY id").fetchall()
    assert found == [(10, True), (11, False), (12, False), (13, True), (14, True), (15, True), (16, False), (20, True)]


def test_the_tokens_of_the_others_are_forgotten(migrated: psycopg.Connection[Any]) -> None:
    found: Rows = migrated.execute(
        "SELECT till_account_id, token_encrypted IS NULL, revoked_at IS NOT NULL FROM poster.installation ORDER BY 1"
    ).fetchall()
    gone = {11, 16}
    assert found == [(number, number in gone, number in gone) for number in (10, 11, 13, 14, 15, 16, 20)]


def test_their_terminals_go_to_the_kept_row_and_one_register_keeps_one(migrated: psycopg.Connection[Any]) -> None:
    found: Rows = migrated.execute(
        "SELECT id, poster_account_id, poster_register_id, use_poster FROM businesses.terminal ORDER BY id"
    ).fetchall()
    assert found == [
        (1, 10, "1", True),
        (2, 10, "1", False),
        (3, 10, "2", True),
        (4, 15, "1", True),
        (5, 16, "1", True),
    ]


def test_the_log_of_changes_tells_it_to_whom_it_happened(migrated: psycopg.Connection[Any]) -> None:
    found: Rows = migrated.execute(
        "SELECT business_id, user_id, action, subject FROM businesses.audit_entry ORDER BY subject"
    ).fetchall()
    assert found == [(1, None, "poster.disconnected", "first-name"), (1, None, "poster.disconnected", "sold")]
