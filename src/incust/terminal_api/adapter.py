"""The one place that knows the web framework for JSON: errors, statuses, language, size and log for every operation.

Endpoints derive from `Operation` and are otherwise plain; to replace the framework, this module and their base go.
"""

from __future__ import annotations

import time
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

import psycopg
import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, RawPostDataException
from django.utils import timezone, translation
from django.utils.translation import gettext
from dmr import Controller
from dmr.exceptions import NotAuthenticatedError, RequestSerializationError, ValidationError
from dmr.plugins.msgspec import MsgspecJsonParser, MsgspecJsonRenderer, MsgspecSerializer

from incust.businesses.problems import Problem
from incust.businesses.terminal_access import AccountDisconnected, Busy, Caller, KeyUnknown
from incust.poster.rename_account import ask_about_caller

from .doors import Doors
from .field_faults import field_fault
from .language import language_of
from .problems import (
    InternalError,
    InvalidInput,
    MalformedRequest,
    MethodNotAllowed,
    RequestTooLarge,
)
from .schemas.problem import ProblemDetails

BODY_BYTES_MAX = 256 * 1024
PROBLEM_JSON = "application/problem+json"
REPLAY_HEADER = "Idempotent-Replay"
NOT_IN_POSTGRESQL = b"\\u0000"

log = structlog.get_logger("incust.terminal_api")


class StrictJsonParser(MsgspecJsonParser):
    """A number is a number and a text a text: nothing is guessed."""

    strict: ClassVar[bool] = True


class Operation(Controller[MsgspecSerializer]):
    """Base of all operations: both doors, problem details, the caller's language, bounded bodies, one line of log."""

    is_abstract = True
    auth = (Doors(),)
    parsers = (StrictJsonParser(),)
    error_model = ProblemDetails
    # What goes out is built from the same types that the document is made of; contract tests hold it against that.
    validate_responses = False

    #: Codes of the problems that this operation may answer with, beside those of every operation.
    problems: ClassVar[tuple[str, ...]] = ()

    @property
    def now(self) -> datetime:
        """When the request came in."""
        return self.request.received_at  # type: ignore[attr-defined, no-any-return]

    @property
    def caller(self) -> Caller:
        return self.request.caller  # type: ignore[attr-defined, no-any-return]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        started = time.perf_counter()
        request.received_at = timezone.now()  # type: ignore[attr-defined]
        # Poster's proxy says what it likes about types; we speak JSON only.
        request.content_type = "application/json"
        request.META["HTTP_ACCEPT"] = "application/json"
        with translation.override(language_of(request)):
            try:
                _require_readable(request)
            except Problem as problem:
                response: HttpResponseBase = problem_response(problem)
            else:
                response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        _log(request, response, type(self).__name__, started)
        return response

    def answer(self, body: Any, *, status: HTTPStatus = HTTPStatus.OK, repeated: bool = False) -> HttpResponse:
        """The answer, marked where it is the stored one of an earlier request."""
        headers = {REPLAY_HEADER: "true"} if repeated else None
        return self.to_response(body, status_code=status, headers=headers)

    def handle_error(self, endpoint: Any, controller: Any, exc: Exception) -> HttpResponse:
        problem = problem_of(exc)
        if isinstance(problem, InternalError):
            log.exception("terminal_request_failed", operation=type(self).__name__, exc_info=exc)
        if isinstance(problem, AccountDisconnected):
            _ask_about(self.request.caller)  # type: ignore[attr-defined]
        self.request.problem_code = problem.code  # type: ignore[attr-defined]
        return problem_response(problem)

    def handle_method_not_allowed(self, method: str) -> HttpResponse:
        response = problem_response(MethodNotAllowed())
        response.headers["Allow"] = "POST"
        return response


def problem_response(problem: Problem) -> HttpResponse:
    """RFC 9457 problem details in the language that is active now."""
    response = HttpResponse(
        _renderer.render(problem.as_json(), MsgspecSerializer.serialize_hook),
        content_type=PROBLEM_JSON,
        status=problem.status,
    )
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="terminal"'
    if "retry_after_s" in problem.members:
        response.headers["Retry-After"] = str(problem.members["retry_after_s"])
    return response


def problem_of(error: Exception) -> Problem:
    """The problem that tells the caller about an exception; `InternalError` for what we did not expect."""
    match error:
        case Problem():
            return error
        case ValidationError():
            return InvalidInput(errors=[field_fault(str(item["msg"])) for item in error.payload])
        case RequestSerializationError() | RawPostDataException():
            return MalformedRequest(reason="body is not JSON")
        case NotAuthenticatedError():
            return KeyUnknown()
        case OperationalError() | psycopg.OperationalError():
            return Busy()
    return InternalError()


def invalid(field: str, detail: str) -> InvalidInput:
    """One field that types cannot refuse."""
    return InvalidInput(errors=[{"field": field, "detail": detail}])


_renderer = MsgspecJsonRenderer(PROBLEM_JSON)


def _require_readable(request: HttpRequest) -> None:
    if request.method != "POST":
        return
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise MalformedRequest(reason="header Content-Length") from None
    if length > BODY_BYTES_MAX or len(request.body) > BODY_BYTES_MAX:
        raise RequestTooLarge(bytes_max=BODY_BYTES_MAX)
    if not request.body:
        raise MalformedRequest(reason="body is empty, or came without Content-Length")
    if NOT_IN_POSTGRESQL in request.body:
        raise invalid("", gettext("The character U+0000 is not taken."))


def _ask_about(caller: Caller) -> None:
    """Whatever goes wrong here, the caller gets the answer that he was to get."""
    try:
        ask_about_caller(caller)
    except Exception:
        log.exception("renamed_account_not_asked_about")


def _log(request: HttpRequest, response: HttpResponseBase, operation: str, started: float) -> None:
    """One line per request: no bodies, no names, no keys."""
    caller: Caller | None = getattr(request, "caller", None)
    log.info(
        "terminal_request",
        operation=operation,
        door=caller.door if caller else "",
        account=caller.account if caller else "",
        spot=caller.spot if caller else "",
        tablet=caller.tablet if caller else "",
        till_version=caller.till_version if caller else "",
        request_id=caller.request_id if caller else "",
        status=response.status_code,
        problem=getattr(request, "problem_code", ""),
        duration_ms=round((time.perf_counter() - started) * 1000, 1),
    )
