"""A worker whose supervisor was killed ends as well, instead of keeping port and state file for ever."""

import os
import threading
import time

LOOK_EVERY_S = 0.5


def end_with_parent() -> None:
    """Watch from a thread; ends the process without ceremony. Nothing is lost: every change is on disk."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY_S)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
