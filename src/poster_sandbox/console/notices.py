"""What the console says after something was done."""

NOTICES = {
    "disconnected": "The app is disconnected. Its token is void from now on.",
    "expired": "The app's token counts as expired from now on.",
    "location-added": "The location was added.",
    "tablet-added": "The tablet was added.",
    "client-added": "The client was added.",
    "client-saved": "The client was saved.",
    "product-saved": "The product was saved.",
    "product-removed": "The product is no longer on the menu.",
    "receipt-deleted": "The receipt was deleted.",
    "receipt-refunded": "The chosen products were returned.",
    "settings-saved": "The settings were saved.",
    "weather-saved": "The weather has changed.",
    "reset": "The sandbox is fresh again.",
    "test-sent": "The test webhook is on its way.",
    "retry": "The webhook is tried again now.",
}
