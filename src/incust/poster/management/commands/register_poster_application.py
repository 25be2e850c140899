"""``incust manage register_poster_application 4022 "Our Club"``: add a white-label application of Poster."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incust.poster.applications import register_application


class Command(BaseCommand):
    help = "Add a further application of Poster, or change the name and secret of a known one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("application_id", help="its number in Poster's developer account")
        parser.add_argument("name", help="its name, as owners see it in the terminal's Poster tab")

    def handle(self, *args: Any, **options: Any) -> None:
        # Not an argument: those show in the list of processes and in the shell's history.
        secret = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
        if not secret:
            raise CommandError("The application's secret is needed.")
        register_application(application_id=options["application_id"], name=options["name"], secret=secret)
        self.stdout.write(f"{options['name']} ({options['application_id']}) is registered.")
