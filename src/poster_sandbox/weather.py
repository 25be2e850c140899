"""The switchboard: what goes wrong in Poster, on purpose, for demos and tests."""

from typing import Any

from poster_sandbox.seed.accounts import calm_weather
from poster_sandbox.store import State

CHOICES = {
    "web_api": ("up", "down"),  # down: HTTP 503
    "webhooks": ("flowing", "held", "lost", "twice", "backwards"),
    "proxy": ("up", "down"),  # down: makeRequest answers code 0
    "proxy_signs_json_as": ("sent", "php"),  # php: the signature covers PHP's encoding of the body
}
NUMBERS = {"web_api_delay_s": (0, 60), "proxy_delay_s": (0, 60), "proxy_clock_ahead_s": (-86400, 86400)}


class WeatherRefused(Exception):
    """The sentence names the member that cannot be so."""


def change_weather(state: State, wanted: dict[str, Any]) -> None:
    """Set the given members, leave the others. Raises WeatherRefused and changes nothing for an unknown one."""
    changed: dict[str, Any] = {}
    for name, value in wanted.items():
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise WeatherRefused(f"{name} is one of {', '.join(CHOICES[name])}")
            changed[name] = value
        elif name in NUMBERS:
            changed[name] = _number(name, value)
        else:
            raise WeatherRefused(f"There is no {name} in the weather")
    state["weather"].update(changed)


def is_calm(state: State) -> bool:
    return bool(state["weather"] == calm_weather())


def _number(name: str, value: Any) -> float:
    low, high = NUMBERS[name]
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise WeatherRefused(f"{name} is a number") from error
    if not low <= number <= high:
        raise WeatherRefused(f"{name} lies between {low} and {high}")
    return int(number) if number.is_integer() else number
