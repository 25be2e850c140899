"""Parameters as Poster takes them: query, form, multipart or JSON body; PHP's `extras[key]=value` as well."""

import json
import re
from typing import Any

from django.http import HttpRequest

from poster_sandbox.webapi.call import ApiError

BRACKETS = re.compile(r"^(\w+)\[([^\]]*)\]$")


def read_parameters(request: HttpRequest) -> dict[str, Any]:
    """All parameters of a request, the body's before the query's. Raises ApiError 400 for a body that is no object."""
    parameters = nested(request.GET.dict())
    if request.content_type == "application/json":
        parameters.update(_json_object(request.body))
    else:
        parameters.update(nested(request.POST.dict()))
    parameters.pop("token", None)
    return parameters


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError as error:
        raise ApiError(400, "The body is not JSON") from error
    if not isinstance(value, dict):
        raise ApiError(400, "The body must be a JSON object")
    return value


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """`{"extras[a]": 1}` becomes `{"extras": {"a": 1}}`."""
    values: dict[str, Any] = {}
    for name, value in flat.items():
        match = BRACKETS.match(name)
        if match:
            inner = values.setdefault(match[1], {})
            if isinstance(inner, dict):
                inner[match[2]] = value
        else:
            values[name] = value
    return values
