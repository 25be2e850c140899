"""One customer: who he is, what he has, what happened, and his way into the wallet."""

from __future__ import annotations

import json
from datetime import date, datetime

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incust.businesses.audit import record_change
from incust.businesses.models import Business
from incust.businesses.problems import Problem
from incust.checks.correct_balance import CorrectBalance, correct_balance
from incust.checks.models import Check, Refund
from incust.customers.models import Customer, CustomerIdentifier
from incust.customers.wallet_links import create_wallet_link
from incust.ledger.models import Account, Entry, Posting
from incust.messaging.outbox import enqueue, sealed

from .correction_form import CorrectionForm
from .money_text import bonus_text, money_text
from .personal_data import shown_to
from .seats import seat_of, user_of
from .site import for_editors, panel

ENTRIES_MAX = 100
CHECKS_MAX = 20
REACHABLE_BY = ("phone", "email")


def customer_page(request: HttpRequest, customer_id: str, correction: CorrectionForm | None = None) -> HttpResponse:
    """The page behind the list; runs in the business's transaction. `correction`: what was typed with faults."""
    customer = _customer(customer_id)
    seat = seat_of(request)
    accounts = list(Account.objects.filter(customer_id=customer.id).order_by("unit"))
    if correction is None and seat.may_edit:
        correction = CorrectionForm(currencies=_currencies(customer, accounts))
    identifiers = list(CustomerIdentifier.objects.filter(customer=customer).order_by("kind", "id"))
    return panel.render(
        request,
        "panel/customer.html",
        title=customer.name or _("Without a name"),
        customer=customer,
        identifiers=[(row.get_kind_display(), shown_to(seat, row.value)) for row in identifiers],
        reachable=any(row.kind in REACHABLE_BY for row in identifiers),
        accounts=[_account(account, timezone.now()) for account in accounts],
        correction=correction,
        checks=[_check(check) for check in Check.objects.filter(customer_id=customer.id).order_by("-id")[:CHECKS_MAX]],
    )


@panel.page("customers/<int:customer_id>/wallet-link/", "customer-wallet-link")
@for_editors
@require_POST
def send_wallet_link(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Send the customer a new link into his wallet; links that he has not opened stop working."""
    customer = _customer(str(customer_id))
    url = create_wallet_link(customer, timezone.now())
    payload = {"customer_id": customer.id, "url": sealed(url), "language": customer.language}
    enqueue(customer.business_id, "wallet-link", payload)
    record_change(
        business_id=customer.business_id, user=user_of(request), action="customer.wallet_link_sent",
        subject=f"#{customer.id}",
    )  # fmt: skip
    messages.success(request, _("A new link into the wallet is on its way to the customer."))
    return HttpResponseRedirect(reverse("admin:customers_customer_change", args=[customer.id]))


@panel.page("customers/<int:customer_id>/correction/", "customer-correction")
@for_editors
@require_POST
def correct(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Correct the balance by hand; the audit log keeps who, how much and why."""
    customer = _customer(str(customer_id))
    accounts = list(Account.objects.filter(customer_id=customer.id).order_by("unit"))
    form = CorrectionForm(request.POST, currencies=_currencies(customer, accounts))
    if not form.is_valid() or not _corrected(request, customer, form):
        return customer_page(request, str(customer_id), form)
    return HttpResponseRedirect(reverse("admin:customers_customer_change", args=[customer.id]))


def _corrected(request: HttpRequest, customer: Customer, form: CorrectionForm) -> bool:
    user, values = user_of(request), form.cleaned_data
    try:
        done = correct_balance(
            CorrectBalance(
                business_id=customer.business_id, customer_id=customer.id, currency=values["currency"],
                kind=form.kind, amount_minor=form.amount_minor, reason=values["reason"], actor=f"user:{user.id}",
                number=values["number"],
            ),
            now=timezone.now(),
        )  # fmt: skip
    except Problem as problem:
        form.add_error("amount", problem.detail)
        return False
    if not done.replayed:
        record_change(
            business_id=customer.business_id, user=user, action="customer.balance_corrected", subject=f"#{customer.id}",
            changes={
                "bonuses": [None, bonus_text(form.amount_minor, values["currency"])],
                "reason": [None, values["reason"]],
            },
        )  # fmt: skip
    balance = bonus_text(done.balance_minor, values["currency"])
    messages.success(request, _("The balance is corrected: %(balance)s.") % {"balance": balance})
    return True


def _currencies(customer: Customer, accounts: list[Account]) -> list[str]:
    """The business's own first, then what else the customer has."""
    own = Business.objects.values_list("currency", flat=True).get(id=customer.business_id)
    return list(dict.fromkeys([own, *(account.unit.partition(":")[2] for account in accounts)]))


def _customer(customer_id: str) -> Customer:
    found = Customer.objects.filter(id=int(customer_id)).first() if customer_id.isdecimal() else None
    if found is None:
        raise Http404
    return found


def _account(account: Account, now: datetime) -> dict[str, object]:
    currency = account.unit.partition(":")[2]
    entries = Entry.objects.filter(account=account).select_related("posting").order_by("-account_version")[:ENTRIES_MAX]
    refunds = [entry.posting.cause_id for entry in entries if entry.posting.kind == "refund"]
    check_of = dict(Refund.objects.filter(id__in=refunds).values_list("id", "of_check_id"))
    balance_minor, held_minor, expiring = _as_of(account, now)
    return {
        "currency": currency,
        "balance": bonus_text(balance_minor, currency),
        "held": bonus_text(held_minor, currency) if held_minor else "",
        "lots": [(day, bonus_text(amount_minor, currency)) for day, amount_minor in expiring],
        "entries": [
            {
                "when": entry.posting.happened_at,
                "why": entry.posting.get_kind_display(),
                "check_id": _check_behind(entry.posting, check_of),
                "reason": entry.posting.reason,
                "amount": bonus_text(entry.amount_minor, currency),
                "positive": entry.amount_minor > 0,
                "balance": bonus_text(entry.balance_after_minor or 0, currency),
            }
            for entry in entries
        ],
    }


def _as_of(account: Account, now: datetime) -> tuple[int, int, list[tuple[date, int]]]:
    """Balance, what of it is held, and what expires when, as the guest's wallet and the registers see it.

    The account's own columns know of lapsed holds and of what has expired only once that is recorded.
    """
    of_account = [account.business_id, account.id, now]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.balance_minor, b.balance_minor - b.available_minor, ledger.expiring(%s, %s, %s)::text"
            " FROM ledger.balance(%s, %s, %s, %s) b",
            [*of_account, account.business_id, account.customer_id, account.unit, now],
        )
        balance_minor, held_minor, expiring = cursor.fetchone()
    days = [(date.fromisoformat(part["expires_on"]), part["amount_minor"]) for part in json.loads(expiring)]
    return balance_minor, held_minor, days


def _check_behind(posting: Posting, check_of: dict[int, int]) -> int | None:
    cause = posting.cause_id
    if cause is None or posting.kind not in ("check", "refund"):
        return None
    return cause if posting.kind == "check" else check_of.get(cause)


def _check(check: Check) -> dict[str, object]:
    return {
        "check": check,
        "status": _("refunded") if check.returned_whole else check.get_status_display(),
        "when": check.finalized_at or check.reserved_at,
        "total": money_text(check.total_minor, check.currency),
        "redeemed": bonus_text(check.redeem_minor, check.currency),
        "earned": bonus_text(check.earned_minor, check.currency),
    }
