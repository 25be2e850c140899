"""The parts that exist once per process: configuration, apps, store."""

import functools

from poster_sandbox.configuration import Configuration, configuration_from_environment
from poster_sandbox.marketplace import MarketplaceApp, load_apps
from poster_sandbox.seed.accounts import seed_state
from poster_sandbox.store import Store


@functools.cache
def configuration() -> Configuration:
    return configuration_from_environment()


@functools.cache
def apps() -> dict[str, MarketplaceApp]:
    """Marketplace apps by `application_id`."""
    return load_apps(configuration().app_paths)


@functools.cache
def store() -> Store:
    return Store(configuration().state_path, seed_state)
