"""The name of an account in Poster, as people give it, and the addresses made of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def account_name_of(typed: str) -> str | None:
    """The account's name from what was typed or pasted; ``None`` if there is none in it.

    Takes ``kava``, ``kava.joinposter.com`` and a link such as ``https://kava.joinposter.com/manage``. Nothing else
    passes, because addresses that we call are built from the result.
    """
    text = typed.strip().lower()
    if _NAME.fullmatch(text):
        return text
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return None
    name = _from_host(host) or _from_path(text)
    return name if name and _NAME.fullmatch(name) else None


def account_url(account: str) -> str:
    """Where the account's console and web API are, without a slash at the end. ``account`` must be a bare name."""
    if not _NAME.fullmatch(account):
        raise ValueError("not an account's name")
    return settings.POSTER_ACCOUNT_URL.replace("{account}", account).rstrip("/")


def _from_host(host: str) -> str | None:
    before, found, _after = host.partition(".joinposter.com")
    return before if found and not _after else None


def _from_path(text: str) -> str | None:
    """Where accounts are told apart by path (a sandbox), the link starts like our configured address."""
    before, found, _after = settings.POSTER_ACCOUNT_URL.partition("{account}")
    if not found or not urlsplit(before).netloc or not text.startswith(before.lower()):
        return None
    return re.split(r"[/?#.:]", text[len(before) :], maxsplit=1)[0]
