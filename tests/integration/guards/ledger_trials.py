"""What the ledger's tables refuse."""

from __future__ import annotations

from .trial import SQL, Trial, insert

NOW = SQL("now()")
ACCOUNT = {"business_id": 1, "customer_id": 1002, "unit": "bonus:UAH", "opened_at": NOW}
POSTING = {
    "id": 1250, "business_id": 1, "unit": "bonus:UAH", "kind": "correction", "cause_id": 2, "actor": "user:1",
    "happened_at": NOW, "recorded_at": NOW,
}  # fmt: skip
LOT = {
    "business_id": 1, "account_id": 1101, "account_version": 2, "amount_minor": 10, "remaining_minor": 10,
    "expires_on": "2026-10-01", "expires_at": NOW,
}  # fmt: skip
LOT_SPEND = {"business_id": 1, "lot_id": 1402, "account_id": 1101, "account_version": 2, "amount_minor": 5}
HOLD = {
    "business_id": 1, "account_id": 1101, "cause_kind": "check", "cause_id": 1504, "amount_minor": 10, "taken_at": NOW,
    "expires_at": SQL("now() + interval '1 minute'"),
}  # fmt: skip


def legs(*rows: str, posting: int = 1203) -> str:
    """INSERT of entries: (unit, account, system account, amount, version, balance after)."""
    return (
        "INSERT INTO ledger.entry (business_id, posting_id, unit, account_id, system_account, amount_minor,"
        f" account_version, balance_after_minor) SELECT 1, {posting}, leg.* FROM (VALUES {', '.join(rows)})"
        " AS leg (unit, account_id, system_account, amount_minor, account_version, balance_after_minor)"
    )


def of_guest(amount_minor: int, version: int | str = 3, account: int = 1101, system_account: str = "NULL") -> str:
    return f"('bonus:UAH', {account}::bigint, {system_account}::text, {amount_minor}, {version}::bigint, 4000::bigint)"


def of_business(amount_minor: int, account: str = "issued", unit: str = "bonus:UAH") -> str:
    return f"('{unit}', NULL::bigint, '{account}', {amount_minor}, NULL::bigint, NULL::bigint)"


def rewriting(trigger: str, *statements: str, behind: tuple[str, ...] = ()) -> list[Trial]:
    """The trigger refuses each of them; TRUNCATE reaches the tables behind as well."""
    return [Trial(trigger, statement, behind if "TRUNCATE" in statement else ()) for statement in statements]


ACCOUNT_AGAIN = insert("ledger.account", ACCOUNT, id=1102, unit="bonus:EUR")
ACCOUNT_KEYS = ("ledger.account.account_pkey", "ledger.account.account_business_key", "ledger.account.account_unit_key")
ACCOUNT_TRIALS = [
    Trial("ledger.account.account_pkey", ACCOUNT_AGAIN, ACCOUNT_KEYS[1:2]),
    Trial("ledger.account.account_business_key", ACCOUNT_AGAIN, ACCOUNT_KEYS[:1]),
    Trial("ledger.account.account_unit_key", insert("ledger.account", ACCOUNT, id=1102), ACCOUNT_KEYS[:2]),
    Trial("ledger.account.account_once", insert("ledger.account", ACCOUNT, customer_id=1003)),
    Trial("ledger.account.account_customer_same_business", insert("ledger.account", ACCOUNT, customer_id=2002)),
    Trial("ledger.account.account_unit_spelt", insert("ledger.account", ACCOUNT, unit="points")),
    Trial("ledger.account.account_amounts_within", insert("ledger.account", ACCOUNT, version=-1)),
    Trial(
        "ledger.account.account_amounts_within",
        insert("ledger.account", ACCOUNT, debt_limit_minor=-1, balance_minor=5),
    ),
    Trial("ledger.account.account_amounts_within", insert("ledger.account", ACCOUNT, balance_minor=-1)),
    Trial(
        "ledger.account.account_amounts_within",
        insert("ledger.account", ACCOUNT, balance_minor=-11, debt_limit_minor=10),
    ),
    Trial("ledger.account.account_amounts_within", insert("ledger.account", ACCOUNT, balance_minor=10, held_minor=11)),
    Trial("ledger.account.account_amounts_within", insert("ledger.account", ACCOUNT, held_minor=-1)),
    *rewriting(
        "ledger.account.never_deleted", "DELETE FROM ledger.account WHERE id = 1103", "TRUNCATE ledger.account CASCADE",
        behind=(
            "ledger.entry.append_only", "ledger.lot.never_deleted", "ledger.hold.never_deleted",
            "ledger.lot_spend.append_only",
        ),
    ),
]  # fmt: skip

