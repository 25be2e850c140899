"""Two sandboxes over one state file would overwrite each other: the second one waits, then refuses."""

import fcntl
import time
from pathlib import Path
from typing import IO

from poster_sandbox.configuration import ConfigurationError

WAIT_S = 5


def hold_state_file(path: Path) -> IO[str]:
    """Take the state file for this process; the lock lives as long as the returned file is open.

    A predecessor that is just stopping gets a few seconds. Raises ConfigurationError when it does not go.
    """
    file = path.with_name(path.name + ".lock").open("w")
    give_up_at = time.monotonic() + WAIT_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file
        except BlockingIOError:
            if time.monotonic() > give_up_at:
                file.close()
                raise ConfigurationError(f"{path} is in use by another sandbox") from None
            time.sleep(0.1)
