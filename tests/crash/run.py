"""One run: cashiers at work while parts are killed; then everything is up again and compared."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

from tests.crash import comparison
from tests.crash.deployment import Cafe, Deployment, until
from tests.crash.killing import Killer
from tests.crash.mailbox import Mailbox
from tests.crash.shift import Cashier, work
from tests.crash.till import Journal, Till

TILLS = 6
GUESTS = 12
SETTLES_WITHIN_S = 90
"""A job of a worker that was killed is taken over after ten to fifteen seconds."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a run came to. `repeated`: acknowledged operations that had to be sent more than once."""

    seed: int
    receipts: int
    operations: int
    repeated: int
    replayed: int
    killed: tuple[str, ...]
    seconds: float

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.receipts} receipts, {self.operations} operations ({self.repeated} sent more than "
            f"once, {self.replayed} of them answered from the store), {len(self.killed)} kills, {self.seconds:.0f} s"
        )


def cashiers_of(cafe: Cafe, *, port: int, journal: Journal, seed: int, impatient: bool = False) -> list[Cashier]:
    """A cashier at every till, each with chances of his own that the seed decides."""
    return [
        Cashier(
            Till(number, port=port, key=key, journal=journal, chance=random.Random(f"{seed} till {number}")),
            cafe.guests,
            impatient=impatient,
        )
        for number, key in enumerate(cafe.keys)
    ]


def kill_while_selling(
    deployment: Deployment, mailbox: Mailbox, folder: Path, *, name: str, seed: int, receipts: int, rounds: int,
    seconds: float = 0,
) -> Report:  # fmt: skip
    """Sell at least so many receipts, for at least so long, and kill every part at least `rounds` times meanwhile.

    Raises AssertionError on the first difference.
    """
    started = time.monotonic()
    cafe = deployment.open_cafe(name, tills=TILLS, guests=GUESTS)
    journal = Journal(folder / f"journal-{name}.jsonl")
    cashiers = cashiers_of(cafe, port=deployment.port, journal=journal, seed=seed)
    with Killer(deployment, random.Random(f"{seed} killer"), rounds=rounds, seconds=seconds) as killer:
        work(cashiers, receipts=receipts, go_on=lambda: killer.at_work)
    deployment.wait_until_it_answers()
    compare(deployment, cafe, journal, mailbox)
    return Report(
        seed=seed,
        receipts=len({entry.answer["check_id"] for entry in journal.done("checks/finalize")}),
        operations=len(journal.entries),
        repeated=sum(entry.tries > 1 for entry in journal.entries),
        replayed=sum(entry.tries > 1 and entry.replayed for entry in journal.entries),
        killed=tuple(killer.killed),
        seconds=time.monotonic() - started,
    )


def compare(deployment: Deployment, cafe: Cafe, journal: Journal, mailbox: Mailbox) -> None:
    """The journal against all that the server keeps and has sent; `incust ledger verify` first."""
    verified = deployment.run("-m", "incust", "ledger", "verify")
    assert verified.returncode == 0, verified.stdout
    with deployment.books() as books:
        comparison.compare_receipts(books, cafe, journal)
        comparison.compare_entries(books, cafe, journal)
        comparison.compare_refunds(books, cafe, journal)
        until(lambda: comparison.settled(books), "the worker never came to an end", SETTLES_WITHIN_S)
        comparison.compare_messages(books, cafe, journal, mailbox)
