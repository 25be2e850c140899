"""Signed, in order, again and again, and over a restart."""

import hashlib
import json
import signal
import time

from tests.integration.poster_sandbox import sales
from tests.integration.poster_sandbox.running_sandbox import SECRET, wait_until

CLOSE_ADDRESS = f"orders/{sales.ORDER_ID}/close"


def sell(sandbox):
    """Raises added, closed and client_payed_sum."""
    sandbox.register("POST", CLOSE_ADDRESS, sales.paid())


def actions(receiver):
    return [f"{hook['object']}:{hook['action']}" for hook in receiver.hooks]


def states(sandbox):
    return [(hook["state"], len(hook["attempts"])) for hook in sandbox.webhooks() if hook["object"] != "application"]


def test_a_hook_is_signed_over_its_raw_data(sandbox, receiver, token):
    sell(sandbox)
    hook = wait_until(lambda: len(receiver.hooks) == 3 and receiver.hooks)[1]

    signed = ";".join(
        [hook["account"], hook["object"], str(hook["object_id"]), hook["action"], hook["data"], hook["time"], SECRET]
    )
    assert hook["verify"] == hashlib.md5(signed.encode()).hexdigest()
    assert isinstance(hook["object_id"], int)
    assert isinstance(hook["time"], str)


def test_the_close_hook_carries_its_history(sandbox, receiver, token):
    sell(sandbox)
    hook = wait_until(lambda: len(receiver.hooks) == 3 and receiver.hooks)[1]

    entry = json.loads(hook["data"])["transactions_history"]
    assert (entry["type_history"], entry["value2"], entry["spot_tablet_id"], entry["user_id"]) == ("close", 16500, 1, 3)
    assert json.loads(entry["value_text"]) == {"payments": {"cash": 100, "card": 65}}
    assert (entry["value4"], entry["value5"]) == (0, None)


def test_the_guests_sum_is_currency_units(sandbox, receiver, token):
    sell(sandbox)
    hook = wait_until(lambda: len(receiver.hooks) == 3 and receiver.hooks)[2]

    assert (hook["object"], hook["object_id"]) == ("client_payed_sum", 5)
    assert json.loads(hook["data"]) == {"value_absolute": 165}


def test_later_hooks_wait_behind_a_refused_one_and_the_retry_is_the_same(sandbox, receiver, token):
    receiver.answers = [(500, "no"), (302, "")]
    sell(sandbox)
    wait_until(lambda: len(receiver.hooks) == 5)

    assert actions(receiver) == [
        "transaction:added",
        "transaction:added",
        "transaction:added",
        "transaction:closed",
        "client_payed_sum:changed",
    ]
    assert receiver.hooks[0] == receiver.hooks[1] == receiver.hooks[2]
    wait_until(lambda: states(sandbox) == [("delivered", 3), ("delivered", 1), ("delivered", 1)])


def test_after_fifteen_retries_a_hook_is_given_up_and_the_next_one_goes(own_sandbox):
    own_sandbox.stop()
    fast = own_sandbox.command
    own_sandbox.command = lambda port=None: [*fast(port)[:-1], "0"]
    own_sandbox.start()
    own_sandbox.connect()
    receiver = own_sandbox.receiver
    wait_until(lambda: receiver.hooks)
    receiver.clear()
    receiver.answers = [(500, "no")] * 16
    sell(own_sandbox)

    wait_until(lambda: len(receiver.hooks) == 18)
    assert actions(receiver)[15:] == ["transaction:added", "transaction:closed", "client_payed_sum:changed"]
    wait_until(lambda: states(own_sandbox) == [("given up", 16), ("delivered", 1), ("delivered", 1)])


def test_held_hooks_are_delivered_when_the_weather_clears(sandbox, receiver, token):
    sandbox.weather(webhooks="held")
    sell(sandbox)
    time.sleep(0.5)
    assert receiver.hooks == []

    sandbox.weather(webhooks="flowing")

    wait_until(lambda: len(receiver.hooks) == 3)


def test_hooks_survive_a_killed_sandbox(own_sandbox):
    own_sandbox.connect()
    receiver = own_sandbox.receiver
    wait_until(lambda: receiver.hooks)
    receiver.clear()
    own_sandbox.weather(webhooks="held")
    sell(own_sandbox)

    own_sandbox.stop(signal.SIGKILL)
    own_sandbox.start()
    own_sandbox.weather(webhooks="flowing")

    wait_until(lambda: len(receiver.hooks) == 3)
    assert actions(receiver) == ["transaction:added", "transaction:closed", "client_payed_sum:changed"]


def test_the_check_button_sends_one_hook_that_is_not_really_signed(sandbox, receiver, token):
    receiver.answers = [(500, "no")]
    sandbox.post_form("/demo-cafe/manage/webhooks/test/4242", page="/demo-cafe/manage/webhooks")
    hook = wait_until(lambda: receiver.hooks)[0]

    genuine = hashlib.md5(f"demo-cafe;test;0;test;{hook['time']};{SECRET}".encode()).hexdigest()
    assert (hook["object"], hook["action"]) == ("test", "test")
    assert hook["verify"] != genuine
    wait_until(lambda: states(sandbox) == [("given up", 1)])


def test_an_account_without_the_app_raises_nothing(sandbox, receiver):
    sell(sandbox)

    assert sandbox.webhooks() == []


def test_hooks_of_receipts_can_be_lost(sandbox, receiver, token):
    sandbox.weather(webhooks="lost")
    sell(sandbox)
    wait_until(lambda: receiver.hooks)
    sandbox.weather(webhooks="flowing")
    sandbox.let_hooks_arrive()

    assert actions(receiver) == ["client_payed_sum:changed"]
    assert states(sandbox) == [("given up", 0), ("given up", 0), ("delivered", 1)]


def test_hooks_of_receipts_can_come_twice(sandbox, receiver, token):
    sandbox.weather(webhooks="twice")
    sell(sandbox)
    wait_until(lambda: len(receiver.hooks) == 5)
    sandbox.weather(webhooks="flowing")

    first, again = receiver.hooks[0], receiver.hooks[1]
    assert first == again
    assert actions(receiver) == ["transaction:added"] * 2 + ["transaction:closed"] * 2 + ["client_payed_sum:changed"]


def test_hooks_of_receipts_can_come_backwards(sandbox, receiver, token):
    sandbox.weather(webhooks="backwards")
    sell(sandbox)
    time.sleep(0.5)
    assert receiver.hooks == []
    sandbox.weather(webhooks="flowing")
    wait_until(lambda: len(receiver.hooks) == 3)

    assert actions(receiver) == ["transaction:closed", "transaction:added", "client_payed_sum:changed"]
