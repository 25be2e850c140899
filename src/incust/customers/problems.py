"""Why a customer is not recognised, not registered or not confirmed. See docs/terminal-api.md."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incust.businesses.problems import Problem


class CustomerUnknown(Problem):
    """Members ``kind`` and ``normalized`` where the till may offer registration."""

    code = "customer-unknown"
    status = 404
    sentence = _("No customer with these details yet.")


class IdentifierUnusable(Problem):
    """A wrong, expired or used code or card: one and the same answer for all of them."""

    code = "identifier-unusable"
    status = 404
    sentence = _("This code or card cannot be used. Ask the guest for a fresh code.")


class TooManyGuesses(Problem):
    """Too many unusable codes at one terminal; member ``retry_after_s``."""

    code = "too-many-guesses"
    status = 429
    sentence = _("Too many unusable codes. Try again in %(retry_after_s)s seconds, or ask for the phone number.")


class CustomerExists(Problem):
    """Members ``customer`` and ``identification``, as ``identify`` answers."""

    code = "customer-exists"
    status = 409
    sentence = _("This guest is registered already.")


class PhoneInvalid(Problem):
    code = "phone-invalid"
    status = 422
    sentence = _("This is not a phone number. Check the digits.")


class EmailInvalid(Problem):
    code = "email-invalid"
    status = 422
    sentence = _("This is not an email address. Check the spelling.")


class ConfirmationRequired(Problem):
    """A code has been sent; member ``confirmation: {channel, masked, expires_at, resend_after_s}``."""

    code = "confirmation-required"
    status = 409
    sentence = _("The guest has to confirm. Ask for the code that was sent.")


class ConfirmationWrong(Problem):
    """Member ``tries_left``."""

    code = "confirmation-wrong"
    status = 422
    sentence = _("The code is wrong. Tries left: %(tries_left)s.")


class ConfirmationExpired(Problem):
    code = "confirmation-expired"
    status = 422
    sentence = _("The code has expired. Send a new one.")


class ConfirmationExhausted(Problem):
    code = "confirmation-exhausted"
    status = 422
    sentence = _("Too many wrong codes. Send a new one.")


class ResendTooSoon(Problem):
    """Member ``retry_after_s``."""

    code = "resend-too-soon"
    status = 429
    sentence = _("Another code can be sent in %(retry_after_s)s seconds.")


class IdentificationMissing(Problem):
    """No till of this place has recognised the customer lately, so nothing is sent to him."""

    code = "identification-missing"
    status = 409
    sentence = _("Choose the guest at this till first.")


class NoConfirmationChannel(Problem):
    code = "no-confirmation-channel"
    status = 409
    sentence = _("The guest has neither an email address nor a phone to send the code to.")


class IdempotencyMismatch(Problem):
    code = "idempotency-mismatch"
    status = 409
    sentence = _("This request repeats an earlier one with other content.")


class ReplayedRequest(Problem):
    code = "replayed-request"
    status = 401
    sentence = _("This request has been answered before and is not answered again.")


class NoPosterAccount(Problem):
    """The terminal has no integration with Poster."""

    code = "no-poster-account"
    status = 409
    sentence = _("This terminal has no Poster account whose clients could be linked.")
