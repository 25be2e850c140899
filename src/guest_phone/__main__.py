"""``python -m guest_phone --smtp-port 8025 --port 8200``"""

from __future__ import annotations

import argparse
import signal
import threading

from .inbox import Inbox
from .smtp_sink import smtp_sink
from .web import web_server


def main() -> None:
    parser = argparse.ArgumentParser(prog="guest_phone", description="Shows the email and SMS sent to it. For demos.")
    parser.add_argument("--port", type=int, default=8200, help="page, JSON and SMS (default 8200)")
    parser.add_argument("--smtp-port", type=int, default=8025, help="email (default 8025)")
    chosen = parser.parse_args()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    inbox = Inbox()
    with smtp_sink(inbox, chosen.smtp_port), web_server(inbox, chosen.port) as address:
        print(f"The guest's phone: {address}  (SMTP on port {chosen.smtp_port})", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
