"""What may be wrong between us and Poster. Each has a sentence for the person at the screen."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem


class PosterUnavailable(Problem):
    """Poster did not answer in time, or not sensibly. Trying again later may help."""

    code = "poster-unavailable"
    status = 502
    sentence = _("Poster does not answer right now. Please try again in a minute.")


class PosterRefused(Problem):
    """Poster answered with an error of its own. Members: ``poster_code``, ``poster_message``."""

    code = "poster-refused"
    status = 502
    sentence = _("Poster refused the request: %(poster_message)s")
    poster_codes: ClassVar[frozenset[int]] = frozenset()

    def __init__(self, *, poster_code: int = 0, poster_message: str = "") -> None:
        super().__init__(poster_code=poster_code, poster_message=poster_message)

    @property
    def poster_code(self) -> int:
        return int(self.members["poster_code"])


class TokenRefused(PosterRefused):
    """The token is missing, invalid or expired: the account must be connected again."""

    code = "poster-token-refused"
    sentence = _("Poster no longer accepts our access to this account. Connect the account again.")
    poster_codes = frozenset({10, 11, 12})


class MethodNotAllowed(PosterRefused):
    code = "poster-method-not-allowed"
    sentence = _("The application has no right to this part of Poster. Connect the account again and allow access.")
    poster_codes = frozenset({20})


class NoSuchObject(PosterRefused):
    code = "poster-no-such-object"
    sentence = _("Poster does not know this number: %(poster_message)s")
    poster_codes = frozenset({32})


class PhoneRefused(PosterRefused):
    code = "poster-phone-refused"
    sentence = _("Poster does not accept this phone number.")
    poster_codes = frozenset({37})


class AccountArchived(PosterRefused):
    code = "poster-account-archived"
    sentence = _("This account is archived in Poster.")
    poster_codes = frozenset({503})


class TariffLimit(PosterRefused):
    code = "poster-tariff-limit"
    sentence = _("The tariff of this account in Poster does not allow this.")
    poster_codes = frozenset({700})


class AccountOfAnother(Problem):
    """The account is connected to another business, which must let it go first."""

    code = "poster-account-of-another"
    status = 409
    sentence = _(
        "The Poster account “%(account)s” is connected to another business here. Disconnect it there first, or sign in "
        "as somebody of that business."
    )


class AccountUnknown(Problem):
    code = "poster-account-unknown"
    status = 404
    sentence = _("No Poster account of this name is connected.")


class ImportUnderWay(Problem):
    code = "poster-import-under-way"
    status = 409
    sentence = _("Guests of this account are being brought over already. Please wait until that is done.")


class CurrencyUnknown(Problem):
    code = "poster-currency-unknown"
    status = 502
    sentence = _(
        "Poster does not say in which currency this account keeps its bonuses, so no balance was brought over. Set the "
        "currency in Poster, or bring the guests over without their balances."
    )


class CodeRefused(Problem):
    """The code of the connection was used, is too old, or was never ours."""

    code = "poster-code-refused"
    status = 400
    sentence = _("Poster did not confirm the connection. Please start it again with Connect.")


class ApplicationMissing(Problem):
    code = "poster-application-missing"
    status = 503
    sentence = _("This installation has no Poster application yet. Ask its administrator to set one up.")


def refusal(code: int, message: str) -> PosterRefused:
    """The typed error of Poster's error number; `PosterRefused` itself for one we have no word for."""
    for kind in PosterRefused.__subclasses__():
        if code in kind.poster_codes:
            return kind(poster_code=code, poster_message=message)
    return PosterRefused(poster_code=code, poster_message=message)
