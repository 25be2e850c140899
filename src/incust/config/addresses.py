"""What follows from the public address: who may be asked for, and whether the world can reach us."""

from __future__ import annotations

from urllib.parse import urlsplit

LOCAL_HOSTS = ("localhost", "127.0.0.1")


def host_of(public_url: str) -> str:
    """The host's name without its port; empty for what is no address."""
    try:
        return urlsplit(public_url).hostname or ""
    except ValueError:
        return ""


def is_local(public_url: str) -> bool:
    """Whether only this machine reaches the address."""
    return host_of(public_url) in LOCAL_HOSTS


def allowed_hosts(public_url: str, listed: str) -> list[str]:
    """The hosts of ``INCUST_HOSTS`` (this machine's if none) and always that of the public address."""
    named = [host.strip() for host in listed.split(",") if host.strip()] or list(LOCAL_HOSTS)
    return list(dict.fromkeys(host for host in (*named, host_of(public_url)) if host))


def trusted_proxies(public_url: str, number: str) -> int:
    """How many proxies of ours stand in front (``INCUST_TRUSTED_PROXIES``); one, unless told, where TLS is used."""
    return int(number) if number else int(public_url.startswith("https://"))
