"""The program that is in force, parsed once per process and version."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from incust.businesses.tenancy import in_business
from incust.engine.codec import program_from_dict
from incust.engine.program import Program as Rules

from .models import Program, ProgramVersion, text_in_language

PARSED_PROGRAMS_MAX = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class CurrentProgram:
    """What is published. Percents are of the rules that credit and redeem; `None` where there is no such rule."""

    version_id: int
    number: int
    titles: dict[str, str]
    descriptions: dict[str, str]
    rules: Rules

    def title(self, language: str | None = None) -> str:
        """The public title in the wished (or active) language."""
        return text_in_language(self.titles, language)

    @property
    def earn_percent(self) -> Decimal | None:
        """Sum of the percents that credit bonus points."""
        return sum((rule.percent for rule in self.rules.credit_rules), Decimal(0)) or None

    @property
    def redeem_percent(self) -> Decimal | None:
        """Which part of a check bonus points may pay."""
        return self.rules.redeem_rule.percent if self.rules.redeem_rule else None


def current_program(business_id: int) -> CurrentProgram | None:
    """The business's published program; `None` while none is published."""
    with in_business(business_id):
        program = Program.objects.filter(business_id=business_id, current_version__isnull=False).order_by("pk").first()
    if program is None or program.current_version_id is None:
        return None
    return program_version(business_id, program.current_version_id)


def program_version(business_id: int, version_id: int) -> CurrentProgram:
    """A published version, parsed. Versions never change, so a process reads each once.

    Raises `ProgramVersion.DoesNotExist` for a version of another business.
    """
    # Numbers are unique within one database only, and a process may come to see another (as tests do).
    return _parsed(connection.settings_dict["NAME"], business_id, version_id)


@lru_cache(maxsize=PARSED_PROGRAMS_MAX)
def _parsed(_database: str, business_id: int, version_id: int) -> CurrentProgram:
    with in_business(business_id):
        version = ProgramVersion.objects.get(business_id=business_id, pk=version_id)
    return CurrentProgram(
        version_id=version.pk,
        number=version.number,
        titles=version.title,
        descriptions=version.description,
        rules=program_from_dict(version.definition),
    )
