"""Web, worker and PostgreSQL are killed in turn while tills sell: nothing is lost and nothing doubled."""

from __future__ import annotations

import os
from pathlib import Path

from tests.crash.deployment import PARTS, Deployment
from tests.crash.mailbox import Mailbox
from tests.crash.run import kill_while_selling

SEED = int(os.environ.get("INCUST_CRASH_SEED", "3"))


def test_five_hundred_receipts_while_every_part_is_killed_twice(
    deployment: Deployment, mailbox: Mailbox, folder: Path
) -> None:
    report = kill_while_selling(deployment, mailbox, folder, name="kills", seed=SEED, receipts=500, rounds=2)
    print(report)
    assert report.receipts >= 400, "one in ten is cancelled"
    assert min(report.killed.count(part) for part in PARTS) >= 2
    assert report.repeated > 0, "tills noticed"
