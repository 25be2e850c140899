"""Email over SMTP, by Django's settings ``EMAIL_*``."""

from __future__ import annotations

import hashlib
import smtplib
from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from . import OutcomeUnknown, Parcel, Refused, Unavailable
from . import register as register_channel


class EmailChannel:
    name = "email"
    address_kind = "email"

    def send(self, parcel: Parcel) -> None:
        connection = get_connection(fail_silently=False)
        message = EmailMessage(
            subject=parcel.subject,
            body=parcel.text,
            from_email=_sender(parcel.business_name),
            to=[parcel.address],
            headers={"Message-ID": _message_id(parcel.key), "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            connection.open()
        except (OSError, smtplib.SMTPException):
            # A wrong password or certificate is our own mistake: the message waits until it is mended.
            raise Unavailable("smtp-unreachable") from None
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            raise _by_code(max(codes, default=0)) from None
        except smtplib.SMTPResponseException as refusal:
            raise _by_code(refusal.smtp_code) from None
        except (OSError, smtplib.SMTPException):
            raise OutcomeUnknown("smtp-no-answer") from None
        finally:
            _hang_up(connection)


def _by_code(code: int) -> Unavailable | Refused:
    return Refused(f"smtp-{code}") if 500 <= code < 600 else Unavailable(f"smtp-{code}")


def _hang_up(connection: EmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return  # the message is through; how the server says goodbye does not matter


def _sender(business_name: str) -> str:
    """Our address under the business's name."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return str(Address(display_name=business_name, addr_spec=address))


def _message_id(key: str) -> str:
    """The same at each try, so that mail programs show a message that came twice once."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{address.rpartition('@')[2]}>"


def register() -> None:
    register_channel(EmailChannel())
