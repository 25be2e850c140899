"""Make the draft what registers work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incust.businesses.tenancy import in_business

from .models import Program, ProgramVersion
from .problems import ProgramUnknown
from .save_draft import rules_from_dict


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishProgram:
    """`by_user` is the staff member who pressed the button, if a person did."""

    business_id: int
    program_id: int
    by_user: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedProgram:
    """The version that checks are evaluated by from now on."""

    program_id: int
    version_id: int
    number: int


def publish_program(request: PublishProgram, *, now: datetime) -> PublishedProgram:
    """Publish the draft as the next version. An unchanged draft publishes nothing new and returns the current version.

    Raises `ProgramUnknown`; `ProgramRefused` for a draft that the engine cannot read.
    """
    with in_business(request.business_id):
        program = (
            Program.objects.select_for_update(no_key=True)
            .filter(business_id=request.business_id, pk=request.program_id)
            .first()
        )
        if program is None:
            raise ProgramUnknown
        rules_from_dict(program.draft)
        current = ProgramVersion.objects.filter(business_id=request.business_id, pk=program.current_version_id).first()
        if current is None or not _same(current, program):
            current = ProgramVersion.objects.create(
                business_id=request.business_id, program_id=program.pk,
                number=(current.number if current else 0) + 1, title=program.title, description=program.description,
                definition=program.draft, published_at=now, published_by=request.by_user,
            )  # fmt: skip
            Program.objects.filter(business_id=request.business_id, pk=program.pk).update(current_version=current.pk)
    return PublishedProgram(program_id=program.pk, version_id=current.pk, number=current.number)


def _same(version: ProgramVersion, program: Program) -> bool:
    return (version.title, version.description, version.definition) == (
        program.title, program.description, program.draft,
    )  # fmt: skip
