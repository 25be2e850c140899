"""What the settings make of the environment, each in a fresh process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[3] / "src"
NAMES = (
    "SECRET_KEY", "ALLOWED_HOSTS", "SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT", "SECURE_HSTS_SECONDS",
    "CACHES",
)  # fmt: skip


def load(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("INCUST_", "DJANGO_"))}
    code = (
        "import json; from incust.config import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}))"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60,
        env={**clean, "INCUST_DATA": str(tmp_path), "PYTHONPATH": str(SOURCE), **environment},
    )  # fmt: skip


def settings_with(tmp_path: Path, **environment: str) -> dict[str, Any]:
    done = load(tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


@pytest.mark.parametrize(
    "address",
    ["https://loyalty.example", "http://loyalty.example", "http://10.0.0.7:8000", "http://localhost.example"],
)
def test_the_known_secret_key_is_refused_where_others_can_reach_us(tmp_path: Path, address: str) -> None:
    done = load(tmp_path, INCUST_PUBLIC_URL=address)
    assert done.returncode == 1
    assert "Set INCUST_SECRET_KEY" in done.stderr


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1:8000"])
def test_this_machine_alone_may_do_without_a_secret_key(tmp_path: Path, address: str) -> None:
    assert settings_with(tmp_path, INCUST_PUBLIC_URL=address)["SECRET_KEY"] == "for-development-only"


def test_behind_a_proxy_the_public_host_is_answered_and_the_proxy_believed(tmp_path: Path) -> None:
    loaded = settings_with(tmp_path, INCUST_PUBLIC_URL="https://loyalty.example:8443", INCUST_SECRET_KEY="s" * 50)
    assert loaded["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "loyalty.example"]
    assert loaded["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert loaded["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    assert loaded["SECURE_HSTS_SECONDS"] == 31_536_000


def test_listed_hosts_replace_those_of_this_machine_but_not_the_public_one(tmp_path: Path) -> None:
    loaded = settings_with(
        tmp_path, INCUST_PUBLIC_URL="https://a.example", INCUST_HOSTS="b.example, c.example", INCUST_SECRET_KEY="s" * 50
    )
    assert loaded["ALLOWED_HOSTS"] == ["b.example", "c.example", "a.example"]


def test_without_a_proxy_nobody_is_believed(tmp_path: Path) -> None:
    loaded = settings_with(tmp_path)
    assert (loaded["SECURE_PROXY_SSL_HEADER"], loaded["ALLAUTH_TRUSTED_PROXY_COUNT"]) == (None, 0)


def test_all_processes_count_in_one_place_unless_told_otherwise(tmp_path: Path) -> None:
    backends = [
        settings_with(tmp_path, **environment)["CACHES"]["default"]["BACKEND"].rsplit(".", 1)[1]
        for environment in ({}, {"INCUST_CACHE": "memory"})
    ]
    assert backends == ["DatabaseCache", "LocMemCache"]
