"""`make drill`: every command of docs/operations/backup.md on a server of its own, and what came back compared.

A server is filled with the demo, backed up into an encrypted folder and an encrypted bucket (moto's, by TLS), loses
rows by a DELETE, and is taken back to the second before: from the folder, and once more from the bucket. Each row of
each table, the policies and rights, the read log and the sealed numbers must be what they were at that second.
"""

from __future__ import annotations

import datetime as dt
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from botocore.exceptions import BotoCoreError
from psycopg import sql

from backend import postgres, postgres_system
from tests.databases import ROOT
from tests.harness import debian, memory
from tests.own_server import WALLS, OwnServer

PAGE = ROOT / "docs" / "operations" / "backup.md"
BLOCK = re.compile(r"^## (.+?)$|^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
START_SECONDS = 60
NATIONAL_ID = "10000000146"
STARTED = re.compile(r"^(ExecStart|ExecStartPost)=(\+?)(.+)$", re.MULTILINE)


def blocks() -> dict[str, str]:
    """Heading -> the commands below it."""
    found: dict[str, str] = {}
    heading = ""
    for match in BLOCK.finditer(PAGE.read_text("utf-8")):
        heading = match[1] or heading
        if match[2]:
            found[heading] = found.get(heading, "") + match[2]
    return found


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Machine:
    """What the page takes for granted: paths, `su`, `systemctl`, `apt-get`, made for a folder of the drill's own."""

    def __init__(self, place: Path, pgbackrest: str, *, is_new: bool = True) -> None:
        self.place, self.pgbackrest = place, pgbackrest
        self.server = OwnServer(place / "postgres")
        self.user = postgres_system.server_user(self.server.data) or pwd.getpwuid(os.getuid())
        self.instead = {
            "/etc/systemd/system": str(place / "units"),
            "/etc/pgbackrest.conf": str(place / "etc" / "pgbackrest.conf"),
            "/var/lib/ozelkalem": str(place / "var"),
            "/var/lib/pgbackrest": str(place / "repo"),
            "/var/log/pgbackrest": str(place / "log"),
            "/var/lib/postgresql/17/main": str(self.server.data.resolve()),
            "-o postgres -g postgres": f"-o {self.user.pw_uid} -g {self.user.pw_gid}",
            ".venv/bin/python": sys.executable,
        }
        if is_new:
            self._make()

    def _make(self) -> None:
        place = self.place
        for name in ("bin", "etc", "repo", "log", "units", "var"):
            (place / name).mkdir()
            os.chown(place / name, self.user.pw_uid, self.user.pw_gid)
        as_server = f"setpriv --reuid={self.user.pw_uid} --regid={self.user.pw_gid} --clear-groups "
        self._tool("su", f'shift 2; cd /; exec {as_server if os.geteuid() == 0 else ""}sh -c "$1"')
        self._tool("apt-get", 'test "$1 $2 $3" = "install -y pgbackrest"')
        conf = place / "etc" / "pgbackrest.conf"
        self._tool("pgbackrest", f'PGBACKREST_CONFIG={conf} exec {self.pgbackrest} "$@"')
        self._tool("systemctl", f'exec {sys.executable} -m tests.drill --systemctl {place} "$@"')
        os.environ["PATH"] = f"{place / 'bin'}:{os.environ['PATH']}"

    def _tool(self, name: str, text: str) -> None:
        tool = self.place / "bin" / name
        tool.write_text(f"#!/bin/sh\n{text}\n")
        tool.chmod(0o755)

    def here(self, text: str) -> str:
        for there, here in self.instead.items():
            text = text.replace(there, here)
        return text

    def environment(self) -> dict[str, str]:
        to = postgres.connection(self.server.data, "admin")
        programs = postgres_system.reachable_binaries(self.user if os.geteuid() == 0 else None)
        return {
            **self.server.environment,
            "PATH": f"{self.place / 'bin'}:{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "OZELKALEM_ENVIRONMENT": "demo",
            "OZELKALEM_VAR": str(self.place / "var"),
            "PGHOST": to.host,
            "PGUSER": to.user,
            "PGPASSWORD": to.password,
            "PGDATABASE": to.database,
        }

    def run(self, script: str) -> None:
        """Run commands of the page as it stands, each of which must succeed."""
        script = self.here(script)
        say(re.sub(r"^", "    ", script, flags=re.MULTILINE).rstrip())
        run = ["bash", "-euo", "pipefail", "-c", script]
        subprocess.run(run, cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, check=True)

    def systemctl(self, verb: str, units: list[str]) -> None:
        """Do what systemd does: with the server, and once with the unit of the backup."""
        if verb in ("daemon-reload", "enable"):
            return
        for unit in units:
            if unit == "postgresql":
                if verb in ("stop", "restart"):
                    self.server.stop()
                if verb in ("start", "restart"):
                    postgres.start(self.server.data, keep=True)
            elif unit == "ozelkalem-backup":
                self._backup_unit()

    def _backup_unit(self) -> None:
        text = self.here((self.place / "units" / "ozelkalem-backup.service").read_text("utf-8"))
        for _name, as_root, command in STARTED.findall(text):
            words = shlex.split(command.replace("$$", "$").replace("%%", "%"))
            run = words if as_root else ["su", "postgres", "-c", shlex.join(words)]
            subprocess.run(run, env=self.environment(), check=True)


def rows(server: OwnServer) -> dict[str, tuple[Any, ...]]:
    """Of each table how many rows it has, and a digest of all that is in them."""
    found = {}
    with psycopg.connect(server.url("admin")) as connection:
        names = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'wall') ORDER BY 1, 2"
        )
        for schema, name in names.fetchall():
            asked = sql.SQL("SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} t")
            found[name] = connection.execute(asked.format(sql.Identifier(schema, name))).fetchone() or ()
    return found


