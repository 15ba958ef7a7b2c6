"""What docs/security.md names as a proof is a test that is there, and a requirement has a number."""

from __future__ import annotations

import re

from tests.databases import ROOT

PROOF = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NUMBER = re.compile(r"V\d{1,2}\.\d{1,2}\.\d{1,2}")


def _rows() -> list[list[str]]:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("| requirement |")[2]
    return [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| V")]


def test_every_test_that_is_named_exists() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = PROOF.findall(text)
    assert len(named) > 10
    assert text.count("::") == len(named), "each is written so that it is looked for"
    missing = [
        name
        for file, name in named
        if not re.search(rf"^def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []


def test_every_row_has_numbers_that_stand_once_and_a_proof_or_a_reason() -> None:
    numbers = [number.strip() for row in _rows() for number in row[0].split(",")]
    assert len(numbers) > 25
    assert [number for number in numbers if not NUMBER.fullmatch(number)] == []
    assert len(set(numbers)) == len(numbers)
    assert all(len(row) == 2 and row[1].strip() for row in _rows())
