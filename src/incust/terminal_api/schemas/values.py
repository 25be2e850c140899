"""Values with bounds, used all over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from incust.engine.check import AMOUNT_MINOR_MAX

AmountMinor = Annotated[int, Meta(ge=0, le=AMOUNT_MINOR_MAX, description="Minor units of the terminal's currency.")]
RedeemedMinor = Annotated[int, Meta(ge=1, le=AMOUNT_MINOR_MAX, description="Minor units of the terminal's currency.")]
SignedAmountMinor = Annotated[int, Meta(description="Minor units of the terminal's currency; may be negative.")]
Quantity = Annotated[
    str, Meta(pattern=r"^[0-9]{1,7}(\.[0-9]{1,3})?$", description="A decimal with up to three places.")
]
OpaqueId = Annotated[str, Meta(min_length=1, max_length=64, description="Opaque.")]
ExternalId = Annotated[str, Meta(min_length=1, max_length=64, description="The order's key on its till.")]
ShortText = Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(max_length=200)]
Typed = Annotated[str, Meta(min_length=1, max_length=254)]
MaybeTyped = Annotated[str, Meta(max_length=254)]
Moment = Annotated[datetime, Meta(tz=True)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.")]
NumberAtPoster = Annotated[int, Meta(ge=1, le=2**53)]
