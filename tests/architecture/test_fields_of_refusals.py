"""A refusal names a field as Python writes it; the schema alone knows how a client writes it."""

from __future__ import annotations

import ast
import re

from tests.databases import ROOT

CAMEL = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)+")


def test_no_refusal_below_the_schema_names_a_field_in_camel_case() -> None:
    found = []
    for package in ("backend", "permissions", "admin_ui"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error"):
                    values = [*node.args, *(keyword.value for keyword in node.keywords)]
                    texts = [value.value for value in values if isinstance(value, ast.Constant)]
                    found += [
                        (file.name, text) for text in texts if isinstance(text, str) and CAMEL.fullmatch(text)
                    ]
    assert found == []
