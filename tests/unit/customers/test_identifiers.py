"""One field recognises everything."""

from __future__ import annotations

import pytest

from incust.customers.identifiers import Candidate, email_of, phone_of, recognise, recognise_poster_client
from incust.customers.problems import EmailInvalid, PhoneInvalid
from incust.customers.rotating_code import rotating_code

QR = rotating_code(device_number="0123456789", secret=b"secret", step=1)


def kinds(typed: str, country: str = "UA") -> list[str]:
    return [candidate.kind for candidate in recognise(typed, country=country).candidates]


class TestRecognise:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            (QR, ["qr"]), (f" {QR}\n", ["qr"]), (QR[:-1] + str((int(QR[-1]) + 1) % 10), []),
            ("123456", ["temporary_code"]), ("123 456", ["temporary_code"]), ("12345", []), ("1234567", []),
            ("12345678", ["card"]), ("1234567890123456", ["card"]), ("12345678901234567", []),
            ("0501112233", ["phone", "card"]), ("380501112233", ["phone", "card"]), ("+380501112233", ["phone"]),
            ("+12", []), ("(050) 111-22-33", ["phone", "card"]), ("4820000000017", ["card"]),
            ("a@example.org", ["email"]), ("a@b", []), ("Olena", []), ("", []),
        ],
    )  # fmt: skip
    def test_what_it_may_be(self, typed: str, expected: list[str]) -> None:
        assert kinds(typed) == expected

    def test_a_number_of_another_country_is_taken_with_its_calling_code(self) -> None:
        assert recognise("48512345678", country="UA").offer == Candidate(kind="phone", value="+48512345678")

    def test_a_code_or_card_offers_no_registration(self) -> None:
        assert [recognise(typed, country="UA").offer for typed in (QR, "123456", "12345678")] == [None, None, None]

    @pytest.mark.parametrize("typed", ["٠٥٠١١١٢٢٣٣", "x" * 10_000, "9" * 10_000, "@" * 500, "\u202e0501112233"])
    def test_nonsense_is_nothing(self, typed: str) -> None:
        assert recognise(typed, country="UA").candidates == ()


class TestPosterClient:
    def test_the_link_comes_first_then_phone_then_card(self) -> None:
        found = recognise_poster_client(client_id=12, phone="050 111 22 33", card_number="2025 1234", country="UA")
        assert [(c.kind, c.value) for c in found.candidates] == [
            ("poster_client", "12"), ("phone", "+380501112233"), ("card", "20251234"),
        ]  # fmt: skip

    def test_what_is_not_usable_is_left_out(self) -> None:
        found = recognise_poster_client(client_id=12, phone="-", card_number="7", country="UA")
        assert (len(found.candidates), found.offer) == (1, Candidate(kind="poster_client", value=""))


class TestNormalising:
    @pytest.mark.parametrize(
        ("typed", "country", "expected"),
        [
            ("0501112233", "UA", "+380501112233"), ("512 345 678", "PL", "+48512345678"),
            ("+48 512 345 678", "UA", "+48512345678"), ("8 (912) 345-67-89", "RU", "+79123456789"),
        ],
    )  # fmt: skip
    def test_phones_become_e164(self, typed: str, country: str, expected: str) -> None:
        assert phone_of(typed, country=country) == expected

    @pytest.mark.parametrize("typed", ["", "1", "0501112", "+999123456789", "phone"])
    def test_what_is_no_phone_is_refused(self, typed: str) -> None:
        with pytest.raises(PhoneInvalid):
            phone_of(typed, country="UA")

    def test_emails_become_small_letters(self) -> None:
        assert email_of(" Olena.K@Example.ORG ") == "olena.k@example.org"

    @pytest.mark.parametrize("typed", ["", "a", "a@", "a@b", "@b.c", "a b@c.de", "a@b..c", f"{'x' * 250}@b.cd"])
    def test_what_is_no_email_is_refused(self, typed: str) -> None:
        with pytest.raises(EmailInvalid):
            email_of(typed)
