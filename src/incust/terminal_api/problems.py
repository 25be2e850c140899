"""What can be wrong with a request before any use case sees it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem


class SignatureWrong(Problem):
    """The signature does not fit URL, body, time and the application's secret, or headers and signed URL disagree."""

    code = "signature-wrong"
    status = 401
    sentence = _("The request is not signed by Poster for this application.")


class SignatureStale(Problem):
    code = "signature-stale"
    status = 401
    sentence = _("The request is too old or its clock is wrong. Check the date and time of the register.")


class MalformedRequest(Problem):
    """Not JSON, or a parameter or header of the doors is missing or misspelt; member ``reason``."""

    code = "malformed-request"
    status = 400
    sentence = _("The request cannot be read.")


class InvalidInput(Problem):
    """Member ``errors: [{field, detail}]``."""

    code = "invalid-input"
    status = 422
    sentence = _("Some of the details are not valid.")


class RequestTooLarge(Problem):
    """Member ``bytes_max``."""

    code = "request-too-large"
    status = 413
    sentence = _("The request is too large.")


class OperationUnknown(Problem):
    code = "operation-unknown"
    status = 404
    sentence = _("There is no such operation.")


class MethodNotAllowed(Problem):
    code = "method-not-allowed"
    status = 405
    sentence = _("This operation is called by POST.")


class InternalError(Problem):
    """A fault of ours; it is in the log, with the request's id."""

    code = "internal-error"
    status = 500
    sentence = _("Something went wrong on the server. The sale can go on.")
