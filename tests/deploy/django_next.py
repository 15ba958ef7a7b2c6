"""`make django-next`: the product on the newest Django, in an environment of its own (bounds: pyproject.toml)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("tests/schema/compiler", "tests/schema/core", "tests/updates", "tests/architecture/test_tables.py")


def main(wanted: str) -> int:
    """Make or update the environment, then ask everything that a version of Django could change first."""
    folder = ROOT / ".venv-django-next"
    uv = next((str(own) for own in [ROOT / ".tools/bin/uv"] if own.exists()), "uv")
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(folder), "VIRTUAL_ENV": str(folder)}
    subprocess.run(
        [uv, "sync", "--frozen", "--quiet", "--python", sys.executable], cwd=ROOT, env=environment, check=True
    )
    install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python"), wanted]
    subprocess.run(install, cwd=ROOT, env=environment, check=True)
    python = str(folder / "bin/python")
    version = [
        python,
        "-c",
        "import django, sys; print('Django', django.get_version(), 'on Python', sys.version.split()[0])",
    ]
    subprocess.run(version, cwd=ROOT, check=True)
    tests = [python, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "-m", "not full", *PARTS]
    check = [python, "manage.py", "check", "--database", "default", "--fail-level", "ERROR"]
    asked = {**os.environ, "OZELKALEM_ENVIRONMENT": "test"}
    return max(
        subprocess.run(command, cwd=ROOT, env=asked, check=False).returncode for command in (check, tests)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
