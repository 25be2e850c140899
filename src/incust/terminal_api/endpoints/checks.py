"""The life of a check: quote, reserve, finalize, cancel, refund."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _
from dmr import HeaderSpec, ResponseSpec, validate
from dmr.plugins.msgspec import BodyMsgspec
from msgspec import UNSET

from incust.businesses.invalid_in_words import invalid_in_words
from incust.businesses.terminal_access import Caller
from incust.checks.cancel import CancelCheck, cancel_check
from incust.checks.finalize import FinalizeCheck, Payment, SalespersonAtTill, finalize_check
from incust.checks.print_text import print_text
from incust.checks.problems import CheckUnknown
from incust.checks.quote import Quote, QuoteCheck, quote_check
from incust.checks.refund import RefundCheck, ReturnedLine, refund_check
from incust.checks.reserve import ReserveCheck, reserve_check
from incust.engine.check import Check, CheckInvalid, Line

from ..adapter import REPLAY_HEADER, Operation, invalid
from ..doors import Doors
from ..schemas import checks as shapes
from .numbers import customer_number, number_of

REPLAY = {REPLAY_HEADER: HeaderSpec(required=False, description="`true`: the stored answer of an earlier request.")}
OF_QUOTE = ("customer-unknown", "program-missing", "redeem-above-limit", "currency-mismatch", "busy")
OF_CONFIRMATION = (
    "confirmation-required", "confirmation-wrong", "confirmation-expired", "confirmation-exhausted",
    "no-confirmation-channel",
)  # fmt: skip


class QuoteOperation(Operation):
    problems = (*OF_QUOTE, "replayed-request")

    @validate(
        ResponseSpec(shapes.QuoteAnswer, status_code=HTTPStatus.OK), auth=[Doors(writes=False)],
        operation_id="quote-check",
    )  # fmt: skip
    def post(self, parsed_body: BodyMsgspec[shapes.QuoteRequest]) -> HttpResponse:
        """Quote a check.

        What may be redeemed and what will be earned. Writes nothing.
        """
        quote = quote_check(
            QuoteCheck(
                caller=self.caller, check=check_of(parsed_body.check),
                customer_id=customer_number(parsed_body.customer_id),
                identification_id=number_of(parsed_body.identification_id), redeem_minor=parsed_body.redeem_minor,
            ),
            now=self.now,
        )  # fmt: skip
        return self.answer(_quote_answer(quote, parsed_body.check))


class ReserveOperation(Operation):
    problems = (
        *OF_QUOTE, *OF_CONFIRMATION, "resend-too-soon", "quote-changed", "check-finalized", "idempotency-mismatch",
    )  # fmt: skip

    @validate(
        ResponseSpec(shapes.ReserveAnswer, status_code=HTTPStatus.CREATED, headers=REPLAY),
        operation_id="reserve-check",
    )
    def post(self, parsed_body: BodyMsgspec[shapes.ReserveRequest]) -> HttpResponse:
        """Reserve what the cashier chose.

        Holds the bonuses for thirty minutes; a later reserve for the same check replaces it. Where a code is needed and
        missing, one is sent and `confirmation-required` answered.
        """
        body = parsed_body
        reserved = reserve_check(
            ReserveCheck(
                caller=self.caller, check=check_of(body.check), customer_id=customer_number(body.customer_id),
                identification_id=number_of(body.identification_id), redeem_minor=body.redeem_minor,
                seen_hash=body.check_hash, confirmation_code=body.confirmation_code,
            ),
            now=self.now,
        )  # fmt: skip
        answer = shapes.ReserveAnswer(
            check_id=str(reserved.check_id), redeem_minor=reserved.redeem_minor, due_minor=reserved.due_minor,
            earn_minor=reserved.earn_minor, program_version=reserved.program_version,
            hold_expires_at=reserved.hold_expires_at,
            print_text=print_text(
                redeemed_minor=reserved.redeem_minor, earned_minor=reserved.earn_minor,
                balance_minor=reserved.balance_after_minor, currency=body.check.currency,
            ),
        )  # fmt: skip
        return self.answer(answer, status=HTTPStatus.CREATED, repeated=reserved.replayed)


class FinalizeOperation(Operation):
    problems = ("customer-unknown", "currency-mismatch", "check-mismatch", "idempotency-mismatch", "busy")

    @validate(
        ResponseSpec(shapes.FinalizeAnswer, status_code=HTTPStatus.OK, headers=REPLAY), operation_id="finalize-check"
    )
    def post(self, parsed_body: BodyMsgspec[shapes.FinalizeRequest]) -> HttpResponse:
        """Report a closed receipt.

        The till's truth counts: what the receipt was reduced by is taken, what it earned is credited, once.
        """
        posted = finalize_check(_finalize(self.caller, parsed_body), now=self.now)
        answer = shapes.FinalizeAnswer(
            check_id=str(posted.check_id), status=posted.status, redeemed_minor=posted.redeemed_minor,
            earned_minor=posted.earned_minor, unbacked_minor=posted.unbacked_minor, balance_minor=posted.balance_minor,
            print_text=print_text(
                redeemed_minor=posted.redeemed_minor, earned_minor=posted.earned_minor,
                balance_minor=posted.balance_minor, currency=parsed_body.check.currency,
            ),
        )  # fmt: skip
        return self.answer(answer, repeated=posted.replayed)


class CancelOperation(Operation):
    problems = ("check-finalized", "idempotency-mismatch", "busy")

    @validate(ResponseSpec(shapes.CancelAnswer, status_code=HTTPStatus.OK, headers=REPLAY), operation_id="cancel-check")
    def post(self, parsed_body: BodyMsgspec[shapes.CancelRequest]) -> HttpResponse:
        """Release what a check holds.

        The order was cancelled or its guest removed. Repeating is fine.
        """
        check_id, external_id = parsed_body.check_id, parsed_body.external_id
        if (check_id is UNSET) == (external_id is UNSET):
            raise invalid("check_id", _("Give either check_id or external_id."))
        if check_id is not UNSET and number_of(check_id) is None:
            return self.answer(shapes.CancelAnswer(check_id=None, status="cancelled"))
        cancelled = cancel_check(
            CancelCheck(
                caller=self.caller, check_id=None if check_id is UNSET else number_of(check_id),
                external_id=None if external_id is UNSET else external_id,
            ),
            now=self.now,
        )  # fmt: skip
        number = None if cancelled.check_id is None else str(cancelled.check_id)
        return self.answer(shapes.CancelAnswer(check_id=number, status="cancelled"), repeated=cancelled.replayed)


class RefundOperation(Operation):
    problems = (
        "check-unknown", "check-not-final", "line-unknown", "returned-above-bought", "refund-blocked",
        "idempotency-mismatch", "busy",
    )  # fmt: skip

    @validate(ResponseSpec(shapes.RefundAnswer, status_code=HTTPStatus.OK, headers=REPLAY), operation_id="refund-check")
    def post(self, parsed_body: BodyMsgspec[shapes.RefundRequest]) -> HttpResponse:
        """Report that goods of a paid receipt went back.

        Redeemed bonuses return to the guest and earned ones are taken back, in proportion to what is returned so far.
        Any terminal of the business may report it; repeats, and less than is known already, change nothing.
        """
        refunded = refund_check(_refund(self.caller, parsed_body), now=self.now)
        answer = shapes.RefundAnswer(
            check_id=str(refunded.check_id), status=refunded.status, returned_minor=refunded.returned_minor,
            taken_back_minor=refunded.taken_back_minor, absorbed_minor=refunded.absorbed_minor,
            expired_minor=refunded.expired_minor, balance_minor=refunded.balance_minor,
        )  # fmt: skip
        return self.answer(answer, repeated=refunded.replayed)


def check_of(shape: shapes.Check) -> Check:
    """The engine's check. Raises `InvalidInput` where the check contradicts itself."""
    try:
        return Check(
            external_id=shape.external_id, currency=shape.currency, total_minor=shape.total_minor,
            service_minor=shape.service_minor, transaction_id=shape.transaction_id,
            pre_check_printed=shape.pre_check_printed, lines=tuple(_line(line) for line in shape.lines),
        )  # fmt: skip
    except CheckInvalid as error:
        raise invalid(f"check.{error.field}", invalid_in_words(error)) from error


