"""``python -m tests.crash --minutes 10 --seed 7``: the long form of the crash test. Prints the seed it ran with."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.crash.deployment import Deployment
from tests.crash.mailbox import Mailbox
from tests.crash.run import kill_while_selling


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="incust-crash-"))
    try:
        with Mailbox() as mailbox, Deployment(folder, smtp_port=mailbox.port) as deployment:
            report = kill_while_selling(
                deployment, mailbox, folder, name="cafe", seed=chosen.seed, receipts=500, rounds=2,
                seconds=60 * chosen.minutes,
            )  # fmt: skip
    except BaseException:
        print(f"seed {chosen.seed} failed; journal and logs are in {folder}", file=sys.stderr)
        raise
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
