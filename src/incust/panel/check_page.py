"""One check: its lines, what was redeemed and credited, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incust.checks.models import Check, CheckLine, Refund
from incust.customers.models import Customer
from incust.engine.codec import program_from_dict
from incust.engine.program import CreditPercent, Rule
from incust.poster.catalogue_names import names_of_goods
from incust.programs.models import ProgramVersion

from .money_text import bonus_text, money_text
from .site import panel

Names = dict[tuple[str, str], str]
"""(product, modification) → what it is called."""
WHY_NOT = {
    "status": gettext_lazy("the customer's status does not allow it"),
    "nothing-eligible": gettext_lazy("no line of the check takes part"),
    "no-balance": gettext_lazy("there were no bonuses to redeem"),
    "not-chosen": gettext_lazy("the cashier did not redeem"),
    "rounded-to-zero": gettext_lazy("the amount was rounded down to zero"),
}


def check_page(request: HttpRequest, check_id: str) -> HttpResponse:
    """The page behind the list; runs in the business's transaction."""
    check = (
        Check.objects.select_related("terminal", "point_of_sale").filter(id=int(check_id)).first()
        if check_id.isdecimal()
        else None
    )
    if check is None:
        raise Http404
    check_lines = list(CheckLine.objects.filter(of_check=check).order_by("id"))
    names = names_of_goods(check.till_account_id, ((line.product_id, line.modification_id) for line in check_lines))
    version = ProgramVersion.objects.filter(id=check.program_version_id).first()
    return panel.render(
        request,
        "panel/check.html",
        title=_("Receipt %(number)s") % {"number": check.transaction_id or check.external_id},
        check=check,
        customer=Customer.objects.filter(id=check.customer_id).first(),
        version=version,
        sums=_sums(check),
        concerns=[Check.Concern(concern).label for concern in check.concerns],
        lines=[_line(line, names, check.currency) for line in check_lines],
        trace=_trace(check, version),
        refunds=_refunds(check, check_lines, names),
    )


def _sums(check: Check) -> list[tuple[str, str]]:
    currency = check.currency
    sums = [
        (_("Total"), money_text(check.total_minor, currency)),
        (_("Redeemed"), bonus_text(check.redeem_minor, currency)),
        (_("Paid"), money_text(max(0, check.total_minor - check.redeem_minor), currency)),
        (_("Credited"), bonus_text(check.earned_minor, currency)),
    ]
    if check.unbacked_minor:
        sums.append((_("Not covered by the balance"), bonus_text(check.unbacked_minor, currency)))
    return sums + _moved_back(check, currency)


def _moved_back(of: Check | Refund, currency: str) -> list[tuple[str, str]]:
    """What refunds moved, of one or of all so far; what did not move is left out."""
    moved = [
        (_("Given back to the customer"), of.returned_minor),
        (_("Given back to nobody"), of.returned_unbacked_minor),
        (_("Taken back"), of.taken_back_minor),
        (_("Borne by the business"), of.absorbed_minor),
        (_("Expired before the refund"), of.expired_minor),
    ]
    return [(label, bonus_text(amount_minor, currency)) for label, amount_minor in moved if amount_minor]


def _refunds(check: Check, check_lines: list[CheckLine], names: Names) -> list[dict[str, Any]]:
    products = {line.line_id: _product(line, names) for line in check_lines}
    return [
        {
            "refund": refund,
            "returned": [
                {"product": products.get(line["line_id"], ""), "quantity": _plain(Decimal(line["returned_quantity"]))}
                for line in refund.lines
            ],
            "moved": _moved_back(refund, check.currency),
        }
        for refund in Refund.objects.select_related("terminal").filter(of_check=check).order_by("number")
    ]


def _plain(quantity: Decimal) -> Decimal | int:
    return quantity.normalize() if quantity % 1 else int(quantity)


def _product(line: CheckLine, names: Names) -> str:
    """By its name where the catalogue knows it; a number is better than nothing."""
    return names.get((line.product_id, line.modification_id)) or f"#{line.product_id}"


def _line(line: CheckLine, names: Names, currency: str) -> dict[str, Any]:
    return {
        "product": _product(line, names),
        "quantity": _plain(line.quantity),
        "returned": _plain(line.returned_quantity),
        "amount": money_text(line.amount_minor, currency),
        "takes_part": line.discountable,
        "redeemed": bonus_text(line.redeemed_minor, currency),
        "earned": bonus_text(line.earned_minor, currency),
    }


def _trace(check: Check, version: ProgramVersion | None) -> list[dict[str, Any]]:
    """The engine's own account of each rule, in words: did it fire, on what, how much, and if not, why not."""
    rules = {rule.rule_id: rule for rule in program_from_dict(version.definition).rules} if version else {}
    return [
        {
            "rule": _rule_in_words(rules.get(step["rule_id"]), step["rule_id"]),
            "fired": step["fired"],
            "base": money_text(step["base_minor"], check.currency),
            "amount": bonus_text(step["amount_minor"], check.currency),
            "why_not": WHY_NOT.get(step["not_fired"] or "", step["not_fired"]),
        }
        for step in (check.outcome or {}).get("trace", [])
    ]


def _rule_in_words(rule: Rule | None, rule_id: str) -> str:
    if rule is None:
        return rule_id
    percent = f"{rule.percent.normalize():f}"
    if isinstance(rule, CreditPercent):
        return _("Credit %(percent)s %% of the check") % {"percent": percent}
    return _("Redeem up to %(percent)s %% of the check") % {"percent": percent}
