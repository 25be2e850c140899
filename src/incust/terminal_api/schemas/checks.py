"""Shapes of the check operations."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from incust.engine.check import LINES_MAX

from .hello import SalespersonAtTill
from .values import AmountMinor, Currency, ExternalId, Moment, OpaqueId, Quantity, ShortText, SignedAmountMinor


class Line(msgspec.Struct, frozen=True):
    """One position of the order. `amount_minor` is the line's sum after the till's own discounts."""

    line_id: OpaqueId
    product_id: ShortText
    quantity: Quantity
    amount_minor: AmountMinor
    modification_id: ShortText = ""
    discountable: bool = True
    promotion: bool = False


class Check(msgspec.Struct, frozen=True):
    """`total_minor` is what is due before our redemption. Lines and total may differ by service charge, tips and
    rounding."""

    external_id: ExternalId
    currency: Currency
    lines: Annotated[list[Line], Meta(max_length=LINES_MAX)]
    total_minor: AmountMinor
    transaction_id: ShortText = ""
    service_minor: AmountMinor = 0
    pre_check_printed: bool = False


class QuoteRequest(msgspec.Struct, frozen=True):
    """`redeem_minor` null asks for the most that may be redeemed."""

    customer_id: OpaqueId
    check: Check
    identification_id: OpaqueId | None = None
    redeem_minor: AmountMinor | None = None


class RedeemBlocked(msgspec.Struct, frozen=True):
    code: str
    detail: str


class ConfirmationNeed(msgspec.Struct, frozen=True):
    required: bool
    channel: str | None
    masked: str | None


class QuoteAnswer(msgspec.Struct, frozen=True):
    program_version: int
    total_minor: int
    redeem_max_minor: int
    redeem_minor: int
    due_minor: int
    earn_minor: int
    earn_without_redeem_minor: int
    redeem_blocked: RedeemBlocked | None
    confirmation: ConfirmationNeed
    check_hash: str
    print_text: str


class ReserveRequest(msgspec.Struct, frozen=True):
    customer_id: OpaqueId
    check: Check
    redeem_minor: AmountMinor
    check_hash: Annotated[str, Meta(min_length=1, max_length=128, description="Of the quote.")]
    identification_id: OpaqueId | None = None
    confirmation_code: ShortText | None = None


class ReserveAnswer(msgspec.Struct, frozen=True):
    """The hold lives until `hold_expires_at`; a later reserve for the same check replaces it."""

    check_id: str
    redeem_minor: int
    due_minor: int
    earn_minor: int
    program_version: int
    hold_expires_at: Moment
    print_text: str


class Payment(msgspec.Struct, frozen=True):
    """How the receipt was paid.

    The till's own bonuses are no money: what they pay earns nothing, unless the program credits on the whole check.
    """

    cash_minor: AmountMinor = 0
    card_minor: AmountMinor = 0
    other_minor: AmountMinor = 0
    poster_bonus_minor: AmountMinor = 0


class FinalizeRequest(msgspec.Struct, frozen=True):
    """The till's truth. `check_id` is null for a check that was never reserved; `redeemed_minor` is what the receipt
    was really reduced by."""

    customer_id: OpaqueId
    check: Check
    redeemed_minor: AmountMinor
    payment: Payment
    closed_at: Moment
    check_id: OpaqueId | None = None
    identification_id: OpaqueId | None = None
    closed_without_payment: bool = False
    salesperson: SalespersonAtTill | None = None


class FinalizeAnswer(msgspec.Struct, frozen=True):
    """What was posted. `unbacked_minor` is the part of the redemption that no balance covered."""

    check_id: str
    status: Literal["finalized", "released"]
    redeemed_minor: int
    earned_minor: int
    unbacked_minor: int
    balance_minor: SignedAmountMinor
    print_text: str


class CancelRequest(msgspec.Struct, frozen=True):
    """One of the two members."""

    check_id: OpaqueId | UnsetType = UNSET
    external_id: ExternalId | UnsetType = UNSET


class CancelAnswer(msgspec.Struct, frozen=True):
    """`check_id` is null where there was nothing to cancel."""

    check_id: str | None
    status: Literal["cancelled"]


class ReturnedLine(msgspec.Struct, frozen=True):
    """How much of the line is returned so far: a state, not a step."""

    line_id: OpaqueId
    returned_quantity: Quantity


class RefundRequest(msgspec.Struct, frozen=True):
    """The check by `check_id`, or by the receipt's own keys. `lines` null is the whole receipt; lines left out stay as
    they are. `accomplished`: told afterwards, the goods have gone back already."""

    refunded_at: Moment
    check_id: OpaqueId | None = None
    external_id: ExternalId | None = None
    transaction_id: ShortText = ""
    lines: Annotated[list[ReturnedLine], Meta(max_length=LINES_MAX)] | None = None
    accomplished: bool = False
    salesperson: SalespersonAtTill | None = None


class RefundAnswer(msgspec.Struct, frozen=True):
    """Totals so far of this receipt: redeemed points given back to the guest, earned points taken back, those that
    could not be taken, and those that had expired before."""

    check_id: str
    status: Literal["refunded", "partly_refunded"]
    returned_minor: int
    taken_back_minor: int
    absorbed_minor: int
    expired_minor: int
    balance_minor: SignedAmountMinor
