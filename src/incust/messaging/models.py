"""What became of each message. Neither its text nor its full address is kept here."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness


class Message(OfBusiness):
    """One message to one customer. The text lives in the outbox until the message is done, and goes with it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        AMBIGUOUS = "ambiguous", _("perhaps sent")
        EXPIRED = "expired", _("too late to send")

    dedup_key = models.CharField(_("key against doubles"), max_length=100)
    topic = models.CharField(_("topic"), max_length=60)
    customer_id = models.BigIntegerField(_("customer"), null=True)
    check_id = models.BigIntegerField(_("check"), null=True)
    """Of a message about a receipt: which one."""
    channel = models.CharField(_("channel"), max_length=20, blank=True, default="")
    masked_address = models.CharField(_("address"), max_length=100, blank=True, default="")
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        db_table = "message"
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["business", "dedup_key"], name="message_once")]

    @property
    def is_done(self) -> bool:
        """Nothing more will be tried."""
        return self.state in {self.State.SENT, self.State.FAILED, self.State.AMBIGUOUS, self.State.EXPIRED}
