"""Bonuses corrected by hand: a gift, or points added or taken off, always with a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from django import forms
from django.utils.translation import gettext_lazy as _

from incust.checks.correct_balance import new_number

from .money_text import digits_of

GIFT, ADD, TAKE = "gift", "add", "take"
REASON_LENGTH_MAX = 200


class CorrectionForm(forms.Form):
    """Each form that is shown has a number of its own, so that one sent twice corrects once."""

    what = forms.ChoiceField(
        label=_("What"), choices=[(GIFT, _("give a gift")), (ADD, _("add bonuses")), (TAKE, _("take bonuses off"))]
    )
    amount = forms.DecimalField(label=_("Bonuses"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2)
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH_MAX, help_text=_("Stays with the movement and in the audit log.")
    )
    currency = forms.ChoiceField(label=_("Currency"))
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"number": new_number(), "currency": currencies[0]})
        super().__init__(*args, auto_id="correct_%s", **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        if len(currencies) == 1:
            self.fields["currency"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        amount, currency = values.get("amount"), values.get("currency")
        if amount and currency and amount != round(amount, digits_of(currency)):
            self.add_error("amount", _("This currency has fewer decimal places."))
        return values

    @property
    def kind(self) -> Literal["correction", "gift"]:
        return "gift" if self.cleaned_data["what"] == GIFT else "correction"

    @property
    def amount_minor(self) -> int:
        """Signed: what is taken off is negative."""
        amount_minor = int(self.cleaned_data["amount"].scaleb(digits_of(self.cleaned_data["currency"])))
        return -amount_minor if self.cleaned_data["what"] == TAKE else amount_minor
