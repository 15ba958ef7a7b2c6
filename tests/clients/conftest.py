"""Clients of other people: node and its packages come with the environment, so that every machine has the same."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent

Node = Callable[..., str]


@pytest.fixture(scope="session")
def node() -> Node:
    """`node(script, *arguments, given="", cwd=HERE)`: what it printed; a script that fails fails the test."""
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes of the tests install once
        installed = HERE / "node_modules" / ".package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < Path(lock.name).stat().st_mtime:
            _run(BIN / "npm", "ci", "--no-audit", "--no-fund")
    return lambda script, *arguments, **options: _run(BIN / "node", str(HERE / script), *arguments, **options)


@contextmanager
def serving(*arguments: str | Path) -> Iterator[str]:
    """The address that a script for node prints; it serves until its input ends. The fixture `node` first."""
    with subprocess.Popen(
        [BIN / "node", *arguments], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdin is not None
        yield running.stdout.readline().strip()
        running.stdin.close()


def _run(program: Path, *arguments: str, given: str = "", cwd: Path = HERE) -> str:
    command = [program, *arguments]
    done = subprocess.run(
        command, cwd=cwd, input=given, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout
