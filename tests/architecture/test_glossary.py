"""The glossary names what there is."""

from __future__ import annotations

import re
from pkgutil import resolve_name

import pytest

from tests.databases import ROOT

NAMES = re.findall(r"\| `(backend\.[\w.]+)` \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_glossary_is_in_the_code(name: str) -> None:
    assert resolve_name(name) is not None


def test_the_glossary_has_the_services() -> None:
    assert len(NAMES) > 40
    assert len({name.split(".")[1] for name in NAMES}) > 14


def test_the_code_keeps_to_standard_terms() -> None:
    """Notified, approved, the applicant: the few places left are keys in stored rows and arguments of the API."""
    dialect = re.compile(r"\b(?:told|given|said|whoever|somebody|nobody|beside)\b")
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for layer in ("backend", "permissions", "schema", "admin_ui")
        for path in sorted((ROOT / layer).rglob("*.py"))
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if dialect.search(line)
    ]
    assert len(places) <= 100, "\n".join(places)
