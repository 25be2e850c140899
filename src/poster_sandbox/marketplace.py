"""The apps of the marketplace. They are configuration: the sandbox itself knows none."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from poster_sandbox.configuration import ConfigurationError


@dataclass(frozen=True)
class MarketplaceApp:
    """One app as its author registers it in Poster's developer account.

    `application_name` is what `Poster.settings.applicationName` says (Latin lower case); `manage_url` is the page of
    the manage platform, empty where the app has none. `bundle_address` is the folder in which `bundle.js` lies.
    """

    application_id: str
    secret: str
    name: str
    redirect_uri: str
    category: str = "Other"
    description: str = ""
    webhook_url: str = ""
    bundle_address: str = ""
    icon_text: str = ""
    application_name: str = ""
    manage_url: str = ""


def load_app(path: Path) -> MarketplaceApp:
    """Read one app. Raises `ConfigurationError` for a missing or unknown field, or a file that is not JSON."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"App file {path}: {error}") from error
    if not isinstance(values, dict):
        raise ConfigurationError(f"App file {path}: an object was expected")
    unknown = set(values) - {field.name for field in fields(MarketplaceApp)}
    missing = {"application_id", "secret", "name", "redirect_uri"} - set(values)
    if unknown or missing:
        raise ConfigurationError(f"App file {path}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    texts = {key: str(value) for key, value in values.items()}
    if not texts["application_id"].isdecimal():
        raise ConfigurationError(f"App file {path}: application_id must be a number, as in Poster")
    texts.setdefault("application_name", "".join(c for c in texts["name"].lower() if c.isalnum()))
    texts.setdefault("icon_text", texts["name"][:2])
    return MarketplaceApp(**texts)


def load_apps(paths: Iterable[Path]) -> dict[str, MarketplaceApp]:
    """All configured apps by `application_id`; two of one id are a `ConfigurationError`."""
    apps: dict[str, MarketplaceApp] = {}
    for path in paths:
        app = load_app(path)
        if app.application_id in apps:
            raise ConfigurationError(f"App file {path}: application_id {app.application_id} is there twice")
        apps[app.application_id] = app
    return apps
