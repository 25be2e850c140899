"""``incust poster deploy-bundle``."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings

from incust.poster.applications import KnownApplication, application_named, application_of, own_application
from incust.poster.deploy_bundle import BundleRefused, deploy_bundle, read_bundle


def run_deploy_bundle(*, application: str, file: Path | None) -> int:
    """Upload the till's bundle for the application of the settings, or the one named. Returns the exit code."""
    try:
        chosen = _application(application)
        bundle = read_bundle(file or Path(settings.TILL_BUNDLE))
        answer = deploy_bundle(chosen, bundle)
    except BundleRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{chosen.name} ({chosen.application_id}): {len(bundle)} bytes handed over. Poster answered: {answer}")
    print("Registers take it up at their next start.")
    return 0


def own_application_if_named(application: str) -> KnownApplication | None:
    """The application of the settings, where that one is meant; asks no database."""
    own = own_application()
    meant = own is not None and application in ("", own.application_id, own.name)
    return own if meant else None


def _application(application: str) -> KnownApplication:
    found = own_application_if_named(application)
    if found is None and application:
        found = application_of(application) or application_named(application)
    if found is None:
        raise BundleRefused(
            f"No application “{application}” is known. Add it with `incust manage register_poster_application`."
            if application
            else "The settings name no application: set INCUST_POSTER_APPLICATION_ID and _SECRET."
        )
    return found
