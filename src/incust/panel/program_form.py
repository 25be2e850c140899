"""The loyalty program as a form, and back to the engine's rules."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from incust.engine.customer import CustomerStatus
from incust.engine.money import Rounding
from incust.engine.program import (
    LIFETIME_DAYS_MAX,
    Basis,
    BelowZero,
    Confirmation,
    CreditPercent,
    Program,
    RedeemPercent,
    Rule,
)
from incust.programs.templates import CREDIT_RULE, REDEEM_RULE

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
TITLE_LENGTH_MAX = 60
USUAL_RULES = Program(
    rules=(
        CreditPercent(rule_id=CREDIT_RULE, percent=Decimal(5)),
        RedeemPercent(rule_id=REDEEM_RULE, percent=Decimal(50)),
    )
)
PERCENT_RANGE = {"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2}


class ProgramForm(forms.Form):
    """One rule that credits and one that redeems; 0 % leaves the rule out."""

    credit_percent = forms.DecimalField(label=_("Credit, % of the check"), **PERCENT_RANGE)
    basis = forms.ChoiceField(
        label=_("Credit on"),
        choices=[
            (Basis.PAID_WITH_MONEY.value, _("what is paid with money")),
            (Basis.WHOLE_CHECK.value, _("the whole check")),
        ],
    )
    lifetime_days = forms.IntegerField(
        label=_("Bonuses expire after, days"), required=False, min_value=1, max_value=LIFETIME_DAYS_MAX,
        help_text=_("Leave empty for bonuses that never expire. A change does not touch bonuses credited before."),
    )  # fmt: skip
    redeem_percent = forms.DecimalField(
        label=_("Redeem up to, % of the check"), help_text=_("0 switches redemption off."), **PERCENT_RANGE
    )
    rounding = forms.ChoiceField(
        label=_("Rounding"),
        choices=[(Rounding.DOWN.value, _("down")), (Rounding.HALF_UP.value, _("to the nearest, half up"))],
    )
    step_minor = forms.TypedChoiceField(
        label=_("Round to"), choices=[("1", "0.01"), ("10", "0.1"), ("100", "1")], coerce=int
    )
    promotion_lines_take_part = forms.BooleanField(
        label=_("Goods under a promotion of Poster take part"), required=False
    )
    new_customer_status = forms.ChoiceField(
        label=_("New customer status"),
        choices=[
            (CustomerStatus.FULL.value, _("full: credit and redeem")),
            (CustomerStatus.LIMITED.value, _("limited: credit only")),
            (CustomerStatus.NONE.value, _("none")),
        ],
        help_text=_("What a customer gets who registers and agrees to the processing of his data."),
    )
    confirmation = forms.ChoiceField(
        label=_("Confirmation of a redemption"),
        choices=[
            (Confirmation.BY_STRENGTH.value, _("except after a code from the wallet")),
            (Confirmation.ABOVE_LIMIT.value, _("above an amount")),
            (Confirmation.ALWAYS.value, _("always")),
            (Confirmation.NEVER.value, _("never")),
        ],
        help_text=_("A one-time code is sent to the customer, and the cashier enters it."),
    )
    confirmation_limit = forms.DecimalField(
        label=_("Confirm above, bonuses"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    below_zero = forms.ChoiceField(
        label=_("When a refund takes back bonuses that were spent already"),
        choices=[
            (BelowZero.ABSORB.value, _("the business bears the difference")),
            (BelowZero.DEBT.value, _("the customer's balance goes below zero")),
            (BelowZero.BLOCK.value, _("the refund is refused")),
        ],
        help_text=_("A refund that a register reports afterwards is never refused: the business bears the difference."),
    )
    debt_limit = forms.DecimalField(
        label=_("At most below zero, bonuses"), required=False, min_value=0, max_digits=10, decimal_places=2,
        help_text=_("What the customer collects later repays it first."),
    )  # fmt: skip

    def __init__(self, *args: Any, read_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in settings.LANGUAGES:
            self.fields[f"title_{code}"] = forms.CharField(
                label=name, max_length=TITLE_LENGTH_MAX, required=code == "en"
            )
            self.fields[f"description_{code}"] = forms.CharField(
                label=name, max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )
        for field in self.fields.values():
            field.disabled = read_only

    def clean_debt_limit(self) -> Decimal | None:
        limit: Decimal | None = self.cleaned_data["debt_limit"]
        if self.cleaned_data.get("below_zero") == BelowZero.DEBT and not limit:
            raise forms.ValidationError(_("Say how far below zero the balance may go."))
        return limit

    def texts(self) -> list[dict[str, forms.BoundField]]:
        """Title and description of each language, for the template."""
        return [{"title": self[f"title_{code}"], "description": self[f"description_{code}"]} for code in LANGUAGES]

    def text_of(self, name: str) -> dict[str, str]:
        typed = {code: self.cleaned_data[f"{name}_{code}"].strip() for code in LANGUAGES}
        return {code: text for code, text in typed.items() if text}


def initial_of(program: Program, *, title: dict[str, str], description: dict[str, str], digits: int) -> dict[str, Any]:
    """What the form shows for a draft."""
    credit = program.credit_rules[0] if program.credit_rules else None
    redeem = program.redeem_rule
    return {
        "credit_percent": credit.percent if credit else Decimal(0),
        "basis": (credit.basis if credit else Basis.PAID_WITH_MONEY).value,
        "lifetime_days": credit.lifetime_days if credit else None,
        "redeem_percent": redeem.percent if redeem else Decimal(0),
        "rounding": program.rounding.value,
        "step_minor": program.step_minor,
        "promotion_lines_take_part": program.promotion_lines_take_part,
        "new_customer_status": program.new_customer_status.value,
        "confirmation": program.confirmation.value,
        "confirmation_limit": Decimal(program.confirmation_limit_minor).scaleb(-digits),
        "below_zero": program.below_zero.value,
        "debt_limit": Decimal(program.debt_limit_minor).scaleb(-digits),
        **{f"title_{code}": title.get(code, "") for code in LANGUAGES},
        **{f"description_{code}": description.get(code, "") for code in LANGUAGES},
    }


def rules_of(form: ProgramForm, *, before: Program, digits: int) -> Program:
    """The engine's program of a valid form; what the form does not show stays as before. Raises `ProgramInvalid`."""
    values = form.cleaned_data
    rules: list[Rule] = []
    if values["credit_percent"] > 0:
        rules.append(
            CreditPercent(
                rule_id=CREDIT_RULE,
                percent=values["credit_percent"],
                basis=Basis(values["basis"]),
                lifetime_days=values["lifetime_days"],
            )
        )
    if values["redeem_percent"] > 0:
        rules.append(RedeemPercent(rule_id=REDEEM_RULE, percent=values["redeem_percent"]))
    return replace(
        before,
        rules=tuple(rules),
        rounding=Rounding(values["rounding"]),
        step_minor=values["step_minor"],
        promotion_lines_take_part=values["promotion_lines_take_part"],
        new_customer_status=CustomerStatus(values["new_customer_status"]),
        confirmation=Confirmation(values["confirmation"]),
        confirmation_limit_minor=_minor(values["confirmation_limit"], digits),
        below_zero=BelowZero(values["below_zero"]),
        debt_limit_minor=_minor(values["debt_limit"], digits),
    )


def _minor(amount: Decimal | None, digits: int) -> int:
    return int((amount or Decimal(0)).scaleb(digits))
