"""The sentences that the page's scripts show, in the language that is active."""

from __future__ import annotations

from django.utils.translation import gettext as _


def page_texts() -> dict[str, str]:
    """By the names that the scripts use; ``{…}`` are places that they fill."""
    return {
        "new_code_in": _("New code in {seconds} s"),
        "no_key": _(
            "This browser has lost the key of your card. Ask for a new link; the temporary code works meanwhile."
        ),
        "code_until": _("Tell it to the cashier. Good for {time}"),
        "code_over": _("This code has run out."),
        "expires": _("{amount} expires on {date}"),
        "held": _("{amount} is set aside for a receipt that is being paid"),
        "offline": _("No connection. Balance as of {time}; the code works."),
        "failed": _("That did not work. Check the connection and try again."),
        "saved": _("Saved"),
        "forget_sure": _("Remove the card from this phone? To come back you will need a new link."),
        "link_sent": _("If this address is known here, a link is on its way."),
        "link_used": _("This link has been used meanwhile. Ask for a new one."),
        "kind_check": _("Receipt"),
        "kind_refund": _("Refund"),
        "kind_expiry": _("Expired"),
        "kind_correction": _("Correction"),
        "kind_gift": _("Gift"),
        "kind_referral": _("For a friend"),
        "kind_import": _("Opening balance"),
        "balance_after": _("Balance {balance}"),
    }
