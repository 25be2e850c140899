"""Shapes of the customer operations."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from .values import (
    ExternalId,
    MaybeTyped,
    Moment,
    Name,
    NumberAtPoster,
    OpaqueId,
    RedeemedMinor,
    SignedAmountMinor,
    Typed,
)

Gender = Literal["female", "male"]


class Expiring(msgspec.Struct, frozen=True):
    amount_minor: int
    expires_on: date


class Bonus(msgspec.Struct, frozen=True):
    """`available_minor` leaves out what is held for checks not paid yet."""

    balance_minor: SignedAmountMinor
    available_minor: SignedAmountMinor
    expiring: list[Expiring]


class Customer(msgspec.Struct, frozen=True):
    id: str
    name: str
    status: Literal["full", "limited", "none"]
    phone: str
    email: str
    card_number: str
    birthday: date | None
    gender: Gender | None
    category: str
    bonus: Bonus
    poster_client_id: int | None
    is_new: bool


class Identification(msgspec.Struct, frozen=True):
    """How the till recognised the customer; good for twelve hours. After a weak one, redeeming needs a code."""

    id: str
    kind: Literal["qr", "temporary_code", "phone", "email", "card", "poster_client"]
    strength: Literal["strong", "weak"]


class PosterClient(msgspec.Struct, frozen=True):
    """A guest whom the cashier attached by Poster's own means. Texts may be empty."""

    id: NumberAtPoster
    name: Name = ""
    phone: MaybeTyped = ""
    email: MaybeTyped = ""
    card_number: MaybeTyped = ""


class IdentifyRequest(msgspec.Struct, frozen=True):
    """One of the two members: what was scanned or typed, or the client that Poster attached."""

    identifier: Typed | UnsetType = UNSET
    poster_client: PosterClient | UnsetType = UNSET


class IdentifyAnswer(msgspec.Struct, frozen=True):
    customer: Customer
    identification: Identification


class RegisterRequest(msgspec.Struct, frozen=True):
    """`phone` or `email`; the rest may be left for the guest to fill in. Without consent the status is limited."""

    phone: MaybeTyped = ""
    email: MaybeTyped = ""
    name: Name = ""
    birthday: date | None = None
    gender: Gender | None = None
    consent: bool = False


class RegisterAnswer(msgspec.Struct, frozen=True):
    """`profile_link` leads the guest to the rest of his profile and his wallet; it is sent to him as well."""

    customer: Customer
    identification: Identification
    profile_link: str


class ProfileRequest(msgspec.Struct, frozen=True):
    """What is given is changed, what is absent stays; null empties `birthday` and `gender`."""

    name: Name | UnsetType = UNSET
    birthday: date | UnsetType | None = UNSET
    gender: Gender | UnsetType | None = UNSET
    consent: bool | UnsetType = UNSET


class ProfileAnswer(msgspec.Struct, frozen=True):
    customer: Customer


class PosterClientRequest(msgspec.Struct, frozen=True):
    """Empty: the server finds or creates the client through Poster's web API."""

    poster_client_id: NumberAtPoster | UnsetType = UNSET


class PosterClientAnswer(msgspec.Struct, frozen=True):
    poster_client_id: int


class Confirmation(msgspec.Struct, frozen=True):
    """A code is on its way to the guest."""

    channel: str
    masked: str
    expires_at: Moment
    resend_after_s: int


class ConfirmationRequest(msgspec.Struct, frozen=True):
    customer_id: OpaqueId
    external_id: ExternalId
    redeem_minor: RedeemedMinor


class ConfirmationAnswer(msgspec.Struct, frozen=True):
    confirmation: Confirmation
