"""Given a receipt of which till, Poster, ledger and messages know something, when the owner opens its page, then all
of it stands in one order and in plain sentences."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from tests.integration.checks.factories import NOON, Cafe, a_cafe, a_check, leave_business
from tests.integration.checks.refunding import LATER, refund, two_lines

from incust.businesses.models import Business, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.checks.correct_balance import CorrectBalance, correct_balance
from incust.messaging.models import Message
from incust.poster.models import Receipt, WebhookEvent
from incust.poster.receipt_timeline import EVENTS_MAX
from incust.poster.receipt_words import reason

from .people import Person

pytestmark = pytest.mark.django_db

ORDER, TRANSACTION = "1506511064579", "4711"


def at(minutes: float, seconds: float = 0) -> datetime:
    return NOON + timedelta(minutes=minutes, seconds=seconds)


@pytest.fixture
def cafe() -> Cafe:
    return a_cafe()


@pytest.fixture
def owner(cafe: Cafe) -> Person:
    return owner_of(cafe)


def owner_of(cafe: Cafe) -> Person:
    with in_business(cafe.business_id):
        business = Business.objects.get(pk=cafe.business_id)
    leave_business()
    return Person(User.objects.get(username=f"owner of {cafe.name}"), business)


def told(person: Person, path: str) -> list[tuple[str, str, str]]:
    """(local time, source, sentence) of each event on the page."""
    leave_business()
    answer = person.get(path)
    assert answer.status_code == 200, answer.status_code
    page = answer.content.decode().replace("\xa0", " ")
    rows = re.findall(
        r'data-test="timeline-event".*?<time[^>]*>(.*?)</time>.*?ic-badge[^>]*>(.*?)</span>.*?<p>(.*?)</p>',
        page,
        re.DOTALL,
    )
    return [(time, unescape(source), unescape(sentence)) for time, source, sentence in rows]


def poster_receipt(cafe: Cafe, check_id: int | None = None, **values: Any) -> Receipt:
    with in_business(cafe.business_id):
        account = TillAccount.objects.get(business_id=cafe.business_id)
        return Receipt.objects.create(
            business_id=cafe.business_id, till_account=account, transaction_id=TRANSACTION, check_id=check_id, status=2,
            **{"closed_at": at(5), "total_minor": 9000, "verdict": "matched", "currency": "UAH", **values},
        )  # fmt: skip


def webhook(cafe: Cafe, action: str, received_at: datetime, **values: Any) -> WebhookEvent:
    with in_business(cafe.business_id):
        return WebhookEvent.objects.create(
            business_id=cafe.business_id, account=cafe.name, object="transaction", object_id=TRANSACTION, action=action,
            sent_at=received_at, received_at=received_at, digest=f"{action} {received_at:%H%M%S%f}"[:32], **values,
        )  # fmt: skip


def message(cafe: Cafe, customer_id: int, **values: Any) -> None:
    with in_business(cafe.business_id):
        Message.objects.create(business_id=cafe.business_id, customer_id=customer_id, **values)


class TestOneReceipt:
    def test_all_that_happened_stands_in_one_order(self, cafe: Cafe, owner: Person) -> None:
        guest = cafe.guest(12_000)
        reserved = guest.reserve(two_lines(ORDER), 4000, now=at(1))
        paid = guest.finalize(two_lines(ORDER), 4000, now=at(5), check_id=reserved.check_id)
        webhook(cafe, "closed", at(5, 1), processed_at=at(5, 20), tries=0)
        poster_receipt(cafe, paid.check_id, looked_at=at(61), verdict="corrected", looks=[
            {"at": at(5, 10).isoformat(), "verdict": "matched", "why": []},
            {"at": at(59).isoformat(), "verdict": "corrected", "why": [reason("returned")]},
        ])  # fmt: skip
        message(
            cafe, guest.id, topic="check-finalized", check_id=paid.check_id, channel="email", dedup_key="a",
            masked_address="o•••@example.org", state="sent", attempts=1, created_at=at(5), changed_at=at(5, 3),
        )  # fmt: skip
        refund(cafe, paid.check_id, {"cake": 1}, now=LATER)
        correct_balance(
            CorrectBalance(
                business_id=cafe.business_id, customer_id=guest.id, currency="UAH", kind="gift", amount_minor=500,
                reason="Waited long", actor=f"user:{owner.user.pk}", number=1,
            ),
            now=at(90),
        )  # fmt: skip
        assert told(owner, f"receipts/of-check/{paid.check_id}/") == [
            ("15:00:00", "Till", "The guest was recognised by the QR code on the phone at terminal Bar."),
            ("15:01:00", "Till", "40.00 bonuses were reserved for this receipt, until 15:31."),
            ("15:05:00", "Till",
             "Terminal Bar reported the paid receipt over 90.00 UAH. Redeemed: 40.00. Earned: 2.50."),
            ("15:05:00", "Ledger", "Paid with bonuses: −40.00. Balance after it: 80.00."),
            ("15:05:00", "Ledger", "Earned by this receipt: +2.50. Balance after it: 82.50."),
            ("15:05:00", "Message", "A message about what the receipt brought was queued."),
            ("15:05:01", "Poster's webhook", "Poster told us: the receipt was closed."),
            ("15:05:03", "Message", "The message about what the receipt brought was sent to o•••@example.org."),
            ("15:05:10", "Comparison", "The receipt in Poster was compared with the books here: matched."),
            ("15:05:20", "Poster's webhook", "Worked off: the receipt was closed."),
            ("15:59:00", "Comparison", "The receipt in Poster was compared with the books here: corrected. "
             "Goods were returned in Poster, and the bonuses of the check followed."),
            ("16:00:00", "Comparison", "Some of the goods were returned. Given back: 13.33. Taken back: 0.83."),
            ("16:00:00", "Ledger", "Given back by the refund: +13.33. Balance after it: 95.83."),
            ("16:00:00", "Ledger", "Taken back by the refund: −0.83. Balance after it: 95.00."),
            ("16:30:00", "By hand", "Bonuses given by hand: +5.00. Balance after it: 100.00. Reason: Waited long"),
        ]  # fmt: skip

    def test_the_same_stands_on_the_page_of_posters_receipt(self, cafe: Cafe, owner: Person) -> None:
        done = cafe.guest(12_000).finalize(a_check(9000), now=at(5))
        receipt = poster_receipt(cafe, done.check_id, looked_at=at(6))
        of_check = told(owner, f"receipts/of-check/{done.check_id}/")
        assert len(of_check) == 4
        assert told(owner, f"receipts/{receipt.id}/") == of_check
        leave_business()
        check_page = owner.get(f"checks/check/{done.check_id}/change/").content.decode()
        assert f"receipts/of-check/{done.check_id}/" in check_page

    def test_a_hold_that_lapsed_and_a_report_that_came_late(self, cafe: Cafe, owner: Person) -> None:
        guest = cafe.guest(12_000)
        reserved = guest.reserve(a_check(9000), 4000, now=at(1))
        cafe.guest(5000).reserve(a_check(900, "another receipt"), 100, now=at(2))
        done = guest.finalize(a_check(9000), 0, now=at(95), closed_at=at(40), check_id=reserved.check_id)
        assert told(owner, f"receipts/of-check/{done.check_id}/")[1:] == [
            ("15:01:00", "Till", "40.00 bonuses were reserved for this receipt, until 15:31."),
            ("15:31:00", "Till",
             "The reservation of 40.00 bonuses ran out before the receipt was paid; they are free again."),
            ("15:40:00", "Till",
             "The receipt over 90.00 UAH was closed at the register, which reported it later."),
            ("16:35:00", "Till",
             "Terminal Bar reported the paid receipt over 90.00 UAH. Redeemed: 0.00. Earned: 4.50."),
            ("16:35:00", "Ledger", "Earned by this receipt: +4.50. Balance after it: 124.50."),
        ]  # fmt: skip

    def test_one_that_the_comparison_posted_says_so(self, cafe: Cafe, owner: Person) -> None:
        done = cafe.guest().finalize(a_check(9000), now=at(5))
        poster_receipt(cafe, done.check_id, looked_at=at(5), verdict="corrected", looks=[
            {"at": at(4).isoformat(), "verdict": "accrued", "why": []},
            {"at": at(9).isoformat(), "verdict": "corrected", "why": [reason("returned")]},
        ])  # fmt: skip
        posted = [row for row in told(owner, f"receipts/of-check/{done.check_id}/") if row[0] == "15:05:00"]
        assert posted[0] == (
            "15:05:00", "Comparison",
            "No register had reported the receipt over 90.00 UAH, so it was posted from what Poster says. "
            "Redeemed: 0.00. Earned: 4.50.",
        )  # fmt: skip

    def test_a_refund_that_a_till_told_is_the_tills(self, cafe: Cafe, owner: Person) -> None:
        done = cafe.guest(12_000).finalize(a_check(9000), 4000, now=at(5))
        poster_receipt(cafe, done.check_id, looked_at=at(61))
        refund(cafe, done.check_id, now=LATER)
        assert told(owner, f"receipts/of-check/{done.check_id}/")[-4:] == [
            ("16:00:00", "Till", "The whole receipt was returned. Given back: 40.00. Taken back: 2.50."),
            ("16:00:00", "Ledger", "Given back by the refund: +40.00. Balance after it: 122.50."),
            ("16:00:00", "Ledger", "Taken back by the refund: −2.50. Balance after it: 120.00."),
            ("16:01:00", "Comparison", "The receipt in Poster was compared with the books here: matched."),
        ]  # fmt: skip

    def test_webhooks_and_messages_that_failed(self, cafe: Cafe, owner: Person) -> None:
        guest = cafe.guest()
        done = guest.finalize(a_check(9000), now=at(5))
        receipt = poster_receipt(cafe, done.check_id)
        fault = {"code": "poster-unavailable", "members": {}}
        webhook(cafe, "changed", at(6), tries=2, fault=fault)
        webhook(cafe, "closed", at(7), tries=6, fault=fault, failed_at=at(47))
        message(
            cafe, guest.id, topic="check-finalized", check_id=done.check_id, channel="sms", dedup_key="a",
            masked_address="+380•••2233", state="failed", attempts=1, created_at=at(8), changed_at=at(9),
        )  # fmt: skip
        message(
            cafe, guest.id, topic="check-finalized", check_id=None, channel="sms", dedup_key="of another receipt",
            state="sent", attempts=1, created_at=at(8), changed_at=at(9),
        )  # fmt: skip
        assert told(owner, f"receipts/{receipt.id}/")[3:] == [
            ("15:06:00", "Poster's webhook", "Poster told us: the receipt was changed."),
            ("15:06:00", "Poster's webhook",
             "Could not be worked off yet (tries: 2): the receipt was changed. Poster does not answer right now. "
             "Please try again in a minute."),
            ("15:07:00", "Poster's webhook", "Poster told us: the receipt was closed."),
            ("15:08:00", "Message", "A message about what the receipt brought was queued."),
            ("15:09:00", "Message", "The message about what the receipt brought could not be sent to +380•••2233."),
            ("15:47:00", "Poster's webhook",
             "Given up after 6 tries: the receipt was closed. Poster does not answer right now. "
             "Please try again in a minute."),
        ]  # fmt: skip

    def test_a_webhook_that_waits_for_access_is_not_given_up(self, cafe: Cafe, owner: Person) -> None:
        receipt = poster_receipt(cafe, verdict="matched", looked_at=at(7))
        webhook(cafe, "closed", at(7), failed_at=at(47), fault={"code": "poster-token-refused", "members": {}})
        assert told(owner, f"receipts/{receipt.id}/")[-1] == (
            "15:47:00", "Poster's webhook",
            "Waits until the account is connected again: the receipt was closed. Poster no longer accepts our access "
            "to this account. Connect the account again.",
        )  # fmt: skip

    def test_a_receipt_without_a_guest_tells_what_the_comparison_decided(self, cafe: Cafe, owner: Person) -> None:
        receipt = poster_receipt(
            cafe, verdict="differs", looked_at=at(7),
            why=[reason("paid-differs", paid_minor=20500, expected_minor=15000)],
        )  # fmt: skip
        assert told(owner, f"receipts/{receipt.id}/") == [
            ("15:07:00", "Comparison", "The receipt in Poster was compared with the books here: differs. "
             "Poster was paid 205.00 UAH; by our check 150.00 UAH were due."),
        ]  # fmt: skip

    def test_one_of_which_nothing_is_known_says_so(self, cafe: Cafe, owner: Person) -> None:
        receipt = poster_receipt(cafe)
        leave_business()
        page = owner.get(f"receipts/{receipt.id}/").content.decode()
        assert "Nothing is known of it yet" in page
        assert "no guest of the program" in page

    def test_it_speaks_the_readers_language(self, cafe: Cafe, owner: Person) -> None:
        done = cafe.guest().finalize(a_check(9000), now=at(5))
        owner.client.cookies["incust_language"] = "uk"
        assert told(owner, f"receipts/of-check/{done.check_id}/")[2] == (
            "15:05:00", "Журнал бонусів", "Нараховано за цей чек: +4,50. Баланс після цього: 4,50.",
        )  # fmt: skip


class TestLongOnes:
    def test_the_newest_are_shown_and_the_earlier_ones_a_page_further(self, cafe: Cafe, owner: Person) -> None:
        receipt = poster_receipt(cafe)
        for number in range(EVENTS_MAX + 2):
            webhook(cafe, "changed", at(0, number), processed_at=at(0, number))
        newest = told(owner, f"receipts/{receipt.id}/")
        assert (len(newest), newest[0][0], newest[-1][0]) == (200, "15:00:02", "15:03:21")
        leave_business()
        page = owner.get(f"receipts/{receipt.id}/").content.decode()
        (earlier,) = re.findall(r'href="(\?before=[^"]+)" data-test="timeline-earlier"', page)
        assert [row[0] for row in told(owner, f"receipts/{receipt.id}/{earlier}")] == ["15:00:00", "15:00:01"]
        leave_business()
        last = owner.get(f"receipts/{receipt.id}/{earlier}").content.decode()
        assert "timeline-earlier" not in last
        assert "timeline-newest" in last

    def test_events_of_one_instant_are_neither_lost_nor_doubled_between_pages(self, cafe: Cafe, owner: Person) -> None:
        receipt = poster_receipt(cafe, looked_at=at(0))
        for number in range(EVENTS_MAX + 2):
            with in_business(cafe.business_id):
                WebhookEvent.objects.create(
                    business_id=cafe.business_id, account=cafe.name, object="transaction", object_id=TRANSACTION,
                    action=f"step {number}", sent_at=NOON, received_at=NOON, processed_at=NOON, digest=str(number),
                )  # fmt: skip
        newest = told(owner, f"receipts/{receipt.id}/")
        leave_business()
        page = owner.get(f"receipts/{receipt.id}/").content.decode()
        (earlier,) = re.findall(r'href="(\?before=[^"]+)" data-test="timeline-earlier"', page)
        oldest = told(owner, f"receipts/{receipt.id}/{earlier}")
        steps = [f"Poster told us: step {number}." for number in range(EVENTS_MAX + 2)]
        assert [row[2] for row in oldest + newest][:-1] == steps
        assert newest[-1][1] == "Comparison"

    @pytest.mark.parametrize("place", ["x", "1-2", "1-2-3-4", "99999999999999999999-1-1", "1-9999-1", "%00"])
    def test_nonsense_as_a_place_shows_the_newest(self, cafe: Cafe, owner: Person, place: str) -> None:
        receipt = poster_receipt(cafe, looked_at=at(7))
        assert len(told(owner, f"receipts/{receipt.id}/?before={place}")) == 1


class TestAnotherBusiness:
    def test_gets_nothing_of_it(self, cafe: Cafe, owner: Person) -> None:
        done = cafe.guest().finalize(a_check(9000), now=at(5))
        receipt = poster_receipt(cafe, done.check_id, looked_at=at(6))
        stranger = owner_of(a_cafe("second"))
        for path in (f"receipts/{receipt.id}/", f"receipts/of-check/{done.check_id}/"):
            leave_business()
            assert owner.get(path).status_code == 200
            leave_business()
            assert stranger.get(path).status_code == 404
            leave_business()
            assert stranger.get(path, business=owner.business).status_code == 404

    def test_has_its_own_webhooks_of_the_same_number(self, cafe: Cafe, owner: Person) -> None:
        other = a_cafe("second")
        webhook(other, "closed", at(1))
        with in_business(other.business_id):  # an account of the same name, as far as the columns go
            WebhookEvent.objects.update(account=cafe.name)
        receipt = poster_receipt(cafe, looked_at=at(7))
        assert [row[1] for row in told(owner, f"receipts/{receipt.id}/")] == ["Comparison"]

    def test_is_not_read_by_the_function_either_whatever_business_it_is_told(self, cafe: Cafe) -> None:
        other = a_cafe("second")
        done = cafe.guest().finalize(a_check(9000), now=at(5))
        ask = "SELECT count(*) FROM poster.receipt_timeline(%s, %s, NULL, %s, NULL, NULL, NULL, 10)"
        leave_business()
        assert cafe.rows(ask, cafe.business_id, done.check_id, NOON) == [(3,)]
        leave_business()
        assert other.rows(ask, cafe.business_id, done.check_id, NOON) == [(0,)]
        assert other.rows(ask, other.business_id, done.check_id, NOON) == [(0,)]
