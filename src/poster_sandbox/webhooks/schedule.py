"""When a webhook that nobody answered is tried again."""

from typing import Any

# 15 retries within two days (documented); that the gaps grow, and how, is ours.
RETRY_GAPS_S = (30, 60, 120, 240, 480, 900, 1800, 3600, 5400, 7200, 10800, 14400, 21600, 36000, 64800)


def next_attempt_at(attempts_made: int, now_s: float, scale: float) -> float | None:
    """Unix seconds of the next attempt, or None after the fifteenth retry."""
    if attempts_made > len(RETRY_GAPS_S):
        return None
    return now_s + RETRY_GAPS_S[attempts_made - 1] * scale


def due_webhooks(webhooks: list[dict[str, Any]], now_s: float) -> list[dict[str, Any]]:
    """The head of each queue (one per account and app) whose time has come; later hooks wait behind it.

    The "check" button stands beside the queue: its hook neither waits nor holds anything up.
    """
    heads: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for hook in webhooks:
        if hook["state"] == "waiting":
            heads.setdefault((hook["account"], hook["application_id"], hook["object"] == "test"), hook)
    return [hook for hook in heads.values() if hook["next_at"] <= now_s]
