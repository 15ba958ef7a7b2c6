"""The documents: decision records with their index, paths and links that exist, READMEs of a readable length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import ROOT
from tests.harness import adr

PACKAGES = (
    "backend",
    "permissions",
    "schema",
    "admin_ui",
    "website",
    "tests",
    "benchmarks",
)
VENDORED = {"static", "node_modules"}
PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)+/?)(?:::\w+)?`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
DATE = re.compile(r"20\d\d-\d\d-\d\d")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def _written(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.md")) if VENDORED.isdisjoint(path.parts))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _prose(path: Path) -> str:
    """The text without its examples."""
    return FENCED.sub("", path.read_text(encoding="utf-8"))


def _anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", _prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


READMES = [path for package in PACKAGES for path in _written(ROOT / package) if path.name == "README.md"]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *_written(ROOT / "docs"), *READMES]
WITH_PATHS = [
    *_written(ROOT / "docs" / "adr"),
    *_written(ROOT / "docs" / "development"),
    ROOT / "docs" / "architecture.md",
]


# -- decision records ------------------------------------------------------------------------------------------
def test_the_index_lists_the_records() -> None:
    """If this fails, run `python -m tests.harness.adr`."""
    assert adr.INDEX.read_text(encoding="utf-8") == adr.index(adr.records())


def test_records_are_numbered_without_gaps() -> None:
    numbers = [int(record.number) for record in adr.records()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("record", adr.records(), ids=lambda record: record.file)
def test_a_record_is_complete_and_short(record: adr.Record) -> None:
    assert record.file.startswith(f"{record.number}-")
    assert re.fullmatch(r"accepted|superseded by \d{4}", record.status)
    assert DATE.fullmatch(record.date)
    assert record.sections == adr.SECTIONS
    assert record.modules
    assert (adr.FOLDER / record.file).read_text(encoding="utf-8").count("\n") <= 30


# -- what documents refer to -----------------------------------------------------------------------------------
@pytest.mark.parametrize("path", WITH_PATHS, ids=_name)
def test_a_path_that_is_named_exists(path: Path) -> None:
    named = set(PATH.findall(path.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_a_link_leads_to_a_file_and_a_heading(path: Path) -> None:
    broken = []
    for link in LINK.findall(_prose(path)):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _hash, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


def test_a_missing_path_and_a_missing_heading_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A `title`, of one\n`backend/nowhere.py` and `a b/c`\n```\n# no heading\n```\n", encoding="utf-8"
    )
    assert PATH.findall(page.read_text(encoding="utf-8")) == ["backend/nowhere.py"]
    assert _anchors(page) == {"a-title-of-one"}


# -- operation ---------------------------------------------------------------------------------------------------
def test_every_setting_of_the_environment_is_documented() -> None:
    files = ("settings.py", "environment.py", "office_defaults.py", "file_storage.py")
    settings = "".join((ROOT / "backend" / name).read_text(encoding="utf-8") for name in files)
    names = set(re.findall(r'\b(?:env|flag|listed|whole)\(\s*"([A-Z0-9_]+)"', settings))
    text = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    assert len(names) > 60
    assert sorted(name for name in names if f"`OZELKALEM_{name}`" not in text) == []


# -- READMEs ---------------------------------------------------------------------------------------------------
def test_readmes_are_short() -> None:
    """Details belong in docs/: decisions in adr/, procedures in development/, operation in operation.md."""
    longest = {_name(path): 60 for path in READMES} | {"README.md": 150}
    lines = {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name in longest}
    assert {name: count for name, count in lines.items() if count > longest[name]} == {}


def test_readmes_contain_no_dated_decisions() -> None:
    """A decision is a record in docs/adr."""
    assert {
        _name(path) for path in [ROOT / "README.md", *READMES] if DATE.search(path.read_text("utf-8"))
    } == set()


def test_a_page_about_development_fits_on_a_page() -> None:
    pages = _written(ROOT / "docs" / "development")
    assert [_name(path) for path in pages if path.read_text(encoding="utf-8").count("\n") > 80] == []
