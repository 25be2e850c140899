"""A till that speaks HTTP, through either door, and a café for it to stand in."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.utils import timezone

from incust.businesses.create_business import CreateBusiness, create_business
from incust.businesses.models import Business, PointOfSale, Terminal, TerminalKey, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.customers.models import Customer, CustomerIdentifier
from incust.engine.program import CreditPercent, RedeemPercent
from incust.engine.program import Program as Rules
from incust.poster.signatures import sign_request
from incust.programs.current_program import current_program
from incust.programs.models import Program
from incust.programs.publish_program import PublishProgram, publish_program
from incust.programs.save_draft import SaveDraft, save_draft

APPLICATION = "1234"
SECRET = "fe2bc8e865d8fc2236968ee53c3b2bd5"


@dataclass(kw_only=True)
class Answer:
    """Status, decoded body and headers of an HTTP answer."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


@dataclass(kw_only=True)
class Cafe:
    """A business with one register."""

    business: Business
    terminal: Terminal
    account: TillAccount

    def api_key(self) -> str:
        key = secrets.token_urlsafe(24)
        with in_business(self.business.pk):
            TerminalKey.objects.create(
                business=self.business, terminal=self.terminal, key_hash=hashlib.sha256(key.encode()).digest(),
                hint=key[-4:],
            )  # fmt: skip
        return key

    def change_terminal(self, **fields: Any) -> None:
        with in_business(self.business.pk):
            Terminal.objects.filter(pk=self.terminal.pk).update(**fields)

    def customer(self, *, name: str = "Olena", status: str = "full", **identifiers: str) -> Customer:
        now = timezone.now()
        with in_business(self.business.pk):
            customer = Customer.objects.create(business=self.business, name=name, status=status, created_at=now)
            for kind, value in identifiers.items():
                CustomerIdentifier.objects.create(
                    business=self.business, customer=customer, kind=kind, value=value, added_at=now
                )
        return customer

    def publish(self, rules: Rules) -> None:
        now = timezone.now()
        known = current_program(self.business.pk)
        draft = SaveDraft(
            business_id=self.business.pk, title={"en": "Bonus club", "uk": "Бонусний клуб"}, rules=rules,
            program_id=self._program_id() if known else None,
        )  # fmt: skip
        publish_program(PublishProgram(business_id=self.business.pk, program_id=save_draft(draft, now=now)), now=now)

    def publish_five_percent(self, **settings: Any) -> None:
        """Earns 5 % of what is paid with money; bonuses may pay half of a check."""
        rules = (
            CreditPercent(rule_id="earn", percent=Decimal(5)),
            RedeemPercent(rule_id="redeem", percent=Decimal(50)),
        )
        self.publish(Rules(rules=rules, **settings))

    def _program_id(self) -> int:
        with in_business(self.business.pk):
            return Program.objects.values_list("pk", flat=True).get()


def open_cafe(name: str = "kava", *, country: str = "UA", spot: str = "1", tablet: str = "5") -> Cafe:
    owner = User.objects.create(username=f"owner-of-{name}")
    business = create_business(CreateBusiness(name=name.capitalize(), owner=owner, country=country))
    with in_business(business.pk):
        account = TillAccount.objects.create(
            business=business, name=name, number=f"7-{name}", connected=True, application_id=APPLICATION
        )
        terminal = Terminal.objects.create(
            business=business, name="Bar", use_poster=True, poster_account=account, poster_location_id=spot,
            poster_register_id=tablet, point_of_sale=PointOfSale.objects.create(business=business, name="Center"),
        )  # fmt: skip
    return Cafe(business=business, terminal=terminal, account=account)


@dataclass(kw_only=True)
class PosterTill:
    """Speaks through Poster's proxy, as `Poster.makeRequest` does."""

    account: str = "kava"
    spot: str = "1"
    tablet: str = "5"
    application: str = APPLICATION
    account_number: str = ""
    lang: str = "en"
    secret: str = SECRET
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False), repr=False)

    def post(
        self, operation: str, body: Any = None, *, rid: str | None = None, at: float | None = None,
        query: dict[str, str] | None = None, headers: dict[str, str] | None = None, raw: bytes | None = None,
        signed_as: str | None = None,
    ) -> Answer:  # fmt: skip
        parameters = {
            "account": self.account, "spot": self.spot, "tablet": self.tablet, "application": self.application,
            "rid": rid or secrets.token_hex(16), "lang": self.lang, "v": "0.1.0", **(query or {}),
        }  # fmt: skip
        path = f"/terminal/v1/{operation}?{urlencode({k: v for k, v in parameters.items() if v})}"
        sent = raw if raw is not None else json.dumps(body or {}).encode()
        signed = sent.decode(errors="replace") if signed_as is None else signed_as
        moment = str(int(time.time() if at is None else at))
        all_headers = {
            "X-Poster-Signature": sign_request(
                url=f"{settings.PUBLIC_URL}{path}", body=signed, time=moment, secret=self.secret
            ),
            "X-Poster-Time": moment, "X-Poster-Url": self.account, "X-Poster-Spot-Id": self.spot,
            "X-Poster-Tablet-Id": self.tablet, "X-Poster-Account-Number": self.account_number, **(headers or {}),
        }  # fmt: skip
        return _answer(self.client.post(path, sent, content_type="text/plain", headers=all_headers))


@dataclass(kw_only=True)
class KeyTill:
    """Speaks with an API key of its terminal."""

    key: str
    lang: str = "en"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False), repr=False)

    def post(
        self, operation: str, body: Any = None, *, key: str | None = None, raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        all_headers = {
            "Authorization": f"Bearer {self.key}", "Idempotency-Key": key or secrets.token_hex(16), **(headers or {}),
        }  # fmt: skip
        sent = raw if raw is not None else json.dumps(body or {}).encode()
        return _answer(
            self.client.post(
                f"/terminal/v1/{operation}?lang={self.lang}", sent, content_type="application/json",
                headers={name: value for name, value in all_headers.items() if value},
            )
        )  # fmt: skip


def closed_now() -> str:
    return (timezone.now() - timedelta(seconds=2)).isoformat()


def _answer(response: Any) -> Answer:
    return Answer(status=response.status_code, body=json.loads(response.content), headers=dict(response.headers))
