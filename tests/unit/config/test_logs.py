"""The log is for machines, and holds no secrets."""

from __future__ import annotations

from incust.config.logs import without_secrets


def test_values_with_secret_names_are_hidden() -> None:
    event = {
        "event": "called",
        "access_token": "a",
        "X-Poster-Signature": "b",
        "application_secret": "c",
        "status": 200,
    }
    assert without_secrets(None, "info", event) == {
        "event": "called",
        "access_token": "[hidden]",
        "X-Poster-Signature": "[hidden]",
        "application_secret": "[hidden]",
        "status": 200,
    }
