"""Balance: a guest's whole story adds up."""

from __future__ import annotations

import random

from guest import Guest
from preconditions import Ground

RECEIPTS = 20


def test_every_answer_leads_from_the_balance_before_to_the_balance_after(newcomer: Guest, ground: Ground) -> None:
    chance = random.Random(20260901)
    guest = newcomer
    balance_minor = guest.collect()["balance_minor"]
    for _ in range(RECEIPTS):
        of = guest.receipt(chance.randrange(100, 40_000))
        most_minor = guest.quote(of).must(200)["redeem_max_minor"]
        redeemed_minor = chance.choice([0, most_minor // 2, most_minor])
        check_id = None
        if chance.random() < 0.5 and not (ground.code_needed and redeemed_minor):
            check_id = guest.reserve(of, redeemed_minor).must(201)["check_id"]
            if chance.random() < 0.3:
                guest.cancel(check_id=check_id).must(200)
                continue
        posted = guest.finalize(of, redeemed_minor, check_id=check_id).must(200)
        assert posted["balance_minor"] == (
            balance_minor - posted["redeemed_minor"] + posted["unbacked_minor"] + posted["earned_minor"]
        )
        balance_minor = posted["balance_minor"]
        assert (guest.bonus().balance_minor, guest.bonus().available_minor) == (balance_minor, balance_minor)


def test_what_expires_is_never_more_than_the_balance(guest: Guest) -> None:
    bonus = guest.till.post("identify", {"identifier": guest.email}).must(200)["customer"]["bonus"]
    assert sum(each["amount_minor"] for each in bonus["expiring"]) <= bonus["balance_minor"]
