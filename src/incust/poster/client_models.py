"""Poster's clients as we know them, and the imports that bring them over as guests."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness, TillAccount
from incust.customers.models import Customer


class Client(OfBusiness):
    """A client of a connected account who is a guest of ours, and what we keep of him besides the guest.

    By which client a till recognises a guest stands with his identifiers (`incust.customers`).
    """

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    client_id = models.BigIntegerField(_("number in Poster"))
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    group_id = models.CharField(_("group in Poster"), max_length=20, blank=True, default="")
    group_name = models.CharField(_("name of the group in Poster"), max_length=200, blank=True, default="")
    first_seen_at = models.DateTimeField(_("first seen"))
    removed_at = models.DateTimeField(_("removed in Poster"), null=True, blank=True)
    balance_asked_at = models.DateTimeField(_("balance taken over"), null=True, blank=True)
    """Of the first import with balances, also where the balance was zero: what Poster grants later stays there."""

    class Meta:
        db_table = "client"
        verbose_name = _("client in Poster")
        verbose_name_plural = _("clients in Poster")
        constraints = [models.UniqueConstraint(fields=["business", "till_account", "client_id"], name="client_once")]


class ClientImport(OfBusiness):
    """One run over all clients of an account. A dry run tells what the real one would do, and changes no guest.

    ``next_offset`` and ``last_client_id`` say how far it is: both are written in the transaction of each page.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")
        FAILED = "failed", _("failed")

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    dry_run = models.BooleanField(_("dry run"))
    with_balances = models.BooleanField(_("with balances"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    """Of the account in Poster, in which its bonuses are; the business may have another one."""
    expected = models.PositiveIntegerField(_("clients in Poster, about"), null=True)
    next_offset = models.PositiveIntegerField(_("read up to"), default=0)
    last_client_id = models.BigIntegerField(_("last client"), default=0)
    read = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("new guests"), default=0)
    matched = models.PositiveIntegerField(_("known guests"), default=0)
    filled = models.PositiveIntegerField(_("known guests of whom something was filled in"), default=0)
    balances = models.PositiveIntegerField(_("balances"), default=0)
    balance_minor = models.BigIntegerField(_("sum of the balances"), default=0)
    skipped = models.JSONField(_("skipped, by reason"), default=dict)
    left_minor = models.BigIntegerField(_("balances of those who were skipped"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries without an answer"), default=0)
    fault = models.JSONField(_("what went wrong"), null=True, blank=True)
    actor = models.CharField(_("who"), max_length=40)
    asked_at = models.DateTimeField(_("asked for"))
    touched_at = models.DateTimeField(_("last step"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        db_table = "client_import"
        verbose_name = _("import of clients")
        verbose_name_plural = _("imports of clients")
        constraints = [
            models.UniqueConstraint(
                fields=["business", "till_account"], condition=models.Q(state__in=["waiting", "running"]),
                name="client_import_one_at_a_time",
            )
        ]  # fmt: skip

    @property
    def skipped_count(self) -> int:
        return sum(self.skipped.values())

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class ImportedClient(OfBusiness):
    """What an import made of one client. Kept until the account's next import begins, thirty days at most.

    ``phone``, ``email`` and ``card`` are those with which he came along; of somebody skipped, ``shown_name`` and
    ``shown_phone`` are what Poster says, for the owner's list.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", _("new guest")
        MATCHED = "matched", _("known guest")
        SKIPPED = "skipped", _("skipped")

    client_import = models.ForeignKey(
        ClientImport, on_delete=models.CASCADE, db_constraint=False, related_name="clients"
    )
    client_id = models.BigIntegerField(_("number in Poster"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices)
    reason = models.CharField(_("why skipped"), max_length=20, blank=True, default="")
    customer_id = models.BigIntegerField(_("guest"), null=True)
    phone = models.CharField(_("phone"), max_length=254, null=True)  # noqa: DJ001 (NULL keeps the indexes small)
    email = models.CharField(_("email"), max_length=254, null=True)  # noqa: DJ001
    card = models.CharField(_("card"), max_length=254, null=True)  # noqa: DJ001
    bonus_minor = models.BigIntegerField(_("balance in Poster"), default=0)
    shown_name = models.CharField(_("name in Poster"), max_length=200, blank=True, default="")
    shown_phone = models.CharField(_("phone in Poster"), max_length=60, blank=True, default="")

    class Meta:
        db_table = "imported_client"
        verbose_name = _("imported client")
        verbose_name_plural = _("imported clients")
        constraints = [
            models.UniqueConstraint(fields=["business", "client_import", "client_id"], name="imported_client_once")
        ]
        indexes = [
            models.Index(
                fields=["client_import", name], condition=models.Q((f"{name}__isnull", False)),
                name=f"imported_client_{name}",
            )
            for name in ("phone", "email", "card", "customer_id")
        ]  # fmt: skip
