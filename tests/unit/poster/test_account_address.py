"""What people paste for an account, and what must never become an address that we call."""

from __future__ import annotations

from typing import Any

import pytest

from incust.poster.account_address import account_name_of, account_url


@pytest.mark.parametrize(
    "typed",
    [
        "kava",
        " KAVA ",
        "kava.joinposter.com",
        "https://kava.joinposter.com",
        "https://kava.joinposter.com/manage/dash?x=1",
    ],
)
def test_name_host_and_link_are_understood(typed: str) -> None:
    assert account_name_of(typed) == "kava"


@pytest.mark.parametrize(
    "typed",
    ["", "https://evil.example/kava", "kava.joinposter.com.evil.example", "https://kava@evil.example", "..", "-kava",
     "kava_1", "a" * 64, "http://[", "кава"],
)  # fmt: skip
def test_nothing_else_passes(typed: str) -> None:
    assert account_name_of(typed) is None


def test_a_sandbox_tells_accounts_apart_by_path(settings: Any) -> None:
    settings.POSTER_ACCOUNT_URL = "http://localhost:8100/{account}"
    assert account_name_of("http://localhost:8100/demo-cafe/manage/") == "demo-cafe"
    assert account_url("demo-cafe") == "http://localhost:8100/demo-cafe"


@pytest.mark.parametrize("name", ["kava/..", "kava@evil", "", "kava.evil.example"])
def test_an_address_is_never_built_from_anything_but_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="not an account's name"):
        account_url(name)
