"""What is returned only grows, and never above what was redeemed, earned or bought."""

from __future__ import annotations

from .trial import SQL, Trial, insert

NOW = SQL("now()")
REFUND = {
    "business_id": 1, "check_id": 1502, "number": 2, "terminal_id": 1031, "actor": "terminal:1031",
    "accomplished": False, "lines": "[]", "whole": False, "returned_minor": 0, "returned_unbacked_minor": 0,
    "taken_back_minor": 0, "absorbed_minor": 0, "expired_minor": 0, "answer": "{}", "refunded_at": NOW,
    "recorded_at": NOW,
}  # fmt: skip
TOTALS = ("returned_minor", "returned_unbacked_minor", "taken_back_minor", "absorbed_minor", "expired_minor")
GROWS = "checks.check.returned_only_grows"


def within(name: str, check: int, assignments: str) -> Trial:
    return Trial(f"checks.check.{name}", f"UPDATE checks.check SET {assignments} WHERE id = {check}", (GROWS,))


REFUND_TRIALS = [
    within("check_amounts_within", 1502, "returned_minor = 1001"),
    within("check_amounts_within", 1502, "returned_minor = 801, unbacked_minor = 200"),
    within("check_amounts_within", 1502, "returned_minor = -1"),
    within("check_amounts_within", 1502, "returned_unbacked_minor = 1"),
    within("check_amounts_within", 1502, "returned_unbacked_minor = -1"),
    within("check_amounts_within", 1501, "taken_back_minor = 2000, absorbed_minor = 2000, expired_minor = 1001"),
    *(
        within("check_amounts_within", 1501, f"{total} = -1")
        for total in ("taken_back_minor", "absorbed_minor", "expired_minor")
    ),
    *(
        within("check_returned_is_final", 1503, f"earned_minor = 5, unbacked_minor = 500, {total}")
        for total in ("returned_whole = true", *(f"{total} = 1" for total in TOTALS))
    ),
    Trial(GROWS, "UPDATE checks.check SET returned_minor = 499 WHERE id = 1502"),
    Trial(GROWS, "UPDATE checks.check SET returned_unbacked_minor = 99 WHERE id = 1505"),
    Trial(GROWS, "UPDATE checks.check SET taken_back_minor = 99 WHERE id = 1505"),
    Trial(GROWS, "UPDATE checks.check SET absorbed_minor = 99 WHERE id = 1505"),
    Trial(GROWS, "UPDATE checks.check SET expired_minor = 99 WHERE id = 1505"),
    Trial(GROWS, "UPDATE checks.check SET returned_whole = false WHERE id = 1505"),
    Trial(
        "checks.check_line.returned_only_grows", "UPDATE checks.check_line SET returned_quantity = 0 WHERE id = 1701"
    ),
    Trial(
        "checks.refund.refund_pkey", insert("checks.refund", REFUND, id=1801), ("checks.refund.refund_business_key",)
    ),
    Trial(
        "checks.refund.refund_business_key", insert("checks.refund", REFUND, id=1801), ("checks.refund.refund_pkey",)
    ),
    Trial("checks.refund.refund_number_once", insert("checks.refund", REFUND, number=1)),
    Trial("checks.refund.refund_number_counts", insert("checks.refund", REFUND, number=0)),
    *(
        Trial("checks.refund.refund_amounts_positive", insert("checks.refund", REFUND, **{total: -1}))
        for total in TOTALS
    ),
    Trial("checks.refund.refund_check_same_business", insert("checks.refund", REFUND, check_id=2502)),
    *(
        Trial("checks.refund.append_only", statement)
        for statement in (
            "UPDATE checks.refund SET actor = 'job'",
            "DELETE FROM checks.refund",
            "TRUNCATE checks.refund",
        )
    ),
]
