"""Customers and what identifies them. Functions on the till's path are under ``sql/``."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness, Terminal


class Customer(OfBusiness):
    """A person in one business's program."""

    class Status(models.TextChoices):
        FULL = "full", _("full: credit and redeem")
        LIMITED = "limited", _("limited: credit only")
        NONE = "none", _("none: waits for consent")

    class Gender(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")

    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True, default="")
    language = models.CharField(_("language"), max_length=5, blank=True, default="")
    status = models.CharField(_("status"), max_length=7, choices=Status.choices, default=Status.LIMITED)
    category = models.CharField(_("category"), max_length=60, blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    created_at_terminal = models.ForeignKey(
        Terminal, on_delete=models.PROTECT, db_constraint=False, null=True, blank=True, related_name="+",
        verbose_name=_("created at terminal"),
    )  # fmt: skip

    class Meta:
        db_table = "customer"
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [models.Index(fields=["business", "-created_at"], name="customer_newest")]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class CustomerIdentifier(OfBusiness):
    """Something a customer is recognised by: one value of one kind leads to one customer of the business."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("email")
        CARD = "card", _("card")
        POSTER_CLIENT = "poster_client", _("client in Poster")
        TELEGRAM = "telegram", _("Telegram")

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, db_constraint=False, related_name="identifiers", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    value = models.CharField(
        _("value"), max_length=254,
        help_text=_("Normalised: E.164 phone, lower-case email, digits of a card, account/number in Poster."),
    )  # fmt: skip
    added_at = models.DateTimeField(_("added"))
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)

    class Meta:
        db_table = "customer_identifier"
        verbose_name = _("identifier of a customer")
        verbose_name_plural = _("identifiers of customers")
        constraints = [models.UniqueConstraint(fields=["business", "kind", "value"], name="identifier_once")]
        indexes = [models.Index(fields=["business", "customer"], name="identifier_of_customer")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Device(OfBusiness):
    """A guest's phone with a wallet on it. Its secret makes the rotating code (`incust.customers.rotating_code`)."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_constraint=False, related_name="devices")
    number = models.CharField(_("public number"), max_length=10)
    secret_sealed = models.BinaryField(_("encrypted secret"), editable=False)
    last_step = models.BigIntegerField(_("last step shown and taken"), default=0, editable=False)
    created_at = models.DateTimeField(_("bound"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        db_table = "device"
        verbose_name = _("wallet device")
        verbose_name_plural = _("wallet devices")
        constraints = [models.UniqueConstraint(fields=["business", "number"], name="device_number_once")]


class WalletLink(OfBusiness):
    """The guest's own link into his wallet. Only a hash of its token is kept; it binds one device."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_constraint=False, related_name="wallet_links")
    token_hash = models.BinaryField(_("hash of the token"), max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("good until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    used_at = models.DateTimeField(_("opened"), null=True, blank=True)
    used_by_device = models.ForeignKey(
        Device, on_delete=models.SET_NULL, db_constraint=False, null=True, blank=True, related_name="+"
    )

    class Meta:
        db_table = "wallet_link"
        verbose_name = _("wallet link")
        verbose_name_plural = _("wallet links")


class Consent(OfBusiness):
    """What a customer agreed to, or took back, when and where. Append-only."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_constraint=False, related_name="consents")
    kind = models.CharField(_("to what"), max_length=30, default="personal_data")
    given = models.BooleanField(_("given"))
    source = models.CharField(_("where"), max_length=10)
    terminal = models.ForeignKey(
        Terminal, on_delete=models.PROTECT, db_constraint=False, null=True, blank=True, related_name="+"
    )
    happened_at = models.DateTimeField(_("when"))

    class Meta:
        db_table = "consent"
        verbose_name = _("consent")
        verbose_name_plural = _("consents")


class Identification(OfBusiness):
    """A till recognised a customer; says how sure it was.

    Strong for two hours, and for one check alone: ``check_id`` is the first one that was reserved with it.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    kind = models.CharField(_("by what"), max_length=20)
    strength = models.CharField(_("strength"), max_length=6)
    happened_at = models.DateTimeField(_("when"))
    check_id = models.BigIntegerField(_("check"), null=True, blank=True)

    class Meta:
        db_table = "identification"
        verbose_name = _("identification")
        verbose_name_plural = _("identifications")
        indexes = [models.Index(fields=["business", "-happened_at"], name="identification_newest")]


class ConfirmationCode(OfBusiness):
    """The one-time code for redeeming a certain amount on a certain check. See `incust.customers.confirmation`."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    external_id = models.CharField(_("check at its till"), max_length=64)
    amount_minor = models.BigIntegerField(_("amount"))
    code_hash = models.BinaryField(_("keyed hash of the code"), max_length=32, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("good until"))
    tries_left = models.SmallIntegerField(_("tries left"))
    consumed_at = models.DateTimeField(_("entered"), null=True, blank=True)

    class Meta:
        db_table = "confirmation_code"
        verbose_name = _("confirmation code")
        verbose_name_plural = _("confirmation codes")
        constraints = [
            models.UniqueConstraint(fields=["business", "customer", "external_id"], name="confirmation_of_check_once")
        ]
