"""Saving a terminal, and what changed into the audit log."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError

from incust.businesses.audit import record_change
from incust.businesses.models import Terminal, User
from incust.businesses.tenancy import in_business
from incust.poster.read_account import AccountFacts
from incust.poster.validate_terminal import CheckedTab, check_poster_tab, register_taken_sentence

from .terminal_form import CONFIGURATION_FIELDS, GENERAL_FIELDS, TerminalForm, poster_tab_of

WATCHED = (
    *(name for name in GENERAL_FIELDS if name != "point_of_sale"), "use_poster", "poster_application",
    "poster_location_id", "poster_register_id", *CONFIGURATION_FIELDS,
)  # fmt: skip


def save_terminal(
    *, business_id: int, user: User, form: TerminalForm, terminal_id: int | None, facts: AccountFacts | None = None
) -> Terminal | None:
    """Check the valid form's *Poster* tab against Poster, then save. ``None`` if there are faults; the form has them.

    Talks to Poster, so call it outside of transactions, unless ``facts`` tell what Poster has just said. Without the
    integration the tab is kept as it was stored.
    """
    checked = CheckedTab()
    if form.cleaned_data["use_poster"]:
        checked = check_poster_tab(business_id, poster_tab_of(form, terminal_id), facts=facts)
        for name, sentence in checked.faults.items():
            form.add_error(None if name == "__all__" else name, sentence)
        if checked.faults:
            return None
    try:
        with in_business(business_id):
            return _store(business_id, user, form, checked, terminal_id)
    except IntegrityError:
        form.add_error("poster_register_id", register_taken_sentence())
        return None


def _store(business_id: int, user: User, form: TerminalForm, checked: CheckedTab, terminal_id: int | None) -> Terminal:
    values = form.cleaned_data
    if terminal_id is None:
        terminal = Terminal(business_id=business_id)
    else:
        terminal = Terminal.objects.select_for_update().get(id=terminal_id)
    before = _watched(terminal)
    for name in GENERAL_FIELDS:
        setattr(terminal, name, values[name])
    terminal.use_poster = values["use_poster"]
    if terminal.use_poster:
        terminal.poster_account_id = checked.account_id
        terminal.poster_application = checked.application
        terminal.poster_location_id = values["poster_location_id"].strip()
        terminal.poster_register_id = values["poster_register_id"].strip()
        for name in CONFIGURATION_FIELDS:
            setattr(terminal, name, values[name])
    terminal.save()
    changes = _changes(before, terminal)
    if changes or terminal_id is None:
        record_change(
            business_id=business_id, user=user, subject=terminal.name, changes=changes,
            action="terminal.added" if terminal_id is None else "terminal.changed",
        )  # fmt: skip
    return terminal


def _watched(terminal: Terminal) -> dict[str, Any]:
    """What the audit log compares; relations by their names, which a reader understands."""
    return {
        **{name: getattr(terminal, name) for name in WATCHED},
        "point_of_sale": terminal.point_of_sale.name if terminal.point_of_sale_id else None,
        "poster_account": terminal.poster_account.name if terminal.poster_account else None,
    }


def _changes(before: dict[str, Any], terminal: Terminal) -> dict[str, Any]:
    now = _watched(terminal)
    return {name: [before[name], now[name]] for name in now if before[name] != now[name]}
