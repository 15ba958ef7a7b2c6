"""`make book`: the operator's book carried out from an empty server: installed, looked at, updated, taken back, and
given many houses.

Each block of `install.md`, the look of `what-to-do.md`, `deploy/update.sh`, then `houses.md`, as they are written,
below a folder in place of `/`. The programs of the machine are played where they would change it (`apt-get`, `adduser`,
`systemctl`, `chown`; `make` takes this environment): the played systemd starts the web as its unit says and passes
signals on. All else is real: git, PostgreSQL at its socket, the product in production's settings.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from backend import postgres, postgres_system

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "docs" / "operations"
BLOCK = re.compile(
    r"^(?:<!-- target: (?P<target>[^>]+?) -->\n)?```(?P<kind>sh|sql)\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
PASSWORD = "Ozelkalem-2027-kitap"
PLAYED = {
    "apt-get": "exit 0",
    "adduser": "mkdir -p {root}/var/lib/ozelkalem",
    "chown": "exit 0",
    "install": '[ "$1" = -o ] && shift 2; exec /usr/bin/install "$@"',
    "journalctl": "exit 0",
    "su": 'export PGHOST="$BOOK_HOST" PGUSER="$BOOK_USER" PGPASSWORD="$BOOK_PASSWORD"; exec sh -c "$3"',
    "make": 'for word; do [ "$previous" = -C ] && cd "$word"; previous=$word; done; ln -sfn {checkout}/.venv .venv',
}
SYSTEMCTL = """#!{python}
import os, pathlib, re, signal, subprocess, sys, time
root = pathlib.Path("{root}")
word, pids = sys.argv[1], root / "web.pid"
if word == "show":
    if "ActiveEnterTimestamp" in sys.argv:
        while not pids.exists():  # for a moment, while one takes over from another
            time.sleep(0.1)
        print(f"@{int(pids.stat().st_mtime)}")
    else:
        print(pids.read_text().strip() if pids.exists() else 0)
elif word == "enable":
    unit = (root / "etc/systemd/system/ozelkalem-web.service").read_text()
    environment = dict(os.environ)
    for line in (root / "etc/ozelkalem.env").read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            environment[name] = value
    environment |= dict(re.findall(r"^Environment=(\\w+)=(.*)$", unit, re.M))
    command = re.search(r"^ExecStart=(.*)$", unit, re.M)[1].split()
    command[-1:-1] = ["--pid", str(pids)]
    where = re.search(r"^WorkingDirectory=(.*)$", unit, re.M)[1]
    out = open(root / "web.log", "ab")
    subprocess.Popen(command, cwd=where, env=environment, stdout=out, stderr=out, start_new_session=True)
elif word == "reload" and "ozelkalem-web" in sys.argv:
    unit = (root / "etc/systemd/system/ozelkalem-web.service").read_text()
    assert "ExecReload=/bin/kill -USR2 $MAINPID" in unit
    os.kill(int(pids.read_text()), signal.SIGUSR2)
