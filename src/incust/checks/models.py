"""Checks for readers: the panel's log, the guest's history. The till's path writes them by the functions in `sql/`."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness, PointOfSale, Terminal


class Check(OfBusiness):
    """A receipt and what became of it."""

    class Status(models.TextChoices):
        RESERVED = "reserved", _("reserved")
        EXPIRED = "expired", _("reservation expired")
        CANCELLED = "cancelled", _("cancelled")
        FINALIZED = "finalized", _("finalized")
        RELEASED = "released", _("closed without payment")

    class Concern(models.TextChoices):
        """What the owner should look at. The till's truth was posted all the same."""

        UNRESERVED = "unreserved", _("More bonuses were redeemed than had been reserved for this receipt.")
        ABOVE_LIMIT = "above-limit", _("More bonuses were redeemed than the program allows on this check.")
        UNCONFIRMED = (
            "unconfirmed",
            _("The guest did not confirm the redemption, although the program asks for a code."),
        )
        STATUS = "status", _("Bonuses were redeemed for a guest whose status does not allow it.")
        UNBACKED = "unbacked", _("The guest did not have as many bonuses as the receipt was reduced by.")
        ABOVE_TOTAL = "above-total", _("The receipt was reduced by more than its total.")
        ABSORBED = (
            "absorbed",
            _(
                "What this refunded check earned had been spent, or was promised to another open receipt. "
                "The business bears it."
            ),
        )

    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    point_of_sale = models.ForeignKey(PointOfSale, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    till_account_id = models.BigIntegerField(_("till account"), null=True)
    spot = models.TextField(_("location at the till"), null=True)  # noqa: DJ001 (NULL: no till of Poster)
    external_id = models.TextField(_("order"))
    transaction_id = models.TextField(_("transaction"))
    status = models.TextField(_("status"), choices=Status.choices)
    customer_id = models.BigIntegerField(_("customer"))
    identification_id = models.BigIntegerField(_("identification"), null=True)
    currency = models.TextField(_("currency"))
    total_minor = models.BigIntegerField(_("total"))
    service_minor = models.BigIntegerField(_("service charge"))
    content_hash = models.TextField(_("hash of its content"))
    program_version_id = models.BigIntegerField(_("program version"), null=True)
    evaluated_at = models.DateTimeField(_("evaluated"), null=True)
    outcome = models.JSONField(_("outcome"))
    redeem_minor = models.BigIntegerField(_("redeemed"))
    earned_minor = models.BigIntegerField(_("earned"))
    unbacked_minor = models.BigIntegerField(_("not covered by the balance"))
    confirmed_minor = models.BigIntegerField(_("confirmed"))
    hold_id = models.BigIntegerField(_("hold"), null=True)
    hold_expires_at = models.DateTimeField(_("hold expires"), null=True)
    fingerprint = models.TextField(_("fingerprint"), null=True)  # noqa: DJ001 (NULL: not final yet)
    answer = models.JSONField(_("answer"), null=True)
    payment = models.JSONField(_("payment"), null=True)
    salesperson_external_id = models.TextField(_("salesperson's number at the till"))
    salesperson_name = models.TextField(_("salesperson"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    reserved_at = models.DateTimeField(_("reserved at"), null=True)
    finalized_at = models.DateTimeField(_("finalized at"), null=True)
    concerns = ArrayField(models.TextField(), verbose_name=_("to look at"))
    returned_minor = models.BigIntegerField(_("given back to the guest"))
    returned_unbacked_minor = models.BigIntegerField(_("returned without having been covered"))
    taken_back_minor = models.BigIntegerField(_("taken back"))
    absorbed_minor = models.BigIntegerField(_("could not be taken back"))
    expired_minor = models.BigIntegerField(_("had expired already"))
    returned_whole = models.BooleanField(_("returned whole"))

    class Meta:
        managed = False
        db_table = "check"
        verbose_name = _("check")
        verbose_name_plural = _("checks")

    def __str__(self) -> str:
        return self.transaction_id or self.external_id


class CheckLine(OfBusiness):
    """One position of a paid check, with its shares of redemption and accrual."""

    # Named so because Django's models have a method `check` of their own.
    of_check = models.ForeignKey(
        Check, on_delete=models.PROTECT, db_constraint=False, db_column="check_id", related_name="lines"
    )
    line_id = models.TextField(_("line"))
    product_id = models.TextField(_("product"))
    modification_id = models.TextField(_("modification"))
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    amount_minor = models.BigIntegerField(_("amount"))
    discountable = models.BooleanField(_("takes part"))
    promotion = models.BooleanField(_("under a promotion"))
    redeemed_minor = models.BigIntegerField(_("redeemed"))
    earned_minor = models.BigIntegerField(_("earned"))
    returned_quantity = models.DecimalField(_("returned"), max_digits=12, decimal_places=3)

    class Meta:
        managed = False
        db_table = "check_line"
        verbose_name = _("check line")
        verbose_name_plural = _("check lines")


class Refund(OfBusiness):
    """One refund that changed something. Amounts are what this refund moved; `lines` is what is returned with it."""

    of_check = models.ForeignKey(
        Check, on_delete=models.PROTECT, db_constraint=False, db_column="check_id", related_name="refunds"
    )
    number = models.PositiveIntegerField(_("number"))
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    actor = models.TextField(_("who"))
    salesperson_external_id = models.TextField(_("salesperson's number at the till"))
    salesperson_name = models.TextField(_("salesperson"))
    accomplished = models.BooleanField(_("told afterwards"))
    lines = models.JSONField(_("returned so far"))
    whole = models.BooleanField(_("the whole receipt"))
    returned_minor = models.BigIntegerField(_("given back to the guest"))
    returned_unbacked_minor = models.BigIntegerField(_("returned without having been covered"))
    taken_back_minor = models.BigIntegerField(_("taken back"))
    absorbed_minor = models.BigIntegerField(_("could not be taken back"))
    expired_minor = models.BigIntegerField(_("had expired already"))
    answer = models.JSONField(_("answer"))
    refunded_at = models.DateTimeField(_("refunded"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        managed = False
        db_table = "refund"
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")


class Verification(OfBusiness):
    """One comparison of all that the ledger keeps twice. `examples`: its first differences, as faults with numbers."""

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    differences = models.PositiveIntegerField(_("differences"))
    examples = models.JSONField(_("some of them"))

    class Meta:
        db_table = "verification"
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
