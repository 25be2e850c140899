"""A program for a business that has none yet: its own draft, or one from a template, published at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incust.businesses.models import Business, TillAccount, User
from incust.engine.codec import program_from_dict
from incust.programs.models import Program
from incust.programs.save_draft import SaveDraft
from incust.programs.templates import PROGRAM_TEMPLATES, template_named

from .program_example import Example, example_of
from .program_form import TITLE_LENGTH_MAX
from .save_program import keep_draft, publish_draft
from .setup_state import linked_terminals

DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One program to choose, in words."""

    key: str
    title: str
    fits: str
    example: Example


def offers(business: Business, account: TillAccount, *, now: datetime) -> list[Offer]:
    """The owner's own draft alone, if he has one: a template would take its place. Else the templates.

    Inside ``in_business``.
    """
    currency = currency_of(business, account)
    drafted = Program.objects.order_by("id").first()
    if drafted:
        return [
            Offer(
                key=DRAFT, title=str(drafted) or _("Your draft"), fits=_("Your draft, as you saved it."),
                example=example_of(program_from_dict(drafted.draft), currency, now=now),
            )
        ]  # fmt: skip
    return [
        Offer(
            key=template.key, title=str(template.title), fits=str(template.fits),
            example=example_of(template.rules, currency, now=now),
        )
        for template in PROGRAM_TEMPLATES
    ]  # fmt: skip


def published(business: Business, account: TillAccount, *, now: datetime) -> dict[str, Any] | None:
    """The program in force with its example; ``None`` while there is none. Inside ``in_business``."""
    program = Program.objects.select_related("current_version").filter(current_version__isnull=False).first()
    if program is None or program.current_version is None:
        return None
    rules = program_from_dict(program.current_version.definition)
    return {
        "title": str(program),
        "number": program.current_version.number,
        "example": example_of(rules, currency_of(business, account), now=now),
    }


def currency_of(business: Business, account: TillAccount) -> str:
    """In which the account's registers sell."""
    return next((terminal.currency for terminal in linked_terminals(account)), business.currency)


def publish_first_program(*, business: Business, choice: str, user: User, now: datetime) -> bool:
    """Publish the chosen offer; ``False`` for a choice that is none. A program in force stays as it is.

    So does a draft of the owner's: a template chosen before he saved it is none any more. Inside ``in_business``.
    """
    # Two pages at once, of two accounts as well: the second finds the program of the first.
    list(TillAccount.objects.select_for_update().order_by("id")[:1])
    stored = Program.objects.order_by("id").first()
    if Program.objects.filter(current_version__isnull=False).exists():
        return True
    if stored is not None:
        if choice != DRAFT:
            return False
        publish_draft(business_id=business.id, program_id=stored.id, title=stored.title, user=user, now=now)
        return True
    template = template_named(choice)
    if template is None:
        return False
    draft = SaveDraft(
        business_id=business.id, rules=template.rules, title={"en": business.name[:TITLE_LENGTH_MAX]}
    )  # fmt: skip
    program_id = keep_draft(draft, before={}, user=user, now=now)
    publish_draft(business_id=business.id, program_id=program_id, title=draft.title, user=user, now=now)
    return True
