"""What each fault that a comparison finds means, in words for the owner and for who looks after the server."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_precision
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

AMOUNTS = {
    "balance": _("Account %(subject)s: the balance is %(found)s, but its entries add up to %(expected)s."),
    "running-balance": _("Entry %(subject)s: the balance after it is %(found)s, but the entries make it %(expected)s."),
    "held": _("Account %(subject)s: %(found)s is marked as held, but its open holds add up to %(expected)s."),
    "unbalanced": _("Posting %(subject)s does not balance: its entries add up to %(found)s instead of %(expected)s."),
    "expiry": _("Expiry %(subject)s took %(expected)s, but only %(found)s of it came from bonuses that had expired."),
    "lot-remaining": _("Lot %(subject)s: %(found)s is left, but what was spent of it leaves %(expected)s."),
    "lots-above-balance": _("Account %(subject)s: its lots hold %(found)s, more than its balance of %(expected)s."),
    "lot-without-credit": _("Lot %(subject)s is of %(found)s, but %(expected)s was credited for it."),
    "spend-above-entry": _("Entry %(subject)s took %(found)s from lots, but %(expected)s from the balance."),
    "lot-of-check": _(
        "Check %(subject)s credited %(expected)s that expires, but %(found)s of it is kept with a last day."
    ),
    "redeemed": _("Check %(subject)s redeemed %(expected)s, but %(found)s was posted."),
    "earned": _("Check %(subject)s earned %(expected)s, but %(found)s was posted."),
    "unbacked": _("Check %(subject)s: %(expected)s was not covered by a balance, but %(found)s was posted as such."),
    "lines-redeemed": _("Check %(subject)s: its lines share %(found)s of the redemption instead of %(expected)s."),
    "lines-earned": _("Check %(subject)s: its lines share %(found)s of the earnings instead of %(expected)s."),
    "reservation-without-hold": _("Check %(subject)s reserved %(expected)s, but %(found)s is held for it."),
    "hold-without-reservation": _("Hold %(subject)s keeps %(found)s for a check that is not reserved."),
    "captured": _("Check %(subject)s captured %(found)s of its hold, more than the %(expected)s paid with bonuses."),
    "refunds-returned": _("Check %(subject)s: %(found)s is noted as given back, its refunds add up to %(expected)s."),
    "refunds-unbacked": _(
        "Check %(subject)s: %(found)s is noted as returned uncovered, its refunds add up to %(expected)s."
    ),
    "refunds-taken-back": _("Check %(subject)s: %(found)s is noted as taken back, its refunds add up to %(expected)s."),
    "refunds-absorbed": _("Check %(subject)s: %(found)s is noted as absorbed, its refunds add up to %(expected)s."),
    "refunds-expired": _("Check %(subject)s: %(found)s is noted as expired, its refunds add up to %(expected)s."),
    "returned-redeemed": _(
        "Check %(subject)s: %(found)s of its redemption went back, by its lines it is %(expected)s."
    ),
    "returned-earned": _("Check %(subject)s: %(found)s of its earnings is settled, by its lines it is %(expected)s."),
    "refund-redeemed": _("A refund of check %(subject)s returned %(expected)s, but %(found)s was posted."),
    "refund-unbacked": _("A refund of check %(subject)s returned %(expected)s uncovered, but %(found)s was posted so."),
    "refund-taken-back": _("A refund of check %(subject)s took back %(expected)s, but %(found)s was posted."),
    "answer-redeemed": _("Check %(subject)s redeemed %(expected)s, but the till was told %(found)s."),
    "answer-earned": _("Check %(subject)s earned %(expected)s, but the till was told %(found)s."),
    "answer-unbacked": _(
        "Check %(subject)s: %(expected)s was not covered by a balance, but the till was told %(found)s."
    ),
    "answer-balance": _("Check %(subject)s left a balance of %(expected)s, but the till was told %(found)s."),
    "imported": _("Import %(subject)s brought %(expected)s along, but %(found)s was posted."),
}
"""Whose `expected` and `found` are amounts in minor units."""

NUMBERS = {
    "version": _("Account %(subject)s: it counts %(found)s entries, but its last one is number %(expected)s."),
    "missing-entries": _("Account %(subject)s: its last entry is number %(expected)s, but it has %(found)s entries."),
    "no-entries": _("Posting %(subject)s has no entries."),
    "no-posting": _("There are entries of a posting %(subject)s that does not exist."),
    "no-reason": _("Posting %(subject)s is a correction without a reason."),
    "spend-without-entry": _(
        "Account %(subject)s: something was spent from lots by an entry %(expected)s that is missing."
    ),
    "spend-of-another": _("Lot %(subject)s belongs to account %(expected)s, but account %(found)s spent of it."),
    "lot-lifetime": _(
        "Lot %(subject)s ends %(found)s days after its receipt, but its bonuses were to live for %(expected)s."
    ),
    "lot-end": _("Lot %(subject)s does not expire with the end of its last day."),
    "answer-number": _("The till was told that check %(subject)s is number %(found)s."),
    "another-customer": _("Check %(subject)s of customer %(expected)s was posted to customer %(found)s."),
    "no-check": _("Posting %(subject)s is of a check that was never paid."),
    "refund-of-another-customer": _(
        "A refund of check %(subject)s of customer %(expected)s was posted to customer %(found)s."
    ),
    "no-refund": _("Posting %(subject)s is of a refund that does not exist."),
    "import-of-another-customer": _("Import %(subject)s of customer %(expected)s was posted to customer %(found)s."),
    "no-import": _("Posting %(subject)s is of an import that does not exist."),
}
"""Whose `expected` and `found` are numbers or counts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """`subject` is the number of the account, entry, lot, hold, posting or check that the sentence speaks of."""

    business_id: int
    currency: str
    fault: str
    subject: int
    expected: int | None
    found: int | None

    def __str__(self) -> str:
        return f"business {self.business_id}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """In the language that is active, amounts in units of the business's currency."""
        shown = self._amount if self.fault in AMOUNTS else str
        words = AMOUNTS.get(self.fault) or NUMBERS.get(self.fault) or _("%(fault)s, number %(subject)s.")
        return str(words) % {
            "fault": self.fault, "subject": self.subject,
            "expected": shown(self.expected or 0), "found": shown(self.found or 0),
        }  # fmt: skip

    def _amount(self, minor: int) -> str:
        digits = get_currency_precision(self.currency)
        amount = Decimal(minor).scaleb(-digits)
        return str(format_decimal(amount, "#,##0." + "0" * digits, locale=(get_language() or "en")[:2]))
