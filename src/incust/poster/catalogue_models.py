"""What an account sells, as Poster last told it: products in categories, and the stations that make them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import OfBusiness, TillAccount


class Category(OfBusiness):
    """A category of products; ``parent_external_id`` is empty at the top."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    external_id = models.CharField(_("number in Poster"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    parent_external_id = models.CharField(_("parent category in Poster"), max_length=20, blank=True, default="")
    hidden = models.BooleanField(_("hidden in Poster"), default=False)
    takes_no_discount = models.BooleanField(_("takes no discount"), default=False)
    removed_at = models.DateTimeField(_("removed in Poster"), null=True, blank=True)

    class Meta:
        db_table = "product_category"
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["business", "till_account", "external_id"], name="product_category_once")
        ]

    def __str__(self) -> str:
        return self.name


class Station(OfBusiness):
    """A station (*workshop*): the bar, the kitchen."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    external_id = models.CharField(_("number in Poster"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    removed_at = models.DateTimeField(_("removed in Poster"), null=True, blank=True)

    class Meta:
        db_table = "station"
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        constraints = [models.UniqueConstraint(fields=["business", "till_account", "external_id"], name="station_once")]

    def __str__(self) -> str:
        return self.name


class Product(OfBusiness):
    """A product or dish. One that Poster lists no more is marked and stays, because checks speak of it."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    external_id = models.CharField(_("number in Poster"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    category_external_id = models.CharField(_("category in Poster"), max_length=20, blank=True, default="")
    station_external_id = models.CharField(_("station in Poster"), max_length=20, blank=True, default="")
    takes_no_discount = models.BooleanField(_("takes no discount"), default=False)
    by_weight = models.BooleanField(_("sold by weight"), default=False)
    hidden = models.BooleanField(_("hidden in Poster"), default=False)
    modifications = models.JSONField(_("modifications"), default=list)
    """``[{"id", "name"}]``, in Poster's order."""
    removed_at = models.DateTimeField(_("removed in Poster"), null=True, blank=True)

    class Meta:
        db_table = "product"
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.UniqueConstraint(fields=["business", "till_account", "external_id"], name="product_once")]

    def __str__(self) -> str:
        return self.name


class CatalogueRun(OfBusiness):
    """The latest reading of an account's catalogue, and what went wrong since."""

    till_account = models.ForeignKey(TillAccount, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    began_at = models.DateTimeField(_("began"), null=True, blank=True)
    """When the reading that is stored asked Poster; one that asked earlier never takes its place."""
    finished_at = models.DateTimeField(_("last read from Poster"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    """Somebody reads until then. A lease and no lock, because Poster is asked meanwhile."""
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    fault = models.JSONField(_("what went wrong"), null=True, blank=True)

    class Meta:
        db_table = "catalogue_run"
        verbose_name = _("reading of goods")
        verbose_name_plural = _("readings of goods")
        constraints = [models.UniqueConstraint(fields=["business", "till_account"], name="catalogue_run_once")]
