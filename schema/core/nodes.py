"""What object types are made of: `Node` has a global id, `Scoped` shows what the viewer may see, `Everybody` all.

A global id is opaque, from the type's name and the row's unguessable key; `node` and `nodes` read them.
"""

from __future__ import annotations

import base64
import binascii
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import UUID

import strawberry
import strawberry_django
from django.db.models import Func, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from strawberry_django.optimizer import optimize

from backend.core.errors import DomainError, ErrorCode
from backend.core.models import PublicId
from backend.core.symbolic import symbolic
from permissions.core import scope
from permissions.core.scope import not_found
from schema.core.graphql_adapter import LazyType, raw_info
from schema.core.json_sql import Encoded
from schema.core.row_sources import RowsByIds, SingleRow

NODE_TYPES: dict[str, type] = {}
"""GraphQL type name -> the type, for every type that has an id."""
MODELS: dict[type[Model], str] = {}
MAX_NODES = 100


@strawberry.interface(description="Anything with an id that can be read again by `node`.")
class Node:
    @strawberry_django.field(
        only=["key"],
        description="Opaque and unguessable; the same for the life of the row.",
        metadata={"sql": lambda info: _id_sql(info)},
    )
    def id(self) -> strawberry.ID:
        return global_id(self)


def _id_sql(info: strawberry.Info) -> Encoded:
    """What `id` says, made by the database."""
    prefix = Value(f"{raw_info(info).parent_type.name}:")
    return Encoded(Func(prefix, Cast("key", TextField()), template="%(expressions)s", arg_joiner=" || "))


def key_of_row(node: object) -> UUID:
    """Return the key of the row that a resolver gets for its type."""
    key: UUID = cast(PublicId, node).key
    return key


def file_url(node: object) -> str:
    return f"/files/{key_of_row(node)}"


def global_id(row: object) -> strawberry.ID:
    return encode(MODELS[cast(type[Model], type(row))], key_of_row(row))


def encode(type_name: str, key: UUID) -> strawberry.ID:
    return strawberry.ID(base64.b64encode(f"{type_name}:{key}".encode()).decode())


@symbolic(UUID)
def decode(value: str) -> tuple[str, UUID] | None:
    """The type's name and the key, or None for what is no id of ours."""
    try:
        name, _colon, key = base64.b64decode(value, validate=True).decode("ascii").partition(":")
        return name, UUID(key)
    except (ValueError, binascii.Error):
        return None


def key_of(model: type[Model], value: str, field: str = "id") -> UUID:
    """The key in an id of this model, or NOT_FOUND: an id of another type finds nothing."""
    result = decode(value)
    if result is None or result[0] != MODELS[model]:
        raise not_found(field)
    return result[1]


def load[M: Model](model: type[M], value: str | None, field: str) -> M | None:
    """The row an input names, through the scope or, for what everybody reads, by its key. None stays None."""
    if value is None or value is strawberry.UNSET:
        return None
    key = key_of(model, value, field)
    row = rows_of(model).filter(key=key).first()
    if row is None:
        raise not_found(field)
    return row


def must_load[M: Model](model: type[M], value: str, field: str) -> M:
    row = load(model, value, field)
    if row is None:
        raise not_found(field)
    return row


def rows_of[M: Model](model: type[M]) -> QuerySet[M]:
    """The rows of a model that the viewer may see, by the type's own `get_queryset`."""
    return NODE_TYPES[MODELS[model]].get_queryset(model._default_manager.all(), None)  # type: ignore[attr-defined]


@cache
def type_of(model: type[Model]) -> type:
    """Return the type that shows the rows of a model. KeyError where there is none yet, or several."""
    items = [cls for cls in _guarded_types() if cls.__strawberry_django_definition__.model is model]
    if len(items) != 1:
        raise KeyError(f"{len(items)} types show {model.__name__}")
    return items[0]


def _guarded_types() -> Iterator[Any]:
    waiting: list[type] = [Scoped, Everybody]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if hasattr(cls, "__strawberry_django_definition__"):
            yield cls


@dataclass(frozen=True)
class _EdgeType(LazyType[Any, Any]):
    """The type of a model, looked up when all types are known."""

    model: type[Model] | None = None

    def resolve_type(self) -> type:
        assert self.model is not None  # noqa: S101 - `Edge` sets it
        return type_of(self.model)