def walls(server: OwnServer) -> list[tuple[Any, ...]]:
    """The policies, functions, triggers and rights of the second wall."""
    with psycopg.connect(server.url("admin")) as connection:
        return [row for question in WALLS for row in connection.execute(question).fetchall()]


FILL = f"""
from backend.contacts import sealing
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.organization.models import User
from permissions.core import scope
with system():
    citizen = Citizen.objects.earliest("pk")
    Citizen.objects.filter(pk=citizen.pk).update(
        national_id_sealed=sealing.seal("{NATIONAL_ID}"), national_id_index=sealing.index("{NATIONAL_ID}")
    )
    user = User.objects.get(username="sekreter")
with scope.session(user):
    scope.log_access([citizen.pk], purpose="page", kind="contacts.citizen")
"""
READ = """
from backend.contacts import sealing
from backend.contacts.models import Citizen
from backend.core.session import system
with system():
    print(sealing.unseal(Citizen.objects.exclude(national_id_sealed=None).get().national_id_sealed))
"""


def shell(machine: Machine, code: str) -> str:
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code]
    done = subprocess.run(
        command, cwd=ROOT, env=machine.environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip()


def manage(machine: Machine, *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=machine.environment(), check=True)


@contextmanager
def bucket(place: Path) -> Iterator[dict[str, str]]:
    """A bucket that is asked by TLS, as pgBackRest does; what stands for it in the page's configuration."""
    import boto3

    key, certificate, port = place / "key.pem", place / "certificate.pem", free_port()
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *made, *named], check=True, capture_output=True)
    (place / "bucket_app.py").write_text(
        "from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app\n"
        "app = DomainDispatcherApplication(create_backend_app)\n"
    )
    # Not moto's own server, which closes each connection without the farewell of TLS that pgBackRest waits for.
    serve = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "8"]
    serve += [
        "--keep-alive",
        "60",
        "--certfile",
        str(certificate),
        "--keyfile",
        str(key),
        "--log-level",
        "error",
    ]
    with subprocess.Popen([sys.executable, *serve, "bucket_app:app"], cwd=place) as server:
        try:
            known = {
                "aws_access_key_id": "drill",
                "aws_secret_access_key": "drill",
                "region_name": "us-east-1",
            }
            client = boto3.client(
                "s3", endpoint_url=f"https://127.0.0.1:{port}", verify=str(certificate), **known
            )
            made_at = time.monotonic() + START_SECONDS
            while True:
                try:
                    client.create_bucket(Bucket="backups")
                    break
                except BotoCoreError:
                    if server.poll() is not None or time.monotonic() > made_at:
                        raise
            yield {
                "S3_ENDPOINT": f"127.0.0.1\nrepo2-storage-port={port}\nrepo2-storage-ca-file={certificate}",
                "S3_BUCKET": "backups",
                "S3_KEY": "drill",
                "S3_SECRET": "drill",
            }
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def configured(machine: Machine, stands_for: dict[str, str]) -> Path:
    """`deploy/pgbackrest.conf` with the second place and this machine's paths filled in."""
    text = machine.here((ROOT / "deploy" / "pgbackrest.conf").read_text("utf-8")).replace("#repo2-", "repo2-")
    for name, value in stands_for.items():
        text = text.replace(name, value)
    to = postgres.connection(machine.server.data, "admin")
    # By itself it would name the program alone, which finds its configuration at the usual place.
    text += f"cmd={machine.place}/bin/pgbackrest\n"
    text += f"pg1-socket-path={to.host}\npg1-user={to.user}\npg1-database={to.database}\n"
    file = machine.place / "pgbackrest.conf"
    file.write_text(text)
    machine.instead = {"deploy/pgbackrest.conf": str(file), **machine.instead}
    return file


