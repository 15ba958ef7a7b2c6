"""Fields over rows: each says where its value comes from in SQL, so that no row needs Python of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import strawberry
import strawberry_django
from django.db.models import (
    BigIntegerField,
    Case,
    ExpressionWrapper,
    F,
    Func,
    Model,
    OrderBy,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import NullIf, RowNumber
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry_django.fields.field import StrawberryDjangoField

from permissions.complaints.rules import known_persons, knows_person
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING, VerbTable
from schema.core.json_sql import PERSONS

CAP = 100


def column(description: str, source: str | None = None, **options: Any) -> Any:
    """A column of the row, or of a row that a chain of forward relations names."""
    return strawberry_django.field(field_name=source, description=description, **options)


def expression(description: str, sql: Any, **options: Any) -> Any:
    """Value computed by SQL together with the row. `sql` may be a function of `info`."""
    return strawberry_django.field(annotate=sql, description=description, **options)


def choice(description: str, source: str, **options: Any) -> Any:
    """A column with a closed list, where the empty text means none."""
    return expression(description, NullIf(F(source), Value("")), name=options.pop("name", source), **options)


NOTED = "noted_persons"
"""The annotation of a row that says whose data its personal columns show."""


def personal(description: str, source: str, persons: Any, **options: Any) -> Any:
    """A text that tells about a citizen on a row that is no citizen's: showing it is noted in the read log.

    `persons`: SQL for the number of that citizen, or for an array of them; the same in one type.
    """

    def resolver(self: Any, info: strawberry.Info) -> str:
        shown = getattr(self, NOTED)
        if shown is not None:
            for person in shown if isinstance(shown, list) else [shown]:
                info.context.note("contacts.citizen", person)
        return str(getattr(self, source))

    # Django drops one of two equal columns when it filters by a window (a list inside a list): this one must differ
    # from the key that is read for the relation itself.
    noted = ExpressionWrapper(persons, output_field=BigIntegerField()) if isinstance(persons, F) else persons
    return strawberry_django.field(
        resolver,
        name=options.pop("name", source),
        description=description,
        only=[source],
        annotate={NOTED: noted},
        metadata={"sql": F(source), PERSONS: persons},
        **options,
    )


def viewer_can(table: VerbTable, verb: Any) -> Any:
    """`viewerCan` of a row: the verbs of its table, in SQL and, where interpreted, from the row's flags."""

    def resolver(self: Any) -> Any:
        return scope.allowed_actions(self)

    def flag(relation: str) -> Callable[[Any], Any]:
        return lambda info: scope.relation_flag(table, relation)

    def applies(verb: str) -> Callable[[Any], Any]:
        return lambda info: scope.applies_flag(table, verb)

    resolver.__annotations__ = {"return": list[verb]}
    return strawberry_django.field(
        resolver,
        name="viewerCan",
        description="What the viewer may do to it now: permission and state together.",
        only=["status"],
        annotate={
            **{scope.flag_name(relation): flag(relation) for relation in table.relations},
            **{scope.applies_name(verb): applies(verb) for verb in table.applies},
        },
        metadata={"json": lambda info: scope.allowed_actions_sql(table)},
    )


def viewer_may(model: type[Model], actions: Any) -> Any:
    """`viewerCan` of a row without verbs: of these actions of its rule those that the viewer may do to it."""
    names = [action.value for action in actions]

    def resolver(self: Any) -> Any:
        return [action for action in actions if getattr(self, f"viewer_may_{action.value.lower()}")]

    def flag(name: str) -> Callable[[Any], Any]:
        return lambda info: scope.action_flag(model, name)

    def as_json(info: Any) -> Any:
        items = [Case(When(scope.action_flag(model, name), then=Value(name))) for name in names]
        return Func(
            *items,
            template="array_to_json(array_remove(ARRAY[%(expressions)s]::text[], NULL))::text",
            output_field=TextField(),
        )

    resolver.__annotations__ = {"return": list[actions]}
    return strawberry_django.field(
        resolver,
        name="viewerCan",
        description="What the viewer may do to it.",
        only=["pk"],
        annotate={f"viewer_may_{name.lower()}": flag(name) for name in names},
        metadata={"json": as_json},
    )