POSTING_TRIALS = [
    Trial("ledger.posting.posting_pkey", insert("ledger.posting", POSTING, id=1203)),
    Trial("ledger.posting.posting_cause_once", insert("ledger.posting", POSTING, cause_id=1)),
    Trial("ledger.posting.posting_kind_known", insert("ledger.posting", POSTING, kind="whim")),
    *rewriting(
        "ledger.posting.append_only", "UPDATE ledger.posting SET reason = 'other'",
        "DELETE FROM ledger.posting WHERE id = 1203", "TRUNCATE ledger.posting CASCADE",
        behind=("ledger.entry.append_only",),
    ),
]  # fmt: skip

ENTRY_TRIALS = [
    Trial(
        "ledger.entry.entry_pkey",
        "INSERT INTO ledger.entry (id, business_id, posting_id, unit, system_account, amount_minor) VALUES"
        " (1302, 1, 1203, 'bonus:UAH', 'issued', -5), (1350, 1, 1203, 'bonus:UAH', 'gift', 5)",
    ),
    Trial(
        "ledger.entry.entry_posting_id_fkey", legs(of_business(-5), of_business(5, "gift"), posting=1299),
        ("ledger.entry.balanced",),
    ),
    Trial("ledger.entry.entry_account_same_business", legs(of_guest(5, account=2101), of_business(-5))),
    Trial("ledger.entry.entry_account_same_business", legs(of_guest(5, account=1199), of_business(-5))),
    Trial("ledger.entry.entry_of_one_account", legs(of_guest(5, system_account="'gift'"), of_business(-5))),
    Trial(
        "ledger.entry.entry_of_one_account",
        legs("('bonus:UAH', NULL::bigint, NULL::text, 5, NULL::bigint, NULL::bigint)", of_business(-5)),
    ),
    Trial("ledger.entry.entry_of_one_account", legs(of_guest(5, version="NULL"), of_business(-5))),
    Trial(
        "ledger.entry.entry_of_one_account",
        legs("('bonus:UAH', 1101::bigint, NULL::text, 5, 3::bigint, NULL::bigint)", of_business(-5)),
    ),
    Trial("ledger.entry.entry_moves_something", legs(of_business(0))),
    Trial("ledger.entry.entry_version_counts", legs(of_guest(5, version=0), of_business(-5))),
    Trial("ledger.entry.entry_system_account_known", legs(of_business(-5), of_business(5, "pocket"))),
    Trial("ledger.entry.entry_version_once", legs(of_guest(5, version=2), of_business(-5))),
    Trial("ledger.entry.balanced", legs(of_business(-5), of_business(6, "gift"))),
    Trial("ledger.entry.balanced", legs(of_business(-5, unit="bonus:EUR"), of_business(5, "gift", unit="bonus:EUR"))),
    Trial("ledger.entry.balanced", legs(of_business(-5), of_business(5, "gift"), posting=2203)),
    *rewriting(
        "ledger.entry.append_only", "UPDATE ledger.entry SET amount_minor = 1 WHERE id = 1301",
        "DELETE FROM ledger.entry WHERE id = 1301", "TRUNCATE ledger.entry",
    ),
]  # fmt: skip

