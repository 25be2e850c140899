"""`python -m poster_sandbox --port 8100 --state state.json --app app.json`."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from poster_sandbox.configuration import Configuration, ConfigurationError, configuration_from_environment
from poster_sandbox.marketplace import load_apps
from poster_sandbox.state_lock import hold_state_file

THREADS = 16  # proxied requests block a thread each; a hung app server must not stop the register


def parse(arguments: Sequence[str]) -> Configuration:
    """Turn arguments into a configuration; what is not given comes from the environment."""
    given = configuration_from_environment()
    parser = argparse.ArgumentParser(prog="poster_sandbox", description="Plays Poster for authors of Poster apps.")
    parser.add_argument("--port", type=int, default=given.port, help="port on 127.0.0.1 (%(default)s)")
    parser.add_argument("--state", type=Path, default=given.state_path, help="JSON file that keeps everything")
    parser.add_argument("--app", type=Path, action="append", help="JSON file of a marketplace app; may be repeated")
    parser.add_argument(
        "--webhook-retry-scale",
        type=float,
        default=given.webhook_retry_scale,
        help="factor on the gaps between webhook retries; 1 spreads 15 retries over two days",
    )
    values = parser.parse_args(arguments)
    return Configuration(
        port=values.port,
        state_path=values.state.absolute(),
        app_paths=tuple(path.absolute() for path in values.app) if values.app else given.app_paths,
        webhook_retry_scale=values.webhook_retry_scale,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until told to stop. A fault in the configuration ends the program with a sentence and status 2."""
    try:
        configuration = parse(sys.argv[1:] if arguments is None else arguments)
        load_apps(configuration.app_paths)
        configuration.state_path.parent.mkdir(parents=True, exist_ok=True)
        hold_state_file(configuration.state_path).close()  # to say it here; the worker takes it for good
        _check_port(configuration.port)
    except (ConfigurationError, OSError) as error:
        print(f"poster_sandbox: {error}", file=sys.stderr)
        raise SystemExit(2) from error
    configuration.write_to(os.environ)
    print(f"poster_sandbox: {configuration.public_url}/  (state in {configuration.state_path})", flush=True)
    Granian(
        target="poster_sandbox.wsgi:application",
        address="127.0.0.1",
        port=configuration.port,
        interface=Interfaces.WSGI,
        workers=1,  # the state lives in one process
        blocking_threads=THREADS,
        log_level=LogLevels.error,
    ).serve()


def _check_port(port: int) -> None:
    """Raise ConfigurationError for a port in use: two servers would share its connections without a word."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigurationError(f"Port {port} cannot be used: {error.strerror}") from error
