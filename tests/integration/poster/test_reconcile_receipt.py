"""Given a receipt in Poster, when it is compared with our books, then the books say what Poster says, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from tests.integration.poster.cafe_at_poster import CafeAtPoster, link, open_cafe
from tests.integration.poster.poster_beside import APP_ID, PosterBeside

from incust.businesses.models import Terminal
from incust.businesses.tenancy import in_business
from incust.customers.models import CustomerIdentifier
from incust.poster.claim_receipt import ReceiptClaimed, claimed_receipt
from incust.poster.installations import disconnect_account
from incust.poster.models import LOOKS_KEPT, Receipt
from incust.poster.problems import AccountUnknown, PosterUnavailable, TokenRefused

EARNED = 1025
"""5 % of 205.00."""


@pytest.fixture
def cafe(committed_database: str, poster: PosterBeside) -> CafeAtPoster:
    return open_cafe(poster)


class TestWhatLooksFound:
    def test_each_look_that_found_something_else_is_kept_with_its_moment(self, cafe: CafeAtPoster) -> None:
        cafe.guest()
        sold = cafe.sell()
        before = timezone.now()
        cafe.look(sold)
        cafe.look(sold)
        cafe.look(sold)
        cafe.delete(sold)
        cafe.look(sold)
        looks = cafe.receipt(sold).looks
        assert [(one["verdict"], [why["code"] for why in one["why"]]) for one in looks] == [
            ("accrued", []), ("matched", []), ("reversed", ["deleted"]),
        ]  # fmt: skip
        moments = [datetime.fromisoformat(one["at"]) for one in looks]
        assert before < moments[0] < moments[1] < moments[2] == cafe.receipt(sold).looked_at

    def test_only_the_newest_fifty_are_kept(self, cafe: CafeAtPoster) -> None:
        cafe.guest()
        sold = cafe.sell()
        cafe.look(sold)
        with in_business(cafe.business.id):
            Receipt.objects.update(
                looks=[{"at": "2026-01-01T00:00:00+00:00", "verdict": "waiting", "why": [n]} for n in range(LOOKS_KEPT)]
            )
        cafe.look(sold)
        looks = cafe.receipt(sold).looks
        assert (len(looks), looks[0]["why"], looks[-1]["verdict"]) == (50, [1], "matched")


class TestPaidAndUnknown:
    def test_a_receipt_whose_report_was_lost_is_posted(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        found = cafe.look(sold)
        assert (found.verdict, found.why) == ("accrued", ())
        assert cafe.balance_minor(guest) == EARNED
        row = cafe.receipt(sold)
        assert (row.check_id, row.status, row.total_minor, row.location, row.register) == (
            found.check_id, 2, 20500, "1", "1",
        )  # fmt: skip
        assert cafe.rows("SELECT external_id, transaction_id, salesperson_name FROM checks.check") == [
            (str(sold["id"]), str(sold["orderName"]), "Waiter")
        ]
        assert cafe.books_agree()

    def test_the_report_that_comes_later_gets_the_same_answer(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        found = cafe.look(sold)
        late = cafe.report(sold, guest)
        assert (late.status, late.body["check_id"], late.body["earned_minor"]) == (200, str(found.check_id), EARNED)
        assert cafe.balance_minor(guest) == EARNED
        assert cafe.look(sold).verdict == "matched"
        assert cafe.receipt(sold).verdict == "accrued"  # what we did about it stays to be seen
        assert cafe.books_agree()

    def test_looking_twice_posts_once(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        assert [cafe.look(sold).check_id for _look in range(3)] == [cafe.look(sold).check_id] * 3
        assert cafe.balance_minor(guest) == EARNED
        assert cafe.rows("SELECT count(*) FROM messaging.outbox WHERE topic = 'check-finalized'") == [(1,)]

    def test_its_register_has_the_first_word_for_a_while(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        found = cafe.look(sold, now=timezone.now())
        assert (found.verdict, cafe.codes(sold)) == ("waiting", ["till-first"])
        assert found.look_again_at is not None
        assert timedelta(seconds=80) < found.look_again_at - timezone.now() <= timedelta(seconds=90)
        assert cafe.balance_minor(guest) == 0
        assert cafe.look(sold, now=found.look_again_at).verdict == "accrued"

    def test_the_client_that_is_linked_goes_before_his_phone(self, cafe: CafeAtPoster) -> None:
        of_phone, linked = cafe.guest(), cafe.guest("+380670000001", "Petro")
        with in_business(cafe.business.id):
            CustomerIdentifier.objects.create(
                business=cafe.business, customer_id=linked, kind="poster_client", value=f"{cafe.account.id}/5",
                added_at=timezone.now(),
            )  # fmt: skip
        cafe.look(cafe.sell())
        assert (cafe.balance_minor(of_phone), cafe.balance_minor(linked)) == (0, EARNED)

    def test_each_guest_of_a_register_is_recognised_by_his_phone(self, cafe: CafeAtPoster) -> None:
        petros = {"account": "demo-cafe", "clients": [{"phone_digits": "380501119999"}]}
        created = cafe.poster.client.post("/sandbox/clients", json=petros)
        olena, petro = cafe.guest(), cafe.guest("+380501119999", "Petro")
        first = cafe.look(cafe.sell())
        second = cafe.look(cafe.sell(clientId=int(created.json()["first"])))
        assert (first.verdict, second.verdict) == ("accrued", "accrued")
        assert (cafe.balance_minor(olena), cafe.balance_minor(petro)) == (EARNED, EARNED)
        assert cafe.rows("SELECT count(*) FROM customers.read_request") == [(0,)]

    def test_without_a_client_there_is_no_guest(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell(clientId=0)
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("no-guest", [])
        assert (cafe.balance_minor(guest), cafe.rows("SELECT count(*) FROM checks.check")) == (0, [(0,)])

    def test_a_client_whom_nobody_knows_here_is_no_guest(self, cafe: CafeAtPoster) -> None:
        sold = cafe.sell()
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("no-guest", ["client-unknown"])
        assert cafe.rows("SELECT count(*) FROM checks.check") == [(0,)]

    def test_a_register_without_a_terminal_waits_for_one(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell(tablet=3)
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("waiting", ["register-unlinked"])
        with in_business(cafe.business.id):
            link(cafe.business, cafe.account, "Station", "2", "3")
        assert cafe.look(sold).verdict == "accrued"
        assert cafe.balance_minor(guest) == EARNED
        assert cafe.receipt(sold).location == "2"

    def test_a_terminal_that_is_off_waits(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        with in_business(cafe.business.id):
            Terminal.objects.filter(name="Bar").update(enabled=False)
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("waiting", ["terminal-off"])
        assert cafe.balance_minor(guest) == 0

    def test_an_open_order_is_nothing_yet(self, cafe: CafeAtPoster) -> None:
        guest, order = cafe.guest(), cafe.keep_open()
        assert (cafe.look(order).verdict, cafe.codes(order)) == ("waiting", ["open"])
        assert cafe.balance_minor(guest) == 0


class TestReserved:
    def test_what_was_reserved_and_taken_off_is_redeemed(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        cafe.look(cafe.sell())
        order = cafe.keep_open()
        check_id = cafe.reserve(order, guest, 1000)
        sold = close(cafe, order, platformDiscount=10, loyaltyAppId=int(APP_ID), cash=195)
        found = cafe.look(sold)
        assert (found.verdict, str(found.check_id)) == ("accrued", check_id)
        assert cafe.balance_minor(guest) == EARNED - 1000 + 975
        columns = "redeem_minor, earned_minor, unbacked_minor"
        assert cafe.rows(f"SELECT {columns} FROM checks.check WHERE id = %s", check_id) == [(1000, 975, 0)]
        assert cafe.report(sold, guest, check_id=check_id).body["redeemed_minor"] == 1000
        assert cafe.books_agree()

    def test_what_was_reserved_and_not_taken_off_stays_the_guests(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        cafe.look(cafe.sell())
        order = cafe.keep_open()
        check_id = cafe.reserve(order, guest, 1000)
        cafe.look(close(cafe, order, cash=205))
        assert cafe.rows("SELECT redeem_minor, earned_minor FROM checks.check WHERE id = %s", check_id) == [(0, EARNED)]
        assert cafe.balance_minor(guest) == 2 * EARNED
        assert cafe.books_agree()

    def test_a_discount_of_somebody_else_is_no_redemption(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        found = cafe.look(cafe.sell(platformDiscount=40, loyaltyAppId=777))
        assert cafe.rows("SELECT total_minor, redeem_minor FROM checks.check WHERE id = %s", found.check_id) == [
            (16500, 0)
        ]
        assert cafe.balance_minor(guest) == 825

    def test_closed_without_payment_frees_what_was_reserved(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        cafe.look(cafe.sell())
        order = cafe.keep_open()
        check_id = cafe.reserve(order, guest, 1000)
        sold = close(cafe, order, payType="close", cash=0, reason=2)
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("matched", ["closed-without-payment"])
        assert cafe.rows("SELECT status FROM checks.check WHERE id = %s", check_id) == [("released",)]
        assert cafe.rows("SELECT count(*) FROM ledger.hold WHERE resolved_at IS NULL") == [(0,)]
        assert cafe.balance_minor(guest) == EARNED
        assert cafe.books_agree()

    def test_an_order_that_was_removed_frees_what_was_reserved(self, cafe: CafeAtPoster) -> None:
        guest = cafe.guest()
        cafe.look(cafe.sell())
        order = cafe.keep_open()
        check_id = cafe.reserve(order, guest, 1000)
        cafe.poster.register("DELETE", f"orders/{order['id']}").raise_for_status()
        assert (cafe.look(order).verdict, cafe.codes(order)) == ("reversed", ["hold-released"])
        assert cafe.rows("SELECT status FROM checks.check WHERE id = %s", check_id) == [("cancelled",)]
        assert cafe.balance_minor(guest) == EARNED
        assert cafe.books_agree()


class TestAfterwards:
    def test_a_receipt_that_was_deleted_is_reversed_once(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        cafe.report(sold, guest)
        cafe.delete(sold)
        assert [cafe.look(sold).verdict for _look in range(2)] == ["reversed", "reversed"]
        assert cafe.codes(sold) == ["deleted"]
        assert cafe.balance_minor(guest) == 0
        assert cafe.rows("SELECT whole, accomplished FROM checks.refund") == [(True, True)]
        assert cafe.books_agree()

    def test_one_that_was_deleted_before_anybody_posted_it_leaves_nothing(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        cafe.delete(sold)
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("matched", ["nothing-posted"])
        assert (cafe.balance_minor(guest), cafe.rows("SELECT count(*) FROM checks.check")) == (0, [(0,)])

    def test_a_position_that_came_back_is_returned_once(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        cafe.report(sold, guest)
        cafe.give_back(sold, "0", 1)
        assert [cafe.look(sold).verdict for _look in range(2)] == ["corrected", "matched"]
        assert (cafe.receipt(sold).verdict, cafe.codes(sold)) == ("corrected", ["returned"])
        assert cafe.balance_minor(guest) == 1025 - 375
        cafe.give_back(sold, "0", 1)
        cafe.look(sold)
        assert cafe.balance_minor(guest) == 1025 - 750
        assert cafe.rows("SELECT count(*) FROM checks.refund") == [(2,)]
        assert cafe.books_agree()

    def test_weight_goods_come_back_in_grams(self, cafe: CafeAtPoster) -> None:
        biscuits = {"0": {"id": 34, "count": 500, "price": 0.24}}
        guest, sold = cafe.guest(), cafe.sell(products=biscuits, total=120, subtotal=120)
        cafe.report(sold, guest)
        assert cafe.look(sold).verdict == "matched"
        cafe.give_back(sold, "0", 200)
        assert cafe.look(sold).verdict == "corrected"
        assert cafe.rows("SELECT quantity::text, returned_quantity::text FROM checks.check_line") == [
            ("500.000", "200.000")
        ]
        assert cafe.balance_minor(guest) == 600 - 240

    def test_a_report_that_says_something_else_is_listed_and_not_posted_twice(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        cafe.report({**sold, "total": 150, "payedCash": 150, "payedSum": 150}, guest)
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("differs", ["paid-differs"])
        assert cafe.receipt(sold).why[0]["members"] == {"paid_minor": 20500, "expected_minor": 15000}
        assert cafe.balance_minor(guest) == 750
        assert cafe.books_agree()

    def test_another_guest_than_posters_is_listed(self, cafe: CafeAtPoster) -> None:
        petro, sold = cafe.guest("+380670000001", "Petro"), cafe.sell()
        olena = cafe.guest()
        cafe.look(cafe.sell())  # links client 5 with Olena
        cafe.report(sold, petro)
        assert (cafe.look(sold).verdict, cafe.codes(sold)) == ("differs", ["other-guest"])
        assert (cafe.balance_minor(petro), cafe.balance_minor(olena)) == (EARNED, EARNED)


class TestPosterAway:
    def test_nothing_is_kept_of_a_look_that_failed(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        cafe.poster.weather(web_api="down")
        with pytest.raises(PosterUnavailable):
            cafe.look(sold)
        cafe.poster.weather(web_api="up")
        assert cafe.look(sold).verdict == "accrued"
        assert cafe.balance_minor(guest) == EARNED

    def test_a_token_that_was_revoked_says_so(self, cafe: CafeAtPoster) -> None:
        sold = cafe.sell()
        cafe.poster.post_form("/demo-cafe/manage/installed/4242/expire-token", page="/demo-cafe/manage/installed")
        with pytest.raises(TokenRefused):
            cafe.look(sold)

    def test_an_account_that_is_not_connected_is_not_asked(self, cafe: CafeAtPoster) -> None:
        sold = cafe.sell()
        disconnect_account(
            business_id=cafe.business.id, account_id=cafe.account.id, user=None, now=datetime.now(tz=UTC)
        )
        with pytest.raises(AccountUnknown):
            cafe.look(sold)

    def test_a_receipt_that_is_worked_on_is_left_alone(self, cafe: CafeAtPoster) -> None:
        guest, sold = cafe.guest(), cafe.sell()
        with claimed_receipt(cafe.business.id, cafe.account.id, str(sold["orderName"])), pytest.raises(ReceiptClaimed):
            cafe.look(sold)
        assert cafe.balance_minor(guest) == 0
        assert cafe.look(sold).verdict == "accrued"


def close(cafe: CafeAtPoster, order: dict, *, cash: float, reason: int = 0, **changes: object) -> dict:
    """The open order is paid."""
    closed = {**order, "status": 2, "payType": "mix", **changes}
    payments = {"cash": cash, "reason": reason}
    answer = cafe.poster.register("POST", f"orders/{order['id']}/close", {"order": closed, "payments": payments})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["order"])
