"""Settings → Loyalty program: a draft that only the panel sees, and its publication."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from incust.businesses.invalid_in_words import invalid_in_words
from incust.businesses.models import Business
from incust.engine.codec import program_from_dict
from incust.engine.program import Program as Rules
from incust.engine.program import ProgramInvalid
from incust.programs.models import Program, ProgramVersion
from incust.programs.save_draft import SaveDraft

from .money_text import digits_of
from .program_form import TITLE_LENGTH_MAX, USUAL_RULES, ProgramForm, initial_of, rules_of
from .save_program import keep_draft, publish_draft
from .seats import seat_of, user_of
from .site import for_editors, panel


@panel.page("settings/program/", "program")
@for_editors
def program(request: HttpRequest) -> HttpResponse:
    """Show the draft; "Save draft" keeps it, "Save and publish" gives it to the registers as well."""
    seat = seat_of(request)
    business = Business.objects.get(id=seat.business_id)
    stored = Program.objects.order_by("id").first()
    form = ProgramForm(request.POST or None, initial=_initial(stored, business), read_only=not seat.may_edit)
    if request.method == "POST" and form.is_valid() and _save(request, form, stored, business):
        return HttpResponseRedirect(reverse("admin:program"))
    versions = ProgramVersion.objects.filter(program=stored).order_by("-number") if stored else []
    return panel.render(
        request,
        "panel/program.html",
        title=_("Loyalty program"),
        form=form,
        business=business,
        program=stored,
        versions=versions[:10],
        current=stored.current_version if stored else None,
        draft_differs=bool(stored and _differs(stored)),
    )


def _initial(stored: Program | None, business: Business) -> dict[str, object]:
    """The draft; for a business that has none yet, a usual one under its own name."""
    return initial_of(
        _rules(stored), title=stored.title if stored else {"en": business.name[:TITLE_LENGTH_MAX]},
        description=stored.description if stored else {}, digits=digits_of(business.currency),
    )  # fmt: skip


def _rules(stored: Program | None) -> Rules:
    return program_from_dict(stored.draft) if stored else USUAL_RULES


def _save(request: HttpRequest, form: ProgramForm, stored: Program | None, business: Business) -> bool:
    user, now = user_of(request), timezone.now()
    try:
        rules = rules_of(form, before=_rules(stored), digits=digits_of(business.currency))
    except ProgramInvalid as fault:
        form.add_error(None, invalid_in_words(fault))
        return False
    draft = SaveDraft(
        business_id=business.id, program_id=stored.id if stored else None, rules=rules, title=form.text_of("title"),
        description=form.text_of("description"),
    )  # fmt: skip
    program_id = keep_draft(draft, before=stored.draft if stored else {}, user=user, now=now)
    if "publish" not in request.POST:
        messages.success(request, _("The draft is saved. Registers still work with the published version."))
        return True
    published = publish_draft(business_id=business.id, program_id=program_id, title=draft.title, user=user, now=now)
    messages.success(
        request,
        _("Version %(number)s is published. Registers work with it from now on.") % {"number": published.number},
    )
    return True


def _differs(stored: Program) -> bool:
    current = stored.current_version
    return current is None or (current.title, current.description, current.definition) != (
        stored.title, stored.description, stored.draft,
    )  # fmt: skip
