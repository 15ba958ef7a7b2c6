"""What `.ci/run` promises: everything is run, and a missing browser is a failure and no skip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import ROOT


def _look_for_a_browser(where: Path, ci: str) -> subprocess.CompletedProcess[str]:
    """On a PATH without any browser, and without apt-get to install one."""
    environment = {"PATH": str(where), "CI": ci, "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, "-m", "tests.chromium"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_missing_browser_fails_the_integration_and_is_told_elsewhere(
    tmp_path: Path, ci: str, code: int
) -> None:
    looked = _look_for_a_browser(tmp_path, ci)
    assert looked.returncode == code
    assert "No Chromium was found" in looked.stderr
    assert "OZELKALEM_CHROMIUM" in looked.stderr


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_browser_on_the_path_is_found(tmp_path: Path, ci: str) -> None:
    (tmp_path / "chromium").write_text("#!/bin/sh\n")
    (tmp_path / "chromium").chmod(0o755)
    assert _look_for_a_browser(tmp_path, ci).returncode == 0


def test_it_runs_every_check() -> None:
    assert "CI=true exec make test" in (ROOT / ".ci" / "run").read_text()
    made = (ROOT / "Makefile").read_text()
    assert re.search(r"^test: lint types imports checks tests ", made, re.MULTILINE)
    for part in ("ruff format --check", "ruff check", "mypy", "lint-imports", "--fail-level WARNING"):
        assert part in made
    assert "makemigrations --check" in made
    assert "pytest" in made
