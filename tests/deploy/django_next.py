"""`make django-next`: the quick tier on the newest Django and another Python, in an environment of its own.

Left out is what does not know Django's version: the browser, other contenders, programs of others, the code's own text.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WANTED = "django>=6.0,<6.3"  # the bounds of pyproject.toml
PARTS = (
    "tests/permissions", "tests/schema", "tests/admin_ui", "tests/backend", "tests/website", "tests/updates",
    "tests/architecture/test_tables.py",
)  # fmt: skip
CHECKS = (
    ("check", "--database", "default", "--fail-level", "ERROR"),
    ("makemigrations", "--check", "--dry-run"),
)


def other_python() -> str:
    """Return the oldest supported Python of this machine, or the newest where the oldest runs this."""
    command = [sys.executable, ".ci/environment.py", "--found"]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = answer.stdout.split() or [sys.executable]
    running = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return found[0] if Path(found[-1]).name == running else found[-1]


def environment(wanted: str = WANTED) -> str:
    """Make or update the environment beside the present one; return its Python."""
    folder = ROOT / ".venv-django-next"
    uv = next((str(own) for own in [ROOT / ".tools/bin/uv"] if own.exists()), "uv")
    mine = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(folder), "VIRTUAL_ENV": str(folder)}
    python = str(folder / "bin/python")
    for command in (
        [uv, "sync", "--frozen", "--quiet", "--inexact", "--python", other_python()],
        [uv, "pip", "install", "--quiet", "--python", python, wanted],
    ):
        subprocess.run(command, cwd=ROOT, env=mine, check=True)
    return python


def version(python: str) -> str:
    """Return which Django runs there on which Python."""
    said = "import django, sys; print('Django', django.get_version(), 'on Python', sys.version.split()[0])"
    return subprocess.run(
        [python, "-c", said], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def ask(python: str, parts: Sequence[str], *options: str) -> int:
    """Run the checks and these tests there; return the worst code."""
    tests = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "-m", "not full", *parts]
    asked = {
        key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "OZELKALEM_TESTS"))
    }
    asked |= {"OZELKALEM_ENVIRONMENT": "test"}
    commands = [[python, "manage.py", *check] for check in CHECKS]
    return max(subprocess.run(one, cwd=ROOT, env=asked, check=False).returncode for one in [*commands, tests])


def main(wanted: str, *parts: str) -> int:
    """Ask these parts of the tests there, or all that a version of Django could change."""
    python = environment(wanted)
    sys.stderr.write(f"{version(python)}\n")
    return ask(python, parts or PARTS, "-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
