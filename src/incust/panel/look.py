"""How the panel looks and is laid out: settings of the admin theme, read by `incust.config.settings`."""

from __future__ import annotations

from typing import Any

# Violet accent on cool greys; the same tokens as the till and the wallet.
_VIOLET = {
    "50": "#F4F2FF", "100": "#EAE6FF", "200": "#D8D0FF", "300": "#BCAEFF", "400": "#9A84FB", "500": "#7557F7",
    "600": "#5B3DF5", "700": "#4A2FE0", "800": "#3C27B5", "900": "#32238F", "950": "#1E1461",
}  # fmt: skip
_GREY = {
    "50": "#F6F6FA", "100": "#F0F0F5", "200": "#E4E4EC", "300": "#CFCFDA", "400": "#8E8FA0", "500": "#5F6072",
    "600": "#4A4B5B", "700": "#383946", "800": "#262731", "900": "#17171F", "950": "#0E0E14",
}  # fmt: skip

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "inCust",
    "SITE_HEADER": "incust.panel.navigation.site_header",
    "SITE_SUBHEADER": "incust.panel.navigation.site_subheader",
    "SITE_SYMBOL": "loyalty",
    "SITE_URL": None,
    "SITE_DROPDOWN": "incust.panel.navigation.business_switcher",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/static/panel/icon.svg"}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": "/language/"},
    "THEME": "light",
    "BORDER_RADIUS": "10px",
    "COLORS": {"base": _GREY, "primary": _VIOLET},
    "STYLES": ["/static/panel/panel.css"],
    "SCRIPTS": [],
    "ACCOUNT": {"navigation": "incust.panel.navigation.account_links"},
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": "incust.panel.navigation.sidebar",
    },
}
