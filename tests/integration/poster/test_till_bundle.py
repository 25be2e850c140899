"""The till's bundle, as a register of another site fetches it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def bundle(tmp_path: Path, settings: Any) -> Path:
    settings.PUBLIC_URL = "https://app.example.test"
    settings.TILL_BUNDLE = tmp_path / "bundle.js"
    settings.TILL_BUNDLE.write_text("run();")
    return settings.TILL_BUNDLE


def test_it_begins_with_our_address(bundle: Path) -> None:
    answer = Client().get("/till/bundle.js?t=1506511064579")
    assert answer.status_code == 200
    assert answer.content == b'window.__INCUST_API__="https://app.example.test";\nrun();'
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"


def test_another_site_may_load_it(bundle: Path) -> None:
    answer = Client().get("/till/bundle.js")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_an_unchanged_bundle_is_not_sent_again(bundle: Path) -> None:
    first = Client().get("/till/bundle.js")
    assert first["Cache-Control"] == "no-cache"
    again = Client().get("/till/bundle.js", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    bundle.write_text("run(2);")
    assert Client().get("/till/bundle.js", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_till_that_is_not_built_is_a_404(bundle: Path) -> None:
    bundle.unlink()
    assert Client().get("/till/bundle.js").status_code == 404
