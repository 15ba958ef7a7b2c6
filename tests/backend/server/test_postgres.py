"""The embedded server under everything a machine does to it: real servers in small temporary folders."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from backend import postgres, postgres_process
from backend import postgres_system as system

ROOT = Path(__file__).resolve().parents[3]
IS_ROOT = os.geteuid() == 0
START = "import sys; from backend import postgres; print(postgres.start(sys.argv[1]))"
USE = """
import sys
from backend import postgres
with postgres.using(sys.argv[1]):
    print("in", flush=True)
    input()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user may enter too; every server in it is ended afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ozelkalem-test-"))
    folder.chmod(0o755)
    yield folder
    for state in folder.rglob("*.json"):
        _remove(state.with_suffix(""))
    shutil.rmtree(folder)


@pytest.fixture
def data(place: Path) -> Path:
    """A folder that is not there yet."""
    return place / "postgres"


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """The folder of a server that was started once: making its files takes longer than most of what is done to it."""
    folder = Path(tempfile.mkdtemp(prefix="ozelkalem-test-"))
    folder.chmod(0o755)
    postgres.start(folder / "postgres")
    postgres.stop(folder / "postgres")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def resting(data: Path, made: Path) -> Path:
    """A folder of its own of a server that was started before, at another address."""
    subprocess.run(["cp", "--archive", made / "postgres", data], check=True)  # with its owner
    known = json.loads((made / "postgres.json").read_text(encoding="utf-8"))
    known.pop("socket", None)
    file = data.with_name("postgres.json")
    file.touch(mode=0o600)
    file.write_text(json.dumps(known), encoding="utf-8")
    return data


def _remove(data: Path) -> None:
    postgres.stop(data)
    known = postgres.status(data).socket
    if known is not None and known.name.startswith("ozelkalem-") and not known.is_symlink():
        shutil.rmtree(known, ignore_errors=True)
    if data.is_symlink():
        shutil.rmtree(data.resolve(), ignore_errors=True)


def _pid(data: Path) -> int:
    pid = postgres.status(data).pid
    assert pid is not None
    return pid


