"""Why a check is not quoted, reserved, finalized, cancelled or refunded. See docs/terminal-api.md, "checks/…"."""

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


class CheckUnknown(Problem):
    """Nobody has reported such a receipt, or not of this till."""

    code = "check-unknown"
    status = 404
    sentence = _("This check is not known.")


class CheckNotFinal(Problem):
    """Only a receipt that was closed can be refunded; one that is only reserved is cancelled."""

    code = "check-not-final"
    status = 409
    sentence = _("This check has not been paid, so there is nothing to return.")


class LineUnknown(Problem):
    """Member `line_id`: the check has no such line."""

    code = "line-unknown"
    status = 422
    sentence = _("The check has no such position.")


class ReturnedAboveBought(Problem):
    """Members `line_id`, and `quantity`: how much of it the check has."""

    code = "returned-above-bought"
    status = 422
    sentence = _("More would be returned than was bought.")


class RefundBlocked(Problem):
    """Member `short_minor`: so many of the points to be taken back are spent or promised already."""

    code = "refund-blocked"
    status = 409
    sentence = _("The guest has spent the bonuses of this check already. It can not be refunded.")
