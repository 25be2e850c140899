"""A port for a server of a test's own."""

from __future__ import annotations

import secrets
import socket

PORTS = range(12_000, 32_000)
"""Below those that the system hands to whoever connects somewhere: what is found free here stays free until the server
listens on it."""


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens. Runs side by side draw from so many that they do not meet."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
