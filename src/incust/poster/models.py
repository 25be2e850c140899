"""What we keep of Poster: applications, installations, what an account consists of, and the webhooks it sent."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness, PointOfSale, TillAccount


class Application(models.Model):
    """A further application under another name (white label). Belongs to no business.

    The application that comes with the installation stands in the settings; see `incust.poster.applications`.
    """

    application_id = models.CharField(_("application number"), max_length=20, unique=True)
    name = models.CharField(_("Application name in Poster"), max_length=40, unique=True)
    secret_encrypted = models.BinaryField(_("secret, encrypted"))

    class Meta:
        db_table = "application"
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return self.name


class Installation(OfBusiness):
    """Our application in one Poster account: the token and what Poster told at the connection."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    application_id = models.CharField(_("application number"), max_length=20)
    token_encrypted = models.BinaryField(_("token, encrypted"), null=True)
    owner_name = models.CharField(_("owner"), max_length=200, blank=True, default="")
    owner_email = models.CharField(_("owner's email"), max_length=254, blank=True, default="")
    owner_phone = models.CharField(_("owner's phone"), max_length=40, blank=True, default="")
    company_name = models.CharField(_("company"), max_length=200, blank=True, default="")
    client_group_id = models.CharField(_("client group"), max_length=20, blank=True, default="")
    installed_at = models.DateTimeField(_("connected"))
    revoked_at = models.DateTimeField(_("disconnected"), null=True, blank=True)
    refreshed_at = models.DateTimeField(_("last read from Poster"), null=True, blank=True)
    names_tried = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    """``[name, timestamp]`` of other names under which this token was tried: the account may have been renamed."""

    class Meta:
        db_table = "installation"
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [models.UniqueConstraint(fields=["business", "till_account"], name="installation_once")]


class Location(OfBusiness):
    """A location (*spot*) of a connected account, as Poster last told it."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    external_id = models.CharField(_("Poster Location ID"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True, default="")
    point_of_sale = models.ForeignKey(
        PointOfSale, on_delete=models.SET_NULL, db_constraint=False, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "location"
        verbose_name = _("location in Poster")
        verbose_name_plural = _("locations in Poster")
        constraints = [
            models.UniqueConstraint(fields=["business", "till_account", "external_id"], name="location_once")
        ]

    def __str__(self) -> str:
        return self.name


class Register(OfBusiness):
    """A register (*tablet*) of a connected account, as Poster last told it."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    external_id = models.CharField(_("Poster register ID"), max_length=20)
    location_external_id = models.CharField(_("Poster Location ID"), max_length=20)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        db_table = "register"
        verbose_name = _("register in Poster")
        verbose_name_plural = _("registers in Poster")
        constraints = [
            models.UniqueConstraint(fields=["business", "till_account", "external_id"], name="register_once")
        ]

    def __str__(self) -> str:
        return self.name


class WebhookEvent(OfBusiness):
    """A verified webhook, stored before it was answered. One row however often Poster repeats it."""

    account = models.CharField(_("account"), max_length=100)
    object = models.CharField(_("object"), max_length=40)
    object_id = models.CharField(_("number"), max_length=40)
    action = models.CharField(_("action"), max_length=40)
    data = models.TextField(_("data"), blank=True, default="")
    sent_at = models.DateTimeField(_("sent"))
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    fault = models.JSONField(_("what went wrong"), null=True, blank=True)
    """Of the latest try that failed: ``{"code", "members"}`` of a `Problem`; None once it was processed."""
    digest = models.CharField(max_length=32)

    class Meta:
        db_table = "webhook_event"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [models.UniqueConstraint(fields=["business", "digest"], name="webhook_event_once")]
        indexes = [
            models.Index(fields=["business", "received_at"], name="webhook_event_age"),
            models.Index(
                fields=["business", "received_at"], condition=models.Q(processed_at=None), name="webhook_event_open"
            ),
            models.Index(
                fields=["business", "object_id", "id"],
                condition=models.Q(object="transaction"),
                name="webhook_event_of_receipt",
            ),
        ]


