"""Private names of GraphQL libraries are used in one module, which was tried with these versions."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest
from graphql.type.definition import GraphQLResolveInfo

from schema.core import graphql_adapter
from tests.databases import ROOT

ADAPTER = ROOT / "schema" / "core" / "graphql_adapter.py"
PRIVATE = re.compile(
    r"\b_schema\b|_raw_info|GraphQLResolveInfo\(|schema_converter|graphql\.pyutils|graphql\.execution\.\w"
)


@pytest.mark.parametrize("library", graphql_adapter.TRIED)
def test_it_was_tried_with_the_version_that_is_installed(library: str) -> None:
    tried, assumed = graphql_adapter.TRIED[library]
    installed = ".".join(version(library).split(".")[:2])
    assert installed == tried, (
        f"{library} {installed} was never tried with schema/core/graphql_adapter.py (it was with {tried}). Look at "
        f"this again, run tests/schema, and then change TRIED: {assumed}"
    )


def test_what_it_fills_of_an_info_is_all_that_says_what_is_asked() -> None:
    asked = GraphQLResolveInfo._fields[: graphql_adapter._ASKED]
    assert asked == (
        "field_name",
        "field_nodes",
        "return_type",
        "parent_type",
        "path",
        "schema",
        "fragments",
        "root_value",
        "operation",
        "variable_values",
        "context",
    )


def test_nothing_else_asks_for_a_private_name() -> None:
    for file in (ROOT / "schema").rglob("*.py"):
        if file != ADAPTER:
            lines = file.read_text(encoding="utf-8").splitlines()
            assert [line for line in lines if PRIVATE.search(line)] == [], file
