"""Prove what was changed, in about a minute: style, types, and the tests that name what changed, nearest first.

`make changed` compares with the last commit, `make changed SINCE=main~3` with another. What time does not allow for is
named, and `make test` proves it: a test may depend on a line that it does not name.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import grimp

from tests.harness import costs

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PACKAGES = ("backend", "permissions", "schema", "admin_ui", "website", "tests")
SECONDS = 28.0
"""Of processor time, as recorded: beside mypy and the starts of two workers that is less than a minute."""
STARTING = 8.0
"""Seconds that two workers take to start."""


def main() -> int:
    """Run the checks; return 1 if one of them fails."""
    since = sys.argv[1] if len(sys.argv) > 1 else "HEAD"
    files = [path for path in changed_files(since) if (ROOT / path).exists()]
    if not files:
        print(f"Nothing differs from {since}.")
        return 0
    python = [path for path in files if path.endswith(".py")]
    failed = False
    if python:
        failed |= _run("ruff", "format", "--check", *python) != 0
        failed |= _run("ruff", "check", *python) != 0
    types = subprocess.Popen([str(BIN / "mypy")], cwd=ROOT)
    chosen, left = affordable(nearest(python))
    if chosen:
        print(f"{len(chosen)} files of tests: {' '.join(chosen)}", flush=True)
        failed |= _run("pytest", "-q", "-m", "not full", *processes(chosen), *chosen) not in {0, 5}
    failed |= types.wait() != 0
    if left:
        print(f"Not run, for they take longer than a minute (make test does): {' '.join(left)}")
    return int(failed)


def changed_files(since: str) -> list[str]:
    """Return the paths that differ from a commit, new files included."""
    listed = _git("diff", "--name-only", since), _git("ls-files", "--others", "--exclude-standard")
    return sorted({path for text in listed for path in text.splitlines()})


def nearest(files: Iterable[str]) -> list[str]:
    """Return the files of tests that concern these, the nearest first.

    First changed tests themselves; then those of the same layer and service (`tests/<layer>/<service>/`), those of the
    service at other layers, and those that import a changed module.
    """
    files = list(files)
    found = dict.fromkeys(path for path in files if _is_test(path))
    modules = [module_of(path) for path in files if not path.startswith("tests/")]
    if modules:
        graph = grimp.build_graph(
            *PACKAGES, cache_dir=str(ROOT / ".import_linter_cache"), include_external_packages=False
        )
        tests = [name for name in graph.modules if name.startswith("tests.") and ".test_" in name]
        rooms = [module.split(".")[:2] for module in modules if module.count(".") > 1]
        for layer, service in rooms:
            layers = {layer} if service == "core" else {name.split(".")[1] for name in tests}
            of_service = [
                name
                for name in sorted(tests)
                if name.split(".")[1] in layers and name.split(".")[2] == service
            ]
            of_service.sort(key=lambda name: name.split(".")[1] != layer)
            found |= dict.fromkeys(map(_path, of_service))
        importing = {
            one for module in modules if module in graph.modules for one in _importers(graph, module)
        }
        found |= dict.fromkeys(_path(name) for name in sorted(importing) if ".test_" in name)
    return list(found)


def affordable(files: list[str], seconds: float = SECONDS) -> tuple[list[str], list[str]]:
    """Divide the files into those that fit into the time, in their order, and the rest."""
    known = costs.record()
    chosen: list[str] = []
    left: list[str] = []
    for path in files:
        seconds -= costs.expected(known, path, tests=10)
        (chosen if seconds >= 0 or not chosen else left).append(path)
    return chosen, left


def processes(files: list[str]) -> tuple[str, ...]:
    """Choose one process for little work: mypy has the other processor, and each more takes seconds to start."""
    known = costs.record()
    seconds = [costs.expected(known, path, tests=10) for path in files]
    if len(files) < 2 or sum(seconds) - max(seconds) < STARTING:
        return ("-n", "0")
    return ("-n", "2", "--dist", "loadgroup")


def module_of(path: str) -> str:
    """Name the module of a file: backend/letters/models.py is backend.letters.models."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _importers(graph: grimp.ImportGraph, module: str) -> set[str]:
    """The tests that import a module, or the package that passes its names on (actions, for instance)."""
    package = module.rpartition(".")[0]
    found = graph.find_modules_that_directly_import(module)
    if package in graph.modules and module in graph.find_modules_directly_imported_by(package):
        found |= graph.find_modules_that_directly_import(package)
    return {name for name in found if name.startswith("tests.")}


def _path(module: str) -> str:
    return module.replace(".", "/") + ".py"


def _is_test(path: str) -> bool:
    return path.startswith("tests/") and Path(path).name.startswith("test_")


def _run(program: str, *arguments: str) -> int:
    return subprocess.run([str(BIN / program), *arguments], cwd=ROOT, check=False).returncode


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
