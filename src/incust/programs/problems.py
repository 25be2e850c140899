"""What can be wrong with a program, for people. Raised by the use cases of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem


class ProgramMissing(Problem):
    """The business has published no program."""

    code = "program-missing"
    status = 409
    sentence = _("No loyalty program is published yet.")


class ProgramRefused(Problem):
    """The draft cannot be applied; members `field` (its path) and `reason`."""

    code = "program-refused"
    status = 422
    sentence = _("The program cannot be saved. %(field)s: %(reason)s")


class ProgramUnknown(Problem):
    """The business has no such program."""

    code = "program-unknown"
    status = 404
    sentence = _("There is no such program.")
