"""What the tables of checks refuse, and the keys of requests."""

from __future__ import annotations

from .trial import SQL, Trial, insert

NOW = SQL("now()")
CHECK = {
    "business_id": 1, "terminal_id": 1031, "point_of_sale_id": 1021, "external_id": "9", "status": "reserved",
    "customer_id": 1001, "currency": "UAH", "total_minor": 9000, "service_minor": 0, "content_hash": "c",
    "outcome": "{}",
}  # fmt: skip
FINAL = CHECK | {"status": "finalized", "finalized_at": NOW, "answer": "{}", "fingerprint": "f"}
AT_REGISTER = {"till_account_id": 1041, "spot": "1"}
LINE = {
    "business_id": 1, "check_id": 1502, "line_id": "1", "product_id": "12", "quantity": 2, "amount_minor": 100,
    "discountable": True, "promotion": False, "redeemed_minor": 0, "earned_minor": 0,
}  # fmt: skip
STORED_ANSWER = {
    "business_id": 1, "terminal_id": 1031, "key": "another", "input_hash": "\\x00", "answer": "{}", "created_at": NOW,
}  # fmt: skip


def check(name: str, behind: tuple[str, ...] = (), usual: dict[str, object] | None = None, **unusual: object) -> Trial:
    return Trial(f"checks.check.{name}", insert("checks.check", usual or CHECK, **unusual), behind)


CHECK_TRIALS = [
    check("check_pkey", ("checks.check.check_business_key",), id=1503),
    check("check_business_key", ("checks.check.check_pkey",), id=1503),
    check("check_customer_same_business", customer_id=2001),
    check("check_final_is_whole", status="lost"),
    check("check_final_is_whole", usual=FINAL, status="lost"),
    check("check_final_is_whole", status="finalized"),
    check("check_final_is_whole", status="released"),
    *(check("check_final_is_whole", usual=FINAL, status=status) for status in ("reserved", "expired", "cancelled")),
    *(
        check("check_final_is_whole", usual=FINAL, **{missing: None})
        for missing in ("finalized_at", "answer", "fingerprint")
    ),
    *(check("check_amounts_within", **{amount: -1}) for amount in ("total_minor", "service_minor", "confirmed_minor")),
    check("check_amounts_within", earned_minor=-1),
    check("check_amounts_within", redeem_minor=-1, unbacked_minor=-1),
    check("check_amounts_within", redeem_minor=5, unbacked_minor=6),
    check("check_amounts_within", unbacked_minor=-1),
    check("check_spot_of_account", spot="1"),
    check("check_spot_of_account", till_account_id=1041),
    check("check_concerns_known", concerns="{odd}"),
    check("check_by_start", usual=CHECK | AT_REGISTER, external_id="2"),
    check("check_by_transaction", usual=CHECK | AT_REGISTER, transaction_id="T2"),
    check("check_by_external_id", external_id="3"),
]

LINE_TRIALS = [
    Trial("checks.check_line.check_line_pkey", insert("checks.check_line", LINE, id=1701)),
    Trial("checks.check_line.check_line_once", insert("checks.check_line", LINE, line_id="0")),
    Trial("checks.check_line.check_line_same_business", insert("checks.check_line", LINE, check_id=2502)),
    *(
        Trial("checks.check_line.check_line_amounts_positive", insert("checks.check_line", LINE, **unusual))
        for unusual in ({"quantity": 0}, {"amount_minor": -1}, {"redeemed_minor": -1}, {"earned_minor": -1})
    ),
    Trial("checks.check_line.check_line_returned_within", insert("checks.check_line", LINE, returned_quantity=3)),
    Trial("checks.check_line.check_line_returned_within", insert("checks.check_line", LINE, returned_quantity=-1)),
]

KEY_TRIALS = [
    Trial(
        "customers.stored_answer.stored_answer_pkey", insert("customers.stored_answer", STORED_ANSWER, key="request")
    ),
    *(
        Trial(
            "customers.stored_answer.stored_answer_key_bounded",
            insert("customers.stored_answer", STORED_ANSWER, key=key),
        )
        for key in ("", "k" * 65)
    ),
    *(
        Trial(
            "customers.stored_answer.stored_answer_of_one_kind",
            insert("customers.stored_answer", STORED_ANSWER, answer=answer, answer_sealed=sealed),
        )
        for answer, sealed in ((None, None), ("{}", "\\x00"))
    ),
]

VERIFICATION = {
    "business_id": 1, "started_at": NOW, "finished_at": NOW, "differences": 0, "examples": "[]",
}  # fmt: skip
VERIFICATION_KEYS = ("checks.verification.verification_pkey", "checks.verification.verification_business_key")
VERIFICATION_AGAIN = insert("checks.verification", VERIFICATION, id=1901)
VERIFICATION_TRIALS = [
    Trial(VERIFICATION_KEYS[0], VERIFICATION_AGAIN, VERIFICATION_KEYS[1:]),
    Trial(VERIFICATION_KEYS[1], VERIFICATION_AGAIN, VERIFICATION_KEYS[:1]),
    Trial(
        "checks.verification.verification_differences_check",
        insert("checks.verification", VERIFICATION, differences=-1),
    ),
]

IMPORT = {
    "business_id": 1, "source": "poster:1/8", "customer_id": 1001, "unit": "bonus:UAH", "amount_minor": 5,
    "imported_at": NOW,
}  # fmt: skip
IMPORT_KEYS = ("checks.balance_import.balance_import_pkey", "checks.balance_import.balance_import_business_key")
IMPORT_AGAIN = insert("checks.balance_import", IMPORT, id=1951)
IMPORT_TRIALS = [
    Trial(IMPORT_KEYS[0], IMPORT_AGAIN, IMPORT_KEYS[1:]),
    Trial(IMPORT_KEYS[1], IMPORT_AGAIN, IMPORT_KEYS[:1]),
    *(
        Trial(f"checks.balance_import.balance_import_{name}", insert("checks.balance_import", IMPORT, **unusual))
        for name, unusual in (
            ("source_once", {"source": "poster:1/7"}),
            ("source_spelt", {"source": "poster"}),
            ("gives", {"amount_minor": 0}),
            ("customer_same_business", {"customer_id": 2001}),
        )
    ),
]

CHECKS_TRIALS = CHECK_TRIALS + LINE_TRIALS + KEY_TRIALS + VERIFICATION_TRIALS + IMPORT_TRIALS