"""


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """The target, kind and text of each block of commands."""
    return [
        (each["target"] or "", each["kind"], each["text"]) for each in BLOCK.finditer(page.read_text("utf-8"))
    ]


class Server:
    """A folder that stands for a server's root."""

    def __init__(self, root: Path, origin: Path, data: Path) -> None:
        self.root, self.port = root, _free_port()
        self.socket = postgres.connection(data, "admin").host
        for folder in (
            "etc/systemd/system",
            "etc/nginx/sites-enabled",
            "opt",
            "var/lib",
            "var/backups",
            "bin",
        ):
            (root / folder).mkdir(parents=True)
        for name, text in PLAYED.items():
            self._program(name, f"#!/bin/sh\n{text.format(root=root, checkout=ROOT)}\n")
        self._program("systemctl", SYSTEMCTL.replace("{root}", str(root)).replace("{python}", sys.executable))
        self.environment = {
            "PATH": f"{root}/bin:{postgres_system.binaries()}:{os.environ['PATH']}",
            "HOME": str(root),
            "LANG": "C.UTF-8",
            "BOOK_HOST": self.socket,
            "BOOK_USER": postgres.connection(data, "admin").user,
            "BOOK_PASSWORD": postgres.connection(data, "admin").password,
            "GIT_CONFIG_COUNT": "2",
            "GIT_CONFIG_KEY_0": f"url.{origin}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://git.example/ozelkalem.git",
            "GIT_CONFIG_KEY_1": "safe.directory",
            "GIT_CONFIG_VALUE_1": "*",
            "DJANGO_SUPERUSER_USERNAME": "ilk.yonetici",
            "DJANGO_SUPERUSER_EMAIL": "bilgi@ozelkalem.example",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "OZELKALEM_PORT": str(self.port),
            "OZELKALEM_HTTPS": "0",
            "OZELKALEM_LINK": f"{root}/opt/ozelkalem",
            "OZELKALEM_RELEASES": f"{root}/opt/ozelkalem-releases",
            "OZELKALEM_ENV_FILE": f"{root}/etc/ozelkalem.env",
            "OZELKALEM_OWNER_FILE": f"{root}/etc/ozelkalem-owner.env",
        }

    def _program(self, name: str, text: str) -> None:
        path = self.root / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def below(self, text: str) -> str:
        """The same text with the places of a server below the folder, and the database at its socket."""
        text = re.sub(r"(?<![\w.~/}])/(etc|opt|var/lib|var/backups)/", rf"{self.root}/\1/", text)
        text = text.replace("http://127.0.0.1:8000/", f"http://127.0.0.1:{self.port}/")
        return text.replace("@127.0.0.1:5432/ozelkalem", f"@/ozelkalem?host={self.socket}")

    def moved(self, folder: Path) -> None:
        """Let what a version brings for the machine mean this folder too."""
        for file in folder.iterdir():
            if file.suffix in {".sh", ".service", ".example"}:
                file.write_text(self.below(file.read_text("utf-8")), "utf-8")

    def run(self, text: str, **more: str) -> str:
        """Carry out a block as a shell of root does; it ends at the first command that fails."""
        script = "set -e\n" + self.below(text).replace(
            "createsuperuser --database owner", "createsuperuser --database owner --no-input"
        )
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.root, env={**self.environment, **more}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{text}\nended with {done.returncode}:\n{done.stdout[-3000:]}")
        return done.stdout

    def end(self) -> None:
        while self.serves():  # just after an update the file may still name the process of before
            with suppress(OSError, ValueError):
                os.kill(int((self.root / "web.pid").read_text()), signal.SIGTERM)
            time.sleep(0.2)

    def serves(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def version(self) -> str:
        """Which version's folder the web works in."""
        return os.readlink(f"/proc/{(self.root / 'web.pid').read_text().strip()}/cwd")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def carry_out(root: Path) -> None:
    """Install, update and go back, and say each step."""
    origin = root / "origin.git"
    git("clone", "--quiet", "--bare", str(ROOT), str(origin))
    data = root / "postgres"
    with postgres.using(data, durable=False):
        server = Server(root, origin, data)
        try:
            _install(server)
            [(_target, _kind, look)] = blocks(BOOK / "what-to-do.md")
            say(look.strip().splitlines()[-1])
            assert '"status": "' in server.run(look)
            first = git("rev-parse", "--short=12", "HEAD", of=origin)
            tagged, untagged = new_commit(origin, "b"), new_commit(origin, "c")
            git("tag", "v1.1.0", tagged, of=origin)
            git("update-ref", "refs/heads/mended", untagged, of=origin)
            [(_target, _kind, update)] = [one for one in blocks(BOOK / "update.md") if "update.sh" in one[2]]
            for version, folder in (("v1.1.0", tagged[:12]), ("mended", untagged[:12]), (first, first)):
                say(f"{update.strip()}   # {version}")
                server.run(update.replace("v1.1.0", version))
                for written in ("opt/ozelkalem/deploy", "etc/systemd/system"):
                    server.moved(server.root / written)
                assert server.version().endswith(f"/{folder}"), server.version()
                assert server.serves()
            server.end()
            _houses(server)
        finally:
            server.end()


def new_commit(of: Path, words: str) -> str:
    """A later commit with the same files, which no branch leads to yet."""
    tree, who = (
        git("rev-parse", "HEAD^{tree}", of=of),
        ("-c", "user.name=a", "-c", "user.email=a@example.org"),
    )
    return git(*who, "commit-tree", tree, "-p", "HEAD", "-m", words, of=of)


def git(*arguments: str, of: Path | None = None) -> str:
    done = subprocess.run(["git", *arguments], cwd=of, text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout.strip()


def _install(server: Server) -> None:
    for _target, _kind, text in blocks(BOOK / "install.md"):
        say(text.strip().splitlines()[-1])
        server.run(text)
        server.moved(server.root / "opt/ozelkalem/deploy")
    _until_it_serves(server)
    assert server.version().endswith("/first")


def _until_it_serves(server: Server) -> None:
    end = time.monotonic() + 300
    while not server.serves():
        assert time.monotonic() < end, (server.root / "web.log").read_text()[-3000:]
        time.sleep(0.2)


def _houses(server: Server) -> None:
    """Carry out the page of many houses, and ask each by its name."""
    for _target, _kind, text in blocks(BOOK / "houses.md"):
        say(text.strip().splitlines()[-1])
        server.run(text)
        if "houses status" in text:
            server.run("systemctl enable --now ozelkalem-web")
            _until_it_serves(server)
    for name in ("kartal", "pendik"):
        assert (server.root / f"var/backups/{name}.tar").stat().st_size
        page = server.run(f"curl -s http://127.0.0.1:8000/ -H 'Host: ozelkalem.{name}.example'")
        assert ("Kartal Belediyesi" in page) == (name == "kartal"), page[:500]
    assert "Kartal" not in server.run("curl -s http://127.0.0.1:8000/ -H 'Host: ozelkalem.example'")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="ozelkalem-book-"))
    place.chmod(0o755)
    try:
        carry_out(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