def drill(place: Path, pgbackrest: str) -> None:
    page, machine = blocks(), Machine(place, pgbackrest)
    server = machine.server
    postgres.start(server.data, keep=True)
    try:
        manage(machine, "migrate", "--database", "owner", "--verbosity", "0")
        manage(machine, "load_demo", "--complaints", "60", "--verbosity", "0")
        with bucket(place) as stands_for:
            configured(machine, stands_for)
            machine.run(page["Set up"])
            machine.run(page["Every night"])
            assert (place / "var" / "last-backup").exists()
            manage(machine, "report_figures")  # it adds up what waits, as it will after the restore
            shell(machine, FILL)  # after the backup: it comes back out of the journal alone
            before, second_wall = rows(server), walls(server)
            assert before["journal_accesslog"][0], "nobody read anything"
            time.sleep(1.1)
            until = f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S+00}"
            time.sleep(1.1)
            took = {}
            for repo in ("1", "2"):
                lose(server)
                took[repo] = again(machine, page["Back to a second"], until, repo)
                assert rows(server) | CHANGED == before | CHANGED, differing(before, rows(server))
                assert walls(server) == second_wall
                assert shell(machine, READ) == NATIONAL_ID
                assert (place / "var" / "last-restore").exists()
                machine.systemctl("start", ["ozelkalem-backup"])
            for repo, name in (("1", "the folder"), ("2", "the bucket")):
                say(f"back from {name} in {took[repo]:.0f} s, {sum(one[0] for one in before.values())} rows")
            encrypted(place / "repo")
    finally:
        server.stop()


CHANGED: dict[str, tuple[Any, ...]] = {"django_migrations": (), "ticket_key": ()}
"""Tables that `migrate` writes after a restore."""


def lose(server: OwnServer) -> None:
    """What somebody should not have done, and work that goes on."""
    server.execute(
        "SET session_replication_role = replica",
        "DELETE FROM complaints_comment",
        "DELETE FROM journal_accesslog",
        "DROP POLICY IF EXISTS everything ON complaints_comment",
        "UPDATE contacts_citizen SET national_id_sealed = NULL, national_id_index = ''",
        role="admin",
    )


def again(machine: Machine, script: str, until: str, repo: str) -> float:
    begun = time.monotonic()
    script = re.sub(r"^UNTIL=.*$", f"UNTIL='{until}'", script, flags=re.MULTILINE)
    machine.run(script if repo == "1" else script.replace("--delta", "--repo=2 --delta"))
    return time.monotonic() - begun


def differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        name: (before.get(name), after.get(name))
        for name in before | after
        if before.get(name) != after.get(name)
    }


def encrypted(repository: Path) -> None:
    """No file of a backup begins with what an unencrypted one begins with."""
    files = [path for path in repository.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert {path.name for path in files if not path.read_bytes().startswith(b"Salted__")} <= {
        "backup.history",
        "full-1",
        "full-2",  # empty: when the last full one was made
    }


def main() -> int:
    if "--systemctl" in sys.argv:
        _program, _flag, place, verb, *units = sys.argv
        machine = Machine(Path(place), "", is_new=False)
        machine.systemctl(verb, [unit for unit in units if not unit.startswith("-")])
        return 0
    if debian.find("pgbackrest") is None:
        debian.take("pgbackrest")
    program = debian.find("pgbackrest")
    if program is None:
        sys.stderr.write(f"\n*** {debian.missing('pgbackrest')}\n\n")
        return 1
    memory.folder("tmp").mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=memory.folder("tmp")))
    folder.chmod(0o755)
    try:
        drill(folder, program)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
