"""What is selected of a row, as SQL: the compiler's own part. Which rows there are is never decided here."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Case, Expression, F, Model, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from graphql import GraphQLEnumType, GraphQLObjectType, get_named_type, is_list_type, is_non_null_type
from strawberry_django.fields.field import StrawberryDjangoField
from strawberry_django.queryset import run_type_get_queryset

from permissions.core import scope
from permissions.plans.reasons import NotCompilableError
from schema.compiler.operation import Columns, Operation
from schema.core.graphql_adapter import Nodes
from schema.core.json_sql import (
    MOST_PAIRS,
    NOTED,
    PERSONS,
    AsJson,
    Fixed,
    Json,
    Moment,
    Named,
    NamedEach,
    Object,
    Record,
    Records,
    quoted,
)
from schema.core.nodes import Scoped

PLAIN = frozenset({"String", "Int", "Float", "Boolean", "Date", "Time", "JSON"})


class Projection:
    """Columns for the selections of one operation."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def columns(self, on: GraphQLObjectType, model: type[Model], nodes: Nodes, prefix: str = "") -> Columns:
        """Key in the answer and expression, in order. `prefix` leads from the queried table to the row."""
        items: Columns = []
        selected = self.operation.below(on, nodes)
        if (noted := self._noted(on, selected, prefix)) is not None:
            kind, numbers = noted
            self.operation.notes_readings = True
            items.append((f"{NOTED}{kind}", numbers))
        for key, below in selected.items():
            if below[0].name.value == "__typename":
                items.append((key, Fixed(quoted(on.name) + "::text", TextField())))
            else:
                items.append((key, self._field(on, model, below, prefix)))
        return items

    def _noted(
        self, on: GraphQLObjectType, selected: dict[str, Nodes], prefix: str
    ) -> tuple[str, Any] | None:
        """Data subject of an object with these fields: the kind in the read log, and an id or an array of ids;
        None without one."""
        if (kind := noted_kind(on)) is not None:
            return kind, F(f"{prefix}pk")
        for below in selected.values():
            if below[0].name.value == "__typename":
                continue
            _field, written = self.operation.definition(on, below[0].name.value)
            if (persons := getattr(written, "metadata", {}).get(PERSONS)) is not None:
                if prefix:  # it is found in the text of a row of its own
                    raise CannotPrefixError
                return "contacts.citizen", persons
        return None

    def _field(self, on: GraphQLObjectType, model: type[Model], nodes: Nodes, prefix: str) -> Any:
        graphql_field, written = self.operation.definition(on, nodes[0].name.value)
        where = f"{on.name}.{nodes[0].name.value}"
        if not isinstance(written, StrawberryDjangoField) or written.extensions:
            raise NotCompilableError("python_resolver", where)
        named = get_named_type(graphql_field.type)
        if isinstance(named, GraphQLObjectType):
            return _Relation(self, on, model, nodes, prefix, where).expression()
        info = self.operation.info(on, graphql_field, nodes)
        if "json" in written.metadata:
            return AsJson(_moved(written.metadata["json"](info), prefix))
        return _shown(graphql_field.type, _source(written, info, prefix, where), where)

    def one(self, rows: QuerySet[Any], on: GraphQLObjectType, nodes: Nodes) -> Record:
        """The row of these as an object, or null."""
        keys, selected = self.selected(rows, on, nodes)
        return Record(selected, keys)

    def selected(
        self, rows: QuerySet[Any], on: GraphQLObjectType, nodes: Nodes
    ) -> tuple[list[str], QuerySet[Any]]:
        """The keys, and the rows with a column for each."""
        columns = self.columns(on, rows.model, nodes)
        return [key for key, _value in columns], narrowed(rows, columns)


def narrowed(rows: QuerySet[Any], columns: Columns) -> QuerySet[Any]:
    """The rows with these columns and no others."""
    return rows.values(**{f"c{i}_": value for i, (_key, value) in enumerate(columns)})


def noted_kind(on: GraphQLObjectType) -> str | None:
    """Under which kind showing such a row is noted in the read log; None where it is not."""
    written = on.extensions["strawberry-definition"]
    return getattr(written.origin, "reading_is_noted", None)


def _source(written: StrawberryDjangoField, info: Any, prefix: str, where: str) -> Any:
    """Where the value comes from: the SQL that the field declares, or its column."""
    declared = written.metadata.get("sql")
    if declared is None and written.store.annotate and written.base_resolver is None:
        (declared,) = written.store.annotate.values()
    if declared is None:
        if written.base_resolver is not None:
            raise NotCompilableError("python_resolver", where)
        return F(prefix + str(written.django_name or written.python_name))
    sql = declared(info) if callable(declared) and not isinstance(declared, Expression | F) else declared
    return _moved(sql, prefix)


class CannotPrefixError(Exception):
    """An expression can only be asked of the table it is written for: the row needs a subquery of its own."""


def _moved(sql: Any, prefix: str) -> Any:
    """The expression, asked of a row that a chain of relations leads to."""
    if not prefix:
        return sql
    if isinstance(sql, F):
        return F(prefix + sql.name)  # type: ignore[attr-defined]
    try:
        return sql.prefix_references(prefix)
    except AttributeError:  # Django moves no conditions
        raise CannotPrefixError from None


def published_names(choices: GraphQLEnumType) -> dict[str, str]:
    """Stored value -> the name that it has in the answer."""
    return {
        str(cast(Any, value.value).value if hasattr(value.value, "value") else value.value): name
        for name, value in choices.values.items()
    }


