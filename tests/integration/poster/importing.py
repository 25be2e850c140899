"""A café with clients in Poster, and imports run as the worker runs them."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db import connection
from django.utils import timezone
from tests.integration.poster.connecting import connect, make_business
from tests.integration.poster.poster_beside import PosterBeside

from incust.businesses.models import Business, TillAccount, User
from incust.businesses.tenancy import in_business
from incust.checks.verify import verify_business
from incust.messaging.outbox import Event, TryLater
from incust.poster.client_models import ClientImport
from incust.poster.import_clients import ImportClients, run_import, start_import

COUNTS = ("read", "created", "matched", "filled", "balances", "balance_minor", "skipped", "left_minor")


class Cafe:
    """A business whose Poster account has just these clients (members as the sandbox keeps them)."""

    def __init__(self, poster: PosterBeside, clients: list[dict[str, Any]] | None = None) -> None:
        self.poster = poster
        self.business: Business
        self.owner: User
        self.business, self.owner = make_business()
        self.account: TillAccount = connect(poster, self.business)
        self.first = self.add(*clients) if clients else 0

    def add(self, *clients: dict[str, Any]) -> int:
        """The number of the first one; the others follow it."""
        answer = self.poster.client.post("/sandbox/clients", json={"account": "demo-cafe", "clients": list(clients)})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["first"])

    def start(self, *, dry_run: bool = False, with_balances: bool = True) -> int:
        return start_import(
            ImportClients(
                business_id=self.business.pk, account_id=self.account.pk, dry_run=dry_run,
                with_balances=with_balances, user=self.owner,
            ),
            now=timezone.now(),
        )  # fmt: skip

    def step(self, number: int) -> bool:
        """One run of the job; says whether it put itself off."""
        event = Event(
            id=1, business_id=self.business.pk, topic="poster-client-import", payload={"import_id": number},
            created_at=timezone.now(),
        )  # fmt: skip
        try:
            run_import(event)
        except TryLater:
            return True
        return False

    def run(self, **how: Any) -> ClientImport:
        number = self.start(**how)
        while self.step(number):
            pass
        return self.result(number)

    def result(self, number: int) -> ClientImport:
        with in_business(self.business.pk):
            return ClientImport.objects.get(id=number)

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        with in_business(self.business.pk), connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))
            return cursor.fetchall()

    def guests(self) -> list[Any]:
        """(client less the first one's number, name, status, phone, email, card, birthday, gender, balance, group)."""
        return self.rows(
            "SELECT l.client_id - %s, c.name, c.status, k.phone, k.email, k.card, c.birthday::text, c.gender,"
            " coalesce(a.balance_minor, 0), l.group_name"
            " FROM poster.client l JOIN customers.customer c ON c.id = l.customer_id"
            " CROSS JOIN LATERAL (SELECT"
            "  max(i.value) FILTER (WHERE i.kind = 'phone') AS phone,"
            "  max(i.value) FILTER (WHERE i.kind = 'email') AS email,"
            "  max(i.value) FILTER (WHERE i.kind = 'card') AS card"
            "  FROM customers.customer_identifier i WHERE i.customer_id = c.id) k"
            " LEFT JOIN ledger.account a ON a.customer_id = c.id WHERE l.client_id >= %s ORDER BY l.client_id",
            self.first, self.first,
        )  # fmt: skip

    def everything(self) -> dict[str, Any]:
        """All rows of all tables of guests and money."""
        tables = self.rows(
            "SELECT n.nspname || '.' || quote_ident(c.relname) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'"
            " AND n.nspname IN ('customers', 'checks', 'ledger', 'poster', 'messaging', 'programs')"
            " AND has_table_privilege(c.oid, 'SELECT')"
            " AND c.relname NOT IN ('client_import', 'imported_client', 'outbox') ORDER BY 1"
        )  # fmt: skip
        return {
            table: self.rows(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
            for (table,) in tables
        }  # fmt: skip

    def skipped(self, number: int) -> list[tuple[int, str]]:
        return [
            (client - self.first, reason)
            for client, reason in self.rows(
                "SELECT client_id, reason FROM poster.imported_client"
                " WHERE client_import_id = %s AND outcome = 'skipped' AND client_id >= %s ORDER BY client_id",
                number, self.first,
            )
        ]  # fmt: skip

    def faults(self) -> list[str]:
        return [difference.sentence for difference in verify_business(self.business.pk)]


def counts(one: ClientImport) -> dict[str, Any]:
    return {name: getattr(one, name) for name in COUNTS}


def lines_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
