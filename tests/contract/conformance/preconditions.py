"""What the suite needs, checked before the first promise and told in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from document import Document
from guest import COLLECTED_ON_MINOR, register
from till import TIMEOUT_S, Till

POINTS_MINOR_MIN = 100


class Missing(Exception):
    """The suite cannot begin; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A server that the suite can begin with. `code_needed`: the program asks guests of this suite for a code."""

    till: Till
    terminal: str
    business: str
    program: str
    program_version: int
    code_needed: bool


def examine(url: str, api_key: str) -> Ground:
    """Look at the server and make one guest. Raises `Missing`."""
    if not url.startswith(("http://", "https://")):
        raise Missing("Give the server's address: --url https://…")
    if not api_key:
        raise Missing("Give the API key of a terminal: --key … or the variable INCUST_CONFORMANCE_KEY.")
    url = url.rstrip("/")
    till = Till(url=url, api_key=api_key, document=_document(url))
    try:
        return _ground(till)
    except BaseException:
        till.client.close()
        raise


def _ground(till: Till) -> Ground:
    hello = _hello(till)
    till.currency = hello["currency"]["code"]
    program = hello["program"]
    if program is None:
        raise Missing("The business has no program in force. Publish one that credits and redeems bonuses.")
    return Ground(
        till=till, terminal=hello["terminal"]["name"], business=hello["business"]["name"], program=program["title"],
        program_version=program["version"], code_needed=_try_a_guest(till),
    )  # fmt: skip


def _document(url: str) -> Document:
    address = f"{url}/terminal/v1/openapi.json"
    try:
        answer = httpx.get(address, timeout=TIMEOUT_S)
        content = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Missing(f"{address} gives no document: {error}") from error
    if answer.status_code != 200 or "paths" not in content:
        raise Missing(f"{address} gives no document, but {answer.status_code}.")
    return Document(content)


def _hello(till: Till) -> dict[str, Any]:
    answer = till.post("hello")
    if answer.status == 401:
        raise Missing("The server does not know the API key. Make one on the terminal's page in the panel.")
    if answer.status != 200:
        raise Missing(f"The terminal is not let in: {answer}")
    return dict(answer.body)


def _try_a_guest(till: Till) -> bool:
    guest = register(till)
    if guest.status != "full":
        raise Missing(f"The program gives new guests the status {guest.status!r}; the suite needs 'full'.")
    earned_minor = guest.collect()["earned_minor"]
    if earned_minor < POINTS_MINOR_MIN:
        raise Missing(f"A receipt of {COLLECTED_ON_MINOR} minor units earns {earned_minor}; the suite needs more.")
    quote = guest.quote(guest.receipt()).must(200)
    blocked = quote["redeem_blocked"]
    if blocked is not None:
        raise Missing(f"A guest with bonuses may not redeem them ({blocked['code']}): {blocked['detail']}")
    return bool(quote["confirmation"]["required"])
