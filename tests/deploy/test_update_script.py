"""deploy/update.sh from one small version to another: what it leaves behind when the new one does not begin."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.databases import ROOT

UPDATE = (ROOT / "deploy" / "update.sh").read_text("utf-8")
PLAYED = {
    "make": 'cd "$2" && mkdir -p .venv/bin && ln -s /bin/true .venv/bin/python',
    "chown": "exit 0",
    "sleep": "exit 0",
    "systemctl": """echo "$*" >> "$HERE/asked"
case "$*" in
    *ActiveEnterTimestamp*) echo "@$BEGUN" ;;
    show*) if [ -e "$HERE/reloaded" ]; then echo 2; else echo 1; fi ;;
    reload*) [ "$BEGINS" = no ] || touch "$HERE/reloaded" ;;
esac""",
}


class Machine:
    """A folder with a version in service, a later one at the origin, and programs that are played."""

    def __init__(self, here: Path) -> None:
        self.here, self.link, self.units = here, here / "ozelkalem", here / "units"
        for folder in ("bin", "releases", "units", "var"):
            (here / folder).mkdir()
        for name, text in PLAYED.items():
            (here / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
            (here / "bin" / name).chmod(0o755)
        (here / "env").write_text(f"OZELKALEM_VAR={here}/var\n")
        (here / "owner").touch()
        (here / "update.sh").write_text(UPDATE.replace("/etc/systemd/system", str(self.units)))
        self.git("init", "--quiet", "--initial-branch=main", "origin", of=here)
        self.commit("first")
        self.git("clone", "--quiet", str(here / "origin"), str(here / "releases" / "first"), of=here)
        self.link.symlink_to(here / "releases" / "first")

    def git(self, *arguments: str, of: Path) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        done = subprocess.run(
            ["git", *who, *arguments], cwd=of, text=True, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.strip()

    def commit(self, words: str) -> str:
        """A version whose unit says which it is; the abbreviated commit."""
        origin = self.here / "origin"
        (origin / "deploy").mkdir(exist_ok=True)
        for unit in ("ozelkalem-web.service", "ozelkalem-web.socket"):
            (origin / "deploy" / unit).write_text(f"# {words}\n")
        self.git("add", ".", of=origin)
        self.git("commit", "--quiet", "--message", words, of=origin)
        return self.git("rev-parse", "--short=12", "HEAD", of=origin)

    def update(self, version: str, *, begins: bool = True, begun: int = 1 << 40) -> tuple[int, str]:
        known = {
            **os.environ,
            "PATH": f"{self.here}/bin:{os.environ['PATH']}",
            "HERE": str(self.here),
            "BEGINS": "yes" if begins else "no",
            "BEGUN": str(begun),
            "OZELKALEM_LINK": str(self.link),
            "OZELKALEM_RELEASES": str(self.here / "releases"),
            "OZELKALEM_ENV_FILE": str(self.here / "env"),
            "OZELKALEM_OWNER_FILE": str(self.here / "owner"),
        }
        done = subprocess.run(
            ["sh", str(self.here / "update.sh"), version], env=known, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return done.returncode, done.stdout

    @property
    def unit(self) -> str:
        return (self.units / "ozelkalem-web.service").read_text().strip("# \n")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_version_that_does_not_begin_leaves_the_units_of_the_one_that_serves(machine: Machine) -> None:
    second = machine.commit("second")
    code, _text = machine.update("main", begins=False)
    assert code == 1
    assert machine.link.resolve().name == "first"
    assert machine.unit == "first"
    asked = (machine.here / "asked").read_text().splitlines()
    assert asked.count("daemon-reload") == 2
    assert not any(one.startswith(("restart", "try-restart")) for one in asked)
    assert machine.update("main")[0] == 0
    assert (machine.link.resolve().name, machine.unit) == (second, "second")


def test_settings_that_were_changed_since_the_web_began_are_named(machine: Machine) -> None:
    machine.commit("second")
    changed = int((machine.here / "env").stat().st_mtime)
    assert "systemctl restart ozelkalem-web" in machine.update("main", begun=changed - 1)[1]
    machine.commit("third")
    (machine.here / "reloaded").unlink()
    code, text = machine.update("main", begun=changed)
    assert (code, "restart" in text) == (0, False)


def test_an_update_asks_for_each_extra_before_it_touches_a_table() -> None:
    [asked] = re.findall(r"python\" -c '(import [^']+)'", UPDATE)
    assert UPDATE.index(asked) < UPDATE.index("manage.py migrate")
    subprocess.run([sys.executable, "-c", asked], check=True)
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = pyproject["project"]["optional-dependencies"]
    of = {"pyhanko": "pyhanko", "ldap3": "ldap3", "django-storages": "storages", "scikit-learn": "sklearn"}
    for needs in extras.values():
        for need in needs:
            name = re.split(r"[\[>=<]", need)[0]
            imported = of.get(name, name.removesuffix("-http").replace("-", "."))
            assert imported in asked, need
