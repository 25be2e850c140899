"""Settings → Loyalty program: a draft, its publication, and the record of both."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.integration.panel.people import Person, owner_of

from incust.businesses.models import AuditEntry
from incust.businesses.tenancy import in_business
from incust.engine.program import BelowZero
from incust.engine.program import Program as Rules
from incust.programs.current_program import CurrentProgram, current_program
from incust.programs.save_draft import SaveDraft, save_draft

pytestmark = pytest.mark.django_db


def fill(**changes: object) -> dict[str, object]:
    return {
        "credit_percent": "5", "basis": "paid_with_money", "lifetime_days": "180", "redeem_percent": "50",
        "rounding": "down", "step_minor": "10", "promotion_lines_take_part": "on", "new_customer_status": "full",
        "confirmation": "above_limit", "confirmation_limit": "25.50", "below_zero": "debt", "debt_limit": "100",
        "title_en": "Bonus club", "title_uk": "Бонусний клуб", **changes,
    }  # fmt: skip


def published(owner: Person) -> CurrentProgram | None:
    return current_program(owner.business.id)


def test_a_draft_reaches_no_register() -> None:
    owner = owner_of()
    assert owner.post("settings/program/", fill(draft="1")).status_code == 302
    assert published(owner) is None
    page = owner.get("settings/program/").content.decode()
    assert 'value="Bonus club"' in page
    assert "No version is published yet" in page


def test_publishing_puts_exactly_what_was_typed_into_force() -> None:
    owner = owner_of()
    owner.post("settings/program/", fill(publish="1"))
    program = published(owner)
    assert program is not None
    assert (program.number, program.titles) == (1, {"en": "Bonus club", "uk": "Бонусний клуб"})
    assert (program.earn_percent, program.redeem_percent) == (Decimal(5), Decimal(50))
    rules = program.rules
    assert rules.credit_rules[0].lifetime_days == 180
    assert (rules.step_minor, rules.confirmation, rules.confirmation_limit_minor) == (10, "above_limit", 2550)
    assert (rules.below_zero, rules.debt_limit_minor) == (BelowZero.DEBT, 10_000)


def test_a_business_without_a_program_starts_from_a_usual_one_under_its_own_name() -> None:
    page = owner_of("Kava").get("settings/program/").content.decode()
    shown = dict(re.findall(r'name="(credit_percent|redeem_percent|title_en|title_uk)" value="([^"]*)"', page))
    assert shown == {"credit_percent": "5", "redeem_percent": "50", "title_en": "Kava"}


def test_the_draft_shows_what_it_says_about_refunds() -> None:
    owner = owner_of()
    kept = Rules(rules=(), below_zero=BelowZero.BLOCK, debt_limit_minor=700)
    save_draft(SaveDraft(business_id=owner.business.id, rules=kept, title={"en": "Club"}), now=timezone.now())
    page = owner.get("settings/program/").content.decode()
    assert '<option value="block" selected>' in page
    assert re.search('name="debt_limit" value="7.00"', page)


def test_a_later_draft_leaves_the_published_version_in_force_and_says_so() -> None:
    owner = owner_of()
    owner.post("settings/program/", fill(publish="1"))
    owner.post("settings/program/", fill(draft="1", credit_percent="7"))
    assert published(owner).earn_percent == Decimal(5)  # type: ignore[union-attr]
    assert "The draft differs from version 1" in owner.get("settings/program/").content.decode()
    owner.post("settings/program/", fill(publish="1", credit_percent="7"))
    assert (published(owner).number, published(owner).earn_percent) == (2, Decimal(7))  # type: ignore[union-attr]


def test_nought_per_cent_leaves_the_rule_out() -> None:
    owner = owner_of()
    owner.post("settings/program/", fill(publish="1", redeem_percent="0"))
    assert published(owner).redeem_percent is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "value"),
    [("credit_percent", "101"), ("credit_percent", "5.123"), ("lifetime_days", "0"), ("title_en", ""),
     ("below_zero", "forgive"), ("debt_limit", ""), ("debt_limit", "0"), ("debt_limit", "-1")],
)  # fmt: skip
def test_a_fault_saves_nothing(name: str, value: str) -> None:
    owner = owner_of()
    answer = owner.post("settings/program/", fill(publish="1", **{name: value}))
    assert answer.status_code == 200
    assert "Nothing was saved." in answer.content.decode()
    assert published(owner) is None


def test_the_audit_log_has_draft_and_publication() -> None:
    owner = owner_of()
    owner.post("settings/program/", fill(publish="1"))
    with in_business(owner.business.id):
        entries = list(AuditEntry.objects.order_by("id").values_list("action", "user_id"))
    assert entries == [("program.draft_saved", owner.user.id), ("program.published", owner.user.id)]
    assert "rules: credit 5 %, redeem 50 %" in owner.get("businesses/auditentry/").content.decode()
