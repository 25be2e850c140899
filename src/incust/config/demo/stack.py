"""The programs of the demo: our server, the sandbox of Poster, and the guest's phone. Tests start the same stack."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from ..processes import Program

APPLICATION_ID = "4021"
APPLICATION_NAME = "inCust"


@dataclass(frozen=True, kw_only=True)
class Ports:
    web: int = 8000
    live: int = 8001
    sandbox: int = 8100
    phone: int = 8200
    smtp: int = 8025

    @classmethod
    def free(cls) -> Ports:
        """The usual ports where they are free, others where they are not."""
        usual = cls()
        return cls(**{name: _free_port(getattr(usual, name)) for name in cls.__dataclass_fields__})


def _free_port(wished: int) -> int:
    for port in (wished, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on this machine")


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Addresses and environment of one demo over one data folder."""

    data: Path
    ports: Ports

    @property
    def web(self) -> str:
        return f"http://localhost:{self.ports.web}"

    @property
    def sandbox(self) -> str:
        return f"http://localhost:{self.ports.sandbox}"

    @property
    def phone(self) -> str:
        return f"http://localhost:{self.ports.phone}"

    def environment(self) -> dict[str, str]:
        """What our server runs with. Secrets are made once for a data folder and kept there."""
        kept = self._secrets()
        return {
            "INCUST_DATA": str(self.data),
            "INCUST_PUBLIC_URL": self.web,
            "INCUST_LIVE_URL": f"http://localhost:{self.ports.live}",
            "INCUST_SECRET_KEY": kept["secret_key"],
            "INCUST_ENCRYPTION_KEYS": kept["encryption_key"],
            "INCUST_POSTER_APPLICATION_ID": APPLICATION_ID,
            "INCUST_POSTER_APPLICATION_SECRET": kept["application_secret"],
            "INCUST_POSTER_APPLICATION_NAME": APPLICATION_NAME,
            "INCUST_POSTER_ACCOUNT_URL": f"{self.sandbox}/{{account}}",
            "INCUST_POSTER_AUTH_URL": f"{self.sandbox}/api/auth",
            "INCUST_SMTP_HOST": "127.0.0.1",
            "INCUST_SMTP_PORT": str(self.ports.smtp),
            "INCUST_DEMO_OWNER_PASSWORD": kept["owner_password"],
            "INCUST_SMS_URL": f"http://127.0.0.1:{self.ports.phone}/sms",
        }

    def surroundings(self) -> list[Program]:
        """The programs that stand for the outside world."""
        return [
            Program(
                name="poster-sandbox",
                command=[
                    sys.executable, "-m", "poster_sandbox", "--port", str(self.ports.sandbox),
                    "--state", str(self.data / "poster.json"), "--app", str(self._application_file()),
                ],
                ready_url=self.sandbox.replace("localhost", "127.0.0.1"),
            ),
            Program(
                name="guest-phone",
                command=[
                    sys.executable, "-m", "guest_phone", "--port", str(self.ports.phone),
                    "--smtp-port", str(self.ports.smtp),
                ],
                ready_url=self.phone.replace("localhost", "127.0.0.1"),
            ),
        ]  # fmt: skip

    def _application_file(self) -> Path:
        path = self.data / "poster-application.json"
        path.write_text(
            json.dumps(
                {
                    "application_id": APPLICATION_ID,
                    "secret": self._secrets()["application_secret"],
                    "name": APPLICATION_NAME,
                    "category": "Loyalty",
                    "description": "Bonus points that guests collect and redeem at the register.",
                    "redirect_uri": f"{self.web}/poster/connected",
                    "webhook_url": f"{self.web}/poster/webhook",
                    "bundle_address": f"{self.web}/till",
                    "icon_text": "iC",
                },
                indent=2,
            )
        )
        return path

    def _secrets(self) -> dict[str, str]:
        path = self.data / "secrets.json"
        if not path.exists():
            self.data.mkdir(parents=True, exist_ok=True)
            made = {
                "secret_key": secrets.token_urlsafe(48),
                "encryption_key": Fernet.generate_key().decode(),
                "application_secret": secrets.token_hex(16),
                "owner_password": secrets.token_urlsafe(9),
            }
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(made, file)
        return dict(json.loads(path.read_text()))

    @property
    def owner_password(self) -> str:
        return self._secrets()["owner_password"]
