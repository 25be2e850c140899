"""A program's draft and its publication, with what the audit log says of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from incust.businesses.audit import record_change
from incust.businesses.models import User
from incust.engine.codec import program_to_dict
from incust.programs.models import text_in_language
from incust.programs.publish_program import PublishedProgram, PublishProgram, publish_program
from incust.programs.save_draft import SaveDraft, save_draft


def keep_draft(draft: SaveDraft, *, before: dict[str, Any], user: User, now: datetime) -> int:
    """Save the draft and write down what differs from ``before``, the draft so far; gives the program's id.

    Inside ``in_business``. Raises `ProgramUnknown`.
    """
    program_id = save_draft(draft, now=now)
    changes = {
        name: [before.get(name), value]
        for name, value in program_to_dict(draft.rules).items()
        if name != "format" and before.get(name) != value
    }
    record_change(
        business_id=draft.business_id, user=user, action="program.draft_saved",
        subject=text_in_language(draft.title, "en"), changes=changes,
    )  # fmt: skip
    return program_id


def publish_draft(
    *, business_id: int, program_id: int, title: dict[str, str], user: User, now: datetime
) -> PublishedProgram:
    """Give registers the draft, and write it down. Inside ``in_business``; raises what `publish_program` does."""
    published = publish_program(
        PublishProgram(business_id=business_id, program_id=program_id, by_user=user.id), now=now
    )
    record_change(
        business_id=business_id, user=user, action="program.published", subject=text_in_language(title, "en"),
        changes={"version": [None, published.number]},
    )  # fmt: skip
    return published
