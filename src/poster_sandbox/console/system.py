"""Settings, the switchboard, and the button that makes everything fresh."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from poster_sandbox.console.page import Console, console_page
from poster_sandbox.running import configuration, store
from poster_sandbox.weather import CHOICES, NUMBERS, WeatherRefused, change_weather

LANGUAGES = (("en", "English"), ("ua", "Ukrainian"), ("pl", "Polish"), ("ru", "Russian"))


@console_page
def general(console: Console) -> HttpResponse:
    """Settings → General: the address, the owner, and what may be changed."""
    if console.request.method == "POST":
        language = console.request.POST.get("lang", "")
        if language in dict(LANGUAGES):
            console.account["lang"] = language
        console.account["uses_tables"] = "uses_tables" in console.request.POST
        console.account["archived"] = "archived" in console.request.POST
        return console.back_to("settings", "settings-saved")
    return console.render("general", "General settings", public_url=configuration().public_url, languages=LANGUAGES)


@console_page
def weather(console: Console) -> HttpResponse:
    if console.request.method != "POST":
        return _weather(console)
    wanted: dict[str, Any] = {
        name: console.request.POST[name] for name in (*CHOICES, *NUMBERS) if console.request.POST.get(name)
    }
    try:
        change_weather(console.state, wanted)
    except WeatherRefused as refusal:
        return _weather(console, fault=f"{refusal}.", status=422)
    return console.back_to("weather", "weather-saved")


def _weather(console: Console, fault: str = "", status: int = 200) -> HttpResponse:
    return console.render("weather", "Sandbox weather", status, weather=console.state["weather"], fault=fault)


@require_POST
@console_page
def reset(console: Console) -> HttpResponse:
    store().reset()
    return console.back_to("", "reset")
