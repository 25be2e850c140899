"""PostgreSQL's own `pgbench` doing the same writes with hand-written, prepared statements."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

CLIENTS = 8


def run(script: str, *, count: int, variables: dict[str, int]) -> float:
    """Transactions a second of `count` runs of the script, as the application's role with all policies on."""
    from incust.config import database
    from incust.config.postgres.folders import folders_for

    per_client = count // CLIENTS
    pgbench = folders_for(database.embedded_home()).binary("pgbench")
    parameters = database.connection_parameters(role=database.APP_ROLE)
    command = [
        str(pgbench), "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=2",
        f"--transactions={per_client}", f"--file={Path(__file__).parent / script}", f"--host={parameters['host']}",
        f"--username={parameters['user']}", "--define=n=0", "--define=unit=bonus:UAH",
        f"--define=per_client={per_client}",
    ]  # fmt: skip
    command += [f"--define={name}={value}" for name, value in variables.items()]
    done = subprocess.run(
        [*command, str(parameters["dbname"])], capture_output=True, text=True, check=False, timeout=300
    )
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode or not found or "number of failed transactions: 0 " not in done.stdout:
        raise RuntimeError(done.stderr + done.stdout)
    return float(found[1])
