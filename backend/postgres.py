"""The embedded PostgreSQL: one server in one data folder, for development, tests and the demo.

    with postgres.using(data):      # the server runs as long as it is used
        psycopg.connect(postgres.url(data, "app"))

Beside the data folder lie `<data>.lock` (one start or stop at a time), `<data>.users` (locked by everyone
who uses the server) and `<data>.json` (0600: generated passwords and the socket's folder). The server listens
on a Unix socket in a private folder only. Everything that fails raises PostgresError with one sentence.

Imports no Django.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal
from urllib.parse import quote

from backend import postgres_process as process
from backend import postgres_system as system
from backend.postgres_system import PostgresError

__all__ = ["Connection", "PostgresError", "Status", "connection", "start", "status", "stop", "url", "using"]

Role = Literal["app", "owner", "admin"]

DATABASE = "ozelkalem"
ROLES: dict[Role, str] = {
    "app": "ozelkalem_app",
    "owner": "ozelkalem_owner",
    "admin": "ozelkalem_admin",  # the superuser made by initdb: only this launcher uses it
}
ROLES_FILE = Path(__file__).resolve().parent.parent / "deploy" / "roles.sql"
LARGEST_LOG = 10_000_000

CONFIGURATION = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = 256MB
max_wal_size = 2GB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
# The log must hold no personal data: no statements, no parameters, no DETAIL lines with the values of a row.
log_statement = 'none'
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
"""


@dataclass(frozen=True)
class Status:
    """What is known of a data folder's server; `pid` is None when it does not run."""

    data: Path
    pid: int | None
    socket: Path | None


@dataclass(frozen=True)
class Connection:
    """How one role reaches the database; `host` is the socket's folder. Empty before the first start."""

    host: str
    user: str
    password: str
    database: str


@dataclass(frozen=True)
class _Folder:
    """A data folder by name; `real` is where the files are (elsewhere when root had to move them)."""

    named: Path

    @classmethod
    def of(cls, data: str | os.PathLike[str]) -> _Folder:
        path = Path(os.path.abspath(data))
        return cls(path.parent.resolve() / path.name)

    @property
    def real(self) -> Path:
        return self.named.resolve()

    def sibling(self, ending: str) -> Path:
        return self.named.with_name(f"{self.named.name}.{ending}")


def start(data: str | os.PathLike[str], *, keep: bool = True, durable: bool = True) -> str:
    """Make sure that a server runs on `data` (created when missing) and return the app role's URL.

    Any number of processes may call this at once: one server starts and all get its address. With `keep` the
    server runs until `stop`; without, until the last `using` ends. `durable=False` turns off fsync and whole pages in
    the log: quicker, and lost when the machine (not merely the server) crashes.
    """
    folder = _Folder.of(data)
    with _locked(folder):
        state = _read_state(folder)
        if "passwords" not in state and (folder.real / "PG_VERSION").exists():
            raise PostgresError(
                f"{folder.sibling('json')} with the passwords of {folder.named} is missing: bring it back, "
                "or stop the server, move the data folder away and start afresh."
            )
        if process.settled(folder.real) is None:
            _start(folder, state, durable)
            state["keep"] = False
        state["keep"] = state["keep"] or keep
        _apply_roles(folder, state)
        _write_state(folder, state)
    return url(data)


def stop(data: str | os.PathLike[str]) -> bool:
    """Stop the server of `data`, ending its connections; say whether one ran. Returns when it has ended."""
    folder = _Folder.of(data)
    if not folder.real.exists():
        return False
    with _locked(folder):
        return _stop(folder)


def status(data: str | os.PathLike[str]) -> Status:
    """Say whether a server runs on `data`. Reads only; never creates anything."""
    folder = _Folder.of(data)
    socket = _read_state(folder).get("socket")
    return Status(folder.named, process.running(folder.real), Path(socket) if socket else None)


def connection(data: str | os.PathLike[str], role: Role = "app") -> Connection:
    """Return how `role` reaches the database of `data`. Reads only; starts nothing."""
    state = _read_state(_Folder.of(data))
    password = state.get("passwords", {}).get(role, "")
    return Connection(state.get("socket", ""), ROLES[role], password, DATABASE)


