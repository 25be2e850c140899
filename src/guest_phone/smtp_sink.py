"""A real SMTP server that delivers to the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .inbox import Inbox, Received

SIZE_MAX_BYTES = 1_000_000


class _Deliver:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        message = cast(EmailMessage, message_from_bytes(cast(bytes, envelope.content), policy=policy.default))
        body = message.get_body(preferencelist=("plain", "html"))
        text = str(body.get_content()).strip() if body is not None else ""
        name, address = parseaddr(str(message.get("From", "")))
        for recipient in envelope.rcpt_tos:
            self._inbox.put(
                Received(
                    channel="email", to=recipient, sender=name or address, text=text, at=datetime.now(UTC),
                    subject=str(message.get("Subject", "")).strip(), key=str(message.get("Message-ID", "")).strip(),
                )
            )  # fmt: skip
        return "250 OK"


@contextmanager
def smtp_sink(inbox: Inbox, port: int) -> Iterator[None]:
    """Listen on the loopback address until the block ends."""
    controller = Controller(_Deliver(inbox), hostname="127.0.0.1", port=port, data_size_limit=SIZE_MAX_BYTES)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
