"""A new key takes over all secrets of all businesses, and the old one may go."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from tests.integration.poster.connecting import make_business

from incust.businesses.encryption import decrypt, encrypt
from incust.businesses.models import TillAccount
from incust.businesses.tenancy import in_business
from incust.customers.devices import BoundDevice, bind_device, secret_of_device
from incust.customers.models import Customer, Device
from incust.poster.applications import register_application
from incust.poster.models import Application, Installation

pytestmark = pytest.mark.django_db
NEW_KEY = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0="


def furnish(name: str) -> tuple[int, BoundDevice]:
    """A business with a token, a guest's phone and a stored answer."""
    business, _owner = make_business(name, email=f"{name}@cafe.example")
    now = timezone.now()
    with in_business(business.id):
        account = TillAccount.objects.create(business=business, name=name, connected=True)
        Installation.objects.create(
            business=business, till_account=account, application_id="1", token_encrypted=encrypt(f"token of {name}"),
            installed_at=now,
        )  # fmt: skip
        customer = Customer.objects.create(business=business, name="Olena", status="full", created_at=now)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO customers.stored_answer VALUES (%s, 1, 'key', '', %s, %s)",
                [business.id, encrypt(json.dumps({"of": name})), now],
            )
    return business.id, bind_device(business.id, customer.pk, now=now)


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_encryption_keys", stdout=out)
    return out.getvalue().strip()


def test_every_secret_is_read_with_the_new_key_alone(settings: Any) -> None:
    furnished = {name: furnish(name) for name in ("kava", "chai")}
    register_application(application_id="4022", name="Our Club", secret="club secret")
    settings.ENCRYPTION_KEYS = [NEW_KEY, *settings.ENCRYPTION_KEYS]
    assert rotate() == "7 secrets are written under the newest key."
    settings.ENCRYPTION_KEYS = [NEW_KEY]
    for name, (business_id, bound) in furnished.items():
        with in_business(business_id):
            assert decrypt(Installation.objects.get().token_encrypted) == f"token of {name}"
            assert secret_of_device(Device.objects.get().secret_sealed) == bound.secret
            with connection.cursor() as cursor:
                cursor.execute("SELECT answer_sealed FROM customers.stored_answer")
                assert json.loads(decrypt(cursor.fetchone()[0])) == {"of": name}
    assert decrypt(Application.objects.get().secret_encrypted) == "club secret"


def test_a_missing_old_key_is_told_and_nothing_is_lost(settings: Any) -> None:
    business_id, _bound = furnish("kava")
    old_keys = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [NEW_KEY]
    with pytest.raises(CommandError, match="no longer has"):
        rotate()
    settings.ENCRYPTION_KEYS = old_keys
    with in_business(business_id):
        assert decrypt(Installation.objects.get().token_encrypted) == "token of kava"


def test_no_sealed_column_is_forgotten(as_owner: Any) -> None:
    from incust.poster.rotate_keys import SEALED

    rows = as_owner.execute(
        r"""SELECT table_schema, table_name, column_name FROM information_schema.columns
        WHERE data_type = 'bytea' AND column_name ~ '_(sealed|encrypted)$' AND table_schema <> 'messaging'"""
    ).fetchall()
    known = {(sealed.schema, sealed.table, sealed.column) for sealed in SEALED}
    assert {row for row in rows if row[1] != "application"} == known