if TYPE_CHECKING:
    type Edge[Row: Model] = Row
    """An edge to the rows of a model of another service, whose type is looked up by the model: type modules import no
    types of services above them. To a resolver it is the row."""
else:

    class Edge:
        def __class_getitem__(cls, model):
            return _EdgeType(model.__name__, model.__module__, model=model)


def node_type(model: type[Model], name: str) -> Any:
    """Class decorator: a Strawberry-Django type over `model`, registered under `name` for `node(id)`."""

    def register(cls: type) -> type:
        result = strawberry_django.type(model, name=name, description=inspect.getdoc(cls))(cls)
        NODE_TYPES[name] = result
        MODELS[model] = name
        return result

    return register


def single_row[M: Model](queryset: QuerySet[M], info: strawberry.Info) -> M | None:
    """The first of these rows, with what was selected of it."""
    if info.context.compiling:
        return SingleRow(queryset)
    return optimize(queryset, info).first()


def refetch[M: Model](model: type[M], key: UUID | None, info: strawberry.Info) -> M | None:
    """The row with this key, as the viewer may see it now, with what was selected of it.

    Null as well where the database wrote the row as text: it is put in its place when the answer is written.
    """
    if key is None or not scope.current_viewer().may("READ"):
        return None
    context, raw = info.context, raw_info(info)
    name = MODELS[model]
    if context.refetch and (result := context.refetch(raw, name, encode(name, key))):
        context.texts[tuple(raw.path.as_list())] = result.text
        for kind, numbers in result.shown.items():
            context.shown[kind] |= numbers
        return None
    return optimize(rows_of(model).filter(key=key), info).first()


def refetched_row(model: type[Model], description: str) -> Any:
    """The field of a payload or an event that has the row of its `key`, read again: `refetch`."""

    def resolver(self: Any, info: strawberry.Info) -> Any:
        return refetch(model, self.key, info)

    return strawberry.field(resolver, description=description)


@strawberry.type
class NodeQueries:
    @strawberry.field(description="The row with this id. Null if it is hidden or missing.")
    def node(
        self,
        info: strawberry.Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="An id of a row.")],
    ) -> Node | None:
        scope.require_viewer()
        result = _nodes(info, [id])
        return result.items[0] if info.context.compiling else result[0]

    @strawberry.field(
        description="The rows with these ids (at most 100), in that order, null for hidden ones."
    )
    def nodes(
        self,
        info: strawberry.Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Ids of rows, of any types.")],
    ) -> list[Node | None]:
        scope.require_viewer()
        if len(ids) > MAX_NODES:
            raise DomainError(ErrorCode.OVER_LIMIT, _("At most 100 ids at a time."), "ids")
        return _nodes(info, ids)


def _nodes(info: strawberry.Info, ids: list[strawberry.ID]) -> Any:
    wanted = [decode(value) for value in ids]
    if info.context.compiling:
        return RowsByIds([_by_key(*item) if item else None for item in wanted])
    keys: dict[str, set[UUID]] = {}
    for item in wanted:
        if item and item[0] in NODE_TYPES:
            keys.setdefault(item[0], set()).add(item[1])
    rows: dict[tuple[str, UUID], Model] = {}
    for name, of_model in keys.items():
        model = NODE_TYPES[name].__strawberry_django_definition__.model  # type: ignore[attr-defined]
        for row in optimize(rows_of(model).filter(key__in=of_model), info):
            rows[name, row.key] = row
    return [rows.get(item) if item else None for item in wanted]


def _by_key(name: str, key: UUID) -> SingleRow | None:
    if name not in NODE_TYPES:
        return None
    model = NODE_TYPES[name].__strawberry_django_definition__.model  # type: ignore[attr-defined]
    return SingleRow(rows_of(model), key)


class Scoped:
    """Rows behind the gate: only what the table of rules lets the viewer see."""

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: Any) -> QuerySet[Any]:
        return scope.visible(queryset)


class Everybody:
    """Reference data: every signed-in user reads all of it."""

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: Any) -> QuerySet[Any]:
        return queryset if scope.current_viewer().user is not None else queryset.none()
