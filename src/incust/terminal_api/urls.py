"""``/terminal/v1/…`` and the pages that explain problems."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver
from django.urls import path as page
from dmr.routing import Router, path

from . import pages
from .endpoints import checks, customers, hello

router = Router(
    "terminal/v1/",
    [
        path("hello", hello.Hello.as_view()),
        path("identify", customers.IdentifyCustomer.as_view()),
        path("customers", customers.RegisterNewCustomer.as_view()),
        path("customers/<str:customer_id>/profile", customers.ChangeProfile.as_view()),
        path("customers/<str:customer_id>/poster-client", customers.LinkClientOfPoster.as_view()),
        path("checks/quote", checks.QuoteOperation.as_view()),
        path("checks/reserve", checks.ReserveOperation.as_view()),
        path("checks/finalize", checks.FinalizeOperation.as_view()),
        path("checks/cancel", checks.CancelOperation.as_view()),
        path("checks/refund", checks.RefundOperation.as_view()),
        path("confirmations", customers.SendConfirmation.as_view()),
    ],
    tags=["terminal"],
)

urlpatterns: list[URLPattern | URLResolver] = [
    page("terminal/v1/", pages.reference, name="terminal-reference"),
    page("terminal/v1/openapi.json", pages.openapi_json, name="terminal-openapi"),
    page("problems/", pages.problems, name="problems"),
    page("problems/<slug:code>", pages.problem, name="problem"),
    router.to_urlpatterns(),
    page("terminal/<path:unknown>", pages.unknown_operation),
]
