"""One receipt of Poster is compared with our books, and the books are brought to its state.

Whatever made us look (a webhook, a run over the day's receipts, a person), only what Poster says now counts, so looks
may come twice, late and in any order. See docs/receipts.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.businesses.terminal_access import Busy
from incust.checks.finalize import FinalizedCheck
from incust.checks.models import Check
from incust.checks.problems import CheckMismatch
from incust.checks.refund import RefundCheck, refund_check
from incust.engine.check import CheckInvalid

from .api_client import PosterApi
from .books_of_receipt import Books, books_of, differences, money_went_back, returned_since, same_quantities
from .claim_receipt import claimed_receipt
from .installations import api_of
from .models import LOOKS_KEPT, Receipt
from .post_receipt import caller_of, cancel_reservation, post_receipt
from .problems import NoSuchObject, PosterRefused, PosterUnavailable
from .program_start import program_began_at
from .receipt_words import Reason, reason, reason_of
from .transaction import CLOSED, OPEN, REMOVED, WITHOUT_PAYMENT, Transaction, read_line_facts, read_transaction

Verdict = Receipt.Verdict

TILL_FIRST_FOR = timedelta(seconds=90)
"""A closed receipt is its register's to report, which knows more of it than the web API tells; then we do it."""
POSTER_DEADLINE_S = 15.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a look found out. ``look_again_at``: when there will be more to find out, if that is known."""

    verdict: Verdict
    why: tuple[Reason, ...] = ()
    check_id: int | None = None
    look_again_at: datetime | None = None


def reconcile_receipt(
    business_id: int, account_id: int, transaction_id: str, *, now: datetime, api: PosterApi | None = None
) -> Found:
    """Bring our books to the receipt's state in Poster and keep what was found. Call outside of transactions.

    One receipt is never worked on twice at a time. Raises `ReceiptClaimed`, `AccountUnknown`, `Busy`, and what the API
    client raises; then nothing is kept, and a later look does the whole again.
    """
    with claimed_receipt(business_id, account_id, transaction_id) as receipt_id:
        if api is not None:
            return _reconcile(business_id, account_id, receipt_id, transaction_id, api, now)
        with api_of(business_id, account_id, deadline_s=POSTER_DEADLINE_S) as own_api:
            return _reconcile(business_id, account_id, receipt_id, transaction_id, own_api, now)


def _reconcile(
    business_id: int, account_id: int, receipt_id: int, transaction_id: str, api: PosterApi, now: datetime
) -> Found:
    looked_at = timezone.now()
    try:
        transaction = read_transaction(api, transaction_id)
    except NoSuchObject:
        found = Found(verdict=Verdict.DIFFERS, why=(reason("gone"),))
        _keep(business_id, receipt_id, None, found, looked_at, None)
        return found
    with in_business(business_id):
        books = books_of(account_id, transaction)
    try:
        found = _settle(business_id, account_id, transaction, books, api, now)
    except CheckInvalid:
        found = _found(books, Verdict.DIFFERS, reason("nonsense"))
    except (PosterUnavailable, PosterRefused, Busy):
        raise
    except Problem as problem:
        # The register's terminal is off, or belongs to nobody any more: the owner's to mend, then a look succeeds.
        found = _found(books, Verdict.WAITING, reason_of(problem))
    _keep(business_id, receipt_id, transaction, found, looked_at, books)
    return found


def _settle(
    business_id: int, account_id: int, transaction: Transaction, books: Books, api: PosterApi, now: datetime
) -> Found:
    if transaction.status == REMOVED:
        return _removed(transaction, books, now)
    if transaction.status == OPEN:
        return _found(books, Verdict.WAITING, reason("open"))
    if transaction.status != CLOSED:
        return _found(books, Verdict.WAITING, reason("nonsense"))
    if books.check is None or books.check.status != Check.Status.FINALIZED:
        try:
            return _unposted(business_id, transaction, books, api, now)
        except CheckMismatch:
            # Its register was quicker, and says something else.
            with in_business(business_id):
                books = books_of(account_id, transaction)
            found = _posted(transaction, books, api, now) if books.check and books.check.answer else None
            if found is not None and found.verdict != Verdict.MATCHED:
                return found
            return _found(books, Verdict.DIFFERS, reason("reported-otherwise"))
    return _posted(transaction, books, api, now)


def _removed(transaction: Transaction, books: Books, now: datetime) -> Found:
    check = books.check
    if check is None or check.status in (Check.Status.CANCELLED, Check.Status.RELEASED):
        return _found(books, Verdict.MATCHED, reason("nothing-posted"))
    if check.status != Check.Status.FINALIZED:
        cancel_reservation(transaction, books, now=now)
        return _found(books, Verdict.REVERSED, reason("hold-released"))
    if not check.returned_whole:
        refund_check(
            RefundCheck(
                caller=caller_of(transaction, books, f"removed {check.id} {now}"), check_id=check.id, lines=None,
                accomplished=True, refunded_at=now,
            ),
            now=now,
        )  # fmt: skip
    return _found(books, Verdict.REVERSED, reason("deleted"))


def _unposted(business_id: int, transaction: Transaction, books: Books, api: PosterApi, now: datetime) -> Found:
    """Closed, and no paid check of ours says so."""
    check = books.check
    unpaid = transaction.pay_type == WITHOUT_PAYMENT and transaction.paid_minor == 0
    if unpaid and (check is None or check.status in (Check.Status.RELEASED, Check.Status.CANCELLED)):
        return _found(books, Verdict.MATCHED, reason("closed-without-payment"))
    is_reserved = check is not None and check.status in (Check.Status.RESERVED, Check.Status.EXPIRED)
    if not transaction.client_id and not is_reserved:
        return _found(books, Verdict.NO_GUEST)
    if not is_reserved and _is_before_program(business_id, transaction, books):
        return _found(books, Verdict.NO_GUEST, reason("before-program"))
    if books.terminal is None:
        return _found(
            books, Verdict.WAITING,
            reason("register-unlinked", register=transaction.register or "?", location=transaction.location),
        )  # fmt: skip
    due_at = (transaction.closed_at or now) + TILL_FIRST_FOR
    if now < due_at:
        found = _found(books, Verdict.WAITING, reason("till-first"))
        return Found(verdict=found.verdict, why=found.why, check_id=found.check_id, look_again_at=due_at)
    posted = post_receipt(business_id, transaction, books, api, now=now)
    if not isinstance(posted, FinalizedCheck):
        return _found(books, Verdict.NO_GUEST, posted)
    if posted.status == Check.Status.RELEASED:
        return Found(
            verdict=Verdict.MATCHED, why=(reason("closed-without-payment"),), check_id=posted.check_id
        )  # fmt: skip
    return Found(verdict=Verdict.MATCHED if posted.replayed else Verdict.ACCRUED, check_id=posted.check_id)


def _is_before_program(business_id: int, transaction: Transaction, books: Books) -> bool:
    with in_business(business_id):
        began_at = program_began_at(books.account)
    return began_at is None or (transaction.closed_at is not None and transaction.closed_at < began_at)


def _posted(transaction: Transaction, books: Books, api: PosterApi, now: datetime) -> Found:
    """Closed, and paid by our check: what went back since follows, anything else is for a person to look at."""
    check = books.check
    assert check is not None, "somebody has posted it"
    other = differences(books, transaction)
    corrected = False
    if not same_quantities(books, transaction) and not check.returned_whole:
        returned, more = returned_since(books, transaction, read_line_facts(api, transaction))
        other += more
        if returned and not more and not money_went_back(books, transaction, returned):
            other.append(reason("goods-missing"))
        elif returned and not more:
            state = ", ".join(f"{line.line_id}:{line.returned_quantity}" for line in returned)
            refund_check(
                RefundCheck(
                    caller=caller_of(transaction, books, f"returned {check.id} {state} {now}"), check_id=check.id,
                    lines=tuple(returned), accomplished=True, refunded_at=now,
                ),
                now=now,
            )  # fmt: skip
            corrected = True
            # The sum that Poster was paid has become less with the goods.
            other = [one for one in other if one["code"] != "paid-differs"]
    if other:
        return _found(books, Verdict.DIFFERS, *other)
    return _found(books, Verdict.CORRECTED, reason("returned")) if corrected else _found(books, Verdict.MATCHED)


def _found(books: Books, verdict: Verdict, *why: Reason) -> Found:
    return Found(verdict=verdict, why=why, check_id=books.check.id if books.check else None)


def _keep(
    business_id: int, receipt_id: int, transaction: Transaction | None, found: Found, looked_at: datetime,
    books: Books | None,
) -> None:  # fmt: skip
    values = {"verdict": found.verdict, "why": list(found.why), "looked_at": looked_at, "check_id": found.check_id}
    if transaction is not None and books is not None:
        currency = books.check.currency if books.check else books.terminal.currency if books.terminal else ""
        values |= {
            "external_id": transaction.external_id[:40], "location": transaction.location[:20],
            "register": transaction.register[:20], "client_id": transaction.client_id[:20],
            "status": transaction.status, "closed_at": transaction.closed_at, "currency": currency,
            "total_minor": books.check.total_minor if books.check else transaction.paid_minor,
        }  # fmt: skip
    with in_business(business_id):
        known = Receipt.objects.get(id=receipt_id)
        lasting = known.verdict in (Verdict.ACCRUED, Verdict.CORRECTED) and known.check_id == found.check_id
        if lasting and found.verdict == Verdict.MATCHED:
            # What we did about it stays to be seen.
            del values["verdict"], values["why"]
        look = {"verdict": found.verdict.value, "why": list(found.why)}
        newest = known.looks[-1] if known.looks else {}
        if {name: newest.get(name) for name in look} != look:
            values["looks"] = [*known.looks, {"at": looked_at.isoformat(), **look}][-LOOKS_KEPT:]
        Receipt.objects.filter(id=receipt_id).update(**values)