def _line(shape: shapes.Line) -> Line:
    return Line(
        line_id=shape.line_id, product_id=shape.product_id, amount_minor=shape.amount_minor,
        quantity=Decimal(shape.quantity), modification_id=shape.modification_id, discountable=shape.discountable,
        promotion=shape.promotion,
    )  # fmt: skip


def _quote_answer(quote: Quote, check: shapes.Check) -> shapes.QuoteAnswer:
    outcome, channel = quote.outcome, quote.confirmation_channel
    blocked = outcome.redeem_blocked
    return shapes.QuoteAnswer(
        program_version=quote.program.number, total_minor=check.total_minor, redeem_max_minor=outcome.redeem_max_minor,
        redeem_minor=outcome.redeem_minor, due_minor=outcome.due_minor, earn_minor=outcome.earn_minor,
        earn_without_redeem_minor=outcome.earn_without_redeem_minor,
        redeem_blocked=shapes.RedeemBlocked(code=str(blocked), detail=quote.blocked_sentence) if blocked else None,
        confirmation=shapes.ConfirmationNeed(
            required=quote.confirmation_required, channel=channel.name if channel else None,
            masked=channel.masked if channel else None,
        ),
        check_hash=quote.quote_hash,
        print_text=print_text(
            redeemed_minor=outcome.redeem_minor, earned_minor=outcome.earn_minor,
            balance_minor=quote.balance_minor - outcome.redeem_minor + outcome.earn_minor, currency=check.currency,
        ),
    )  # fmt: skip


