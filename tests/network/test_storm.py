"""A storm on the line between tills and server: afterwards each receipt is there once, and every balance is exact."""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.deployment import Deployment
from tests.crash.mailbox import Mailbox
from tests.crash.run import cashiers_of, compare
from tests.crash.shift import work
from tests.crash.till import Journal
from tests.network.fault_proxy import Fault, FaultProxy, Request

SEED = int(os.environ.get("INCUST_NETWORK_SEED", "5"))
WEIGHTS = {
    Fault.NONE: 68, Fault.DROP_REQUEST: 6, Fault.DROP_ANSWER: 8, Fault.DUPLICATE: 8, Fault.REORDER: 6,
    Fault.DELAY_REQUEST: 2, Fault.DELAY_ANSWER: 2,
}  # fmt: skip
MUTATIONS = ("checks/reserve", "checks/finalize", "checks/cancel", "checks/refund")


class Storm:
    """Chooses a fault for each request by chance; of each mutation one answer is lost, one request doubled."""

    def __init__(self, seed: int) -> None:
        self.suffered: Counter[tuple[str, Fault]] = Counter()
        self._chance = random.Random(f"{seed} storm")

    def __call__(self, request: Request) -> Fault:
        (fault,) = self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        if request.operation in MUTATIONS:
            for surely in (Fault.DUPLICATE, Fault.DROP_ANSWER):
                fault = fault if self.suffered[request.operation, surely] else surely
        self.suffered[request.operation, fault] += 1
        return fault


@pytest.mark.parametrize("impatient", [False, True], ids=["repeats", "gives-up-on-reservations"])
def test_after_a_storm_each_receipt_is_there_once_and_balances_are_exact(
    deployment: Deployment, mailbox: Mailbox, tmp_path: Path, impatient: bool
) -> None:
    """A till that gives up on a reservation sells without it, and the request may still arrive after the sale."""
    cafe = deployment.open_cafe(f"storm-{impatient}".lower(), tills=6, guests=8)
    journal = Journal(tmp_path / "journal.jsonl")
    storm = Storm(SEED)
    with FaultProxy(deployment.port) as proxy:
        proxy.plan = storm
        cashiers = cashiers_of(cafe, port=proxy.port, journal=journal, seed=SEED, impatient=impatient)
        work(cashiers, receipts=120, go_on=lambda: False)
        proxy.wait_for_stragglers()
        for key, answers in proxy.answers().items():
            told = {answer for answer in answers if answer.status < 300}
            assert len(told) <= 1, f"{key} was answered in different ways"
    assert threading.active_count() < 50, "the proxy leaves nothing behind"
    for operation in MUTATIONS:
        assert min(storm.suffered[operation, fault] for fault in (Fault.DROP_ANSWER, Fault.DUPLICATE)) > 0, operation
    assert min(proxy.suffered[fault] for fault in Fault) > 0
    compare(deployment, cafe, journal, mailbox)
