"""Pages for people who write tills: the reference, the document, and what each problem means."""

from __future__ import annotations

import inspect
import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from incust.businesses.problems import Problem, all_problems

from .adapter import problem_response
from .language import language_of
from .openapi import openapi_document
from .problems import OperationUnknown
from .reference import reference_of

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
LANGUAGES = ("en", "uk", "pl", "ru")


def openapi_json(_request: HttpRequest) -> HttpResponse:
    """The machine-readable contract. Open to all: it holds no secret."""
    response = HttpResponse(json.dumps(openapi_document(), ensure_ascii=False), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def reference(request: HttpRequest) -> HttpResponse:
    """The same, for reading."""
    return _page(request, "terminal_api/reference.html", {"reference": reference_of(openapi_document())})


def problems(request: HttpRequest) -> HttpResponse:
    """All problems by code."""
    rows = [{"code": code, "status": cls.status, "sentence": _sentence(cls)} for code, cls in all_problems().items()]
    return _page(request, "terminal_api/problems.html", {"problems": rows})


def problem(request: HttpRequest, code: str) -> HttpResponse:
    """The page that the member ``type`` of a problem leads to."""
    cls = all_problems().get(code)
    if cls is None:
        raise Http404
    sentences = []
    for language in LANGUAGES:
        with translation.override(language):
            sentences.append({"language": language, "sentence": _sentence(cls)})
    explained = (inspect.getdoc(cls) or "") if "__doc__" in cls.__dict__ and cls.__doc__ else ""
    context = {
        "code": code, "status": cls.status, "title": code.replace("-", " ").capitalize(), "sentences": sentences,
        "explained": explained,
    }  # fmt: skip
    return _page(request, "terminal_api/problem.html", context)


@csrf_exempt
def unknown_operation(request: HttpRequest, unknown: str) -> HttpResponse:
    """Anything else below ``/terminal/`` is a problem as well, not an HTML page."""
    with translation.override(language_of(request)):
        return problem_response(OperationUnknown())


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    with translation.override("en"):  # for developers; the sentences themselves are shown in all languages
        response = render(request, template, context)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _sentence(cls: type[Problem]) -> str:
    """The sentence with its members still named."""
    return str(cls.sentence).replace("%(", "‹").replace(")s", "›")
