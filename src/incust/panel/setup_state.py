"""How far the set-up of an account has come. Nothing of it is stored: it is read off what there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from incust.businesses.models import Terminal, TillAccount
from incust.checks.models import Check
from incust.customers.models import Customer
from incust.poster.models import Location, Register
from incust.programs.models import Program

from .money_text import bonus_text, money_text

RECEIPTS_LOOKED_AT = 100
"""Of each location the newest: a page that is polled must not read a café's history."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Which of the three steps are done."""

    registers: bool
    program: bool
    sale: bool

    @property
    def done(self) -> int:
        return sum((self.registers, self.program, self.sale))

    @property
    def complete(self) -> bool:
        return self.done == STEPS

    @property
    def steps(self) -> int:
        return STEPS


STEPS = 3


@dataclass(frozen=True, kw_only=True)
class RegisterOfAccount:
    """A register, and the terminal that is linked to it. ``moved``: Poster has it at another location by now."""

    register: Register
    terminal: Terminal | None
    moved: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """A location with its registers."""

    location: Location
    registers: list[RegisterOfAccount]

    @property
    def open_registers(self) -> int:
        return sum(row.terminal is None for row in self.registers)


@dataclass(frozen=True, kw_only=True)
class LiveRegister:
    """``state``: ``off``, ``waiting`` (not heard of yet), ``connected``, or ``sold``, then with its newest receipt."""

    terminal: Terminal
    state: str
    receipt: dict[str, Any] | None


def progress_of(account: TillAccount) -> Progress:
    """Inside ``in_business``, as all of this page."""
    terminals = linked_terminals(account)
    return Progress(
        registers=bool(terminals),
        program=Program.objects.filter(current_version__isnull=False).exists(),
        sale=bool(_newest_receipts(account, terminals)),
    )


def linked_terminals(account: TillAccount) -> list[Terminal]:
    return list(
        Terminal.objects.select_related("point_of_sale")
        .filter(use_poster=True, poster_account=account)
        .order_by("point_of_sale__name", "name", "id")
    )


def places_of(account: TillAccount) -> list[Place]:
    """The account's locations that have registers, as Poster last told them."""
    by_register = {terminal.poster_register_id: terminal for terminal in linked_terminals(account)}
    at: dict[str, list[RegisterOfAccount]] = {}
    for register in Register.objects.filter(till_account=account).order_by("name", "id"):
        terminal = by_register.get(register.external_id)
        moved = terminal is not None and terminal.poster_location_id != register.location_external_id
        row = RegisterOfAccount(register=register, terminal=terminal, moved=moved)
        at.setdefault(register.location_external_id, []).append(row)
    return [
        Place(location=location, registers=at[location.external_id])
        for location in Location.objects.filter(till_account=account).order_by("name", "id")
        if location.external_id in at
    ]


def live_registers(account: TillAccount) -> list[LiveRegister]:
    """What each linked register has done so far."""
    terminals = linked_terminals(account)
    receipts = _newest_receipts(account, terminals)
    names = dict(
        Customer.objects.filter(id__in=[check.customer_id for check in receipts.values()]).values_list("id", "name")
    )
    return [
        LiveRegister(terminal=terminal, state=_state(terminal, receipt), receipt=receipt and _shown(receipt, names))
        for terminal in terminals
        for receipt in [receipts.get(terminal.id)]
    ]


def _state(terminal: Terminal, receipt: Check | None) -> str:
    if not terminal.enabled:
        return "off"
    if receipt is not None:
        return "sold"
    return "waiting" if terminal.last_seen_at is None else "connected"


def _newest_receipts(account: TillAccount, terminals: list[Terminal]) -> dict[int, Check]:
    """By terminal, of those that have sold lately. Poster numbers orders by time, and an index knows them in order."""
    newest: dict[int, int] = {}
    for location_id in {terminal.poster_location_id for terminal in terminals}:
        rows = (
            Check.objects.filter(business_id=account.business_id, till_account_id=account.id, spot=location_id)
            .order_by("-external_id")
            .values_list("terminal_id", "id", "status")[:RECEIPTS_LOOKED_AT]
        )
        for terminal_id, check_id, status in rows:
            if status == Check.Status.FINALIZED:
                newest.setdefault(terminal_id, check_id)
    ours = {newest[terminal.id] for terminal in terminals if terminal.id in newest}
    return {check.terminal_id: check for check in Check.objects.filter(id__in=ours)}


def _shown(check: Check, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": check.id,
        "number": check.transaction_id,
        "when": check.finalized_at,
        "total": money_text(check.total_minor, check.currency),
        "earned": bonus_text(check.earned_minor, check.currency),
        "redeemed": bonus_text(check.redeem_minor, check.currency) if check.redeem_minor else "",
        "guest": names.get(check.customer_id, ""),
    }
