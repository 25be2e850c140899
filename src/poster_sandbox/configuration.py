"""What the sandbox is started with. The command line writes it into the environment, the worker reads it from there."""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 8100


class ConfigurationError(Exception):
    """The sandbox cannot start with what it was given; the text says why."""


@dataclass(frozen=True)
class Configuration:
    """Where the sandbox listens, keeps its state, and which marketplace apps it knows."""

    port: int
    state_path: Path
    app_paths: tuple[Path, ...]
    webhook_retry_scale: float

    @property
    def public_url(self) -> str:
        """Origin of console and register pages, as browsers and apps see it."""
        return f"http://localhost:{self.port}"

    @property
    def frame_url(self) -> str:
        """Origin of the app frames: another *site* than the register, so that an app gets a process of its own."""
        return f"http://127.0.0.1:{self.port}"

    def write_to(self, environment: dict[str, str] | os._Environ[str]) -> None:
        environment["POSTER_SANDBOX_PORT"] = str(self.port)
        environment["POSTER_SANDBOX_STATE"] = str(self.state_path)
        environment["POSTER_SANDBOX_APPS"] = os.pathsep.join(str(path) for path in self.app_paths)
        environment["POSTER_SANDBOX_WEBHOOK_RETRY_SCALE"] = str(self.webhook_retry_scale)


def configuration_from_environment() -> Configuration:
    """Read `POSTER_SANDBOX_PORT`, `_STATE`, `_APPS` (separated as in PATH) and `_WEBHOOK_RETRY_SCALE`."""
    apps = os.environ.get("POSTER_SANDBOX_APPS", "")
    try:
        port = int(os.environ.get("POSTER_SANDBOX_PORT", DEFAULT_PORT))
        scale = float(os.environ.get("POSTER_SANDBOX_WEBHOOK_RETRY_SCALE", "1"))
    except ValueError as error:
        raise ConfigurationError(f"A number was expected: {error}") from error
    return Configuration(
        port=port,
        state_path=Path(os.environ.get("POSTER_SANDBOX_STATE", "poster_sandbox.json")).absolute(),
        app_paths=tuple(Path(path) for path in apps.split(os.pathsep) if path),
        webhook_retry_scale=scale,
    )
