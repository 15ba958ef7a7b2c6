"""From what Django compiles to a statement for the server: values of a request are parameters, all else is fixed."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql
from psycopg.types.numeric import Int8

from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.symbolic import PlaceholderError, PlaceholderText, number_of
from permissions.plans.reasons import NotCompilableError

PLACEHOLDER = re.compile("%%|%s")
TYPES: tuple[tuple[type, str], ...] = (
    (int, "bigint"),
    (float, "float8"),
    (UUID, "uuid"),
    (dt.datetime, "timestamptz"),
    (dt.date, "date"),
    (str, "text"),
)
FIXED = (str, int, float, bool, dt.timedelta, type(None))
Bind = Callable[[Sequence[Any]], Any]


def kind_of(value: Any) -> str:
    """PostgreSQL type of a parameter."""
    return next(kind for python, kind in TYPES if isinstance(value, python))


@dataclass(frozen=True)
class Statement:
    """The text with `$1`, `$2`, …, and for each of them how it is made from the values of a request."""

    text: str
    binds: tuple[Bind, ...]
    notes_readings: bool = False

    def parameters(self, values: Sequence[Any]) -> list[Any]:
        return [bind(values) for bind in self.binds]


@dataclass
class Writer:
    """Numbers the parameters of one statement. A constant of the code is written into the text, quoted."""

    binds: list[Bind] = field(default_factory=list)
    used: set[int] = field(default_factory=set)  # the numbers of the values that stand in it
    _known: dict[Any, str] = field(default_factory=dict)

    def write(self, text: str, parameters: Sequence[Any]) -> str:
        """The text of a part as Django compiled it, with its parameters numbered."""
        waiting = iter(parameters)

        def place(found: re.Match[str]) -> str:
            return "%" if found[0] == "%%" else self._placeholder(next(waiting))

        return PLACEHOLDER.sub(place, text)

    def compute(self, find: Callable[..., Any], arguments: Mapping[str, Any]) -> str:
        """The parameter for what `find(**arguments)` answers, as JSON: asked anew in the session of each request."""
        numbers = {name: number_of(value) for name, value in arguments.items()}
        self.used.update(number for number in numbers.values() if number is not None)
        constants = {name: arguments[name] for name, number in numbers.items() if number is None}

        def bind(values: Sequence[Any]) -> str:
            if not connection.in_atomic_block:
                raise NotCompilableError("session", "rows are looked for before the statement is asked")
            of_request = {name: values[number] for name, number in numbers.items() if number is not None}
            try:
                return json.dumps(find(**constants, **of_request), ensure_ascii=False)
            except DomainError as error:
                raise NotCompilableError("computed", str(error.code)) from error

        self.binds.append(bind)
        return f"${len(self.binds)}::json"

    def _placeholder(self, parameter: Any) -> str:
        try:
            return (
                self._slot(parameter)
                or self._pattern(parameter)
                or self._array(parameter)
                or _fixed(parameter)
            )
        except PlaceholderError as error:
            raise NotCompilableError("value", str(error)) from error

    def _slot(self, parameter: Any) -> str | None:
        if (
            isinstance(parameter, str)
            and not isinstance(parameter, PlaceholderText)
            and (parameter[:1] == "%" or parameter[-1:] == "%")
        ):
            return None
        number = number_of(parameter)
        if number is None:
            return None
        as_bigint, kind = isinstance(parameter, int), kind_of(parameter)
        return self._numbered(
            (number,), kind, lambda values: Int8(values[number]) if as_bigint else values[number]
        )

    def _pattern(self, parameter: Any) -> str | None:
        """`%text%` of a LIKE, whose text is one of the request."""
        if not isinstance(parameter, str) or isinstance(parameter, PlaceholderText) or "%" not in parameter:
            return None
        number = number_of(parameter.removeprefix("%").removesuffix("%"))
        if number is None:
            return None
        before, after = ("%" if parameter[0] == "%" else ""), ("%" if parameter[-1] == "%" else "")
        escape = connection.ops.prep_for_like_query
        return self._numbered(
            (before, number, after), "text", lambda values: before + escape(values[number]) + after
        )

    def _array(self, parameter: Any) -> str | None:
        if not isinstance(parameter, list) or not parameter:
            return None
        numbers = [number_of(item) for item in parameter]
        if None in numbers:
            if any(number is not None for number in numbers):
                raise NotCompilableError("value", "a list of constants and values of the request")
            return None
        is_number, kind = isinstance(parameter[0], int), kind_of(parameter[0]) + "[]"

        def bind(values: Sequence[Any]) -> list[Any]:
            return [Int8(values[i]) if is_number else values[i] for i in numbers]  # type: ignore[index]

        return self._numbered(tuple(numbers), kind, bind)

    def _numbered(self, key: Any, kind: str, bind: Bind) -> str:
        self.used.update(part for part in key if isinstance(part, int))
        key = (key, kind)
        if key not in self._known:
            self.binds.append(bind)
            self._known[key] = f"${len(self.binds)}::{kind}"
        return self._known[key]


def _fixed(parameter: Any) -> str:
    """A constant of the code. One that changes with time would be wrong tomorrow; today's date is in every key."""
    if isinstance(parameter, list | tuple):
        if not all(isinstance(item, FIXED) for item in parameter):
            raise NotCompilableError("value", "a list that is not constant")
        return sql.Literal(list(parameter)).as_string(connection.connection)
    if isinstance(parameter, FIXED) or (type(parameter) is dt.date and parameter == today()):
        return sql.Literal(parameter).as_string(connection.connection)
    raise NotCompilableError("value", f"a {type(parameter).__name__} that the code computes")