LOT_TRIALS = [
    Trial("ledger.lot.lot_pkey", insert("ledger.lot", LOT, id=1401), ("ledger.lot.lot_business_key",)),
    Trial("ledger.lot.lot_business_key", insert("ledger.lot", LOT, id=1401), ("ledger.lot.lot_pkey",)),
    Trial("ledger.lot.lot_of_entry_once", insert("ledger.lot", LOT, account_version=1)),
    Trial("ledger.lot.lot_account_same_business", insert("ledger.lot", LOT, account_id=2101)),
    Trial("ledger.lot.lot_remaining_within", insert("ledger.lot", LOT, remaining_minor=11)),
    Trial("ledger.lot.lot_remaining_within", insert("ledger.lot", LOT, remaining_minor=-1)),
    Trial("ledger.lot.lot_remaining_within", insert("ledger.lot", LOT, amount_minor=0, remaining_minor=0)),
    *rewriting(
        "ledger.lot.never_deleted", "DELETE FROM ledger.lot WHERE id = 1402", "TRUNCATE ledger.lot CASCADE",
        behind=("ledger.lot_spend.append_only",),
    ),
    Trial("ledger.lot_spend.lot_spend_pkey", insert("ledger.lot_spend", LOT_SPEND, id=1451)),
    Trial("ledger.lot_spend.lot_spend_once", insert("ledger.lot_spend", LOT_SPEND, lot_id=1401)),
    Trial("ledger.lot_spend.lot_spend_same_business", insert("ledger.lot_spend", LOT_SPEND, lot_id=2402)),
    Trial("ledger.lot_spend.lot_spend_moves_something", insert("ledger.lot_spend", LOT_SPEND, amount_minor=0)),
    *rewriting(
        "ledger.lot_spend.append_only", "UPDATE ledger.lot_spend SET amount_minor = 999",
        "DELETE FROM ledger.lot_spend", "TRUNCATE ledger.lot_spend",
    ),
]  # fmt: skip

HOLD_TRIALS = [
    Trial("ledger.hold.hold_pkey", insert("ledger.hold", HOLD, id=1601), ("ledger.hold.hold_business_key",)),
    Trial("ledger.hold.hold_business_key", insert("ledger.hold", HOLD, id=1601), ("ledger.hold.hold_pkey",)),
    Trial("ledger.hold.hold_of_cause_once", insert("ledger.hold", HOLD, cause_id=1503)),
    Trial("ledger.hold.hold_account_same_business", insert("ledger.hold", HOLD, account_id=2101)),
    Trial("ledger.hold.hold_cause_known", insert("ledger.hold", HOLD, cause_kind="whim")),
    Trial("ledger.hold.hold_amount_positive", insert("ledger.hold", HOLD, amount_minor=0)),
    Trial("ledger.hold.hold_lives", insert("ledger.hold", HOLD, expires_at=NOW)),
    Trial("ledger.hold.hold_resolution_known", insert("ledger.hold", HOLD, resolution="lost", resolved_at=NOW)),
    Trial("ledger.hold.hold_resolved_when", insert("ledger.hold", HOLD, resolution="released")),
    Trial("ledger.hold.hold_resolved_when", insert("ledger.hold", HOLD, resolved_at=NOW)),
    *(
        Trial(
            "ledger.hold.hold_captured_within",
            insert(
                "ledger.hold", HOLD, resolution=resolution, resolved_at=resolution and NOW,
                captured_minor=captured_minor,
            ),
        )
        for resolution, captured_minor in [
            (None, 1), ("released", 1), ("expired", 1), ("captured", 0), ("captured", -1), ("captured", 11),
        ]
    ),
    Trial("ledger.hold.resolved_once", "UPDATE ledger.hold SET resolved_at = now() WHERE id = 1602"),
    *rewriting("ledger.hold.never_deleted", "DELETE FROM ledger.hold", "TRUNCATE ledger.hold"),
]  # fmt: skip

LEDGER_TRIALS = ACCOUNT_TRIALS + POSTING_TRIALS + ENTRY_TRIALS + LOT_TRIALS + HOLD_TRIALS
