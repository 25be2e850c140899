"""Two pages of one set-up, pressed in the same moment: each register has one terminal, the business one program."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from incust.businesses.models import AuditEntry, Terminal
from incust.businesses.tenancy import in_business
from incust.panel.setup_program import publish_first_program
from incust.panel.setup_registers import OpenedRegisters, open_registers
from incust.programs.models import Program, ProgramVersion
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import PosterBeside, poster, poster_process  # noqa: F401 (fixtures)

from .at_once import at_once

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PAGES = 4


@pytest.mark.usefixtures("many_connections")
def test_each_register_gets_one_terminal_and_the_business_one_program(poster: PosterBeside) -> None:  # noqa: F811
    business, owner = make_business()
    account = connect(poster, business)
    with in_business(business.id):
        Terminal.objects.all().delete()  # so that new ones are made, which nothing but the lock keeps from being two

    def press() -> OpenedRegisters:
        return open_registers(
            business_id=business.id, account_id=account.id, register_ids={"1", "2", "3"}, user=owner, now=NOW
        )

    pressed = at_once([press] * PAGES)
    assert (pressed.errors, sorted(len(answer.names) for answer in pressed.answers)) == ([], [0, 0, 0, 3])
    assert [answer.faults for answer in pressed.answers] == [()] * PAGES
    with in_business(business.id):
        assert sorted(Terminal.objects.values_list("poster_register_id", "name")) == [
            ("1", "Bar"), ("2", "Hall"), ("3", "Station till"),
        ]  # fmt: skip
        assert AuditEntry.objects.filter(action="terminal.added").count() == 3

    def publish() -> bool:
        with in_business(business.id):
            return publish_first_program(business=business, choice="cash-back-5", user=owner, now=NOW)

    assert at_once([publish] * PAGES).answers == [True] * PAGES
    with in_business(business.id):
        assert (Program.objects.count(), ProgramVersion.objects.count()) == (1, 1)
        assert AuditEntry.objects.filter(action="program.published").count() == 1
