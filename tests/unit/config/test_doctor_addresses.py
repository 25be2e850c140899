"""What the doctor says of public address, hosts and proxies."""

from __future__ import annotations

import pytest

from incust.config.doctor import _addresses


@pytest.mark.parametrize(
    ("environment", "good"),
    [
        ({"INCUST_PUBLIC_URL": "https://a.example"}, [True, True, True]),
        ({"INCUST_PUBLIC_URL": "https://a.example", "INCUST_HOSTS": "a.example,b.example"}, [True, True, True]),
        ({"INCUST_PUBLIC_URL": "https://a.example", "INCUST_HOSTS": "b.example"}, [True, False, True]),
        ({"INCUST_PUBLIC_URL": "https://a.example", "INCUST_TRUSTED_PROXIES": "0"}, [True, True, False]),
        ({"INCUST_PUBLIC_URL": "http://a.example"}, [False, True, False]),
        ({"INCUST_PUBLIC_URL": "http://localhost:8000"}, [True, True]),
        ({"INCUST_PUBLIC_URL": "http://localhost.example"}, [False, True, False]),
        ({}, [False, False, False]),
    ],
)
def test_addresses(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], good: list[bool]) -> None:
    for name in ("INCUST_PUBLIC_URL", "INCUST_HOSTS", "INCUST_TRUSTED_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert [finding.good for finding in _addresses()] == good