RECEIPT_AT = Coalesce("closed_at", "looked_at", "failing_since")
"""The moment that a receipt counts by. Not every one has a closing time: Poster tells none of those that were deleted
before they were paid, or that it does not know any more."""
LOOKS_KEPT = 50


class Receipt(OfBusiness):
    """A receipt of Poster as we last saw it there, and what our books say to it."""

    class Status(models.IntegerChoices):
        """Poster's own numbers."""

        OPEN = 1, _("open")
        CLOSED = 2, _("closed")
        REMOVED = 3, _("deleted")

    class Verdict(models.TextChoices):
        MATCHED = "matched", _("matched")
        ACCRUED = "accrued", _("posted afterwards")
        CORRECTED = "corrected", _("corrected")
        REVERSED = "reversed", _("reversed")
        NO_GUEST = "no-guest", _("without a guest")
        DIFFERS = "differs", _("differs")
        WAITING = "waiting", _("waiting")

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    transaction_id = models.CharField(_("transaction"), max_length=40)
    external_id = models.CharField(_("order"), max_length=40, blank=True, default="")
    location = models.CharField(_("Poster Location ID"), max_length=20, blank=True, default="")
    register = models.CharField(_("Poster register ID"), max_length=20, blank=True, default="")
    client_id = models.CharField(_("client in Poster"), max_length=20, blank=True, default="")
    status = models.PositiveSmallIntegerField(_("status in Poster"), choices=Status.choices, default=Status.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    total_minor = models.BigIntegerField(_("total"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    check_id = models.BigIntegerField(_("check"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, default=Verdict.WAITING)
    why = models.JSONField(_("why"), default=list)
    """Reasons as ``{"code", "members"}``, see `incust.poster.receipt_words`."""
    seen = models.CharField(max_length=32, blank=True, default="")
    """Digest of what Poster's list of receipts showed at the latest look; another one is a reason to look again."""
    looked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    """Somebody works on it until then. A lease and no lock, because Poster is asked meanwhile."""
    failing_since = models.DateTimeField(_("cannot be looked at since"), null=True, blank=True)
    look_again_at = models.DateTimeField(_("next try"), null=True, blank=True)
    """After a look that failed; None where none did, or where it is no longer tried."""
    looks = models.JSONField(_("what looks found"), default=list, db_default=models.Value([], models.JSONField()))
    """``{"at", "verdict", "why"}`` of each look that found something else than the one before, the newest
    `LOOKS_KEPT`."""

    class Meta:
        db_table = "receipt"
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(fields=["business", "till_account", "transaction_id"], name="receipt_once")
        ]
        indexes = [
            models.Index(fields=["business", "closed_at"], name="receipt_by_day"),
            models.Index("business", RECEIPT_AT, "id", name="receipt_by_moment"),
            models.Index(
                fields=["business", "check_id"], condition=models.Q(check_id__isnull=False), name="receipt_of_check"
            ),
            models.Index(
                fields=["business", "till_account", "look_again_at"], name="receipt_again",
                condition=models.Q(look_again_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.transaction_id


class ReceiptRun(OfBusiness):
    """How far the comparison of an account's receipts has come, so that a restart goes on there."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    open_from = models.DateField(_("first day not read to its end"), null=True, blank=True)
    open_page = models.PositiveIntegerField(_("first page of that day not read"), default=1)
    night_of = models.DateField(_("last night that was compared"), null=True, blank=True)
    next_at = models.DateTimeField(_("next run"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("last run"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    fault = models.JSONField(_("what went wrong"), null=True, blank=True)

    class Meta:
        db_table = "receipt_run"
        verbose_name = _("comparison of receipts")
        verbose_name_plural = _("comparisons of receipts")
        constraints = [models.UniqueConstraint(fields=["business", "till_account"], name="receipt_run_once")]


from .catalogue_models import CatalogueRun, Category, Product, Station  # noqa: E402, F401 (Django finds models here)
from .client_models import Client, ClientImport, ImportedClient  # noqa: E402, F401 (Django finds models here)
