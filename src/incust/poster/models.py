"""What we keep of Poster: applications, installations, what an account consists of, and the webhooks it sent."""

from __future__ import annotations

from django.db import models
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
    digest = models.CharField(max_length=32)

    class Meta:
        db_table = "webhook_event"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [models.UniqueConstraint(fields=["business", "digest"], name="webhook_event_once")]
        indexes = [models.Index(fields=["business", "received_at"], name="webhook_event_age")]