def url(data: str | os.PathLike[str], role: Role = "app") -> str:
    """Return the connection URL of `role`, password included: for libpq, psycopg and DATABASE_URL."""
    to = connection(data, role)
    if not to.host:
        raise PostgresError(f"No server was ever started on {data}: run `manage.py postgres start`.")
    return f"postgresql://{to.user}:{to.password}@/{to.database}?host={quote(to.host, safe='/')}"


@contextlib.contextmanager
def using(data: str | os.PathLike[str], *, durable: bool = True) -> Iterator[str]:
    """Keep a server running for the length of the block; yields the app role's URL.

    The last of all processes to leave stops the server, unless it was started with `keep`.
    """
    folder = _Folder.of(data)
    with _open_beside(folder, "users") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        address = start(data, keep=False, durable=durable)
        try:
            yield address
        finally:
            _leave(folder, users)


def _leave(folder: _Folder, users: IO[str]) -> None:
    with _locked(folder):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # another process still uses it
        else:
            if not _read_state(folder).get("keep"):
                _stop(folder)
        users.close()  # inside the lock: the next to leave must not find this one still there


def _stop(folder: _Folder) -> bool:
    stopped = process.stop(folder.real)
    socket = _read_state(folder).get("socket")
    if socket:
        with contextlib.suppress(OSError):
            os.rmdir(socket)  # the next start makes it again under the same name
    return stopped


def _open_beside(folder: _Folder, ending: str) -> IO[str]:
    path = folder.sibling(ending)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+", encoding="utf-8")
    except OSError as error:
        raise PostgresError(
            f"{path} cannot be written ({error.strerror}): make {path.parent} writable for this user, "
            "or set OZELKALEM_POSTGRES_DATA to a folder that is."
        ) from error


