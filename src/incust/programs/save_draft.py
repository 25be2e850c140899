"""Keep what the owner edits, without showing it to any register yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incust.businesses.invalid_in_words import invalid_in_words
from incust.businesses.tenancy import in_business
from incust.engine.codec import program_from_dict, program_to_dict
from incust.engine.program import Program as Rules
from incust.engine.program import ProgramInvalid

from .models import Program
from .problems import ProgramRefused, ProgramUnknown


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveDraft:
    """`program_id` None starts a new program. Texts are by language (`en`, `uk`, `pl`, `ru`)."""

    business_id: int
    rules: Rules
    program_id: int | None = None
    title: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)


def save_draft(request: SaveDraft, *, now: datetime) -> int:
    """Save the draft and return the program's id. Raises `ProgramUnknown`."""
    kept = {
        "title": request.title,
        "description": request.description,
        "draft": program_to_dict(request.rules),
        "draft_saved_at": now,
    }
    with in_business(request.business_id):
        if request.program_id is None:
            return int(Program.objects.create(business_id=request.business_id, **kept).pk)
        if not Program.objects.filter(business_id=request.business_id, pk=request.program_id).update(**kept):
            raise ProgramUnknown
        return request.program_id


def rules_from_dict(stored: dict[str, Any]) -> Rules:
    """Read rules as a form or a file gives them. Raises `ProgramRefused` with the faulty member's path."""
    try:
        return program_from_dict(stored)
    except ProgramInvalid as fault:
        raise ProgramRefused(field=fault.field, reason=invalid_in_words(fault)) from fault
