"""What the unit of the nightly backup runs (`deploy/ozelkalem-backup.service`), with a pgBackRest that only notes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from pathlib import Path

import pytest

from tests.databases import ROOT

NOTES = """#!/bin/sh
echo "$@" >> {place}/asked
case "$*" in *--repo=$FAILS*) exit 1;; esac
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "pgbackrest.conf").write_text("repo1-path=/a\nrepo1-bundle=y\nrepo2-path=/b\n", "utf-8")
    program = tmp_path / "bin" / "pgbackrest"
    program.parent.mkdir()
    program.write_text(NOTES.format(place=tmp_path), "utf-8")
    program.chmod(0o755)
    return tmp_path


def backed_up(place: Path, *, fails: str = "none") -> tuple[int, list[str]]:
    """The unit's exit code, and which backup of which place it asked for."""
    unit = (ROOT / "deploy" / "ozelkalem-backup.service").read_text("utf-8")
    [command] = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    command = command.replace("$$", "$").replace("%%", "%")
    asked = place / "asked"
    asked.unlink(missing_ok=True)
    environment = {**os.environ, "PATH": f"{place / 'bin'}:{os.environ['PATH']}", "FAILS": fails}
    for there, here in (("/etc/pgbackrest.conf", place / "pgbackrest.conf"), ("/var/lib/pgbackrest", place)):
        command = command.replace(there, str(here))
    words = shlex.split(command)
    code = subprocess.run(words, env=environment, check=False).returncode
    return code, [
        f"{repo} {kind}" for repo, kind in re.findall(r"--repo=(\d) --type=(\w+)", asked.read_text())
    ]


def test_a_full_backup_comes_a_week_after_the_last_one_on_whatever_day(place: Path) -> None:
    assert backed_up(place) == (0, ["1 full", "2 full"])
    assert backed_up(place) == (0, ["1 diff", "2 diff"])
    week = time.time() - 7 * 86_400
    os.utime(place / "full-2", (week, week))
    assert backed_up(place) == (0, ["1 diff", "2 full"])


def test_the_mark_is_made_anew_and_follows_no_link(tmp_path: Path) -> None:
    unit = (ROOT / "deploy" / "ozelkalem-backup.service").read_text("utf-8")
    [command] = re.findall(r"^ExecStartPost=\+(.+)$", unit, re.MULTILINE)
    mark, aim = tmp_path / "last-backup", tmp_path / "aim"
    mark.symlink_to(aim)
    for _night in range(2):
        words = shlex.split(command.replace("/var/lib/ozelkalem/last-backup", str(mark)))
        subprocess.run(words, check=True)
        assert (mark.is_symlink(), mark.is_file(), aim.exists()) == (False, True, False)


def test_a_place_that_fails_leaves_the_next_its_backup_and_the_unit_fails(place: Path) -> None:
    assert backed_up(place, fails="1") == (1, ["1 full", "2 full"])
    assert backed_up(place) == (0, ["1 full", "2 diff"])
