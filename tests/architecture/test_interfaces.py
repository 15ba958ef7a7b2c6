"""The interfaces translate and decide nothing: every type over a table is scoped, only actions write."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
)

from backend.core.session import elevated, system
from permissions.core.registry import RULES
from permissions.policies import SECURED
from schema.app import schema
from tests.cast import Cast, Populated, as_viewer
from tests.databases import ROOT

GRAPH = schema._schema
OPEN_TYPES = {
    "AdministrativeLeave",
    "Category",
    "CategoryCandidate",
    "ChecklistTemplateItem",
    "DangerSign",
    "Department",
    "FilePlanCode",
    "ElectionPeriod",
    "Hall",
    "HallRow",
    "HolidayCorrection",
    "LetterFormOfAddress",
    "LetterPhrase",
    "LetterSubstitution",
    "LetterTemplate",
    "Neighbourhood",
    "OutsideBody",
    "PrecedenceEntry",
    "PrecedenceList",
    "Boundary",
    "Door",
    "Landmark",
    "RegisterImport",
    "Street",
    "Principal",
    "PrivacyNotice",
    "ProtocolOffice",
    "PublicDay",
    "PublicDayRule",
    "PublishedEvent",
    "PublishedEventPicture",
    "RouterScore",
    "Section",
    "SettingChange",
    "StaffMember",
    "StandIn",
    "Sticker",
    "WorkingHours",
}
"""Reference data and names of the staff: every member of staff reads all of it."""


def _table_types() -> dict[str, tuple[Any, type[Model]]]:
    """GraphQL type name -> (class, model), for every type over a table."""
    found = {}
    for name, kind in GRAPH.type_map.items():
        origin: Any = getattr((kind.extensions or {}).get("strawberry-definition"), "origin", None)
        definition = getattr(origin, "__strawberry_django_definition__", None)
        if definition is not None and not definition.is_input:
            found[name] = (origin, definition.model)
    return found


def test_there_are_types_over_tables() -> None:
    assert len(_table_types()) > 15


def test_every_type_over_a_table_of_cases_is_scoped_by_its_own_get_queryset(
    cast: Cast, populated: Populated
) -> None:
    """Asked with the office's role, so that the database hides nothing: the type alone must."""
    open_types = set()
    for name, (kind, model) in _table_types().items():
        in_view = not model._meta.managed  # a view is read as whoever asks
        if model not in RULES or (model._meta.db_table not in SECURED and not in_view):
            open_types.add(name)
            continue
        rows = model._default_manager.all()
        with as_viewer(cast.mayor), elevated():  # who reads what is confidential too
            assert rows.exists(), f"{name} has no rows to hide"
        with as_viewer(None), system():
            assert "get_queryset" in _methods(kind), f"{name} has no get_queryset"
            assert not kind.get_queryset(rows, None).exists(), f"{name} shows rows to nobody"
    assert open_types <= OPEN_TYPES


def _methods(kind: type) -> set[str]:
    return {name for base in kind.__mro__ for name in vars(base) if base.__module__.startswith("schema.")}


def test_a_field_whose_type_is_scoped_may_be_null() -> None:
    """An edge to a hidden row is null; a field that may not be null would turn it into an error."""
    scoped = {n for n, (_kind, model) in _table_types().items() if model in RULES and n not in OPEN_TYPES}
    strict = [
        f"{kind.name}.{name}"
        for kind in GRAPH.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if str(field.type).endswith("!") and str(field.type).rstrip("!") in scoped
    ]
    assert [field for field in strict if not field.endswith("Edge.node")] == []


def _undescribed(kind: GraphQLNamedType) -> Iterator[str]:
    if not kind.description:
        yield kind.name
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, field in kind.fields.items():
            if not field.description:
                yield f"{kind.name}.{name}"
            for argument, value in getattr(field, "args", {}).items():
                if not value.description:
                    yield f"{kind.name}.{name}({argument})"
    if isinstance(kind, GraphQLEnumType):
        for name, value in kind.values.items():
            if not value.description:
                yield f"{kind.name}.{name}"


def test_every_type_field_argument_and_value_is_described() -> None:
    kinds = [kind for name, kind in sorted(GRAPH.type_map.items()) if not name.startswith("__")]
    assert not any(isinstance(kind, GraphQLUnionType) for kind in kinds)
    assert [name for kind in kinds for name in _undescribed(kind)] == []


# -- nothing writes but an action --------------------------------------------------------------------------
WRITING = {
    "create",
    "acreate",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "save",
    "asave",
    "bulk_update",
    "update",
    "aupdate",
    "delete",
    "adelete",
    "add",
    "remove",
    "set",
    "clear",
    "select_for_update",
    "execute",
    "raw",
    "set_password",
    "create_user",
}
OF_ROWS = {
    "create",
    "save",
    "delete",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
ALLOWED = {
    "admin_ui/core/once.py": {
        "cursor.execute",
        "request.session.save",
    },  # a lock; the browser's own session
    "schema/http/compiled.py": {"prepared"},  # SELECT, made by the compiler from scoped querysets
}
"""File -> calls that write no row of a case, with the reason beside them."""


def _writing_calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "prepared":
            yield "prepared"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = ast.unparse(node.func.value)
            if node.func.attr in WRITING and _may_be_rows(node.func.attr, target):
                yield f"{target}.{node.func.attr}"


def _may_be_rows(method: str, target: str) -> bool:
    """Sets and dictionaries are added to and updated as well; rows come from managers, querysets and instances."""
    if method in {"execute", "raw"}:
        return True
    if method in OF_ROWS and method not in {"update"}:
        return True
    return any(
        word in target
        for word in ("objects", "_default_manager", "_base_manager", "queryset", "rows", "filter(")
    )


def test_no_interface_writes_a_row_itself() -> None:
    found: dict[str, set[str]] = {}
    for package in ("schema", "admin_ui"):
        for path in sorted((ROOT / package).rglob("*.py")):
            calls = set(_writing_calls(path))
            if calls:
                found[str(path.relative_to(ROOT))] = calls
    assert found == ALLOWED


@pytest.mark.parametrize(
    "call",
    [
        "complaint.save()",
        "Complaint.objects.filter(pk=1).update(subject='')",
        "row.delete()",
        "Complaint.objects.create()",
        "cursor.execute('DELETE')",
        "queryset.update(a=1)",
    ],
)
def test_a_write_in_an_interface_would_be_found(call: str, tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text(f"def view(complaint, row, cursor, queryset):\n    {call}\n", encoding="utf-8")
    assert list(_writing_calls(path))


# -- the admin -----------------------------------------------------------------------------------------------
def test_every_page_over_a_table_of_cases_is_scoped(cast: Cast, populated: Populated, rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = cast.outsider
    for model, page in admin.site._registry.items():
        if model in RULES and model._meta.db_table in SECURED:
            with as_viewer(cast.mayor), elevated():  # whose own rows there are, too
                assert model._default_manager.exists(), model
            with as_viewer(None), system():
                assert not page.get_queryset(request).exists(), f"{page} shows rows to nobody"


def test_no_page_deletes_and_no_page_changes_by_djangos_form(rf: Any, cast: Cast) -> None:
    request = rf.get("/admin/")
    request.user = cast.administrator
    with as_viewer(cast.administrator):
        for model, page in admin.site._registry.items():
            assert not page.has_delete_permission(request), model
            if model in RULES:
                assert not page.has_add_permission(request), model
                assert not page.has_change_permission(request), model
