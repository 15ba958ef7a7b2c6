"""What `.ci/run` promises: everything is run, and a missing browser is a failure and no skip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import ROOT


def _look(where: Path, ci: str, module: str = "tests.harness.chromium") -> subprocess.CompletedProcess[str]:
    """On a PATH without any browser, and without apt-get to install one."""
    environment = {"PATH": str(where), "CI": ci, "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, "-m", module]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_missing_browser_fails_the_integration_and_is_told_elsewhere(
    tmp_path: Path, ci: str, code: int
) -> None:
    looked = _look(tmp_path, ci)
    assert looked.returncode == code
    assert "No Chromium was found" in looked.stderr
    assert "OZELKALEM_CHROMIUM" in looked.stderr


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_missing_faketime_fails_the_integration_and_is_told_elsewhere(
    tmp_path: Path, ci: str, code: int
) -> None:
    looked = _look(tmp_path, ci, "tests.harness.other_days")
    assert looked.returncode == code
    assert "No faketime was found" in looked.stderr


@pytest.mark.parametrize("ci", ["true", ""])
def test_a_browser_on_the_path_is_found(tmp_path: Path, ci: str) -> None:
    (tmp_path / "chromium").write_text("#!/bin/sh\n")
    (tmp_path / "chromium").chmod(0o755)
    assert _look(tmp_path, ci).returncode == 0


def test_it_runs_every_check() -> None:
    assert "CI=true exec make test-full" in (ROOT / ".ci" / "run").read_text()
    made = (ROOT / "Makefile").read_text()
    assert re.search(r"^static: lint types imports checks ", made, re.MULTILINE)
    for tier in ("test", "test-full"):
        recipe = re.search(rf"^{tier}:.*\n((?:\t.*\n)+)", made, re.MULTILINE)
        assert recipe
        assert "static template" in recipe[1]
        assert "pytest" in recipe[1]
    for part in ("ruff format --check", "ruff check", "mypy", "lint-imports", "--fail-level WARNING"):
        assert part in made
    assert "makemigrations --check" in made


def test_the_full_tier_leaves_nothing_out() -> None:
    made = (ROOT / "Makefile").read_text()
    recipe = re.search(r"^test-full:.*\n((?:\t.*\n)+)", made, re.MULTILINE)
    assert recipe
    assert "OZELKALEM_TESTS=full" in recipe[1]
    assert "-m " not in recipe[1].replace("python -m", "")
    assert "other-days" in recipe[1]


def _environment(where: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Ask the script that makes the environment, with nothing but these programs on PATH, and no others of pyenv."""
    command = [sys.executable, str(ROOT / ".ci" / "environment.py"), *arguments]
    environment = {"PATH": str(where), "PYENV_ROOT": str(where), "HOME": os.environ.get("HOME", "/"), **more}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _python(where: Path, version: str, says: str | None = None) -> None:
    program = where / f"python{version}"
    program.write_text(f"#!/bin/sh\necho {says or version}\n" if says != "" else "#!/bin/sh\nexit 127\n")
    program.chmod(0o755)


def test_the_full_tier_proves_the_oldest_python_on_the_path_that_starts(tmp_path: Path) -> None:
    _python(tmp_path, "3.12", says="")  # the stub of a version manager, whose Python is not there
    _python(tmp_path, "3.13")
    _python(tmp_path, "3.14")
    assert _environment(tmp_path, "--python").stdout.strip() == "3.13"
    assert _environment(tmp_path, "--python", OZELKALEM_PYTHON="3.14").stdout.strip() == "3.14"
    on_path = [str(tmp_path / "python3.14"), str(tmp_path / "python3.13")]
    assert _environment(tmp_path, "--found").stdout.split() == on_path
    for patch in ("3.12.9", "3.12.10"):  # built, but not on PATH for its stub
        (tmp_path / "versions" / patch / "bin").mkdir(parents=True)
        _python(tmp_path / "versions" / patch / "bin", "3.12")
    assert _environment(tmp_path, "--python").stdout.strip() == "3.13"
    built = tmp_path / "versions" / "3.12.10" / "bin" / "python3.12"
    assert _environment(tmp_path, "--found").stdout.split() == [*on_path, str(built)]
    _python(tmp_path, "3.12")
    assert _environment(tmp_path, "--python").stdout.strip() == "3.12"


def test_without_a_python_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "python3.11").write_text("#!/bin/sh\necho 3.11\n")
    refused = _environment(tmp_path)
    assert refused.returncode == 1
    assert "No Python 3.12 or newer was found on PATH" in refused.stderr
    assert "apt-get install python3" in refused.stderr
