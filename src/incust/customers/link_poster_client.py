"""Which client of a Poster account is which customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from incust.businesses.terminal_access import Caller

from .at_terminal import CallingTerminal, at_terminal
from .problems import NoPosterAccount
from .profiles import locked_customer, profile_at
from .stored_answers import Answer, done_once


@dataclass(frozen=True, kw_only=True)
class LinkPosterClient:
    caller: Caller
    customer_id: int
    poster_client_id: int


def link_poster_client(request: LinkPosterClient, *, now: datetime) -> Answer:
    """From now on this client of the terminal's Poster account is this customer, whoever it was before.

    Answers ``{"poster_client_id": …}``. Raises `CustomerUnknown`, `NoPosterAccount`, `IdempotencyMismatch`.
    """

    def act(terminal: CallingTerminal) -> dict[str, Any]:
        if terminal.till_account_id is None:
            raise NoPosterAccount
        locked_customer(terminal.business_id, request.customer_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT customers.link_poster_client(%s, %s, %s, %s, %s)",
                [terminal.business_id, request.customer_id, terminal.till_account_id, request.poster_client_id, now],
            )
        return {"poster_client_id": request.poster_client_id}

    operation = f"customers/{request.customer_id}/poster-client"
    return done_once(request.caller, operation, {"poster_client_id": request.poster_client_id}, act, now=now)


@dataclass(frozen=True, kw_only=True)
class CustomerToLink:
    """``profile``: `Customer` of docs/terminal-api.md."""

    business_id: int
    till_account_id: int
    profile: dict[str, Any]


def customer_to_link(caller: Caller, customer_id: int, *, now: datetime) -> CustomerToLink:
    """The customer's profile, and the account in which to find or create the client over Poster's web API.

    Raises `CustomerUnknown`, `NoPosterAccount`.
    """
    with at_terminal(caller) as terminal:
        if terminal.till_account_id is None:
            raise NoPosterAccount
        return CustomerToLink(
            business_id=terminal.business_id, till_account_id=terminal.till_account_id,
            profile=profile_at(terminal, customer_id, now=now),
        )  # fmt: skip
