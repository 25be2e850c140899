"""SMS through a gateway.

Gateways differ in nothing but the form of one HTTP request, so there are two ways and no driver of our own.
``SMS_URL`` with http or https takes our own small request: any gateway stands behind a few lines of glue, and it tells
a refusal from a failure and takes a key against doubles. Any other scheme is an Apprise URL with ``{to}`` in the place
of the phone number (``twilio://SID:TOKEN@FROM/{to}`` and some forty more), whose answer is yes or no only.
"""

from __future__ import annotations

import logging
from urllib.parse import quote

import httpx
from django.conf import settings

from . import OutcomeUnknown, Parcel, Refused, Unavailable, unregister
from . import register as register_channel

TIMEOUT_S = 10


class GatewayChannel:
    """POST ``{"to", "text", "sender", "key"}`` as JSON; 2xx is taken, 4xx refused (408, 425, 429: later), 5xx later."""

    name = "sms"
    address_kind = "phone"

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, parcel: Parcel) -> None:
        body = {"to": parcel.address, "text": parcel.text, "sender": parcel.business_name, "key": parcel.key}
        headers = {**self._headers, "Idempotency-Key": parcel.key}
        try:
            answer = httpx.post(self._url, json=body, headers=headers, timeout=TIMEOUT_S)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteTimeout):
            raise Unavailable("sms-unreachable") from None
        except httpx.HTTPError:
            raise OutcomeUnknown("sms-no-answer") from None
        if answer.status_code in {408, 425, 429} or answer.status_code >= 500:
            raise Unavailable(f"sms-{answer.status_code}")
        if not answer.is_success:
            raise Refused(f"sms-{answer.status_code}")


class AppriseChannel:
    """Any gateway that Apprise speaks to. A failure counts as "not sent": Apprise does not say more."""

    name = "sms"
    address_kind = "phone"

    def __init__(self, url: str) -> None:
        self._url = url
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines name the phone numbers

    def send(self, parcel: Parcel) -> None:
        import apprise  # slow to load, and needed by the worker alone

        gateway = apprise.Apprise()
        if not gateway.add(self._url.replace("{to}", quote(parcel.address, safe=""))):
            raise Unavailable("sms-url-unusable")
        if not gateway.notify(body=parcel.text):
            raise Unavailable("sms-not-taken")


def register() -> None:
    """By the settings; without ``SMS_URL`` there is no SMS."""
    url = settings.SMS_URL
    if not url:
        unregister("sms")
    elif url.startswith(("http://", "https://")):
        register_channel(GatewayChannel(url, settings.SMS_TOKEN))
    else:
        register_channel(AppriseChannel(url))
