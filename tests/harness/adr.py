"""The decision records in `docs/adr` and their index.

`python -m tests.harness.adr` writes `docs/adr/README.md` from the files; `tests/architecture/test_adr.py` compares.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "adr"
INDEX = FOLDER / "README.md"
SECTIONS = ("Context", "Decision", "Consequence")
HEAD = """# Architecture decision records
The decisions that are in force, each with its context and its consequence. A new one takes the next number; one that
no longer holds gets the status `superseded by NNNN` and stays. Write this index with `python -m tests.harness.adr`.

| number | decision | status | date |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Record:
    """One decision, as its file describes it."""

    number: str
    file: str
    title: str
    status: str
    date: str
    modules: tuple[str, ...]
    sections: tuple[str, ...]


def records() -> list[Record]:
    """Read all decision records, in order of their numbers."""
    return [_read(path) for path in sorted(FOLDER.glob("[0-9]*.md"))]


def index(found: list[Record]) -> str:
    """Return the text of the index."""
    rows = [f"| {r.number} | [{r.title}]({r.file}) | {r.status} | {r.date} |\n" for r in found]
    return HEAD + "".join(rows)


def _read(path: Path) -> Record:
    text = path.read_text(encoding="utf-8")
    head = re.match(r"# (\d{4})\. (.+)\n\n- Status: (.+)\n- Date: (.+)\n- Modules: ((?:.+\n)+)", text)
    if head is None:
        raise ValueError(f"{path.name}: number, title, status, date and modules are expected at the top.")
    number, title, status, date, modules = head.groups()
    return Record(
        number,
        path.name,
        title,
        status,
        date,
        tuple(re.findall(r"`([^`]+)`", modules)),
        tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)),
    )


if __name__ == "__main__":
    INDEX.write_text(index(records()), encoding="utf-8")
