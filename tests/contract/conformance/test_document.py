"""Document: what is published is what is answered."""

from __future__ import annotations

from guest import Guest
from till import Till

OPERATIONS = (
    "hello", "identify", "customers", "customers/1/profile", "customers/1/poster-client", "confirmations",
    "checks/quote", "checks/reserve", "checks/finalize", "checks/cancel", "checks/refund",
)  # fmt: skip


def test_the_document_is_published_with_every_operation(till: Till) -> None:
    answer = till.get("/terminal/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    assert [operation for operation in OPERATIONS if not till.document.has(operation)] == []


def test_every_answer_of_this_run_fits_the_document(guest: Guest) -> None:
    of = guest.receipt()
    guest.quote(of).must(200)
    guest.finalize(of).must(200)
    guest.cancel(external_id=of["external_id"]).must_refuse(409, "check-finalized")
    document = guest.till.document
    assert document.answers_seen > 0
    assert document.faults == []
