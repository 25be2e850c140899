"""A program and its published versions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness


class Program(OfBusiness):
    """A loyalty program as its owner edits it. Registers never see the draft, only what was published."""

    title = models.JSONField(_("public title"), default=dict, help_text=_("By language: en, uk, pl, ru."))
    description = models.JSONField(_("public description"), default=dict, help_text=_("By language: en, uk, pl, ru."))
    draft = models.JSONField(_("rules and settings"), default=dict)
    draft_saved_at = models.DateTimeField(_("draft saved"))
    current_version = models.ForeignKey(
        "ProgramVersion", on_delete=models.PROTECT, db_constraint=False, null=True, editable=False, related_name="+",
        verbose_name=_("published version"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        db_table = "program"
        verbose_name = _("loyalty program")
        verbose_name_plural = _("loyalty programs")

    def __str__(self) -> str:
        return text_in_language(self.title)


class ProgramVersion(OfBusiness):
    """What was published, as it was: never changed again. Checks remember by which version they were evaluated."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, db_constraint=False, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.JSONField(_("public title"))
    description = models.JSONField(_("public description"))
    definition = models.JSONField(_("rules and settings"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.BigIntegerField(_("published by"), null=True)

    class Meta:
        db_table = "program_version"
        verbose_name = _("program version")
        verbose_name_plural = _("program versions")
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="program_version_number_once")]

    def __str__(self) -> str:
        return f"{text_in_language(self.title)} {self.number}"


def text_in_language(texts: dict[str, Any], language: str | None = None) -> str:
    """The text in the wished (or active) language, else in English, else in any that is there."""
    wished = (language or get_language() or "en")[:2]
    return str(texts.get(wished) or texts.get("en") or next((text for text in texts.values() if text), ""))
