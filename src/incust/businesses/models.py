"""Business, points of sale, terminals, people and their roles."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in. Global: what he may do where is said by his memberships."""

    language = models.CharField(_("language"), max_length=5, blank=True, default="")

    class Meta:
        db_table = "user"
        verbose_name = _("user")
        verbose_name_plural = _("users")


class Business(models.Model):
    """The tenant. Owns everything; nothing is shared between businesses."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address name"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2, default="UA", help_text=_("Two letters, such as UA or PL."))
    currency = models.CharField(_("currency"), max_length=3, default="UAH")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Kyiv")
    language = models.CharField(_("language"), max_length=5, default="en")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        db_table = "business"
        verbose_name = _("business")
        verbose_name_plural = _("businesses")

    def __str__(self) -> str:
        return self.name


class OfBusiness(models.Model):
    """Base of every tenant table. Relations between tenant tables have ``db_constraint=False``: the real keys are
    composite and written in SQL (`incust.businesses.schema.tenant_foreign_key`)."""

    business = models.ForeignKey(
        Business, on_delete=models.PROTECT, db_constraint=False, editable=False, related_name="+"
    )

    class Meta:
        abstract = True


class Membership(OfBusiness):
    """A person's role in one business. He may belong to several."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MANAGER = "manager", _("manager")
        SALESPERSON = "salesperson", _("salesperson")

    user = models.ForeignKey(User, on_delete=models.CASCADE, verbose_name=_("user"), related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        db_table = "membership"
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [models.UniqueConstraint(fields=["business", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class PointOfSale(OfBusiness):
    """A café. In Poster a *spot*."""

    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True, default="")

    class Meta:
        db_table = "point_of_sale"
        verbose_name = _("point of sale")
        verbose_name_plural = _("points of sale")

    def __str__(self) -> str:
        return self.name


class TillAccount(OfBusiness):
    """An account of the business at the maker of its tills. Of all businesses, one at most has it connected."""

    system = models.CharField(_("system"), max_length=20, default="poster")
    name = models.CharField(_("account"), max_length=100)
    number = models.CharField(_("customer number"), max_length=40, blank=True, default="")
    connected = models.BooleanField(_("connected"), default=False)
    application_id = models.CharField(_("application number"), max_length=20, blank=True, default="")
    """The application through which the account is connected: its secret alone opens the account."""
    setup_left_at = models.DateTimeField(_("set-up put aside"), null=True, blank=True)
    access_refused_at = models.DateTimeField(_("access refused"), null=True, blank=True)
    """Since when the maker no longer accepts our access. Registers go on; what needs the maker waits until then."""

    class Meta:
        db_table = "till_account"
        verbose_name = _("till account")
        verbose_name_plural = _("till accounts")
        constraints = [
            models.UniqueConstraint(fields=["business", "system", "name"], name="till_account_once"),
            models.UniqueConstraint(
                fields=["system", "name"], condition=models.Q(connected=True), name="till_account_connected_once"
            ),
            models.UniqueConstraint(
                fields=["system", "number"],
                condition=models.Q(connected=True) & ~models.Q(number=""),
                name="till_account_number_connected_once",
            ),
        ]
        indexes = [models.Index(fields=["system", "number"], name="till_account_by_number")]

    def __str__(self) -> str:
        return self.name


class Terminal(OfBusiness):
    """The workplace of a salesperson, identified by the till's integration. In Poster a *tablet* (register)."""

    class ProfileDisplay(models.TextChoices):
        NEVER = "never", _("never")
        NEW = "new", _("new customers only")
        ALWAYS = "always", _("every sale")

    name = models.CharField(_("name"), max_length=200)
    point_of_sale = models.ForeignKey(
        PointOfSale, on_delete=models.PROTECT, db_constraint=False, verbose_name=_("point of sale"), related_name="+"
    )
    currency = models.CharField(_("currency"), max_length=3, default="UAH")
    language = models.CharField(_("message language"), max_length=5, default="en")
    enabled = models.BooleanField(_("switched on"), default=True)
    ask_at_pay = models.BooleanField(_("ask for the customer at Pay"), default=False)
    profile_display = models.CharField(
        _("profile display"), max_length=10, choices=ProfileDisplay.choices, default=ProfileDisplay.ALWAYS
    )

    use_poster = models.BooleanField(_("Use integration with Poster"), default=False)
    poster_account = models.ForeignKey(
        TillAccount, on_delete=models.PROTECT, db_constraint=False, null=True, blank=True, related_name="+",
        verbose_name=_("Account of business in Poster"),
    )  # fmt: skip
    poster_application = models.CharField(_("Application name in Poster"), max_length=40, blank=True, default="")
    poster_location_id = models.CharField(_("Poster Location ID"), max_length=20, blank=True, default="")
    poster_register_id = models.CharField(_("Poster register ID"), max_length=20, blank=True, default="")
    poster_skip_customers = models.BooleanField(_("Do not create customers in Poster"), default=False)
    poster_always_show_benefits = models.BooleanField(_("Always show the benefits window"), default=False)
    poster_back_office_only = models.BooleanField(_("Post receipts only from Poster's back office"), default=False)

    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)
    last_seen_version = models.CharField(_("till version"), max_length=40, blank=True, default="", editable=False)

    class Meta:
        db_table = "terminal"
        verbose_name = _("terminal")
        verbose_name_plural = _("terminals")
        constraints = [
            models.UniqueConstraint(
                fields=["poster_account", "poster_register_id"],
                condition=models.Q(use_poster=True),
                name="terminal_register_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TerminalKey(OfBusiness):
    """A key of the terminal API. Only its SHA-256 is kept; the key itself is shown once."""

    terminal = models.ForeignKey(Terminal, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    key_hash = models.BinaryField(_("SHA-256 of the key"), max_length=32, unique=True, editable=False)
    hint = models.CharField(_("ends with"), max_length=8)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        db_table = "terminal_key"
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"…{self.hint}"


class Salesperson(OfBusiness):
    """Who stood at the till: the till's own user, known by its external number."""

    terminal_system = models.CharField(_("system"), max_length=20, default="poster")
    external_id = models.CharField(_("number at the till"), max_length=40)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")

    class Meta:
        db_table = "salesperson"
        verbose_name = _("salesperson")
        verbose_name_plural = _("salespersons")
        constraints = [
            models.UniqueConstraint(fields=["business", "terminal_system", "external_id"], name="salesperson_once")
        ]

    def __str__(self) -> str:
        return self.name or self.external_id


class AuditEntry(OfBusiness):
    """Who changed what in the settings, and when. Append-only: the application's role may not change it."""

    happened_at = models.DateTimeField(_("when"), auto_now_add=True)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, verbose_name=_("who"), related_name="+")
    action = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("of what"), max_length=200)
    changes = models.JSONField(_("changes"), default=dict)

    class Meta:
        db_table = "audit_entry"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.action}: {self.subject}"
