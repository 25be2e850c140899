"""Given a draft, when it is published, then registers work by it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection
from django.utils import translation

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, User
from incust.businesses.tenancy import in_business
from incust.engine.program import CreditPercent, Program, RedeemPercent
from incust.programs.current_program import current_program, program_version
from incust.programs.models import Program as StoredProgram
from incust.programs.models import ProgramVersion
from incust.programs.problems import ProgramRefused, ProgramUnknown
from incust.programs.publish_program import PublishProgram, publish_program
from incust.programs.save_draft import SaveDraft, rules_from_dict, save_draft

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def rules(earn: str = "5") -> Program:
    return Program(
        rules=(
            CreditPercent(rule_id="earn", percent=Decimal(earn)),
            RedeemPercent(rule_id="redeem", percent=Decimal(50)),
        )
    )


@pytest.fixture
def business() -> Business:
    return create_business(CreateBusiness(name="Kava", owner=User.objects.create(username="owner")))


class TestPublishProgram:
    def test_a_draft_is_not_in_force(self, business: Business) -> None:
        save_draft(SaveDraft(business_id=business.pk, rules=rules(), title={"en": "Bonus club"}), now=NOW)
        assert current_program(business.pk) is None

    def test_publishing_puts_the_draft_in_force(self, business: Business) -> None:
        draft = SaveDraft(business_id=business.pk, rules=rules(), title={"en": "Bonus club", "uk": "Бонусний клуб"})
        program_id = save_draft(draft, now=NOW)
        published = publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=NOW)
        program = current_program(business.pk)
        assert program is not None
        assert (published.number, program.number, program.rules) == (1, 1, rules())
        assert (program.title("uk"), program.title("pl")) == ("Бонусний клуб", "Bonus club")
        assert (program.earn_percent, program.redeem_percent) == (Decimal(5), Decimal(50))

    def test_old_versions_stay_as_they_were(self, business: Business) -> None:
        program_id = save_draft(SaveDraft(business_id=business.pk, rules=rules("5")), now=NOW)
        first = publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=NOW)
        save_draft(SaveDraft(business_id=business.pk, program_id=program_id, rules=rules("7")), now=NOW)
        second = publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=NOW)
        assert (first.number, second.number) == (1, 2)
        assert program_version(business.pk, first.version_id).rules == rules("5")
        assert program_version(business.pk, second.version_id).rules == rules("7")

    def test_an_unchanged_draft_publishes_nothing_new(self, business: Business) -> None:
        program_id = save_draft(SaveDraft(business_id=business.pk, rules=rules()), now=NOW)
        request = PublishProgram(business_id=business.pk, program_id=program_id)
        assert publish_program(request, now=NOW) == publish_program(request, now=NOW)
        with in_business(business.pk):
            assert ProgramVersion.objects.count() == 1

    def test_a_published_version_cannot_be_changed(self, business: Business) -> None:
        program_id = save_draft(SaveDraft(business_id=business.pk, rules=rules()), now=NOW)
        publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=NOW)
        with pytest.raises(ProgrammingError, match="permission denied"), in_business(business.pk):
            ProgramVersion.objects.update(number=9)

    def test_another_business_has_no_such_program(self, business: Business) -> None:
        program_id = save_draft(SaveDraft(business_id=business.pk, rules=rules()), now=NOW)
        with connection.cursor() as cursor:  # leave the business that the test's transaction works for
            cursor.execute("SELECT set_config('incust.business_id', '', true)")
        other = create_business(CreateBusiness(name="Other", owner=User.objects.create(username="other")))
        with pytest.raises(ProgramUnknown):
            publish_program(PublishProgram(business_id=other.pk, program_id=program_id), now=NOW)

    def test_an_unreadable_draft_is_refused_by_name(self, business: Business) -> None:
        program_id = save_draft(SaveDraft(business_id=business.pk, rules=rules()), now=NOW)
        with in_business(business.pk):
            StoredProgram.objects.filter(pk=program_id).update(draft={"format": 1, "rules": [{"kind": "gift"}]})
        with pytest.raises(ProgramRefused) as refused:
            publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=NOW)
        assert refused.value.members["field"] == "rules.0.kind"


def test_rules_from_a_form_are_read_like_stored_ones() -> None:
    assert rules_from_dict({"format": 1, "rules": []}) == Program(rules=())


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The program cannot be saved. rules.0.percent: A percent is above 0, at most 100, with at most two "
               "places."),
        ("uk", "Програму не можна зберегти. rules.0.percent: Відсоток більший за 0, не більший за 100, щонайбільше два "
               "знаки після коми."),
    ],
)  # fmt: skip
def test_why_a_program_is_refused_is_said_in_one_language(language: str, sentence: str) -> None:
    rule = {"kind": "redeem_percent", "rule_id": "r", "percent": "100.01"}
    with translation.override(language), pytest.raises(ProgramRefused) as refused:
        rules_from_dict({"format": 1, "rules": [rule]})
    with translation.override(language):
        assert refused.value.detail == sentence


class TestInForce:
    def version(self, business: Business) -> object:
        with in_business(business.pk), connection.cursor() as cursor:
            cursor.execute("SELECT programs.current_version(%s)", [business.pk])
            return cursor.fetchone()[0]

    def publish(self, business: Business, program_id: int | None = None, earn: str = "5") -> tuple[int, object]:
        draft = SaveDraft(business_id=business.pk, program_id=program_id, rules=rules(earn), title={"en": "Bonus club"})
        program_id = save_draft(draft, now=NOW)
        publish_program(PublishProgram(business_id=business.pk, program_id=program_id), now=NOW)
        with in_business(business.pk):
            return program_id, StoredProgram.objects.get(pk=program_id).current_version_id

    def test_of_several_programs_the_first_counts_with_its_latest_version(self, business: Business) -> None:
        assert self.version(business) is None
        first, version = self.publish(business)
        self.publish(business)
        assert self.version(business) == version
        _, later = self.publish(business, first, earn="6")
        assert later != version
        assert self.version(business) == later
