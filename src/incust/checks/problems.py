"""Why a check is not quoted, reserved, finalized or cancelled. See docs/terminal-api.md, "checks/…"."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem


class CurrencyMismatch(Problem):
    """Member `currency`: the terminal's."""

    code = "currency-mismatch"
    status = 422
    sentence = _("This terminal works in %(currency)s.")


class RedeemAboveLimit(Problem):
    """Member `redeem_max_minor`: the most that may be redeemed on this check now."""

    code = "redeem-above-limit"
    status = 422
    sentence = _("More bonuses than may be redeemed on this check.")


class QuoteChanged(Problem):
    """Check, program or balance have changed since the quote; ask again."""

    code = "quote-changed"
    status = 409
    sentence = _("The check or the balance has changed. Please look at the new amounts.")


class CheckFinalized(Problem):
    """The receipt is paid: nothing can be reserved or cancelled any more."""

    code = "check-finalized"
    status = 409
    sentence = _("This check has been paid already.")


class CheckMismatch(Problem):
    """The receipt has been posted with another content. What was posted stays."""

    code = "check-mismatch"
    status = 409
    sentence = _("This check has been posted already with another content.")