class OwnedList(StrawberryDjangoField):
    """Rows that belong to a row: a bounded list in a fixed order, one statement for all rows of a page."""

    def __init__(
        self,
        *args: Any,
        sorted_by: Sequence[str] = (),
        default: int = 20,
        narrow: Callable[[QuerySet], QuerySet] | None = None,
        **kwargs: Any,
    ) -> None:
        self.sorted_by, self.default_first, self.narrow = tuple(sorted_by), default, narrow
        super().__init__(*args, **kwargs)

    def __copy__(self) -> OwnedList:
        copied = super().__copy__()
        copied.sorted_by, copied.default_first, copied.narrow = (
            self.sorted_by,
            self.default_first,
            self.narrow,
        )
        return copied

    @property
    def arguments(self) -> list[StrawberryArgument]:
        first = StrawberryArgument(
            python_name="first",
            graphql_name=None,
            type_annotation=StrawberryAnnotation(int),
            default=self.default_first,
            description=f"How many at most (up to {CAP}).",
        )
        return [first]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        StrawberryDjangoField.arguments.fset(self, value)  # type: ignore[attr-defined]

    def get_queryset(
        self,
        queryset: QuerySet,
        info: Any,
        *,
        first: int | None = None,
        _strawberry_related_field_id: str | None = None,
        **kwargs: Any,
    ) -> QuerySet:
        queryset = super().get_queryset(
            queryset, info, _strawberry_related_field_id=_strawberry_related_field_id, **kwargs
        )
        count = self._count(first)
        if (read := queryset._result_cache) is not None:  # with the page
            cut = queryset.all()
            cut._result_cache, cut._prefetch_done = read[:count], True  # type: ignore[attr-defined]
            return cut
        if self.narrow:
            queryset = self.narrow(queryset)
        queryset = queryset.order_by(*self.sorted_by)
        if _strawberry_related_field_id is None:
            return queryset[:count]
        number = Window(
            RowNumber(),
            partition_by=_strawberry_related_field_id,
            order_by=[_ordering(name) for name in self.sorted_by],
        )
        # At least one row tells how many were asked for.
        asked = Value(count)
        return queryset.annotate(row_in_owner=number, asked_of_owner=asked).filter(
            row_in_owner__lte=max(count, 1)
        )

    def get_result(self, source: Any, info: Any, args: Any, kwargs: Any) -> Any:
        if source is not None:
            self._forget_what_is_too_short(source, kwargs.get("first"))
        return super().get_result(source, info, args, kwargs)

    def _forget_what_is_too_short(self, source: Any, first: int | None) -> None:
        """Two ways may lead to one row of Python's (a request, its visit, the visit's request), and only the list of
        one of them is read with the page."""
        read = getattr(source, "_prefetched_objects_cache", {}).get(self.django_name or self.python_name)
        if read and len(read) == max(asked := read[0].asked_of_owner, 1) and asked < self._count(first):
            del source._prefetched_objects_cache[self.django_name or self.python_name]

    def _count(self, first: int | None) -> int:
        return min(max(self.default_first if first is None else first, 0), CAP)


def _ordering(name: str) -> OrderBy:
    return F(name[1:]).desc() if name.startswith("-") else F(name).asc()


def owned(description: str, sorted_by: Sequence[str], source: str | None = None, **options: Any) -> Any:
    """An owned list; see `OwnedList`."""
    return OwnedList(
        python_name=None,
        graphql_name=options.pop("name", None),
        type_annotation=None,
        description=description,
        django_name=source,
        sorted_by=sorted_by,
        **options,
    )


class GuardedPerson(StrawberryDjangoField):
    """A citizen on a row: null unless the viewer may know them from this row (case 13).

    The citizen's own rule is not enough: another row may make the same person visible to the department.
    `known` is the rule as a filter over the row's table, `knows` the same of one row at hand. A person who may be known
    from a row is visible by the rule of citizens too, which a statement therefore does not ask again.
    """

    def __init__(
        self, *args: Any, known: Any = known_persons, knows: Any = knows_person, **kwargs: Any
    ) -> None:
        self.known, self.knows = known, knows
        super().__init__(*args, **kwargs)

    def __copy__(self) -> GuardedPerson:
        copied = super().__copy__()
        copied.known, copied.knows = self.known, self.knows
        return copied

    def withheld(self) -> Q | None:
        """Of which rows the person is kept back, as the compiler asks it; None: of none."""
        rule = self.known(scope.current_viewer())
        if rule == EVERYTHING:
            return None
        return Q(pk__isnull=False) if rule == NOTHING else ~rule

    def get_result(self, source: Any, info: Any, args: Any, kwargs: Any) -> Any:
        if source is not None and not self.knows(scope.current_viewer(), source):
            return None
        return super().get_result(source, info, args, kwargs)


def guarded_person(
    description: str,
    only: Sequence[str] = ("identity_hidden", "responsible_department", "collaborators"),
    **rules: Any,
) -> Any:
    return GuardedPerson(
        python_name=None,
        graphql_name=None,
        type_annotation=None,
        description=description,
        only=list(only),
        **rules,
    )


def selected(info: Any, nodes: Sequence[FieldNode], name: str) -> list[FieldNode]:
    """The selections of the field `name` below these nodes, through fragments."""
    entries: list[FieldNode] = []
    waiting = [node.selection_set for node in nodes if node.selection_set]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                if node.name.value == name:
                    entries.append(node)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                waiting.append(info.fragments[node.name.value].selection_set)
    return entries