@contextlib.contextmanager
def _locked(folder: _Folder) -> Iterator[None]:
    with _open_beside(folder, "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        except OSError as error:
            raise PostgresError(
                f"{error.filename or folder.named} cannot be used ({error.strerror}): free space, make "
                f"{folder.named.parent} writable, or set OZELKALEM_POSTGRES_DATA to another folder."
            ) from error


def _read_state(folder: _Folder) -> dict[str, Any]:
    path = folder.sibling("json")
    try:
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PostgresError(
            f"{path} cannot be read ({error.strerror}): another user started this server; run as that user, "
            "or set OZELKALEM_POSTGRES_DATA to a folder of your own."
        ) from error
    return state


def _write_state(folder: _Folder, state: dict[str, Any]) -> None:
    path, unfinished = folder.sibling("json"), folder.sibling("json.new")
    unfinished.unlink(missing_ok=True)
    with open(
        os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(state, file, indent=1)
    unfinished.replace(path)


def _start(folder: _Folder, state: dict[str, Any], durable: bool) -> None:
    _make_home(folder)
    real = folder.real
    user = system.server_user(real)
    programs = system.reachable_binaries(user)
    process.end_orphans(real)
    socket = system.private_folder(user, state.get("socket"))
    state["socket"] = str(socket)
    if not (real / "PG_VERSION").exists():
        _create_cluster(folder, state, user, programs)
    _refuse_another_version(real, programs)
    # Nothing runs here any more, so whatever process these name now is another one.
    for leftover in (real / "postmaster.pid", socket / ".s.PGSQL.5432", socket / ".s.PGSQL.5432.lock"):
        leftover.unlink(missing_ok=True)
    _configure(real, socket, user, durable)
    _write_state(folder, state)
    _launch(real, user, programs)


def _make_home(folder: _Folder) -> None:
    """Create the data folder: as a link to /var/lib when root keeps it where the server may not go."""
    named = folder.named
    if named.is_symlink() and not named.exists():
        named.unlink()
    if not named.exists():
        user = system.server_user(named)
        if user is None or system.can_enter(named.parent, user):
            named.mkdir(mode=0o700)
        else:
            named.symlink_to(system.home_elsewhere(), target_is_directory=True)
        system.give(named.resolve(), user)
        return
    if not (named / "PG_VERSION").exists() and any(named.iterdir()):
        raise PostgresError(f"{named} is neither empty nor a PostgreSQL folder: name another one.")
    user = system.server_user(folder.real)
    if folder.real.stat().st_uid == 0:
        system.give(folder.real, user)
    if user is not None and not system.can_enter(folder.real, user):
        raise PostgresError(
            f"The user {user.pw_name} owns {folder.real} but may not pass the folders above it: "
            "run this as the owner of the checkout, or open those folders with chmod o+x."
        )


def _create_cluster(
    folder: _Folder, state: dict[str, Any], user: pwd.struct_passwd | None, programs: Path
) -> None:
    state["passwords"] = {role: secrets.token_hex(24) for role in ROLES}
    state["roles"] = ""
    _write_state(folder, state)
    password = Path(state["socket"]) / "password"
    with open(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(state["passwords"]["admin"])
    system.give(password, user)
    # PG_VERSION is written early: only a finished folder may get the name, or a kill here would last.
    unfinished = folder.real.with_name(f"{folder.real.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    system.give(unfinished, user)
    options = (
        f"--username={ROLES['admin']} --auth-local=scram-sha-256 --auth-host=scram-sha-256 --encoding=UTF8 "
        "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --no-sync --no-instructions"
    )
    command: list[str | Path] = [programs / "initdb", *options.split(), f"--pwfile={password}"]
    result = system.run_as(user, [*command, "-D", unfinished])
    password.unlink()
    if result.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise PostgresError(f"initdb could not create {folder.named}: {_last_line(result.stdout)}")
    with open(unfinished / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write("include 'ozelkalem.conf'\n")
    folder.real.rmdir()
    unfinished.rename(folder.real)


def _refuse_another_version(real: Path, programs: Path) -> None:
    output = system.run_as(None, [programs / "postgres", "--version"]).stdout
    offered, outcome = (
        output.split()[-1].split(".")[0],
        (real / "PG_VERSION").read_text(encoding="ascii").strip(),
    )
    if offered != outcome:
        raise PostgresError(
            f"{real} was made by PostgreSQL {outcome} but the binaries are {offered}: set OZELKALEM_PG_BINDIR "
            f"to those of {outcome}, or move the folder away and start afresh."
        )


def _configure(real: Path, socket: Path, user: pwd.struct_passwd | None, durable: bool) -> None:
    folder = str(socket).replace("'", "''")
    kept = "on" if durable else "off"
    text = f"{CONFIGURATION}unix_socket_directories = '{folder}'\nfsync = {kept}\nfull_page_writes = {kept}\n"
    path = real / "ozelkalem.conf"
    path.write_text(text, encoding="utf-8")
    system.give(path, user)
    log = real / "server.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(real / "server.log.1")


def _launch(real: Path, user: pwd.struct_passwd | None, programs: Path) -> None:
    log = real / "server.log"
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        system.give(log, user)
        # Not pg_ctl: it passes the folder through a shell. Own session: Ctrl-C is not for the server.
        child = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(real)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=system.neutral_environment(),
            cwd="/",
            start_new_session=True,
            umask=0o077,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
    process.children.append(child)
    process.wait(process.START_SECONDS, lambda: child.poll() is not None or process.phase(real) == "ready")
    if child.poll() is not None or process.phase(real) != "ready":
        raise PostgresError(
            f"PostgreSQL did not start: {_last_line(log.read_text(errors='replace'))} (see {log})"
        )


def _apply_roles(folder: _Folder, state: dict[str, Any]) -> None:
    """Make the roles and the database of deploy/roles.sql, once for each wording of that file."""
    digest, passwords = hashlib.sha256(ROLES_FILE.read_bytes()).hexdigest(), state["passwords"]
    if state.get("roles") == digest:
        return
    psql: list[str | Path] = [
        system.binaries() / "psql",
        "-X",
        "-q",
        "-h",
        state["socket"],
        "-U",
        ROLES["admin"],
    ]
    environment = {
        "PGPASSWORD": passwords["admin"],
        "OZELKALEM_OWNER_PASSWORD": passwords["owner"],
        "OZELKALEM_APP_PASSWORD": passwords["app"],
    }
    result = system.run_as(None, [*psql, "-d", "postgres", "-f", ROLES_FILE], environment)
    if result.returncode != 0:
        raise PostgresError(f"{ROLES_FILE.name} failed: {_last_line(result.stdout)}")
    state["roles"] = digest


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it wrote nothing"