def _shown(graphql_type: Any, source: Any, where: str) -> Any:
    """The value as the interpreted path serialises this type."""
    required = is_non_null_type(graphql_type)
    inner = graphql_type.of_type if required else graphql_type
    named = get_named_type(graphql_type)
    if isinstance(named, GraphQLEnumType):
        published = published_names(named)
        if is_list_type(inner):
            if not required:
                raise NotCompilableError("type", where)
            return NamedEach(source, published)
        return Named(source, published)
    if named.name == "DateTime":
        return Moment(source)
    if named.name in ("Decimal", "ID"):
        return Cast(source, TextField())
    if named.name not in PLAIN:
        raise NotCompilableError("type", where)
    return source


class _Relation:
    """A field that leads to rows of another table, through the `get_queryset` of their type."""

    def __init__(
        self,
        projection: Projection,
        on: GraphQLObjectType,
        model: type[Model],
        nodes: Nodes,
        prefix: str,
        where: str,
    ) -> None:
        self.projection, self.nodes, self.prefix, self.where = projection, nodes, prefix, where
        operation = projection.operation
        operation.count_relations()
        graphql_field, written = operation.definition(on, nodes[0].name.value)
        self.type, self.written = graphql_field.type, cast(StrawberryDjangoField, written)
        if self.written.base_resolver is not None:
            raise NotCompilableError("python_resolver", where)
        self.target: GraphQLObjectType = get_named_type(graphql_field.type)  # type: ignore[assignment]
        self.info = operation.info(on, graphql_field, nodes)
        _args, self.arguments = operation.arguments(graphql_field, nodes, self.info)
        self.arguments.pop("info", None)
        self.owner_is_scoped = issubclass(on.extensions["strawberry-definition"].origin, Scoped)
        self.name = str(self.written.django_name or self.written.python_name)
        self.relation: Any = model._meta.get_field(self.name)

    def expression(self) -> Any:
        relation = self.relation
        if relation.many_to_one or (relation.one_to_one and relation.concrete):
            return self._withheld(self._forward())
        if relation.one_to_one:
            return self._withheld(self._reverse())
        if relation.one_to_many and self.written.is_list:
            rows = self._rows(self._children())
            keys, selected = self.projection.selected(rows, self.target, self.nodes)
            return Records(selected, keys)
        raise NotCompilableError("relation", self.where)

    def _children(self) -> QuerySet[Any]:
        """The owner's rows: the key says which those are where that is more than equality (`FamilyKey`)."""
        field, owner = self.relation.field, self._outer("pk")
        manager = self.relation.related_model._default_manager
        if of_owner := getattr(field, "of_owner", None):
            return cast(QuerySet[Any], manager.filter(of_owner(owner)))
        rows: QuerySet[Any] = manager.filter(**{field.name: owner})
        return scope.of_visible_owner(rows, field.name) if self.owner_is_scoped else rows

    def _outer(self, name: str) -> OuterRef:
        return OuterRef(f"{self.prefix}{name}")

    def _rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if getattr(self.written, "withheld", None):
            return rows  # `_withheld` says more than the rule of their table
        return self.written.get_queryset(rows, self.info, **self.arguments)

    def _forward(self) -> Any:
        model = self.relation.related_model
        if self._unguarded(model) and noted_kind(self.target) is None:
            if (joined := self._joined(model)) is not None:
                return joined
        elif is_non_null_type(self.type):
            raise NotCompilableError("guarded_not_null", self.where)
        rows = self._rows(model._base_manager.filter(pk=self._outer(self.relation.attname)))
        return self.projection.one(rows, self.target, self.nodes)

    def _joined(self, model: type[Model]) -> Any:
        """The row by a join; None if it has too many columns, or one that cannot be asked through a join."""
        try:
            columns = self.projection.columns(self.target, model, self.nodes, f"{self.prefix}{self.name}__")
        except CannotPrefixError:
            return None
        if len(columns) > MOST_PAIRS:
            return None
        row = Object(columns)
        if not self.relation.null:
            return row
        # Asked of the joined row: Django would answer its key from this one, and row security may keep it back.
        result = next(
            field.name for field in model._meta.concrete_fields if not (field.null or field.primary_key)
        )
        is_there = {f"{self.prefix}{self.name}__{result}__isnull": False}
        return Case(When(**is_there, then=row), default=None, output_field=Json())

    def _unguarded(self, model: type[Model]) -> bool:
        """Whether the viewer reads every row of the table, so that a join shows what a subquery would."""
        rows = run_type_get_queryset(model._base_manager.all(), self.written.django_type, self.info)
        query = rows.query
        return not (query.where or query.annotations or query.is_sliced or query.distinct or query.combinator)

    def _reverse(self) -> Record:
        if is_non_null_type(self.type):
            raise NotCompilableError("guarded_not_null", self.where)
        manager = self.relation.related_model._base_manager
        rows = self._rows(manager.filter(**{self.relation.field.name: self._outer("pk")}))
        return self.projection.one(rows, self.target, self.nodes)

    def _withheld(self, value: Any) -> Any:
        """Null where the field itself keeps the row back, whatever the viewer may see of it elsewhere."""
        withheld = getattr(self.written, "withheld", None)
        condition = withheld() if withheld else None
        if condition is None:
            return value
        if self.prefix:
            raise CannotPrefixError
        return Case(
            When(condition, then=Value(None, output_field=Json())), default=value, output_field=Json()
        )
