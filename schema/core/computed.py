"""Objects of values that Python computes, with rows that it names by their numbers: what is proposed, what is alike.

The values are computed for each request; the rows are read as everywhere, with what was selected of them: in the one
statement of a compiled answer, or, interpreted, by one statement for each place in the query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import strawberry
from django.db.models import Model
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.private import is_private
from strawberry_django.optimizer import optimize

from schema.core.nodes import rows_of
from schema.core.row_sources import ComputedValues

ROWS = "rows_of_numbers"
"""Of a field's metadata: the model whose rows its numbers name."""
Place = tuple[str, ...]


@dataclass
class Shelf:
    """The rows of one answer, read together: all that it names of a model for each place that selects some of it."""

    numbers: dict[type[Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    read: dict[Place, dict[int, Any]] = field(default_factory=dict)

    def rows(self, model: type[Model], info: strawberry.Info) -> dict[int, Any]:
        """Return the visible rows by number, with what is selected of them here."""
        place = tuple(part for part in info.path.as_list() if isinstance(part, str))
        if place not in self.read:
            found: Any = optimize(rows_of(model).filter(pk__in=self.numbers[model]), info)
            self.read[place] = {row.pk: row for row in found}
        return self.read[place]


@strawberry.type
class Computed:
    """Base of a type whose plain fields are values, and whose fields by `row` and `rows` are rows."""

    values: strawberry.Private[Mapping[str, Any]]
    shelf: strawberry.Private[Shelf]


def row(model: type[Model], description: str) -> Any:
    """The row that a number names; null for none, and for one that the viewer does not see."""

    def resolver(self: Any, info: strawberry.Info) -> Any:
        return self.shelf.rows(model, info).get(self.values[info.python_name])

    return strawberry.field(resolver, description=description, metadata={ROWS: model})


def rows(model: type[Model], description: str) -> Any:
    """The rows that numbers name, in their order; without those that the viewer does not see."""

    def resolver(self: Any, info: strawberry.Info) -> Any:
        known = self.shelf.rows(model, info)
        return [known[number] for number in self.values[info.python_name] if number in known]

    return strawberry.field(resolver, description=description, metadata={ROWS: model})


def computed(info: strawberry.Info, kind: type[Computed], find: Callable[..., Any], **arguments: Any) -> Any:
    """Answer a root field with what `find(**arguments)` computes: the values of one object of a kind, or of a list.

    `find` takes the arguments as the client sent them, each a plain value, and what it answers can be written as JSON.
    """
    if info.context.compiling:
        return ComputedValues(find, arguments)
    found, shelf = find(**arguments), Shelf()
    return (
        [_built(kind, one, shelf) for one in found] if isinstance(found, list) else _built(kind, found, shelf)
    )


def _built(kind: type[Computed], values: Mapping[str, Any], shelf: Shelf) -> Computed:
    plain = {}
    for each in kind.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        if is_private(each.type):
            continue
        value = values[each.python_name]
        if (model := each.metadata.get(ROWS)) is not None:
            numbers = value if isinstance(value, list) else [value]
            shelf.numbers[model].update(number for number in numbers if number is not None)
        else:
            plain[each.python_name] = _shown(each.type, value, shelf)
    return kind(values=values, shelf=shelf, **plain)


def _shown(kind: Any, value: Any, shelf: Shelf) -> Any:
    """A value as a resolver answers it for a type."""
    if isinstance(kind, StrawberryOptional):
        return None if value is None else _shown(kind.of_type, value, shelf)
    if isinstance(kind, StrawberryList):
        return [_shown(kind.of_type, one, shelf) for one in value]
    if isinstance(kind, StrawberryEnumDefinition):
        return kind.wrapped_cls(value)
    if isinstance(kind, type) and issubclass(kind, Computed):
        return _built(kind, value, shelf)
    return value
