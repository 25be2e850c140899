from poster_sandbox.webhooks.schedule import RETRY_GAPS_S, due_webhooks, next_attempt_at

TWO_DAYS_S = 2 * 24 * 3600


def hook(number, *, state="waiting", next_at=0, application="1", kind="transaction", account="cafe"):
    return {
        "id": number,
        "account": account,
        "application_id": application,
        "state": state,
        "next_at": next_at,
        "object": kind,
    }


def test_fifteen_retries_fit_into_two_days_with_growing_gaps():
    assert len(RETRY_GAPS_S) == 15
    assert sum(RETRY_GAPS_S) <= TWO_DAYS_S
    assert list(RETRY_GAPS_S) == sorted(set(RETRY_GAPS_S))


def test_the_sixteenth_failure_is_the_last():
    assert next_attempt_at(1, 1000.0, 1) == 1030.0
    assert next_attempt_at(15, 1000.0, 1) == 1000.0 + RETRY_GAPS_S[-1]
    assert next_attempt_at(16, 1000.0, 1) is None


def test_a_later_hook_waits_behind_an_unacknowledged_one():
    queue = [hook(1, state="delivered"), hook(2, next_at=500), hook(3)]

    assert due_webhooks(queue, now_s=100) == []
    assert [one["id"] for one in due_webhooks(queue, now_s=500)] == [2]


def test_accounts_and_apps_do_not_wait_for_one_another():
    queue = [hook(1, next_at=500), hook(2, application="2"), hook(3, account="other")]

    assert [one["id"] for one in due_webhooks(queue, now_s=100)] == [2, 3]


def test_the_check_button_waits_for_nobody():
    queue = [hook(1, next_at=500), hook(2, kind="test"), hook(3)]

    assert [one["id"] for one in due_webhooks(queue, now_s=100)] == [2]
