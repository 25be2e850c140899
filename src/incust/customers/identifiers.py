"""One field recognises everything: what was typed or scanned may be a code, a phone, an email or a card."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

from .problems import EmailInvalid, PhoneInvalid
from .rotating_code import CODE_LENGTH, is_rotating_code

TEMPORARY_CODE_LENGTH = 6
CARD_LENGTHS = range(8, 17)
EMAIL_LENGTH_MAX = 254
TYPED_LENGTH_MAX = 254
# Deliberately simple: whether an address exists is shown by writing to it.
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", re.ASCII)
SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015]+")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One thing that the input may be; ``value`` is normalised."""

    kind: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """What to look for, in this order, and how to register the guest if nothing is found.

    ``offer`` is ``None`` where nobody can be registered by the input: then a wrong code must not be told from an
    unknown one.
    """

    candidates: tuple[Candidate, ...]
    offer: Candidate | None = None


def recognise(typed: str, *, country: str) -> Recognised:
    """What ``typed`` may be. ``country`` is the business's, for phones without a calling code.

    Twenty-one digits are a wallet's QR code, six a temporary code; a phone comes before a card where digits may be
    either, but digits that carry the check digit of an EAN-13 are a card first.
    """
    text = typed.strip()[:TYPED_LENGTH_MAX]
    if "@" in text:
        return _email(text)
    digits = SEPARATORS.sub("", text)
    has_plus = digits.startswith("+")
    digits = digits.removeprefix("+")
    if not re.fullmatch("[0-9]+", digits):
        return Recognised(candidates=())
    if has_plus:
        return _phone_only(f"+{digits}", country)
    if len(digits) == CODE_LENGTH:
        return Recognised(candidates=(Candidate(kind="qr", value=digits),) if is_rotating_code(digits) else ())
    if len(digits) == TEMPORARY_CODE_LENGTH:
        return Recognised(candidates=(Candidate(kind="temporary_code", value=digits),))
    return _phone_or_card(digits, country)


def recognise_poster_client(*, client_id: int, phone: str, card_number: str, country: str) -> Recognised:
    """A guest attached by Poster's own means: the known link first, then his phone, then his card."""
    candidates = [Candidate(kind="poster_client", value=str(client_id))]
    normalised = normalised_phone(phone, country=country)
    if normalised:
        candidates.append(Candidate(kind="phone", value=normalised))
    card = SEPARATORS.sub("", card_number)
    if is_card_number(card):
        candidates.append(Candidate(kind="card", value=card))
    return Recognised(candidates=tuple(candidates), offer=Candidate(kind="poster_client", value=normalised or ""))


def phone_of(typed: str, *, country: str) -> str:
    """E.164, or raise `PhoneInvalid`."""
    number = normalised_phone(typed, country=country)
    if number is None:
        raise PhoneInvalid
    return number


def email_of(typed: str) -> str:
    """The address in small letters, or raise `EmailInvalid`."""
    address = typed.strip().lower()
    if len(address) > EMAIL_LENGTH_MAX or not EMAIL.fullmatch(address):
        raise EmailInvalid
    return address


def normalised_phone(typed: str, *, country: str) -> str | None:
    """E.164 of a number that can exist, else ``None``. A calling code may come with or without the plus."""
    text = SEPARATORS.sub("", typed.strip())
    for attempt in (text, f"+{text}"):
        try:
            number = phonenumbers.parse(attempt, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def is_card_number(digits: str) -> bool:
    """Eight to sixteen digits. So it never looks like a temporary code or a QR code."""
    return bool(re.fullmatch("[0-9]+", digits)) and len(digits) in CARD_LENGTHS


def _email(text: str) -> Recognised:
    try:
        address = Candidate(kind="email", value=email_of(text))
    except EmailInvalid:
        return Recognised(candidates=())
    return Recognised(candidates=(address,), offer=address)


def _phone_only(text: str, country: str) -> Recognised:
    number = normalised_phone(text, country=country)
    if number is None:
        return Recognised(candidates=())
    phone = Candidate(kind="phone", value=number)
    return Recognised(candidates=(phone,), offer=phone)


def _phone_or_card(digits: str, country: str) -> Recognised:
    card = Candidate(kind="card", value=digits) if is_card_number(digits) else None
    if card and _is_ean13(digits):
        return Recognised(candidates=(card,))
    number = normalised_phone(digits, country=country)
    phone = Candidate(kind="phone", value=number) if number else None
    return Recognised(candidates=tuple(found for found in (phone, card) if found), offer=phone)


def _is_ean13(digits: str) -> bool:
    if len(digits) != 13:
        return False
    weighed = sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(digits))
    return weighed % 10 == 0
