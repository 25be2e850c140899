"""The ``incust`` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "incust.config.settings")


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry of the console script. Returns the exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if "run" not in chosen:
        parser.print_help()
        return 2
    try:
        return int(chosen.run(chosen) or 0)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="incust", description="A loyalty platform for Poster registers.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    serve = commands.add_parser("serve", help="run the server: database, web, worker and live balances")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--live-port", type=int, default=8001)
    serve.add_argument("--web-workers", type=int, default=1, help="processes; each has eight threads")
    serve.set_defaults(run=_serve)

    migrate = commands.add_parser("migrate", help="bring the database to this version of the program")
    migrate.set_defaults(run=_migrate)

    worker = commands.add_parser("worker", help="send messages and run jobs; started by serve")
    worker.set_defaults(run=_worker)

    demo = commands.add_parser("demo", help="everything at once, with a sandbox of Poster and living data")
    demo.add_argument("--reset", action="store_true", help="start from fresh data")
    demo.add_argument("--data", type=Path, default=Path(".data/demo"), help="where it keeps its data")
    demo.add_argument("--empty", action="store_true", help="without the demo café")
    demo.set_defaults(run=_demo)

    doctor = commands.add_parser("doctor", help="say what is wrong with the installation, line by line")
    doctor.set_defaults(run=_doctor)

    ledger = commands.add_parser("ledger", help="look after the ledger")
    ledger_commands = ledger.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = ledger_commands.add_parser("verify", help="compare all that is kept twice; exit code 1 on a difference")
    verify.add_argument("--business", default="", help="one business only: its number, or the name in its address")
    verify.set_defaults(run=_verify_ledger)

    conformance = commands.add_parser("conformance", help="try every promise to tills against a running server")
    conformance.add_argument("--url", default=os.environ.get("INCUST_CONFORMANCE_URL", ""), help="its address")
    conformance.add_argument(
        "--key", default=os.environ.get("INCUST_CONFORMANCE_KEY", ""), help="API key of a terminal of a test business"
    )
    conformance.add_argument("--only", default="", metavar="WORDS", help="promises with these words in their name")
    conformance.add_argument("--report", type=Path, metavar="FILE", help="write the result as JSON")
    conformance.add_argument("--list", action="store_true", help="name the promises and try none")
    conformance.set_defaults(run=_conformance)

    backup = commands.add_parser("backup", help="write the whole database into a file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup in the place of the database, once it is verified")
    restore.add_argument("file", type=Path)
    restore.add_argument("--replace", action="store_true", help="there is data already; it is kept under another name")
    restore.set_defaults(run=_restore)

    skip = commands.add_parser("skip-numbers", help="once after a restore by other means: give no number out again")
    skip.set_defaults(run=_skip_numbers)

    poster = commands.add_parser("poster", help="what is done at Poster by hand")
    poster_commands = poster.add_subparsers(title="commands", metavar="COMMAND", required=True)
    deploy = poster_commands.add_parser("deploy-bundle", help="hand the till's bundle to Poster, for all registers")
    deploy.add_argument("--application", default="", help="number or name of a white-label application")
    deploy.add_argument("--file", type=Path, help="the built bundle (till/dist/bundle.js)")
    deploy.set_defaults(run=_deploy_bundle)

    manage = commands.add_parser("manage", help="Django's own commands", add_help=False)
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    manage.set_defaults(run=_manage)
    return parser


def _serve(chosen: argparse.Namespace) -> int:
    from .serve import serve

    return serve(port=chosen.port, live_port=chosen.live_port, web_workers=chosen.web_workers)


def _migrate(_chosen: argparse.Namespace) -> int:
    from .migrate import migrate, prepare_database
    from .serve import database_running

    with database_running():
        prepare_database()
        migrate()
    print("The database is up to date.")
    return 0


def _worker(_chosen: argparse.Namespace) -> int:
    import signal
    import threading

    import django

    django.setup()
    from incust.messaging.worker import run_worker

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_worker(stop)
    return 0


def _demo(chosen: argparse.Namespace) -> int:
    from .demo.run import run_demo

    return run_demo(reset=chosen.reset, data=chosen.data, seeded=not chosen.empty)


def _doctor(_chosen: argparse.Namespace) -> int:
    from .doctor import examine

    return examine(sys.stdout)


def _verify_ledger(chosen: argparse.Namespace) -> int:
    import django

    django.setup()
    from .serve import database_running
    from .verify_ledger import verify_ledger

    with database_running():
        return verify_ledger(chosen.business)


def _conformance(chosen: argparse.Namespace) -> int:
    from .conformance import Conformance, run_conformance

    return run_conformance(
        Conformance(url=chosen.url, key=chosen.key, only=chosen.only, report=chosen.report, list_only=chosen.list)
    )


def _backup(chosen: argparse.Namespace) -> int:
    from .backup import backup

    return _over_the_database(lambda: backup(chosen.file))


def _restore(chosen: argparse.Namespace) -> int:
    from .backup import restore

    return _over_the_database(lambda: restore(chosen.file, replace=chosen.replace))


def _skip_numbers(_chosen: argparse.Namespace) -> int:
    from .serve import database_running
    from .skip_numbers import skip_numbers

    with database_running():
        count = skip_numbers()
    print(f"{count} sequences count on from far ahead: no number that was told before is given out again.")
    return 0


def _deploy_bundle(chosen: argparse.Namespace) -> int:
    import django

    django.setup()
    from .deploy_bundle import own_application_if_named, run_deploy_bundle
    from .serve import database_running

    if own_application_if_named(chosen.application) is not None or not chosen.application:
        return run_deploy_bundle(application=chosen.application, file=chosen.file)
    with database_running():
        return run_deploy_bundle(application=chosen.application, file=chosen.file)


def _over_the_database(work: Callable[[], str]) -> int:
    from .backup import BackupRefused
    from .serve import database_running

    try:
        with database_running():
            print(work())
    except BackupRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _manage(chosen: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["incust manage", *chosen.rest])
    return 0
