"""The way in and out. No password: everybody on this machine is welcome to be the owner."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from poster_sandbox.accounts import by_id
from poster_sandbox.console.sessions import end_session, start_session
from poster_sandbox.running import store
from poster_sandbox.seed.accounts import ACCESS_REGISTER


def sign_in(request: HttpRequest, account: str) -> HttpResponse:
    """Choose who you are; only people with rights beyond the register are offered. Goes on to `next`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        target = f"/{account}/manage/"
    with store().read() as state:
        held = state["accounts"].get(account)
        if held is None:
            raise Http404
        users = [dict(one) for one in held["employees"] if one["access_mask"] & ~ACCESS_REGISTER]
        company = held["company_name"]
    chosen = by_id(users, request.POST.get("user")) if request.method == "POST" else None
    if chosen is not None:
        response = HttpResponseRedirect(target)
        start_session(response, request, account, chosen["id"])
        return response
    context = {"account_name": account, "company": company, "users": users, "next": target}
    return render(request, "console/sign_in.html", context)


@require_POST
def sign_out(request: HttpRequest, account: str) -> HttpResponse:
    end_session(request, account)
    return HttpResponseRedirect(f"/{account}/manage/sign-in")
