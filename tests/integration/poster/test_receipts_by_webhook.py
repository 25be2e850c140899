"""Given hooks of a receipt in whatever order and number, when they are worked off, then the books say what
Poster says."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.integration.poster.cafe_at_poster import CafeAtPoster, open_cafe
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.tenancy import in_business
from incust.messaging.outbox import TryLater, handle
from incust.poster import process_webhook, reconcile_receipt
from incust.poster.models import WebhookEvent
from incust.poster.process_webhook import try_webhook_again

EARNED = 1025


@pytest.fixture
def cafe(committed_database: str, poster: PosterBeside, monkeypatch: pytest.MonkeyPatch) -> CafeAtPoster:
    """Nobody waits for the till's word here."""
    monkeypatch.setattr(reconcile_receipt, "TILL_FIRST_FOR", timedelta(0))
    monkeypatch.setattr(process_webhook, "CLOCK_TOLERANCE", timedelta(seconds=5))
    poster.let_hooks_arrive()
    poster.receiver.clear()
    return open_cafe(poster)


def hooks_of(cafe: CafeAtPoster) -> list[dict[str, Any]]:
    """All that Poster has sent since, as it sent it."""
    cafe.poster.let_hooks_arrive()
    hooks = [one for one in cafe.poster.receiver.hooks if one["object"] == "transaction"]
    cafe.poster.receiver.clear()
    return hooks


def deliver(hooks: list[dict[str, Any]]) -> None:
    for hook in hooks:
        answer = Client().post("/poster/webhook", data=json.dumps(hook), content_type="application/json")
        assert answer.status_code == 200


def work(cafe: CafeAtPoster) -> list[str]:
    """Work off what waits; gives the reasons of those that were put off."""
    put_off = []
    for (event_id,) in cafe.rows("SELECT id FROM messaging.outbox WHERE topic = 'poster-webhook' ORDER BY id"):
        try:
            handle(cafe.business.id, event_id)
        except TryLater as later:
            put_off.append(str(later))
    return put_off


def open_hooks(cafe: CafeAtPoster) -> int:
    with in_business(cafe.business.id):
        return WebhookEvent.objects.filter(processed_at=None).count()


def test_a_lost_report_is_made_up_for(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    deliver(hooks_of(cafe))
    assert work(cafe) == []
    assert (cafe.balance_minor(guest), open_hooks(cafe)) == (EARNED, 0)
    assert cafe.report(sold, guest).body["earned_minor"] == EARNED
    assert cafe.balance_minor(guest) == EARNED
    assert cafe.books_agree()


def test_hooks_that_come_twice_and_backwards_count_once(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    cafe.give_back(sold, "0", 1)
    hooks = hooks_of(cafe)
    assert [hook["action"] for hook in hooks] == ["added", "closed", "changed"]
    for order in (hooks[::-1], hooks, hooks[::-1]):
        deliver(order)
        work(cafe)
    assert open_hooks(cafe) == 0
    assert len(cafe.rows("SELECT FROM poster.webhook_event WHERE object = 'transaction'")) == 3
    # Only what was left counts: the goods had gone back before anybody posted the receipt.
    assert cafe.balance_minor(guest) == EARNED - 375
    assert cafe.rows("SELECT count(*) FROM checks.check") == [(1,)]
    assert cafe.books_agree()


def test_a_line_returned_after_the_posting_is_returned_once(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    deliver(hooks_of(cafe))
    work(cafe)
    cafe.give_back(sold, "0", 1)
    hooks = hooks_of(cafe)
    deliver(hooks + hooks)
    work(cafe)
    assert cafe.balance_minor(guest) == EARNED - 375
    assert cafe.rows("SELECT count(*) FROM checks.refund") == [(1,)]


def test_a_deleted_receipt_is_reversed_also_where_its_deletion_is_heard_of_first(cafe: CafeAtPoster) -> None:
    guest, sold = cafe.guest(), cafe.sell()
    cafe.report(sold, guest)
    cafe.delete(sold)
    deliver(hooks_of(cafe)[::-1])
    work(cafe)
    assert (cafe.balance_minor(guest), open_hooks(cafe)) == (0, 0)
    assert cafe.receipt(sold).verdict == "reversed"
    assert cafe.books_agree()


def test_a_hook_waits_until_its_register_has_had_its_say(cafe: CafeAtPoster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile_receipt, "TILL_FIRST_FOR", timedelta(seconds=90))
    guest, _sold = cafe.guest(), cafe.sell()
    deliver(hooks_of(cafe))
    assert work(cafe) == ["till-first"]
    assert (cafe.balance_minor(guest), open_hooks(cafe)) == (0, 1)
    monkeypatch.setattr(reconcile_receipt, "TILL_FIRST_FOR", timedelta(0))
    assert work(cafe) == []
    assert (cafe.balance_minor(guest), open_hooks(cafe)) == (EARNED, 0)


def test_a_failure_is_kept_with_its_sentence_and_tried_so_often(cafe: CafeAtPoster) -> None:
    guest, _sold = cafe.guest(), cafe.sell()
    deliver(hooks_of(cafe))
    cafe.poster.weather(web_api="down")
    assert [work(cafe) for _try in range(7)] == [["poster-unavailable"]] * 5 + [[], []]
    with in_business(cafe.business.id):
        hook = WebhookEvent.objects.get(action="closed")
    assert (hook.tries, hook.processed_at, hook.fault["code"]) == (6, None, "poster-unavailable")
    assert hook.failed_at is not None
    assert cafe.rows("SELECT count(*) FROM messaging.outbox WHERE topic = 'poster-webhook'") == [(0,)]
    assert cafe.balance_minor(guest) == 0


def test_a_failed_hook_is_tried_again_on_demand(cafe: CafeAtPoster) -> None:
    guest, _sold = cafe.guest(), cafe.sell()
    deliver(hooks_of(cafe))
    with in_business(cafe.business.id):
        WebhookEvent.objects.filter(action="closed").update(failed_at=timezone.now(), tries=6, fault={"code": "x"})
        hook = WebhookEvent.objects.get(action="closed")
    work(cafe)
    assert cafe.balance_minor(guest) == 0
    assert try_webhook_again(cafe.business.id, hook.id)
    assert not try_webhook_again(cafe.business.id, hook.id)  # it has not failed yet
    assert work(cafe) == []
    assert cafe.balance_minor(guest) == EARNED
    with in_business(cafe.business.id):
        assert WebhookEvent.objects.get(id=hook.id).fault is None


def test_one_look_serves_the_hooks_that_came_before_it(cafe: CafeAtPoster) -> None:
    cafe.guest()
    cafe.sell()
    deliver(hooks_of(cafe))
    work(cafe)
    with in_business(cafe.business.id), connection.cursor() as cursor:
        cursor.execute("UPDATE poster.receipt SET looked_at = now() + interval '1 minute', verdict = 'no-guest'")
        WebhookEvent.objects.filter(action="closed").update(processed_at=None)
        hook = WebhookEvent.objects.get(action="closed")
    process_webhook._process(cafe.business.id, hook)
    assert cafe.rows("SELECT verdict FROM poster.receipt") == [("no-guest",)]
