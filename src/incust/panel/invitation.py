"""The letter to a new staff member. It goes to his mailbox only: whoever holds its link may choose his password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from incust.businesses.models import Business, User
from incust.businesses.tenancy import in_business
from incust.messaging.outbox import Event, handles

INVITATION = "staff-invitation"


@handles(INVITATION)
def send_invitation(event: Event) -> None:
    """Write to the person: where to sign in, and how to choose a password if he has none yet."""
    with in_business(event.business_id):
        business = Business.objects.get(id=event.business_id)
    user = User.objects.filter(id=event.payload["user_id"]).first()
    if user is None or not user.email:
        return
    with translation.override(user.language or business.language):
        values = {"business": business.name, "url": _address(user)}
        subject = _("%(business)s: you may sign in to inCust") % values
        text = (
            _("You now belong to the staff of “%(business)s”. Sign in here: %(url)s")
            if user.has_usable_password()
            else _("You now belong to the staff of “%(business)s”. Choose a password here, then sign in: %(url)s")
        )
        send_mail(subject, text % values, settings.DEFAULT_FROM_EMAIL, [user.email])


def _address(user: User) -> str:
    if user.has_usable_password():
        return f"{settings.PUBLIC_URL}/sign-in/"
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return f"{settings.PUBLIC_URL}/account/password/reset/key/{key}/"
