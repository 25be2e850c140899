"""The lists that the theme draws: points of sale, customers, checks, audit log."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, Field, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from incust.businesses.audit import record_change
from incust.businesses.models import AuditEntry, PointOfSale
from incust.checks.models import Check, Refund
from incust.customers.identifiers import SEPARATORS
from incust.customers.models import Customer, CustomerIdentifier
from incust.ledger.models import Account

from .audit_words import action_in_words, changes_in_words
from .money_text import bonus_text, money_text
from .personal_data import shown_to
from .search import checks_numbered, customers_known_by
from .seats import seat_of, user_of
from .site import panel

PER_PAGE = 50


class OfBusinessAdmin(ModelAdmin):  # type: ignore[misc]
    """Lists of one business. Roles decide who edits; the transaction's business decides which rows there are."""

    list_per_page = PER_PAGE
    actions = None
    editable = False
    list_fullwidth = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.editable and seat_of(request).may_edit

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.editable and seat_of(request).may_edit

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)

    # Django's own log is of no business and of no use beside the audit log.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self._record(request, obj, "added", {})

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self._record(request, obj, "changed", getattr(request, "audit_changes", {}))

    def _record(self, request: HttpRequest, obj: Any, verb: str, changes: dict[str, Any]) -> None:
        record_change(
            business_id=seat_of(request).business_id, user=user_of(request), subject=str(obj), changes=changes,
            action=f"{obj._meta.model_name}.{verb}",
        )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.business_id = seat_of(request).business_id
        request.audit_changes = {  # type: ignore[attr-defined]
            name: [form.initial.get(name), form.cleaned_data[name]] for name in form.changed_data
        }
        super().save_model(request, obj, form, change)


class PointOfSaleAdmin(OfBusinessAdmin):
    editable = True
    list_display = ("place", "address")
    search_fields = ("name", "address")
    search_help_text = _("Name or address")
    ordering = ("name",)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name" and field is not None:
            field.label = _("Name of the point of sale")
        return field

    @display(description=_("Point of sale"), ordering="name")
    def place(self, point_of_sale: PointOfSale) -> str:
        return point_of_sale.name


