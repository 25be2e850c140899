"""What happened to a receipt, as sentences for its owner: no codes, amounts in the business's currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incust.poster.models import Receipt
from incust.poster.receipt_timeline import TimelineEvent
from incust.poster.receipt_words import in_words

from .money_text import bonus_text, money_text

Facts = Mapping[str, Any]
Sentence = Callable[[Facts, str], str]

SOURCES: dict[str, Promise] = {
    "till": gettext_lazy("Till"),
    "webhook": gettext_lazy("Poster's webhook"),
    "comparison": gettext_lazy("Comparison"),
    "ledger": gettext_lazy("Ledger"),
    "message": gettext_lazy("Message"),
    "owner": gettext_lazy("By hand"),
}
IDENTIFIED_BY: dict[str, Promise] = {
    "qr": gettext_lazy("the QR code on the phone"),
    "temporary_code": gettext_lazy("the code from the wallet"),
    "phone": gettext_lazy("the phone number"),
    "email": gettext_lazy("the email address"),
    "card": gettext_lazy("the card"),
    "poster_client": gettext_lazy("the client attached in Poster"),
}
ACTIONS: dict[str, Promise] = {
    "added": gettext_lazy("the receipt was opened"),
    "changed": gettext_lazy("the receipt was changed"),
    "closed": gettext_lazy("the receipt was closed"),
    "removed": gettext_lazy("the receipt was deleted"),
}
TOPICS: dict[str, Promise] = {
    "check-finalized": gettext_lazy("what the receipt brought"),
    "check-refunded": gettext_lazy("the refund"),
    "confirmation-code": gettext_lazy("the code to confirm a redemption"),
}


def source_of(event: TimelineEvent) -> str:
    """One of `SOURCES`: who brought it about."""
    if event.kind in ("posted-correction", "posted-gift"):
        return "owner"
    if event.facts.get("by_comparison"):
        return "comparison"
    first, _dash, _rest = event.kind.partition("-")
    return {"posted": "ledger", "webhook": "webhook", "message": "message", "compared": "comparison",
            "compare": "comparison"}.get(first, "till")  # fmt: skip


def in_a_sentence(event: TimelineEvent, currency: str, people: Mapping[str, str]) -> str:
    """The event in the language that is active. ``people``: names by what the ledger calls an actor."""
    facts = {**event.facts, "who": people.get(event.facts.get("actor", ""), "")}
    return SENTENCES[event.kind](facts, currency)


def _identified(facts: Facts, currency: str) -> str:
    by = IDENTIFIED_BY.get(facts["by"], facts["by"])
    sentence = _("The guest was recognised by %(by)s at terminal %(terminal)s.") % {"by": by, **_at(facts)}
    return sentence if facts["strength"] == "strong" else sentence + " " + _("Others may know that, too.")


def _confirmed(facts: Facts, currency: str) -> str:
    return _("The guest confirmed with a code that %(amount)s may be redeemed.") % _amount(facts, currency)


def _reserved(facts: Facts, currency: str) -> str:
    return _("%(amount)s bonuses were reserved for this receipt, until %(until)s.") % {
        **_amount(facts, currency), "until": _time(facts["expires_at"]),
    }  # fmt: skip


def _reserved_nothing(facts: Facts, currency: str) -> str:
    return _("The receipt was announced without redeeming anything.")


def _hold_released(facts: Facts, currency: str) -> str:
    return _("The reservation of %(amount)s bonuses was given up; they are free again.") % _amount(facts, currency)


def _hold_lapsed(facts: Facts, currency: str) -> str:
    return _("The reservation of %(amount)s bonuses ran out before the receipt was paid; they are free again.") % (
        _amount(facts, currency)
    )


def _closed(facts: Facts, currency: str) -> str:
    total = money_text(facts["total_minor"], currency)
    return _("The receipt over %(total)s was closed at the register, which reported it later.") % {"total": total}


def _finalized(facts: Facts, currency: str) -> str:
    members = {
        **_at(facts),
        "total": money_text(facts["total_minor"], currency),
        "redeemed": bonus_text(facts["redeemed_minor"], currency),
        "earned": bonus_text(facts["earned_minor"], currency),
    }
    if facts["by_comparison"]:
        said = _("No register had reported the receipt over %(total)s, so it was posted from what Poster says.")
    elif facts["salesperson"]:
        said = _("Terminal %(terminal)s reported the paid receipt over %(total)s; salesperson: %(salesperson)s.")
    else:
        said = _("Terminal %(terminal)s reported the paid receipt over %(total)s.")
    said = (said + " " + _("Redeemed: %(redeemed)s. Earned: %(earned)s.")) % members
    if not facts["unbacked_minor"]:
        return said
    short = bonus_text(facts["unbacked_minor"], currency)
    return said + " " + _("The balance lacked %(amount)s; the business bears it.") % {"amount": short}


def _released(facts: Facts, currency: str) -> str:
    return _("Terminal %(terminal)s reported that the receipt was closed without payment. Nothing is earned.") % (
        _at(facts)
    )


def _refunded(facts: Facts, currency: str) -> str:
    what = _("The whole receipt was returned.") if facts["whole"] else _("Some of the goods were returned.")
    moved = [
        (_("Given back: %(amount)s."), facts["returned_minor"]),
        (_("Given back to nobody: %(amount)s."), facts["returned_unbacked_minor"]),
        (_("Taken back: %(amount)s."), facts["taken_back_minor"]),
        (_("Spent before it could be taken back, so the business bears it: %(amount)s."), facts["absorbed_minor"]),
        (_("Expired before: %(amount)s."), facts["expired_minor"]),
    ]
    told = [words % {"amount": bonus_text(minor, currency)} for words, minor in moved if minor]
    return " ".join([what, *(told or [_("No bonuses moved.")])])


def _posted(what: str | Promise) -> Sentence:
    def sentence(facts: Facts, currency: str) -> str:
        amount_minor = facts["amount_minor"]
        sign = "+" if amount_minor > 0 else "−"
        said = _("%(what)s: %(amount)s. Balance after it: %(balance)s.") % {
            "what": what, "amount": sign + bonus_text(abs(amount_minor), currency),
            "balance": bonus_text(facts["balance_minor"], currency),
        }  # fmt: skip
        if facts.get("expires_on"):
            day = date_format(date.fromisoformat(facts["expires_on"]), "SHORT_DATE_FORMAT")
            said += " " + _("Good until %(day)s.") % {"day": day}
        if facts.get("reason"):
            said += " " + _("Reason: %(reason)s") % {"reason": facts["reason"]}
        return f"{said} ({facts['who']})" if facts["who"] else said

    return sentence


def _posted_check(facts: Facts, currency: str) -> str:
    what = gettext_lazy("Earned by this receipt") if facts["amount_minor"] > 0 else gettext_lazy("Paid with bonuses")
    return _posted(what)(facts, currency)


def _posted_refund(facts: Facts, currency: str) -> str:
    given = facts["amount_minor"] > 0
    what = gettext_lazy("Given back by the refund") if given else gettext_lazy("Taken back by the refund")
    return _posted(what)(facts, currency)


def _hook(sentence: str | Promise) -> Sentence:
    def said(facts: Facts, currency: str) -> str:
        members = {"action": ACTIONS.get(facts["action"], facts["action"]), "tries": facts.get("tries", 0)}
        told = str(sentence) % members
        return f"{told} {in_words(facts['why'])}" if facts.get("why") else told

    return said


def _compared(facts: Facts, currency: str) -> str:
    verdict = Receipt.Verdict(facts["verdict"]).label
    said = _("The receipt in Poster was compared with the books here: %(verdict)s.") % {"verdict": verdict}
    return " ".join([said, *_reasons(facts, currency)])


def _compare_failed(facts: Facts, currency: str) -> str:
    return " ".join([_("Poster's receipt could not be looked at; it is tried again."), *_reasons(facts, currency)])


def _reasons(facts: Facts, currency: str) -> list[str]:
    return [in_words(one, lambda minor: money_text(minor, currency)) for one in facts["why"] or []]


def _message(sentence: str | Promise) -> Sentence:
    def said(facts: Facts, currency: str) -> str:
        about = TOPICS.get(facts["topic"], facts["topic"])
        return str(sentence) % {"about": about, "address": facts.get("address") or "–"}

    return said


def _at(facts: Facts) -> dict[str, str]:
    return {"terminal": facts["terminal"] or "–", "salesperson": facts.get("salesperson", "")}


def _amount(facts: Facts, currency: str) -> dict[str, str]:
    return {"amount": bonus_text(facts["amount_minor"], currency)}


def _time(written: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(written)), "H:i")


SENTENCES: dict[str, Sentence] = {
    "identified": _identified,
    "confirmed": _confirmed,
    "reserved": _reserved,
    "reserved-nothing": _reserved_nothing,
    "hold-released": _hold_released,
    "hold-lapsed": _hold_lapsed,
    "closed": _closed,
    "finalized": _finalized,
    "released": _released,
    "refunded": _refunded,
    "posted-check": _posted_check,
    "posted-refund": _posted_refund,
    "posted-expiry": _posted(gettext_lazy("Expired of what this receipt gave")),
    "posted-correction": _posted(gettext_lazy("Balance corrected by hand")),
    "posted-gift": _posted(gettext_lazy("Bonuses given by hand")),
    "webhook-received": _hook(gettext_lazy("Poster told us: %(action)s.")),
    "webhook-processed": _hook(gettext_lazy("Worked off: %(action)s.")),
    "webhook-retried": _hook(gettext_lazy("Could not be worked off yet (tries: %(tries)s): %(action)s.")),
    "webhook-kept": _hook(gettext_lazy("Waits until the account is connected again: %(action)s.")),
    "webhook-failed": _hook(gettext_lazy("Given up after %(tries)s tries: %(action)s.")),
    "compared": _compared,
    "compare-failed": _compare_failed,
    "message-queued": _message(gettext_lazy("A message about %(about)s was queued.")),
    "message-retried": _message(
        gettext_lazy("The message about %(about)s could not be sent to %(address)s yet; it is tried again.")
    ),
    "message-sending": _message(gettext_lazy("The message about %(about)s is being sent to %(address)s.")),
    "message-sent": _message(gettext_lazy("The message about %(about)s was sent to %(address)s.")),
    "message-failed": _message(gettext_lazy("The message about %(about)s could not be sent to %(address)s.")),
    "message-ambiguous": _message(gettext_lazy("The message about %(about)s was perhaps sent to %(address)s.")),
    "message-expired": _message(gettext_lazy("The message about %(about)s was not sent any more: too late.")),
}
