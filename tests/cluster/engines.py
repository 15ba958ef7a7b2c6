"""Three PostgreSQL under Patroni, with etcd, HAProxy and PgBouncer: Debian's programs, on loopback, in one folder."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from backend import postgres_process, postgres_system
from tests.faults.product import Unit, free_port

PACKAGES = ("patroni", "python3-etcd", "etcd-server", "haproxy", "pgbouncer", "postgresql-17")
PROGRAMS = ("/usr/bin/patroni", "/usr/bin/etcd", "/usr/sbin/haproxy", "/usr/sbin/pgbouncer")
BINARIES = Path("/usr/lib/postgresql/17/bin")
NODES = 3
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RETRY = """HTTP/1.1 503 Service Unavailable\r
Content-Type: application/json\r
Retry-After: 2\r
Cache-Control: no-store\r
Connection: close\r
\r
{"errors": [{"message": "Sisteme şu anda ulaşılamıyor.", "extensions": {"code": "UNAVAILABLE"}}]}
"""


def missing() -> list[str]:
    """Return the programs that are not here."""
    return [name for name in (*PROGRAMS, str(BINARIES / "postgres")) if not Path(name).exists()]


def install() -> None:
    """Install Debian's packages, where that may be done; none of their services is started."""
    if not missing() or os.geteuid() or not shutil.which("apt-get"):
        return
    no_cluster = Path("/etc/postgresql-common/createcluster.conf")
    if not no_cluster.exists():
        no_cluster.parent.mkdir(exist_ok=True)
        no_cluster.write_text("create_main_cluster = false\n", encoding="utf-8")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    command = ["apt-get", "install", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    for before in ([], ["apt-get", "update", "-qq"]):
        if before:
            subprocess.run(before, env=quiet, check=False)
        done = subprocess.run([*command, *PACKAGES], env=quiet, stdout=subprocess.DEVNULL, check=False)
        if done.returncode == 0:
            return


class Node:
    """One machine of the database: Patroni, and the PostgreSQL that it runs."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.data = name, folder / name / "data"
        self.port, self.rest = free_port(), free_port()
        self.configuration = folder / name / "patroni.json"
        self.unit: Unit | None = None

    def is_leader(self) -> bool:
        return self._answers("/leader")

    def is_standby(self) -> bool:
        return self._answers("/replica")

    def _answers(self, path: str) -> bool:
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.rest}{path}", timeout=3) as answer,
        ):
            return bool(answer.status == 200)
        return False

    @property
    def postmaster(self) -> int:
        found = postgres_process.running(self.data.resolve())
        assert found is not None
        return found

    def processes(self) -> list[int]:
        """Patroni's first process, and all of its PostgreSQL: those whose working directory is the data folder."""
        assert self.unit
        return [self.unit.process.pid, *postgres_process._processes(self.data.resolve())]


class Engines:
    """All of them together, each kept going by this process until `end`."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder, self.log = folder, log
        self.is_kept = False
        """Another thread starts again what ends."""
        self.user = postgres_system.server_user(folder)
        self.passwords = {role: secrets.token_hex(16) for role in ("postgres", "replicator", "app", "owner")}
        self.primary_port, self.standby_port, self.pooler_port, self.web_port = (
            free_port() for _ in range(4)
        )
        self.webs = [free_port(), free_port()]
        self.etcd_port, peers = free_port(), free_port()
        self.nodes = [Node(f"db{number + 1}", folder) for number in range(NODES)]
        etcd = [
            *("--name", "e1", "--data-dir", str(self._place("etcd")), "--log-level", "error"),
            *("--listen-client-urls", f"http://127.0.0.1:{self.etcd_port}"),
            *("--advertise-client-urls", f"http://127.0.0.1:{self.etcd_port}"),
            *("--listen-peer-urls", f"http://127.0.0.1:{peers}"),
            *("--initial-advertise-peer-urls", f"http://127.0.0.1:{peers}"),
            *("--initial-cluster", f"e1=http://127.0.0.1:{peers}"),
        ]
        self.etcd = self._unit("etcd", "/usr/bin/etcd", etcd)
        for node in self.nodes:
            self._place(node.name)
            self._write(node.configuration, json.dumps(self._patroni(node), indent=1))
        self.pooler, self.proxy = self._pooler(), self._proxy()
        self.units = [self.etcd, self.proxy, self.pooler]

    def start(self) -> None:
        """Start the first machine, then the others as its standbys."""
        for node in self.nodes:
            node.unit = self._unit(node.name, "/usr/bin/patroni", [str(node.configuration)])
            self.units.append(node.unit)
            if node is self.nodes[0]:
                self.until(node.is_leader, "the first PostgreSQL leads")
        self.until(
            lambda: self.leader() is not None and len(self.standbys()) == NODES - 1, "two standbys follow"
        )

    def end(self) -> None:
        """End all of it, whatever was done to it: what was stopped goes on first, and nothing of it stays."""
        for node in self.nodes:
            if node.unit:
                for pid in node.processes():
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGCONT)
        for unit in reversed(self.units):
            unit.end()
        for node in self.nodes:
            if node.data.exists():
                postgres_process.stop(node.data.resolve())
                postgres_process.end_orphans(node.data.resolve())

    def _look(self) -> None:
        if not self.is_kept:
            for unit in self.units:
                unit.look()

    # -- who leads -------------------------------------------------------------------------------------------------
    def leader(self) -> Node | None:
        return next((node for node in self.nodes if node.is_leader()), None)

    def standbys(self) -> list[Node]:
        return [node for node in self.nodes if node.is_standby()]

    def is_synchronous(self) -> bool:
        """Whether Patroni itself has written down a synchronous standby: until then it refuses a switchover. PostgreSQL
        knows of one up to ten seconds earlier."""
        return "Sync Standby" in self.patronictl("list")

    def until(self, holds: Callable[[], bool], what: str, seconds: float = 300) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(f"{what}: not within {seconds:.0f} s")
            self._look()
            time.sleep(0.2)

    def patronictl(self, *arguments: str) -> str:
        """Run Debian's command as an operator does."""
        command = ["/usr/bin/patronictl", "-c", str(self.nodes[0].configuration), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd="/")
        return done.stdout

    # -- addresses -------------------------------------------------------------------------------------------------
    def url(self, role: str, port: int, name: str = "ozelkalem") -> str:
        user = {"app": "ozelkalem_app", "owner": "ozelkalem_owner"}.get(role, role)
        return f"postgresql://{user}:{self.passwords[role]}@127.0.0.1:{port}/{name}?sslmode=disable"

    def make_roles(self) -> None:
        """Run deploy/roles.sql, as the first step of every installation."""
        self.psql("-d", self.url("postgres", self.primary_port, "postgres"), "-f", str(DEPLOY / "roles.sql"))

    def psql(self, *arguments: str, text: str | None = None) -> None:
        roles = {f"OZELKALEM_{role.upper()}_PASSWORD": self.passwords[role] for role in ("owner", "app")}
        command = [str(BINARIES / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", *arguments]
        done = subprocess.run(
            command, env={**os.environ, **roles}, input=text, text=True, capture_output=True, check=False
        )
        if done.returncode:
            sys.stderr.write(done.stderr[-2000:])
            done.check_returncode()

    # -- configurations --------------------------------------------------------------------------------------------
    def _patroni(self, node: Node) -> dict[str, Any]:
        login = {
            "superuser": {"username": "postgres", "password": self.passwords["postgres"]},
            "replication": {"username": "replicator", "password": self.passwords["replicator"]},
        }
        here = f"127.0.0.1:{node.rest}"
        return {
            "scope": "ozelkalem",
            "name": node.name,
            "restapi": {"listen": here, "connect_address": here},
            "etcd3": {"host": f"127.0.0.1:{self.etcd_port}"},
            "log": {"level": "WARNING"},
            "bootstrap": {
                "dcs": {
                    "ttl": 20,
                    "loop_wait": 2,
                    "retry_timeout": 5,
                    "primary_start_timeout": 10,
                    "maximum_lag_on_failover": 1048576,
                    "synchronous_mode": True,
                    "failsafe_mode": True,
                    "postgresql": {"use_pg_rewind": True, "use_slots": True},
                },
                "initdb": [
                    {"encoding": "UTF8"},
                    {"locale": "C"},
                    {"locale-provider": "builtin"},
                    {"builtin-locale": "C.UTF-8"},
                    "data-checksums",
                    "no-sync",
                ],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{node.port}",
                "connect_address": f"127.0.0.1:{node.port}",
                "data_dir": str(node.data),
                "bin_dir": str(BINARIES),
                "pgpass": str(node.data.parent / "pgpass"),
                "authentication": login,
                "basebackup": [{"checkpoint": "fast"}],
                "pg_hba": [
                    "host all all 127.0.0.1/32 scram-sha-256",
                    "host replication replicator 127.0.0.1/32 scram-sha-256",
                ],
                "parameters": {
                    "unix_socket_directories": str(node.data.parent),
                    "max_connections": 100,
                    "shared_buffers": "64MB",
                    "jit": "off",
                    "log_min_error_statement": "panic",
                },
            },
        }

    def _pooler(self) -> Unit:
        folder = self._place("pgbouncer")
        self._write(folder / "users.txt", f'"ozelkalem_app" "{self.passwords["app"]}"\n')
        text = f"""[databases]
ozelkalem = host=127.0.0.1 port={self.primary_port} dbname=ozelkalem
ozelkalem_read = host=127.0.0.1 port={self.standby_port} dbname=ozelkalem
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.pooler_port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder / "users.txt"}
pool_mode = transaction
max_prepared_statements = 200
max_client_conn = 400
default_pool_size = 20
server_login_retry = 1
server_connect_timeout = 3
query_wait_timeout = 10
log_connections = 0
log_disconnections = 0
"""
        self._write(folder / "pgbouncer.ini", text)
        return self._unit("pgbouncer", "/usr/sbin/pgbouncer", ["-q", str(folder / "pgbouncer.ini")])

    def _proxy(self) -> Unit:
        folder = self._place("haproxy")
        self._write(folder / "retry.http", RETRY)
        databases = "\n".join(
            f"  server {node.name} 127.0.0.1:{node.port} check port {node.rest}" for node in self.nodes
        )
        webs = "\n".join(f"  server web{n} 127.0.0.1:{port} check" for n, port in enumerate(self.webs, 1))
        text = f"""global
  maxconn 800
defaults
  timeout connect 2s
  timeout check 2s
  timeout client 1h
  timeout server 1h
  default-server inter 1s fastinter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
listen primary
  mode tcp
  bind 127.0.0.1:{self.primary_port}
  option httpchk OPTIONS /primary
{databases}
listen standbys
  mode tcp
  bind 127.0.0.1:{self.standby_port}
  balance leastconn
  option httpchk OPTIONS /replica?lag=16MB
{databases}
listen web
  mode http
  bind 127.0.0.1:{self.web_port}
  timeout client 60s
  timeout server 60s
  option redispatch
  option httpchk GET /health/live/
  http-check send hdr Host 127.0.0.1
  errorfile 502 {folder / "retry.http"}
  errorfile 503 {folder / "retry.http"}
  errorfile 504 {folder / "retry.http"}
{webs}
"""
        self._write(folder / "haproxy.cfg", text)
        return self._unit("haproxy", "/usr/sbin/haproxy", ["-db", "-f", str(folder / "haproxy.cfg")])

    def _place(self, name: str) -> Path:
        place = self.folder / name
        place.mkdir(mode=0o700, exist_ok=True)
        postgres_system.give(place, self.user)
        return place

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8", newline="")
        path.chmod(0o600)
        postgres_system.give(path, self.user)

    def _unit(self, name: str, program: str, arguments: list[str]) -> Unit:
        environment = postgres_system.neutral_environment({"LC_ALL": "C.UTF-8", "HOME": str(self.folder)})
        return Unit(name, arguments, environment, self.log, program=program, user=self.user)
