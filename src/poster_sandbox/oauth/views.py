"""`/api/auth` and `/{account}/api/auth` for owners, `/api/v2/auth/…` for the servers of apps."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from poster_sandbox.accounts import install_app, issue_code
from poster_sandbox.console.sessions import signed_in_user
from poster_sandbox.oauth.authorization import AuthorizationRefused, address_with_code, read_authorization
from poster_sandbox.oauth.token_exchange import ExchangeRefused, exchange_code, exchange_manage_code
from poster_sandbox.running import apps, store


def choose_account(request: HttpRequest) -> HttpResponse:
    """The account is not known yet: ask whose console to go on in."""
    try:
        authorization = read_authorization(request.GET, apps())
    except AuthorizationRefused as refusal:
        return render(request, "oauth/refused.html", {"sentence": str(refusal)}, status=400)
    with store().read() as state:
        accounts = [{"name": a["account"], "company": a["company_name"]} for a in state["accounts"].values()]
    context = {"accounts": accounts, "app": authorization.app, "query": request.GET.urlencode()}
    return render(request, "oauth/choose_account.html", context)


def authorize(request: HttpRequest, account: str) -> HttpResponse:
    """The consent page; “Allow Access” connects the app and sends the owner to it with a code."""
    user = signed_in_user(request, account)
    if user is None:
        back = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"/{account}/manage/sign-in?{back}")
    try:
        authorization = read_authorization(request.GET, apps())
    except AuthorizationRefused as refusal:
        return render(request, "oauth/refused.html", {"sentence": str(refusal)}, status=400)
    app = authorization.app
    if request.method != "POST":
        with store().read() as state:
            company = state["accounts"][account]["company_name"]
        return render(
            request, "oauth/consent.html", {"app": app, "account_name": account, "company": company, "user": user}
        )
    if "allow" not in request.POST:
        return HttpResponseRedirect(f"/{account}/manage/marketplace/{app.application_id}")
    with store().change() as state:
        held = state["accounts"][account]
        install_app(state, held, app.application_id, user["id"])
        code = issue_code(
            state, held, app.application_id, user["id"], kind="oauth", redirect_uri=authorization.redirect_uri
        )
    return HttpResponseRedirect(address_with_code(authorization.redirect_uri, code, account))


@csrf_exempt
@require_POST
def access_token(request: HttpRequest, account: str = "") -> JsonResponse:
    try:
        with store().change() as state:
            return JsonResponse(exchange_code(state, request.POST, apps(), account))
    except ExchangeRefused as refusal:
        return JsonResponse(
            {"code": refusal.code, "error_type": "OAuthException", "error_message": str(refusal)},
        )


@csrf_exempt
@require_POST
def manage(request: HttpRequest, account: str = "") -> JsonResponse:
    try:
        with store().change() as state:
            return JsonResponse(exchange_manage_code(state, request.POST, apps()))
    except ExchangeRefused as refusal:
        return JsonResponse({"error": refusal.code, "message": str(refusal), "field": refusal.field})