def _finalize(caller: Caller, body: shapes.FinalizeRequest) -> FinalizeCheck:
    salesperson = body.salesperson
    payment = body.payment
    return FinalizeCheck(
        caller=caller, check=check_of(body.check), customer_id=customer_number(body.customer_id),
        identification_id=number_of(body.identification_id), check_id=number_of(body.check_id),
        redeemed_minor=body.redeemed_minor, closed_without_payment=body.closed_without_payment,
        closed_at=body.closed_at,
        payment=Payment(
            cash_minor=payment.cash_minor, card_minor=payment.card_minor, other_minor=payment.other_minor,
            poster_bonus_minor=payment.poster_bonus_minor,
        ),
        salesperson=salesperson and SalespersonAtTill(external_id=salesperson.external_id, name=salesperson.name),
    )  # fmt: skip


def _refund(caller: Caller, body: shapes.RefundRequest) -> RefundCheck:
    check_id = number_of(body.check_id)
    if body.check_id is not None and check_id is None:
        raise CheckUnknown
    if body.check_id is None and body.external_id is None and not body.transaction_id:
        raise invalid("check_id", _("Give check_id, external_id or transaction_id."))
    lines = body.lines
    if lines is not None and len({line.line_id for line in lines}) < len(lines):
        raise invalid("lines", _("A position is named twice."))
    salesperson = body.salesperson
    return RefundCheck(
        caller=caller, check_id=check_id, external_id=body.external_id, transaction_id=body.transaction_id,
        lines=lines if lines is None else tuple(
            ReturnedLine(line_id=line.line_id, returned_quantity=Decimal(line.returned_quantity)) for line in lines
        ),
        accomplished=body.accomplished, refunded_at=body.refunded_at,
        salesperson=salesperson and SalespersonAtTill(external_id=salesperson.external_id, name=salesperson.name),
    )  # fmt: skip