class CustomerAdmin(OfBusinessAdmin):
    list_display = ("who", "phone", "email", "balance", "status_label", "created_at")
    list_filter = ("status",)
    search_fields = ("name",)
    search_help_text = _("Name, phone, email or card")
    ordering = ("-created_at",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        self._seat = seat_of(request)
        return super().get_queryset(request).prefetch_related("identifiers")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        typed = search_term.strip()
        known = customers_known_by(typed, business_id=self._seat.business_id) if typed else []
        if known:
            return queryset.filter(id__in=known), False
        found, duplicates = super().get_search_results(request, queryset, typed)
        value = typed.lower() if "@" in typed else SEPARATORS.sub("", typed).removeprefix("+")
        if value:
            by_identifier = CustomerIdentifier.objects.filter(
                value__contains=value, kind__in=["phone", "email", "card"]
            ).values("customer_id")
            found = found | queryset.filter(id__in=by_identifier)
        return found, duplicates

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        from .customer_page import customer_page

        return customer_page(request, object_id)

    @display(description=_("Name"), ordering="name")
    def who(self, customer: Customer) -> str:
        return customer.name or str(_("Without a name"))

    @display(description=_("Phone"))
    def phone(self, customer: Customer) -> str:
        return self._identifier(customer, "phone")

    @display(description=_("Email"))
    def email(self, customer: Customer) -> str:
        return self._identifier(customer, "email")

    @display(description=_("Bonuses"))
    def balance(self, customer: Customer) -> str:
        accounts = Account.objects.filter(customer_id=customer.id, unit__startswith="bonus:").order_by("unit")
        texts = [bonus_text(row.balance_minor, row.unit.removeprefix("bonus:")) for row in accounts]
        return ", ".join(texts) or "0"

    @display(description=_("Status"), label={"full": "success", "limited": "warning", "none": "info"})
    def status_label(self, customer: Customer) -> tuple[str, str]:
        words = {"full": _("full"), "limited": _("limited"), "none": _("none")}
        return customer.status, str(words[customer.status])

    def _identifier(self, customer: Customer, kind: str) -> str:
        values = [row.value for row in customer.identifiers.all() if row.kind == kind]
        return shown_to(self._seat, values[0]) if values else "–"


class NeedsALook(admin.SimpleListFilter):
    """Receipts that a till reduced by more than it may; each says on its page by what."""

    title = _("Needs a look")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Needs a look"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Check]) -> QuerySet[Check]:
        return queryset.exclude(concerns=[]) if self.value() == "yes" else queryset


class CheckAdmin(OfBusinessAdmin):
    page_title = _("Transactions")
    list_display = ("number", "when", "customer", "total", "redeemed", "earned", "status_label", "place")
    list_filter = (NeedsALook, "status", "terminal")
    search_fields = ("external_id", "transaction_id")
    search_help_text = _("Number of the receipt or order")
    ordering = ("-id",)
    list_select_related = ("terminal", "point_of_sale")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Check]:
        refunds = Refund.objects.filter(business_id=OuterRef("business_id"), of_check=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_refunds=Exists(refunds))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Check], search_term: str
    ) -> tuple[QuerySet[Check], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(id__in=checks_numbered(search_term, business_id=seat_of(request).business_id)), False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        from .check_page import check_page

        return check_page(request, object_id)

    @display(description=_("Receipt"))
    def number(self, check: Check) -> str:
        return f"№ {check.transaction_id}" if check.transaction_id else check.external_id

    @display(description=_("When"), ordering="id")
    def when(self, check: Check) -> Any:
        return check.finalized_at or check.reserved_at

    @display(description=_("Customer"))
    def customer(self, check: Check) -> SafeString | str:
        found = Customer.objects.filter(id=check.customer_id).first()
        if found is None:
            return "–"
        address = reverse("admin:customers_customer_change", args=[found.id])
        return format_html('<a href="{}">{}</a>', address, found.name or _("Without a name"))

    @display(description=_("Total"), ordering="total_minor")
    def total(self, check: Check) -> str:
        return money_text(check.total_minor, check.currency)

    @display(description=_("Redeemed"), ordering="redeem_minor")
    def redeemed(self, check: Check) -> str:
        return bonus_text(check.redeem_minor, check.currency)

    @display(description=_("Credited"), ordering="earned_minor")
    def earned(self, check: Check) -> str:
        return bonus_text(check.earned_minor, check.currency)

    @display(
        description=_("Status"),
        label={
            "finalized": "success",
            "reserved": "info",
            "expired": "warning",
            "cancelled": "danger",
            "released": "warning",
            "refunded": "warning",
        },
    )
    def status_label(self, check: Check) -> tuple[str, str]:
        if check.returned_whole:
            return "refunded", str(_("refunded"))
        if check.has_refunds:  # type: ignore[attr-defined]
            return "refunded", str(_("partly refunded"))
        return check.status, str(check.get_status_display())

    @display(description=_("Terminal"))
    def place(self, check: Check) -> str:
        return f"{check.point_of_sale.name}, {check.terminal.name}"


class AuditEntryAdmin(OfBusinessAdmin):
    list_display = ("happened_at", "who", "what", "subject", "in_detail")
    list_display_links = None
    list_filter = ("action",)
    search_fields = ("subject",)
    search_help_text = _("What was changed")
    ordering = ("-happened_at", "-id")
    list_select_related = ("user",)

    @display(description=_("Who"))
    def who(self, entry: AuditEntry) -> str:
        return (entry.user.get_full_name() or entry.user.email or entry.user.username) if entry.user else "Poster"

    @display(description=_("What"))
    def what(self, entry: AuditEntry) -> str:
        return action_in_words(entry.action)

    @display(description=_("Changes"))
    def in_detail(self, entry: AuditEntry) -> str:
        return changes_in_words(entry.changes)


panel.register(PointOfSale, PointOfSaleAdmin)
panel.register(Customer, CustomerAdmin)
panel.register(Check, CheckAdmin)
panel.register(AuditEntry, AuditEntryAdmin)
