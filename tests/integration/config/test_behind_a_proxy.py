"""Behind our proxy: HSTS is sent, and attempts to sign in are counted by who made them, for all processes together."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def proxied(settings: Any) -> Client:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.SECURE_HSTS_SECONDS = 31_536_000
    return Client()


def attempts(client: Client, number: int, address: str) -> list[int]:
    fields = {"login": "owner@kava.example", "password": "not the password"}
    headers = {"x-forwarded-proto": "https", "x-forwarded-for": f"198.51.100.1, {address}"}
    return [client.post("/sign-in/", fields, headers=headers).status_code for _ in range(number)]


def test_a_page_that_came_by_tls_is_to_be_asked_for_by_tls_ever_after(proxied: Client) -> None:
    page = proxied.get("/sign-in/", headers={"x-forwarded-proto": "https"})
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in proxied.get("/sign-in/").headers


def test_attempts_are_counted_by_the_address_that_the_proxy_saw(proxied: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    assert attempts(proxied, 4, "203.0.113.7") == [200, 200, 200, 429]
    assert attempts(proxied, 1, "203.0.113.8") == [200]


def test_what_is_counted_stands_in_the_database() -> None:
    cache.set("attempts", 3, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.cache_entry WHERE cache_key LIKE '%attempts'")
        assert cursor.fetchone() == (1,)
    assert cache.get("attempts") == 3
