"""Everything that is encrypted at rest, written anew under the newest key, so that an old one can be given up.

Not the outbox, which is gone within a day, nor the webhook of an installation: its token is forgotten once it was
looked at, and a connection by the owner brings a token as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from incust.businesses.encryption import encrypted_anew
from incust.businesses.tenancy import in_business

from .models import Application


@dataclass(frozen=True, kw_only=True)
class SealedColumn:
    """A column of secrets in a table of businesses; ``key`` with the business makes the row."""

    schema: str
    table: str
    key: tuple[str, ...]
    column: str


SEALED = (
    SealedColumn(schema="poster", table="installation", key=("id",), column="token_encrypted"),
    SealedColumn(schema="customers", table="device", key=("id",), column="secret_sealed"),
    SealedColumn(schema="customers", table="stored_answer", key=("terminal_id", "key"), column="answer_sealed"),
)


def rotate_encryption_keys() -> int:
    """Write each secret of each business, and those of applications, anew; returns how many.

    One transaction for each business: stopped in the middle, it can be run again. Raises `SecretUnreadable` where the
    key of a secret is missing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT businesses.every_business()")
        businesses = [business_id for (business_id,) in cursor.fetchall()]
    return _of_applications() + sum(map(_of_business, businesses))


def _of_applications() -> int:
    applications = list(Application.objects.all())
    for application in applications:
        application.secret_encrypted = encrypted_anew(application.secret_encrypted)
        application.save(update_fields=["secret_encrypted"])
    return len(applications)


def _of_business(business_id: int) -> int:
    with in_business(business_id):
        return sum(_of_column(business_id, sealed) for sealed in SEALED)


def _of_column(business_id: int, sealed: SealedColumn) -> int:
    names = {
        "table": sql.Identifier(sealed.schema, sealed.table),
        "column": sql.Identifier(sealed.column),
        "keys": sql.SQL(", ").join(map(sql.Identifier, sealed.key)),
        "wanted": sql.SQL(", ").join(sql.Placeholder() * len(sealed.key)),
    }
    read = sql.SQL(
        "SELECT {column}, {keys} FROM {table} WHERE business_id = %s AND {column} IS NOT NULL FOR NO KEY UPDATE"
    ).format(**names)
    write = sql.SQL("UPDATE {table} SET {column} = %s WHERE business_id = %s AND ({keys}) = ({wanted})").format(**names)
    with connection.cursor() as cursor:
        cursor.execute(read, [business_id])
        rows = cursor.fetchall()
        for secret, *key in rows:
            cursor.execute(write, [encrypted_anew(secret), business_id, *key])
    return len(rows)
