"""One guest at one register of Poster: identify, quote, reserve, finalize, each through Poster's door."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from . import load
from .chain import ACCOUNT, Chain
from .connection import Answer
from .database import APPLICATION_ID, APPLICATION_SECRET

OPERATIONS = ("identify", "quote", "reserve", "finalize")
EXPECTED_STATUS = {"hello": 200, "identify": 200, "quote": 200, "reserve": 201, "finalize": 200}
PATHS = {
    "hello": "hello", "identify": "identify", "quote": "checks/quote", "reserve": "checks/reserve",
    "finalize": "checks/finalize",
}  # fmt: skip
TOTAL_MINOR, REDEEM_MINOR, REDEEMS_EVERY = 9_000, 300, 3
LINES = (
    '[{"line_id":"0","product_id":"12","quantity":"2.000","amount_minor":6000},'
    '{"line_id":"1","product_id":"31","quantity":"1.000","amount_minor":3000}]'
)


class _Numbered(msgspec.Struct):
    id: str


class _Identified(msgspec.Struct):
    customer: _Numbered
    identification: _Numbered


class _Quoted(msgspec.Struct):
    check_hash: str
    redeem_max_minor: int


class _Reserved(msgspec.Struct):
    check_id: str


_identified = msgspec.json.Decoder(_Identified)
_quoted = msgspec.json.Decoder(_Quoted)
_reserved = msgspec.json.Decoder(_Reserved)


@dataclass(frozen=True, kw_only=True)
class Door:
    """Poster's proxy in front of the server on `port`: signs what the chain's registers send."""

    chain: Chain
    port: int

    def request(self, operation: str, register: int, body: str) -> bytes:
        """A signed request of that register, which is new each time."""
        from incust.poster.signatures import sign_request

        spot, tablet = self.chain.spot_of(register), register + 1
        path = (
            f"/terminal/v1/{PATHS[operation]}?account={ACCOUNT}&spot={spot}&tablet={tablet}"
            f"&application={APPLICATION_ID}&rid={uuid.uuid4().hex}&v=1.0"
        )
        seconds = str(int(time.time()))
        signature = sign_request(
            url=f"http://127.0.0.1:{self.port}{path}", body=body, time=seconds, secret=APPLICATION_SECRET
        )
        headers = {
            "X-Poster-Signature": signature, "X-Poster-Time": seconds, "X-Poster-Url": ACCOUNT,
            "X-Poster-Spot-Id": str(spot), "X-Poster-Tablet-Id": str(tablet), "X-Poster-Account-Number": "1",
        }  # fmt: skip
        return load.post(path, headers, body.encode())


class Sale:
    """What the till knows of the guest so far. Every third one pays a part with points."""

    def __init__(self, *, door: Door, number: int, guest: int, register: int, external_id: int) -> None:
        self._door, self._register, self._phone = door, register, door.chain.phone_of(guest)
        self._wish_minor = 0 if number % REDEEMS_EVERY else REDEEM_MINOR
        self._check = f'{{"external_id":"{external_id}","currency":"UAH","lines":{LINES},"total_minor":{TOTAL_MINOR}}}'
        self._guest = self._hash = self._check_id = ""
        self._redeem_minor = 0

    def request(self, operation: str) -> bytes:
        """The next request; what it depends on was answered before."""
        return self._door.request(operation, self._register, getattr(self, f"_{operation}")())

    def take(self, operation: str, answer: Answer) -> None:
        """Remember what later requests need."""
        if operation == "identify":
            found = _identified.decode(answer.body)
            self._guest = f'"customer_id":"{found.customer.id}","identification_id":"{found.identification.id}"'
        elif operation == "quote":
            quoted = _quoted.decode(answer.body)
            self._hash, self._redeem_minor = quoted.check_hash, min(self._wish_minor, quoted.redeem_max_minor)
        elif operation == "reserve":
            self._check_id = _reserved.decode(answer.body).check_id

    def _identify(self) -> str:
        return f'{{"identifier":"{self._phone}"}}'

    def _quote(self) -> str:
        return f'{{{self._guest},"check":{self._check},"redeem_minor":null}}'

    def _reserve(self) -> str:
        return (
            f'{{{self._guest},"check":{self._check},"redeem_minor":{self._redeem_minor},'
            f'"check_hash":"{self._hash}","confirmation_code":null}}'
        )

    def _finalize(self) -> str:
        return (
            f'{{"check_id":"{self._check_id}",{self._guest},"check":{self._check},'
            f'"redeemed_minor":{self._redeem_minor},"payment":{{"cash_minor":{TOTAL_MINOR - self._redeem_minor}}},'
            f'"closed_at":"{datetime.now(tz=UTC).isoformat()}","salesperson":{{"external_id":"1","name":"Iryna"}}}}'
        )


def refusal(operation: str, answer: Answer) -> str:
    """Why an answer is not the expected one; empty where it is."""
    if answer.status == EXPECTED_STATUS[operation]:
        return ""
    try:
        code = json.loads(answer.body)["code"]
    except (ValueError, KeyError):
        code = answer.body[:80].decode(errors="replace")
    return f"{operation} {answer.status} {code}"