def _answers(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT current_user").fetchone() == ("ozelkalem_app",)


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    postgres_process.wait(10, lambda: not postgres_process._serves(pid, Path("/")) and _is_gone(pid))


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _as_user(user: pwd.struct_passwd, action: Callable[[], object]) -> str:
    """Do it in a child process that is this user for good; return what it returned or raised, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            answer = str(action())
        except BaseException as error:
            answer = f"{type(error).__name__}: {error}"
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8") as file:
        answer = file.read()
    os.waitpid(child, 0)
    return answer


def _start_elsewhere(data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START, str(data)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_three_starts_at_once_make_one_server_and_all_get_its_address(data: Path) -> None:
    starts = [_start_elsewhere(data) for _ in range(3)]
    urls = {start.communicate(timeout=60)[0].strip() for start in starts}
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert urls == {postgres.url(data)}
    assert _answers(urls.pop())
    servers = [pid for pid in postgres_process._processes(data) if _parent(pid) not in {_pid(data), None}]
    assert servers == [_pid(data)]


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except FileNotFoundError:
        return None  # a connection's process that has just ended


def test_a_killed_server_starts_again_with_its_data(resting: Path) -> None:
    postgres.start(resting)
    with psycopg.connect(postgres.url(resting, "owner")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    _kill(_pid(resting))
    assert postgres.status(resting).pid is None
    postgres.start(resting)
    with psycopg.connect(postgres.url(resting, "owner")) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


@pytest.mark.full
def test_a_killed_server_whose_backends_still_work_starts_again(
    resting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_process, "ORPHAN_SECONDS", 0.3)
    postgres.start(resting)
    busy = psycopg.connect(postgres.url(resting), autocommit=True)
    backend = busy.info.backend_pid
    # A loop without waiting: such a backend does not notice that its server has died.
    busy.pgconn.send_query(b"DO $$ BEGIN LOOP END LOOP; END $$")
    busy.pgconn.flush()
    time.sleep(0.2)
    _kill(_pid(resting))
    assert backend in postgres_process._processes(resting)
    assert _answers(postgres.start(resting))
    assert backend not in postgres_process._processes(resting)
    busy.close()


@pytest.mark.full
@pytest.mark.parametrize("who", ["nobody", "another program"])
def test_a_stale_or_reused_number_in_the_pid_file_is_not_taken_for_a_server(resting: Path, who: str) -> None:
    postgres.start(resting)
    known = postgres.status(resting).socket
    assert known is not None
    contents = (resting / "postmaster.pid").read_text()
    old = str(_pid(resting))
    postgres.stop(resting)
    other = subprocess.Popen(["sleep", "60"])
    if who == "nobody":
        other.kill()
        other.wait()
    known.mkdir(mode=0o700)
    system.give(known, system.server_user(resting))
    for file in (resting / "postmaster.pid", known / ".s.PGSQL.5432.lock"):
        file.write_text(contents.replace(old, str(other.pid)))
    assert postgres.status(resting).pid is None
    assert postgres.stop(resting) is False
    assert _answers(postgres.start(resting))
    assert (other.poll() is None) is (who == "another program")
    other.kill()
    other.wait()


@pytest.mark.full
def test_a_postgres_of_another_folder_is_not_taken_for_this_ones(resting: Path, place: Path) -> None:
    postgres.start(resting)
    postgres.stop(resting)
    other = place / "other"
    postgres.start(other)
    shutil.copy(other / "postmaster.pid", resting / "postmaster.pid")
    assert postgres.status(resting).pid is None
    assert _answers(postgres.start(resting))
    assert postgres.status(other).pid not in {None, postgres.status(resting).pid}


@pytest.mark.full
def test_a_long_path_with_spaces_quotes_and_turkish_letters_works(place: Path) -> None:
    data = place / "Özel Kalem $HOME 'İĞŞ' \"ığş\"" / ("uzun" * 40) / "veri tabanı"
    assert len(os.fsencode(data)) > 200
    assert _answers(postgres.start(data))
    assert postgres.stop(data) is True


def test_a_read_only_folder_is_one_sentence_with_the_remedy(data: Path, place: Path) -> None:
    place.chmod(0o555)
    answer = (
        _as_user(system.server_user(data), lambda: postgres.start(data))
        if IS_ROOT
        else _error(lambda: postgres.start(data))
    )
    place.chmod(0o755)
    assert answer.startswith("PostgresError: ")
    assert f"make {place} writable" in answer
    assert "\n" not in answer
    assert list(place.iterdir()) == []


def _error(action: Callable[[], object]) -> str:
    with pytest.raises(postgres.PostgresError) as caught:
        action()
    return f"PostgresError: {caught.value}"


@pytest.mark.full
def test_a_folder_with_other_things_in_it_is_left_alone(data: Path) -> None:
    data.mkdir()
    (data / "letters.txt").write_text("mine")
    with pytest.raises(postgres.PostgresError, match="neither empty nor a PostgreSQL folder"):
        postgres.start(data)
    assert [path.name for path in data.iterdir()] == ["letters.txt"]


@pytest.mark.full
def test_data_of_another_version_is_refused_with_the_remedy(resting: Path) -> None:
    postgres.start(resting)
    postgres.stop(resting)
    (resting / "PG_VERSION").write_text("17\n")
    with pytest.raises(postgres.PostgresError, match=r"made by PostgreSQL 17 .* OZELKALEM_PG_BINDIR"):
        postgres.start(resting)


@pytest.mark.full
def test_a_start_that_was_killed_while_creating_the_files_begins_anew(data: Path) -> None:
    unfinished = data.with_name("postgres.unfinished")
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    data.mkdir()
    assert _answers(postgres.start(data))
    assert not unfinished.exists()


def test_neither_port_nor_socket_is_open_to_other_users(data: Path) -> None:
    url = postgres.start(data)
    folder = postgres.status(data).socket
    assert folder is not None
    owner = system.server_user(data).pw_uid if IS_ROOT else os.geteuid()  # type: ignore[union-attr]
    found = folder.lstat()
    assert (stat.filemode(found.st_mode), found.st_uid) == ("drwx------", owner)
    assert stat.filemode((folder / ".s.PGSQL.5432").stat().st_mode) == "srwx------"
    assert stat.filemode(data.stat().st_mode) == "drwx------"
    assert stat.filemode(data.with_name("postgres.json").stat().st_mode) == "-rw-------"
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    if IS_ROOT:
        knock = socket.socket(socket.AF_UNIX)
        path = str(folder / ".s.PGSQL.5432")
        answer = _as_user(pwd.getpwnam("nobody"), lambda: knock.connect(path))
        assert answer.startswith("PermissionError")
        knock.close()


@pytest.mark.full
@pytest.mark.parametrize("password", ["", "guessed"])
def test_whoever_reaches_the_socket_still_needs_the_password(resting: Path, password: str) -> None:
    postgres.start(resting)
    for role in postgres.ROLES.values():
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host=str(postgres.status(resting).socket), user=role, password=password, dbname="postgres"
            )


@pytest.mark.full
def test_a_socket_folder_that_somebody_replaced_by_a_link_is_not_used(resting: Path, place: Path) -> None:
    postgres.start(resting)
    first = postgres.status(resting).socket
    assert first is not None
    postgres.stop(resting)
    elsewhere = place / "trap"
    elsewhere.mkdir()
    first.symlink_to(elsewhere)
    try:
        assert _answers(postgres.start(resting))
        assert postgres.status(resting).socket != first
        assert not (elsewhere / ".s.PGSQL.5432").exists()
    finally:
        first.unlink()


@pytest.mark.full
@pytest.mark.skipif(not IS_ROOT, reason="only root can become another user; all other tests show it then")
def test_an_ordinary_user_runs_the_server_as_himself(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = pwd.getpwnam("nobody")
    roles = shutil.copy(postgres.ROLES_FILE, place / "roles.sql")
    monkeypatch.setattr(postgres, "ROLES_FILE", Path(roles))
    monkeypatch.setenv("OZELKALEM_PG_BINDIR", str(system.reachable_binaries(nobody)))
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    url = _as_user(nobody, lambda: postgres.start(home / "postgres"))
    assert _answers(url)
    assert Path(f"/proc/{_pid(home / 'postgres')}").stat().st_uid == nobody.pw_uid


@pytest.mark.full
@pytest.mark.skipif(not IS_ROOT, reason="a folder that only root may enter exists for root alone")
def test_root_in_a_private_folder_gets_a_server_too_and_it_is_not_roots(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    data = tmp_path / "postgres"
    try:
        assert _answers(postgres.start(data))
        assert Path(f"/proc/{_pid(data)}").stat().st_uid != 0
        assert data.is_symlink()
    finally:
        _remove(data)


@pytest.mark.full
def test_the_last_one_to_leave_stops_the_server(resting: Path) -> None:
    command = [sys.executable, "-c", USE, str(resting)]
    other = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "in\n"
    with postgres.using(resting):
        first = _pid(resting)
    assert _pid(resting) == first
    other.communicate("\n", timeout=30)
    assert postgres.status(resting).pid is None


@pytest.mark.full
def test_a_server_started_by_hand_outlives_those_who_use_it(resting: Path) -> None:
    postgres.start(resting)
    with postgres.using(resting):
        pass
    assert postgres.status(resting).pid is not None
    assert postgres.stop(resting) is True
    assert postgres.stop(resting) is False


@pytest.mark.full
def test_a_stopped_server_leaves_no_socket_and_comes_back_at_the_same_address(resting: Path) -> None:
    url = postgres.start(resting)
    folder = postgres.status(resting).socket
    assert folder is not None
    postgres.stop(resting)
    assert not folder.exists()
    assert postgres.start(resting) == url
    assert _answers(url)


def test_the_roles_are_as_row_level_security_needs_them(data: Path) -> None:
    url = postgres.start(data)
    question = """
        SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolinherit, rolcreatedb, rolcreaterole
        FROM pg_roles WHERE starts_with(rolname, 'ozelkalem_') AND rolname <> 'ozelkalem_admin' ORDER BY 1"""
    with psycopg.connect(url) as connection:
        assert connection.execute(question).fetchall() == [
            ("ozelkalem_app", True, False, False, False, False, False),
            ("ozelkalem_office", False, False, False, True, False, False),
            ("ozelkalem_owner", True, False, False, True, True, False),
        ]
        member = "SELECT pg_has_role('ozelkalem_office', 'USAGE'), pg_has_role('ozelkalem_office', 'SET')"
        assert connection.execute(member).fetchone() == (False, True)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine ()")
    with psycopg.connect(postgres.url(data, "owner")) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT lower('IĞ') COLLATE \"C\", 'İ' < 'a'").fetchone() is not None


@pytest.mark.full
def test_the_servers_log_holds_no_value_of_a_failed_statement(resting: Path) -> None:
    postgres.start(resting)
    with psycopg.connect(postgres.url(resting, "owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE citizens (phone text UNIQUE)")
        connection.execute("INSERT INTO citizens VALUES ('+905551112233')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO citizens VALUES ('+905551112233')")
    log = (resting / "server.log").read_text()
    assert "citizens_phone_key" in log
    assert "905551112233" not in log


@pytest.mark.full
def test_lost_passwords_are_one_sentence_with_the_remedy(resting: Path) -> None:
    postgres.start(resting)
    postgres.stop(resting)
    state = resting.with_name("postgres.json")
    kept = state.read_text()
    state.unlink()
    with pytest.raises(postgres.PostgresError, match=r"postgres\.json .* is missing: bring it back"):
        postgres.start(resting)
    state.write_text(kept)
    assert _answers(postgres.start(resting))


def test_a_moved_clock_is_the_servers_too_and_nothing_else_of_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("FAKETIME", raising=False)
    monkeypatch.setenv("LD_PRELOAD", "/x.so")
    monkeypatch.setenv("PGDATABASE", "elsewhere")
    assert set(system.neutral_environment()) == {"PATH", "LC_ALL", "TZ"}
    monkeypatch.setenv("FAKETIME", "+60s")
    assert set(system.neutral_environment()) == {"PATH", "LC_ALL", "TZ", "FAKETIME", "LD_PRELOAD"}
