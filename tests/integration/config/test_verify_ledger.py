"""`incust ledger verify` and what `incust doctor` says of it, as programs."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone
from tests.integration.checks.factories import Cafe, a_cafe, a_check
from tests.phone_process import SOURCE

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import User
from incust.businesses.tenancy import in_business
from incust.checks.models import Verification
from incust.config.database import OWNER_ROLE, connection_parameters
from incust.config.verify_ledger import BAR_WIDTH


def incust(*arguments: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    """The program over the test's database. By its address: the server of the run is not the program's to stop."""
    environment = {
        **os.environ, "DATABASE_URL": address_of(connection_parameters(role="")),
        "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "incust.config.settings",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "incust", *arguments], text=True, check=False, timeout=60, stdout=subprocess.PIPE,
        env=environment, stderr=streams.get("stderr", subprocess.PIPE),
    )  # fmt: skip


def address_of(server: dict[str, Any]) -> str:
    return f"postgresql://{server['user']}@/{server['dbname']}?host={server['host']}"


def doctor_on_the_ledger() -> list[str]:
    return [line for line in incust("doctor").stdout.splitlines() if "ledger" in line.lower()]


@pytest.fixture
def cafe(committed_database: str) -> Cafe:
    cafe = a_cafe()
    cafe.guest().finalize(a_check(9000))
    return cafe


def tamper(cafe: Cafe, balance_minor: int) -> None:
    with psycopg.connect(**connection_parameters(role=OWNER_ROLE)) as owner:
        owner.execute("SELECT set_config('incust.business_id', %s, false)", [str(cafe.business_id)])
        owner.execute("UPDATE ledger.account SET balance_minor = %s", [balance_minor])


def test_a_sound_ledger_exits_with_zero_and_is_recorded(cafe: Cafe) -> None:
    assert doctor_on_the_ledger() == ["ok    The ledger has not been checked yet. The worker does so within the hour."]
    done = incust("ledger", "verify")
    assert (done.returncode, done.stdout, done.stderr) == (0, "The ledger is sound (1 business).\n", "")
    with in_business(cafe.business_id):
        at = Verification.objects.get(differences=0).finished_at
    assert doctor_on_the_ledger() == [f"ok    The ledger was checked at {at:%Y-%m-%d %H:%M} UTC, and all is well."]


def test_a_difference_exits_with_one_and_is_said(cafe: Cafe) -> None:
    tamper(cafe, 451)
    done = incust("ledger", "verify")
    assert done.returncode == 1
    assert done.stdout == (
        "business 1: Account 1: the balance is 4.51, but its entries add up to 4.50.\n1 differences in 1 business.\n"
    )
    assert doctor_on_the_ledger() == ["BAD   The ledger differs in 1 of the businesses: run `incust ledger verify`."]
    tamper(cafe, 450)
    assert incust("ledger", "verify").returncode == 0
    assert incust("doctor").stdout.count("all is well") == 1


def test_one_business_is_named_by_number_or_address(cafe: Cafe) -> None:
    other = create_business(CreateBusiness(name="Other", owner=User.objects.create(username="other")))
    tamper(cafe, 451)
    assert incust("ledger", "verify", "--business", str(other.pk)).returncode == 0
    assert incust("ledger", "verify", "--business", "other").stdout == "The ledger is sound (1 business).\n"
    assert incust("ledger", "verify", "--business", "kava").returncode == 1
    assert incust("ledger", "verify").stdout.endswith("1 differences in 2 businesses.\n")
    unknown = incust("ledger", "verify", "--business", "nobody")
    assert (unknown.returncode, unknown.stdout) == (2, "There is no business nobody.\n")


def test_who_looks_sees_how_far_it_is(cafe: Cafe) -> None:
    ours, theirs = pty.openpty()
    incust("ledger", "verify", stderr=theirs)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert "business 1 (1/1) [" in shown
    assert "checks.lines" in shown
    assert shown.rstrip().endswith("done")
    assert f"[{'#' * BAR_WIDTH}]" in shown.splitlines()[-1]


def test_the_doctor_misses_a_night_that_nobody_made_up_for(cafe: Cafe) -> None:
    with in_business(cafe.business_id):
        at = timezone.now() - timedelta(hours=28)
        Verification.objects.create(
            business_id=cafe.business_id, started_at=at, finished_at=at, differences=0, examples=[]
        )
    since = f"{at:%Y-%m-%d %H:%M} UTC"
    assert doctor_on_the_ledger() == [
        f"BAD   The ledger was last checked at {since}: is a worker running? Or run `incust ledger verify`."
    ]
