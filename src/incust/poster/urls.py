"""What Poster itself calls. The pages of the connection are the panel's."""

from __future__ import annotations

from django.urls import path

from .till_bundle import serve_till_bundle
from .webhooks import receive_webhook

urlpatterns = [
    path("poster/webhook", receive_webhook, name="poster-webhook"),
    path("till/bundle.js", serve_till_bundle, name="till-bundle"),
]
