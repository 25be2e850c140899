"""Goods: what the connected accounts sell, by category, as Poster last told it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from incust.businesses.models import TillAccount
from incust.businesses.problems import Problem
from incust.businesses.tenancy import in_business
from incust.poster.catalogue import CatalogueClaimed, read_catalogue
from incust.poster.catalogue_models import CatalogueRun, Category, Product, Station
from incust.poster.receipt_words import in_words

from .seats import seat_of
from .site import for_editors, opens_own_transactions, panel

PER_PAGE = 100
GONE = "gone"
"""In place of a category: what Poster lists no more."""
LEVELS_MAX = 10
"""Of categories within categories; Poster's tree may point at itself while it is being changed."""


@panel.page("goods/", "goods")
def goods(request: HttpRequest) -> HttpResponse:
    accounts = list(TillAccount.objects.filter(system="poster").order_by("-connected", "name"))
    categories = _categories(accounts)
    chosen, typed = request.GET.get("category", ""), request.GET.get("q", "").replace("\0", "").strip()
    page = Paginator(_found(chosen, typed, categories), PER_PAGE).get_page(request.GET.get("page"))
    return panel.render(
        request,
        "panel/goods.html",
        title=_("Goods"),
        connected=any(account.connected for account in accounts),
        readings=_readings(accounts),
        figures=_figures(),
        categories=sorted(categories.items(), key=lambda one: one[1]),
        chosen=chosen,
        typed=typed,
        page=page,
        groups=_groups(page, categories),
        gone=GONE,
    )


@panel.page("goods/read/", "goods-read")
@opens_own_transactions
@for_editors
@require_POST
def read_again(request: HttpRequest) -> HttpResponse:
    business_id = seat_of(request).business_id
    with in_business(business_id):
        accounts = list(TillAccount.objects.filter(system="poster", connected=True).order_by("name"))
    if not accounts:
        raise Http404
    for account in accounts:
        try:
            read_catalogue(business_id, account.pk)
            messages.success(
                request, _("The goods of “%(account)s” were read from Poster.") % {"account": account.name}
            )
        except CatalogueClaimed:
            messages.info(request, _("The goods of “%(account)s” are being read just now.") % {"account": account.name})
        except Problem as problem:
            messages.error(request, f"{account.name}: {problem.detail}")
    return HttpResponseRedirect(reverse("admin:goods"))


def _categories(accounts: list[TillAccount]) -> dict[str, str]:
    """``account/number`` of Poster → "Drinks → Coffee", with the account's name where there are several."""
    rows = {(row.till_account_id, row.external_id): row for row in Category.objects.filter(removed_at=None)}
    several = {account.pk: account.name for account in accounts} if len(accounts) > 1 else {}
    named = {}
    for (account, number), row in rows.items():
        names, above = [row.name], row.parent_external_id
        while (account, above) in rows and len(names) < LEVELS_MAX:
            names.append(rows[account, above].name)
            above = rows[account, above].parent_external_id
        in_account = f"{several[account]}: " if account in several else ""
        named[f"{account}/{number}"] = in_account + " → ".join(reversed(names))
    return named


def _found(chosen: str, typed: str, categories: dict[str, str]) -> QuerySet[Product]:
    """In the order of the categories as they are shown, then by name. What cannot be a category shows all."""
    category = Concat(Cast("till_account_id", TextField()), Value("/"), "category_external_id")
    in_order = Value(sorted(categories, key=lambda one: categories[one]), output_field=ArrayField(TextField()))
    place = Func(in_order, category, function="array_position", output_field=IntegerField())
    rows = Product.objects.annotate(place=place).order_by(
        F("place").asc(nulls_last=True), "till_account_id", "category_external_id", "name", "id"
    )
    rows = rows.exclude(removed_at=None) if chosen == GONE else rows.filter(removed_at=None)
    account, _slash, number = chosen.partition("/")
    if account.isascii() and account.isdecimal() and len(account) <= 18:
        rows = rows.filter(till_account_id=int(account), category_external_id=number.replace("\0", ""))
    if typed:
        rows = rows.filter(Q(name__icontains=typed) | Q(external_id=typed.removeprefix("#")))
    return rows


def _figures() -> list[tuple[str, str, int]]:
    """(hook for tests, label, number)."""
    numbers = Product.objects.aggregate(
        sold=Count("id", filter=Q(removed_at=None)),
        discountless=Count("id", filter=Q(removed_at=None, takes_no_discount=True)),
        gone=Count("id", filter=Q(removed_at__isnull=False)),
    )
    return [
        ("sold", _("Goods"), numbers["sold"]),
        ("categories", _("Categories"), Category.objects.filter(removed_at=None).count()),
        ("discountless", _("Take no discounts"), numbers["discountless"]),
        ("gone", _("No longer in Poster"), numbers["gone"]),
    ]


def _readings(accounts: list[TillAccount]) -> list[dict[str, Any]]:
    """When each connected account was last read, and what has gone wrong since."""
    runs = {run.till_account_id: run for run in CatalogueRun.objects.all()}
    connected = [(account, runs.get(account.pk)) for account in accounts if account.connected]
    return [
        {
            "account": account.name if len(connected) > 1 else "",
            "at": run.finished_at if run else None,
            "fault": in_words(run.fault) if run and run.fault else "",
        }
        for account, run in connected
    ]


def _groups(page: Page, categories: dict[str, str]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    """(category, its rows)."""
    stations = {(row.till_account_id, row.external_id): row.name for row in Station.objects.filter(removed_at=None)}
    by_category = groupby(page, key=lambda product: f"{product.till_account_id}/{product.category_external_id}")
    return [
        (
            categories.get(category, ""),
            [
                {
                    "product": product,
                    "station": stations.get((product.till_account_id, product.station_external_id), ""),
                    "modifications": ", ".join(one["name"] for one in product.modifications),
                }
                for product in products
            ],
        )
        for category, products in by_category
    ]
