"""The ledger's tables for readers. Nothing is written through these: the functions in `sql/` are the only writers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness


class Account(OfBusiness):
    """A customer's account of one unit. The balance is a cache of its entries."""

    customer_id = models.BigIntegerField(_("customer"))
    unit = models.TextField(_("unit"))
    version = models.BigIntegerField(_("version"))
    balance_minor = models.BigIntegerField(_("balance"))
    held_minor = models.BigIntegerField(_("held"))
    debt_limit_minor = models.BigIntegerField(_("debt limit"))
    opened_at = models.DateTimeField(_("opened"))

    class Meta:
        managed = False
        db_table = "account"
        verbose_name = _("account")
        verbose_name_plural = _("accounts")


class Posting(OfBusiness):
    """One event of the ledger: why, who, when. Its entries sum to zero."""

    class Kind(models.TextChoices):
        CHECK = "check", _("check")
        REFUND = "refund", _("refund")
        EXPIRY = "expiry", _("expiry")
        CORRECTION = "correction", _("correction")
        GIFT = "gift", _("gift")
        REFERRAL = "referral", _("referral")
        IMPORT = "import", _("import")

    unit = models.TextField(_("unit"))
    kind = models.TextField(_("kind"), choices=Kind.choices)
    cause_id = models.BigIntegerField(_("number of its cause"), null=True)
    actor = models.TextField(_("who"))
    reason = models.TextField(_("reason"))
    happened_at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        managed = False
        db_table = "posting"
        verbose_name = _("posting")
        verbose_name_plural = _("postings")


class Entry(OfBusiness):
    """One leg of a posting: of a customer's account (numbered, with the balance after it) or of a system account."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, db_constraint=False, related_name="entries")
    unit = models.TextField(_("unit"))
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, null=True, related_name="entries"
    )
    system_account = models.TextField(_("system account"), null=True)  # noqa: DJ001 (NULL: the leg is a customer's)
    amount_minor = models.BigIntegerField(_("amount"))
    account_version = models.BigIntegerField(_("version"), null=True)
    balance_after_minor = models.BigIntegerField(_("balance after"), null=True)

    class Meta:
        managed = False
        db_table = "entry"
        verbose_name = _("entry")
        verbose_name_plural = _("entries")


class Lot(OfBusiness):
    """A credit of expiring bonuses and what is left of it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False, related_name="lots")
    account_version = models.BigIntegerField(_("version"))
    amount_minor = models.BigIntegerField(_("amount"))
    remaining_minor = models.BigIntegerField(_("remaining"))
    expires_on = models.DateField(_("good until"))
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        managed = False
        db_table = "lot"
        verbose_name = _("lot")
        verbose_name_plural = _("lots")


class Hold(OfBusiness):
    """Points set aside for a check that is not paid yet."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_constraint=False, related_name="holds")
    cause_kind = models.TextField(_("kind of its cause"))
    cause_id = models.BigIntegerField(_("number of its cause"))
    amount_minor = models.BigIntegerField(_("amount"))
    taken_at = models.DateTimeField(_("taken"))
    expires_at = models.DateTimeField(_("expires"))
    resolution = models.TextField(_("resolution"), null=True)  # noqa: DJ001 (NULL: not resolved yet)
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    captured_minor = models.BigIntegerField(_("captured"))

    class Meta:
        managed = False
        db_table = "hold"
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
