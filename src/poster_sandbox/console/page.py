"""What every page of the console has: somebody signed in, the menu, the customer number."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from poster_sandbox.console.menu import MENU
from poster_sandbox.console.notices import NOTICES
from poster_sandbox.console.sessions import signed_in_user
from poster_sandbox.running import store
from poster_sandbox.store import State
from poster_sandbox.weather import is_calm


@dataclass(frozen=True)
class Console:
    """One request to the console of one account by one signed-in user."""

    request: HttpRequest
    state: State
    account: dict[str, Any]
    user: dict[str, Any]

    @property
    def root(self) -> str:
        return f"/{self.account['account']}/manage/"

    def render(self, page: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
        """Show `console/{page}.html`; `page` is also the entry of the menu that is lit (`section` overrides it)."""
        base = {
            "account": self.account,
            "user": self.user,
            "title": title,
            "root": self.root,
            "menu": MENU,
            "section": context.pop("section", page),
            "calm": is_calm(self.state),
            "notice": NOTICES.get(self.request.GET.get("done", "")),
        }
        return render(self.request, f"console/{page}.html", {**base, **context}, status=status)

    def back_to(self, page: str, done: str = "") -> HttpResponseRedirect:
        """After a change: off to a page, with the notice of that name."""
        return HttpResponseRedirect(f"{self.root}{page}" + (f"?{urlencode({'done': done})}" if done else ""))


def console_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who is signed in to the account; others are sent to the sign-in form and come back.

    A POST may change the state, a GET looks at it.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, account: str, **address: Any) -> HttpResponse:
        with store().read() as state:
            if account not in state["accounts"]:
                raise Http404
        user = signed_in_user(request, account)
        if user is None:
            back = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"/{account}/manage/sign-in?{back}")
        with store().change() if request.method == "POST" else store().read() as state:
            return view(Console(request, state, state["accounts"][account], user), **address)

    return guarded
