"""The sandbox's memory: one JSON document, one lock, one file replaced as a whole."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

State = dict[str, Any]


class Store:
    """Holds the state of the whole sandbox and writes it to a file after each change.

    Both `read` and `change` hold the one lock, so nothing may wait for the network inside them. A change that raises
    leaves neither memory nor file touched.
    """

    def __init__(self, path: Path, seed: Callable[[], State]) -> None:
        self._path = path
        self._seed = seed
        self._lock = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        self._written = path.read_bytes() if path.exists() else b""
        self._state: State = msgspec.json.decode(self._written) if self._written else seed()
        self._write()

    @contextlib.contextmanager
    def read(self) -> Iterator[State]:
        """The state, to look at only."""
        with self._lock:
            yield self._state

    @contextlib.contextmanager
    def change(self) -> Iterator[State]:
        """The state, to be changed; what was done is on disk when the block is left."""
        with self._lock:
            try:
                yield self._state
                self._write()
            except BaseException:
                self._state = msgspec.json.decode(self._written)
                raise
        for listener in self._listeners:
            listener()

    def reset(self) -> None:
        """Forget everything but who is signed in: accounts, apps, receipts, hooks and weather are the seed's again."""
        with self.change() as state:
            sessions = state["sessions"]
            state.clear()
            state.update(self._seed())
            state["sessions"] = {key: held for key, held in sessions.items() if held["account"] in state["accounts"]}

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each change, outside the lock."""
        self._listeners.append(listener)

    def _write(self) -> None:
        document = msgspec.json.encode(self._state)  # a tenth of json's time: this runs at every change
        unfinished = self._path.with_name(self._path.name + ".new")
        unfinished.write_bytes(document)
        os.replace(unfinished, self._path)
        self._written = document
