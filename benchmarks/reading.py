"""Which tables the questions read: their words, followed through the product's own models.

What a peer of the database may read is made of it, so that a column or a table that comes later neither has to be
named anywhere nor is shown where nobody asks for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import django
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, parse

from benchmarks.questions import Question, questions

ROOT = ("complaints", "complaint")
ROOTS = {"complaints": ROOT, "complaint": ROOT}
"""Field of the query -> the app and the model whose rows it answers."""
WRAPPERS = {"nodes", "edges", "node"}
NO_ROWS = {"pageInfo"}


@cache
def tables() -> dict[str, str]:
    """Table -> its column that names the complaint a row hangs on, or "". Raises LookupError for words of a question
    that no model has."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
        django.setup()
    found: dict[str, str] = {}
    for question in questions("", 0):
        for model in _asked(question):
            found.setdefault(model._meta.db_table, _to_case(model))
    return found


def secured() -> set[str]:
    """The tables that have row security in the product."""
    tables()  # what the policies are made of needs the models
    from permissions.policies import SECURED

    return set(SECURED)


def _asked(question: Question) -> Iterator[Any]:
    for definition in parse(question.text).definitions:
        if isinstance(definition, OperationDefinitionNode):
            for field in _fields(definition.selection_set):
                model = apps.get_model(*ROOTS[field.name.value])
                yield model
                yield from _followed(model, field.selection_set)


def _followed(model: Any, asked: SelectionSetNode | None) -> Iterator[Any]:
    for field in _fields(asked):
        name = field.name.value
        if field.selection_set is None or name in NO_ROWS:
            continue
        to = model if name in WRAPPERS else _related(model, name)
        yield to
        yield from _followed(to, field.selection_set)


def _fields(asked: SelectionSetNode | None) -> list[FieldNode]:
    return [field for field in (asked.selections if asked else ()) if isinstance(field, FieldNode)]


def _related(model: Any, name: str) -> Any:
    column = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    try:
        to = model._meta.get_field(column).related_model
    except FieldDoesNotExist:
        to = None
    if to is None:
        raise LookupError(f"a question asks for “{name}”, but {model.__name__} has no relation “{column}”")
    return to


def _to_case(model: Any) -> str:
    case = apps.get_model(*ROOT)
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if field.related_model is case and not field.null
    ]
    return columns[0] if columns else ""
