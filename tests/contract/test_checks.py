"""The life of a check where a code, the other door or the business's side matter; the rest is in `conformance/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from incust.businesses.tenancy import in_business
from incust.config import database
from incust.customers.models import ConfirmationCode, Customer
from incust.messaging.outbox import unsealed

from .till import Answer, Cafe, KeyTill, PosterTill, closed_now


def check(total_minor: int = 9000, *, external_id: str = "1506511064579", **members: Any) -> dict[str, Any]:
    line = {
        "line_id": "0", "product_id": "12", "modification_id": "", "quantity": "2.000", "amount_minor": total_minor,
        "discountable": True, "promotion": False,
    }  # fmt: skip
    return {
        "external_id": external_id, "transaction_id": "", "currency": "UAH", "lines": [line],
        "total_minor": total_minor, "service_minor": 0, "pre_check_printed": False, **members,
    }  # fmt: skip


@dataclass(kw_only=True)
class Sale:
    """A guest with 40.00 of bonuses at a register, recognised by his phone (weak)."""

    cafe: Cafe
    till: KeyTill | PosterTill
    customer: Customer
    identification_id: str

    def quote(self, of: dict[str, Any] | None = None, **members: Any) -> Answer:
        return self.till.post("checks/quote", {**self._who(), "check": of or check(), **members})

    def reserve(self, redeem_minor: int = 4000, of: dict[str, Any] | None = None, **members: Any) -> Answer:
        request = {**self._who(), "check": of or check(), "redeem_minor": redeem_minor, "confirmation_code": None}
        if "check_hash" not in members:
            members["check_hash"] = self.quote(of, redeem_minor=redeem_minor).body["check_hash"]
        return self.till.post("checks/reserve", {**request, **members})

    def finalize(
        self, check_id: str | None, redeemed_minor: int, of: dict[str, Any] | None = None, **members: Any
    ) -> Answer:
        paid = (of or check())["total_minor"] - redeemed_minor
        request = {
            **self._who(), "check_id": check_id, "check": of or check(), "redeemed_minor": redeemed_minor,
            "payment": {"cash_minor": paid, "card_minor": 0, "other_minor": 0, "poster_bonus_minor": 0},
            "closed_without_payment": False, "closed_at": closed_now(), "salesperson": None,
        }  # fmt: skip
        return self.till.post("checks/finalize", {**request, **members})

    def balance_minor(self) -> int:
        answer = self.till.post("identify", {"identifier": "0501112233"})
        return int(answer.body["customer"]["bonus"]["balance_minor"])

    def sent_codes(self) -> list[str]:
        """The codes on their way to the guest, as the messages carry them."""
        with psycopg.connect(**database.connection_parameters(role=database.OWNER_ROLE)) as owner:
            owner.execute("SELECT set_config('incust.business_id', %s, true)", [str(self.cafe.business.pk)])
            rows = owner.execute(
                "SELECT payload->'code' FROM messaging.outbox WHERE topic = 'confirmation-code' ORDER BY id"
            ).fetchall()
            return [unsealed(code) for (code,) in rows]

    def _who(self) -> dict[str, Any]:
        return {"customer_id": str(self.customer.pk), "identification_id": self.identification_id}


def start_sale(cafe: Cafe, till: KeyTill | PosterTill) -> Sale:
    cafe.publish_five_percent()
    customer = cafe.customer(phone="+380501112233", email="olena@example.org")
    recognised = till.post("identify", {"identifier": "0501112233"}).body
    sale = Sale(cafe=cafe, till=till, customer=customer, identification_id=recognised["identification"]["id"])
    earlier = sale.finalize(None, 0, check(80000, external_id="earlier"))
    assert earlier.body["earned_minor"] == 4000
    return sale


@pytest.fixture(params=["key", "poster"])
def sale(request: pytest.FixtureRequest, cafe: Cafe, key_till: KeyTill, poster_till: PosterTill) -> Sale:
    """Through each door. The program asks for a code after weak identification."""
    return start_sale(cafe, key_till if request.param == "key" else poster_till)


class TestTheLifeOfACheck:
    def test_from_quote_to_paid_with_a_code(self, sale: Sale) -> None:
        quote = sale.quote()
        assert quote.status == 200
        assert {**quote.body, "check_hash": ""} == {
            "program_version": 1, "total_minor": 9000, "redeem_max_minor": 4000, "redeem_minor": 4000,
            "due_minor": 5000, "earn_minor": 250, "earn_without_redeem_minor": 450, "redeem_blocked": None,
            "confirmation": {"required": True, "channel": "email", "masked": "o•••@example.org"}, "check_hash": "",
            "print_text": "Bonuses: −40.00, +2.50. Balance: 2.50",
        }  # fmt: skip

        asked = sale.reserve()
        assert (asked.status, asked.code) == (409, "confirmation-required")
        assert asked.body["confirmation"]["channel"] == "email"
        assert asked.body["confirmation"]["resend_after_s"] == 30
        [code] = sale.sent_codes()

        reserved = sale.reserve(confirmation_code=code)
        assert reserved.status == 201
        assert (reserved.body["redeem_minor"], reserved.body["due_minor"], reserved.body["earn_minor"]) == (
            4000, 5000, 250,
        )  # fmt: skip

        posted = sale.finalize(reserved.body["check_id"], 4000)
        assert posted.status == 200
        assert {**posted.body, "check_id": ""} == {
            "check_id": "", "status": "finalized", "redeemed_minor": 4000, "earned_minor": 250, "unbacked_minor": 0,
            "balance_minor": 250, "print_text": "Bonuses: −40.00, +2.50. Balance: 2.50",
        }  # fmt: skip
        assert sale.balance_minor() == 250

    def test_strong_identification_needs_no_code(self, cafe: Cafe, key_till: KeyTill) -> None:
        from django.utils import timezone

        from incust.customers.temporary_codes import issue_temporary_code

        sale = start_sale(cafe, key_till)
        code = issue_temporary_code(cafe.business.pk, sale.customer.pk, now=timezone.now()).code
        sale.identification_id = key_till.post("identify", {"identifier": code}).body["identification"]["id"]
        assert sale.quote().body["confirmation"] == {"required": False, "channel": None, "masked": None}
        assert sale.reserve().status == 201

    def test_one_receipt_reported_at_both_doors_of_a_terminal_is_posted_once(
        self, cafe: Cafe, poster_till: PosterTill, key_till: KeyTill
    ) -> None:
        sale = start_sale(cafe, poster_till)
        closed_at = closed_now()
        first = sale.finalize(None, 0, closed_at=closed_at)
        sale.till = key_till
        second = sale.finalize(None, 0, closed_at=closed_at)
        assert (second.status, second.body) == (200, first.body)
        assert sale.balance_minor() == 4000 + 450

    def test_a_business_without_a_program(self, cafe: Cafe, key_till: KeyTill) -> None:
        body = {"customer_id": str(cafe.customer().pk), "identification_id": None, "check": check()}
        answer = key_till.post("checks/quote", body)
        assert (answer.status, answer.code) == (409, "program-missing")


class TestConfirmation:
    def test_wrong_codes_are_counted_and_five_exhaust_it(self, sale: Sale) -> None:
        sale.reserve()
        [code] = sale.sent_codes()
        wrong = str((int(code) + 1) % 1_000_000).zfill(6)
        answers = [sale.reserve(confirmation_code=wrong) for _ in range(5)]
        assert [answer.code for answer in answers] == ["confirmation-wrong"] * 4 + ["confirmation-exhausted"]
        assert [answer.body.get("tries_left") for answer in answers] == [4, 3, 2, 1, None]
        assert sale.reserve(confirmation_code=code).code == "confirmation-exhausted"

    def test_an_expired_code_says_so(self, sale: Sale) -> None:
        sale.reserve()
        with in_business(sale.cafe.business.pk):
            ConfirmationCode.objects.update(expires_at="2026-01-01T00:00:00Z")
        answer = sale.reserve(confirmation_code=sale.sent_codes()[0])
        assert (answer.status, answer.code) == (422, "confirmation-expired")

    def test_a_code_is_bound_to_its_amount(self, sale: Sale) -> None:
        sale.reserve(4000)
        [code] = sale.sent_codes()
        answer = sale.reserve(3000, confirmation_code=code)
        assert answer.code == "confirmation-required"
        assert len(sale.sent_codes()) == 2

    def test_a_code_is_bound_to_its_check(self, sale: Sale) -> None:
        sale.reserve(4000)
        [code] = sale.sent_codes()
        other = sale.reserve(4000, check(external_id="another"), confirmation_code=code)
        assert other.code == "confirmation-required"

    def test_asking_again_does_not_send_a_second_code(self, sale: Sale) -> None:
        for _ in range(3):
            assert sale.reserve().code == "confirmation-required"
        assert len(sale.sent_codes()) == 1

    def test_sending_again_waits_for_thirty_seconds(self, sale: Sale) -> None:
        sale.reserve()
        request = {"customer_id": str(sale.customer.pk), "external_id": "1506511064579", "redeem_minor": 4000}
        soon = sale.till.post("confirmations", request)
        assert (soon.status, soon.code) == (429, "resend-too-soon")
        assert 0 < soon.body["retry_after_s"] <= 30
        with in_business(sale.cafe.business.pk):
            ConfirmationCode.objects.update(sent_at="2026-11-01T00:00:00Z")
        again = sale.till.post("confirmations", request)
        assert (again.status, again.body["confirmation"]["masked"]) == (200, "o•••@example.org")
        _first, second = sale.sent_codes()
        assert sale.reserve(confirmation_code=second).status == 201

    def test_nothing_is_sent_to_a_guest_whom_no_till_of_the_place_has_seen(self, sale: Sale) -> None:
        stranger = sale.cafe.customer(email="petro@example.org")
        body = {"customer_id": str(stranger.pk), "external_id": "invented", "redeem_minor": 100}
        answer = sale.till.post("confirmations", body)
        assert (answer.status, answer.code) == (409, "identification-missing")
        assert sale.sent_codes() == []

    def test_a_guest_who_cannot_be_reached_redeems_nothing(self, cafe: Cafe, key_till: KeyTill) -> None:
        sale = start_sale(cafe, key_till)
        sale.customer = cafe.customer(name="Unreachable", card="20251234")
        sale.finalize(None, 0, check(80000, external_id="earlier too"))
        quote = sale.quote().body
        assert (quote["redeem_max_minor"], quote["redeem_blocked"]["code"]) == (0, "no-confirmation-channel")
