"""The form of a terminal: what it is, and its *Poster* tab."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from incust.businesses.models import PointOfSale, Terminal
from incust.poster.applications import known_applications
from incust.poster.validate_terminal import PosterTab

GENERAL_FIELDS = (
    "name", "point_of_sale", "currency", "language", "enabled", "ask_at_pay", "profile_display",
)  # fmt: skip
POSTER_TEXT_FIELDS = (
    "poster_account", "poster_application", "poster_customer_number", "poster_location_id", "poster_register_id",
)  # fmt: skip
CONFIGURATION_FIELDS = ("poster_skip_customers", "poster_always_show_benefits", "poster_back_office_only")

CURRENCIES = ("UAH", "PLN", "EUR", "USD", "GBP", "CZK", "GEL", "KZT", "MDL", "RON", "AZN", "AMD")


class TerminalForm(forms.Form):
    """Both tabs in one form, saved together. Account and numbers are picked or typed, so they are plain texts here."""

    name = forms.CharField(label=_("Name of the terminal"), max_length=200)
    point_of_sale = forms.ModelChoiceField(
        label=_("Point of sale"), queryset=PointOfSale.objects.none(), empty_label=None
    )
    currency = forms.ChoiceField(label=_("Currency"))
    language = forms.ChoiceField(
        label=_("Message language"), choices=settings.LANGUAGES,
        help_text=_("In which language guests who register here are written to, until they choose another."),
    )  # fmt: skip
    enabled = forms.BooleanField(
        label=_("Switched on"), required=False,
        help_text=_("A terminal that is switched off gets no answers; sales at its register go on without loyalty."),
    )  # fmt: skip
    ask_at_pay = forms.BooleanField(
        label=_("Ask for the customer at Pay"), required=False,
        help_text=_("Opens the window with the scanner field for an order without a customer."),
    )  # fmt: skip
    profile_display = forms.ChoiceField(
        label=_("Profile display"), choices=Terminal.ProfileDisplay.choices,
        help_text=_("When the cashier sees the customer's profile after choosing him."),
    )  # fmt: skip

    use_poster = forms.BooleanField(label=_("Use integration with Poster"), required=False)
    poster_account = forms.CharField(
        label=_("Account of business in Poster"), required=False, max_length=200,
        help_text=_("The part of the address before .joinposter.com (in Poster: Settings → General). A link will do."),
    )  # fmt: skip
    poster_application = forms.ChoiceField(label=_("Application name in Poster"), required=False)
    poster_customer_number = forms.CharField(
        label=_("Poster customer number"), required=False, max_length=40,
        help_text=_("At the bottom left of Poster's console."),
    )  # fmt: skip
    poster_location_id = forms.CharField(
        label=_("Poster Location ID"), required=False, max_length=20,
        help_text=_("In Poster: Access → Locations, column #."),
    )  # fmt: skip
    poster_register_id = forms.CharField(
        label=_("Poster register ID"), required=False, max_length=20,
        help_text=_("In Poster: Access → Tablets, column #."),
    )  # fmt: skip
    poster_skip_customers = forms.BooleanField(
        label=_("Do not create customers in Poster"), required=False,
        help_text=_("Customers of the program will not appear among Poster's clients. Receipts in Poster then show no "
                    "client, and whom a receipt belonged to cannot be restored after a failure of the register."),
    )  # fmt: skip
    poster_always_show_benefits = forms.BooleanField(
        label=_("Always show the benefits window"), required=False,
        help_text=_("The window opens at every payment, even when there is nothing to redeem. Each sale takes the "
                    "cashier one tap more."),
    )  # fmt: skip
    poster_back_office_only = forms.BooleanField(
        label=_("Post receipts only from Poster's back office"), required=False,
        help_text=_("The register no longer reports receipts. Bonuses are credited only once Poster's back office has "
                    "the receipt, and the customer's balance changes later."),
    )  # fmt: skip

    def __init__(self, *args: object, read_only: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["point_of_sale"].queryset = PointOfSale.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["poster_application"].choices = [  # type: ignore[attr-defined]
            (known.name, known.name) for known in known_applications()
        ]
        known_currency = str((self.initial or {}).get("currency") or "")
        names = dict.fromkeys([*([known_currency] if known_currency else []), *CURRENCIES])
        self.fields["currency"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.disabled = read_only

    def clean_poster_back_office_only(self) -> bool:
        """Poster's web API names no app's discount: without the register it would be inferred for every receipt."""
        wished = bool(self.cleaned_data["poster_back_office_only"])
        if wished and self.cleaned_data["use_poster"]:
            raise forms.ValidationError(
                _("Not available: Poster's back office does not say what a receipt was reduced by, so the register has "
                  "to report it.")
            )  # fmt: skip
        return wished

    def general(self) -> list[forms.BoundField]:
        return [self[name] for name in GENERAL_FIELDS]

    def configuration(self) -> list[forms.BoundField]:
        return [self[name] for name in CONFIGURATION_FIELDS]

    @property
    def poster_has_faults(self) -> bool:
        return any(self[name].errors for name in (*POSTER_TEXT_FIELDS, *CONFIGURATION_FIELDS, "use_poster"))


def initial_of(terminal: Terminal) -> dict[str, object]:
    """What the form shows for a stored terminal."""
    shown: dict[str, object] = {
        name: getattr(terminal, name)
        for name in (*GENERAL_FIELDS, "use_poster", *CONFIGURATION_FIELDS, *POSTER_TEXT_FIELDS)
        if name not in ("poster_account", "poster_customer_number", "point_of_sale")
    }
    shown["point_of_sale"] = terminal.point_of_sale_id
    if terminal.poster_account is not None:
        shown["poster_account"] = terminal.poster_account.name
        shown["poster_customer_number"] = terminal.poster_account.number
    return shown


def poster_tab_of(form: TerminalForm, terminal_id: int | None) -> PosterTab:
    """The typed values of the *Poster* tab, without spaces around them."""
    typed = {name: str(form.cleaned_data.get(name) or "").strip() for name in POSTER_TEXT_FIELDS}
    return PosterTab(
        terminal_id=terminal_id,
        account=typed["poster_account"],
        application=typed["poster_application"],
        customer_number=typed["poster_customer_number"],
        location_id=typed["poster_location_id"],
        register_id=typed["poster_register_id"],
    )
