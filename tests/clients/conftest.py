"""Clients of other people: node and its packages come with the environment, so that every machine has the same."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent

Node = Callable[..., str]


@pytest.fixture(scope="session")
def node() -> Node:
    """`node(script, *arguments)`: what the script printed; a script that fails fails the test with its words."""
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes of the tests install once
        installed = HERE / "node_modules" / ".package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < Path(lock.name).stat().st_mtime:
            _run(BIN / "npm", "ci", "--no-audit", "--no-fund")
    return lambda script, *arguments: _run(BIN / "node", script, *arguments)


def _run(program: Path, *arguments: str) -> str:
    done = subprocess.run(
        [program, *arguments], cwd=HERE, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout
