"""Each block of the operator's book names what runs it, and that exists; what only asks is run here."""

from __future__ import annotations

import re
import shutil
import subprocess

import psycopg
import pytest

from tests.databases import ROOT, CommittedDatabase
from tests.deploy.book import BOOK, blocks

PAGES = sorted(page for page in BOOK.glob("*.md") if page.stem != "sign-on")
"""Not the page of sign-on, whose blocks are settings: tests/backend/organization/sign_on."""
BLOCKS = [
    pytest.param(target, kind, text, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, (target, kind, text) in enumerate(blocks(page))
]
MADE = (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize(("target", "kind", "text"), BLOCKS)
def test_a_block_of_commands_says_what_runs_it(target: str, kind: str, text: str) -> None:
    assert target, f"write <!-- target: make … --> above it:\n{text}"
    reason = target.removeprefix("not run here: ")
    named = [*re.findall(r"make ([\w-]+)", reason), *re.findall(r"(tests/[\w/]+\.py)", reason)]
    assert named, target
    for one in named:
        assert (ROOT / one).exists() if "/" in one else re.search(rf"^{one}:", MADE, re.MULTILINE), one


@pytest.mark.parametrize(("target", "kind", "text"), BLOCKS)
def test_a_block_is_one_that_a_shell_understands(target: str, kind: str, text: str) -> None:
    if kind == "sh":
        done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    for script in re.findall(r"(?<![\w/])(deploy/[\w./-]+)", text):
        assert list(ROOT.glob(script.rstrip("."))) or list(ROOT.glob(f"{script}*")), script


def test_what_is_asked_of_the_database_is_answered(committed_db: CommittedDatabase) -> None:

    asked = [text for page in PAGES for target, kind, text in blocks(page) if kind == "sql"]
    assert asked
    with psycopg.connect(committed_db.url("owner")) as connection:
        for text in asked:
            connection.execute(text)


def test_every_command_of_manage_py_is_one() -> None:
    named = {name for page in PAGES for name in re.findall(r"manage\.py (\w+)", page.read_text("utf-8"))}
    assert named
    of_django = {"check", "createsuperuser", "collectstatic"}
    for name in named - of_django:
        assert list(ROOT.glob(f"[a-w]*/**/management/commands/{name}.py")), name


def test_every_variable_that_is_set_is_one_of_ours() -> None:
    manual = (ROOT / "docs/operation.md").read_text("utf-8")
    assigned = re.compile(r"(?:^|[\s\"])((?:OZELKALEM|DATABASE)_[A-Z_]+)=")
    named = {name for page in PAGES for _t, _k, text in blocks(page) for name in assigned.findall(text)}
    known = re.compile(r"`([A-Z_]+)`").findall(manual)
    of_roles = {"OZELKALEM_OWNER_PASSWORD", "OZELKALEM_APP_PASSWORD"}  # read by deploy/roles.sql
    assert named
    assert named - {*known, *of_roles} == set()


def test_every_unit_is_installed_and_every_script_is_right() -> None:
    installed = (BOOK / "install.md").read_text("utf-8")
    for unit in (ROOT / "deploy").glob("ozelkalem-*.*"):
        if unit.suffix in {".service", ".socket"} and "telephone" not in unit.name:
            assert unit.name in installed or f"deploy/{unit.stem}.*" in installed, unit.name
    for script in (*(ROOT / "deploy").glob("*.sh"), *(ROOT / "deploy/container").glob("*.sh")):
        assert subprocess.run([shutil.which("sh") or "sh", "-n", str(script)], check=False).returncode == 0


def test_what_is_named_as_proof_is_there() -> None:
    """The page of proofs leads an operator to files and targets that exist."""
    page = (BOOK / "proven.md").read_text("utf-8")
    named = {*re.findall(r"`(tests/[\w/]+\.py)`", page), *re.findall(r"`make ([\w-]+)`", page)}
    assert len(named) > 15
    for one in named:
        assert (ROOT / one).is_file() if "/" in one else re.search(rf"^{one}:", MADE, re.MULTILINE), one
    for one in re.findall(r"`python -m ([\w.]+)`", page):
        assert (ROOT / one.replace(".", "/")).with_suffix(".py").is_file() or (
            ROOT / one.replace(".", "/")
        ).is_dir(), one
    for address in re.findall(r"\]\(([\w./-]+\.md)", page):
        assert (BOOK / address).is_file(), address
