"""Why a caller is not let in. Raised by ``businesses.resolve_terminal``; see docs/terminal-api.md, "Two doors"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from .problems import Problem


class AccountDisconnected(Problem):
    code = "account-disconnected"
    status = 403
    sentence = _("This Poster account is not connected. Connect inCust in Poster's marketplace.")


class RegisterUnknown(Problem):
    code = "register-unknown"
    status = 403
    sentence = _("No terminal is linked to this register. Link one in the panel: Settings, Terminals and Salespeople.")


class KeyUnknown(Problem):
    code = "key-unknown"
    status = 401
    sentence = _("The API key is unknown or has been revoked.")


class TerminalOff(Problem):
    code = "terminal-off"
    status = 403
    sentence = _("This terminal is switched off in the panel.")


class Busy(Problem):
    """Locks or serialization failures outlasted the bounded retries."""

    code = "busy"
    status = 503
    sentence = _("The server is busy with this customer. Please try again.")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The till behind a request, authenticated but not yet looked up: the same call that does the work resolves it.

    ``request_id`` is the idempotency key of mutations (Poster's ``rid`` or the ``Idempotency-Key`` header).
    """

    door: Literal["poster", "key"]
    account: str = ""
    spot: str = ""
    tablet: str = ""
    application: str = ""
    account_number: str = ""
    """Told by Poster, and not signed: it may keep a caller out and never lets one in."""
    key_hash: bytes = b""
    request_id: str = ""
    till_version: str = ""

    def as_json(self) -> dict[str, Any]:
        """The argument of ``businesses.resolve_terminal``."""
        if self.door == "poster":
            return {
                "door": "poster", "account": self.account, "spot": self.spot, "tablet": self.tablet,
                "application": self.application, "number": self.account_number,
            }  # fmt: skip
        return {"door": "key", "key_hash": self.key_hash.hex()}
