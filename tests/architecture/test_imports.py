"""Who may import whom is a contract in pyproject.toml; and no file grows until nobody reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.core.management import call_command

from tests.databases import ROOT

MOST_LINES = 450
PACKAGES = ("backend", "permissions", "schema", "admin_ui", "website")
LONGER = {
    "permissions/demo": "invented texts and names: data",
    "backend/complaints/models.py": "one aggregate, a line for each argument of a field",
}


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}
    )


def test_the_import_contracts_are_kept() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


PLANTED = (
    ("backend/contacts/models.py", "import permissions.rules", "Surfaces know permissions"),
    ("schema/app.py", "import admin_ui.shell.site", "Surfaces know permissions"),
    ("backend/outbox/models.py", "import backend.complaints.models", "Inside the backend"),
    ("permissions/core/filters.py", "import permissions.complaints.rules", "Inside permissions"),
    ("schema/contacts/types.py", "import schema.complaints.types", "Inside the schema"),
    ("admin_ui/contacts/admin.py", "import admin_ui.complaints.page", "Inside the admin"),
    ("schema/app.py", "import guardian.shortcuts", "Only permissions speak to guardian"),
)


def test_a_forbidden_import_breaks_them(tmp_path: Path) -> None:
    for package in (*PACKAGES, "tests"):
        for source in (ROOT / package).rglob("*.py"):
            target = tmp_path / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for file, line, _contract in PLANTED:
        with (tmp_path / file).open("a", encoding="utf-8") as planted:
            planted.write(f"\n{line}\n")
    done = _lint_imports(tmp_path)
    assert done.returncode != 0
    report = " ".join(done.stdout.partition("Broken contracts")[2].split())
    contracts = {contract for _file, _line, contract in PLANTED}
    for file, line, contract in PLANTED:
        its_own = report.partition(contract)[2]
        for other in contracts - {contract}:
            its_own = its_own.partition(other)[0]
        importing, imported = file.removesuffix(".py").replace("/", "."), line.removeprefix("import ")
        assert f"{importing} -> {imported.removesuffix('.shortcuts')}" in its_own, (contract, report)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_import_one_another_in_a_circle(package: str) -> None:
    """What is imported for types alone included."""
    graph = grimp.build_graph(package, cache_dir=None, exclude_type_checking_imports=False)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # CycleError names the circle


def test_no_file_is_longer_than_one_can_read_in_one_go() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and not str(path.relative_to(ROOT)).startswith(tuple(LONGER))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
