"""The panel's site: every page of a business, each in a transaction that sees that business only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth import logout
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.sites import UnfoldAdminSite

from incust.businesses.tenancy import in_business

from .seats import seat_of

PAGE_STATEMENT_TIMEOUT = "15s"

View = Callable[..., HttpResponseBase]
AnyView = TypeVar("AnyView", bound=View)


def opens_own_transactions(view: AnyView) -> AnyView:
    """Decorator for views that talk to other systems: they enter the business themselves, around their own queries."""
    view.opens_own_transactions = True  # type: ignore[attr-defined]
    return view


def for_editors(view: AnyView) -> AnyView:
    """Decorator: owners and managers only; others get 403 for anything but looking."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") and not seat_of(request).may_edit:
            return HttpResponse(status=403)
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def editors_only(view: AnyView) -> AnyView:
    """Decorator: owners and managers only; others get 403 even for looking."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not seat_of(request).may_edit:
            return HttpResponse(status=403)
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


class PanelSite(UnfoldAdminSite):
    """An admin site whose pages are those registered by `page` and the lists of registered models."""

    def __init__(self) -> None:
        # The theme's own templates ask for "admin"; this site stands in an URL configuration of its own.
        super().__init__(name="admin")
        self._pages: list[tuple[str, View, str]] = []
        self._home: View | None = None

    def page(self, route: str, name: str) -> Callable[[AnyView], AnyView]:
        """Decorator: this view answers at ``route`` of each business, as ``admin:<name>``."""

        def add(view: AnyView) -> AnyView:
            self._pages.append((route, view, name))
            return view

        return add

    def home(self, view: AnyView) -> AnyView:
        """Decorator: the first page of a business."""
        self._home = view
        return view

    def get_urls(self) -> list[URLPattern]:
        own = [path(route, self.admin_view(view), name=name) for route, view, name in self._pages]
        if self._home is not None:
            own.insert(0, path("", self.admin_view(self._home), name="index"))
        return own + super().get_urls()

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and hasattr(request, "seat")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded = super().admin_view(view, cacheable)
        if getattr(view, "opens_own_transactions", False):
            return guarded

        @wraps(view)
        def in_its_business(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with in_business(seat_of(request).business_id):
                take_time()
                response = guarded(request, *args, **kwargs)
                if isinstance(response, TemplateResponse):
                    response.render()  # templates ask for rows, too
                return response

        return in_its_business

    def render(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        """A page in the panel's frame. Give at least ``title``."""
        return TemplateResponse(request, template, {**self.each_context(request), "seat": seat_of(request), **context})

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        logout(request)
        return HttpResponseRedirect("/sign-in/")

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        # The theme's search caches results by person, not by business.
        raise Http404


def take_time() -> None:
    """Inside a transaction: a list or a sum over months may take longer than a till could wait, whose limit the
    connections carry."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PAGE_STATEMENT_TIMEOUT])


panel = PanelSite()
