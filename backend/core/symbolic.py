"""Placeholders: values that replace those of a request while a statement is compiled that will serve many
requests. Code that builds a query from a placeholder passes it on untouched, so that it is recognised among the
parameters of the statement. Code that must look *into* a value is a function marked `symbolic`: its result is
computed for the value of each request, and is a placeholder again. All other access is refused: each kind raises
on operations that would make another value of it, and what was made all the same (by C code, or of its plain
copy) does not match the number of a placeholder."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, cast
from uuid import UUID

from django.utils import timezone

from backend.core.localtime import today

_INT, _UUID, _REAL = 2**62, 0x57A2D1E5 << 96, 2**52
_SPAN = 10_000  # how many there may be of each kind
_APART = 23  # days, or whole numbers, between two stand-ins: no day, week or year away from one is another
_MARK = re.compile("\u2063(\\d+)\u2063")
RAISED = "raised"


class PlaceholderError(Exception):
    """A statement for many requests cannot be made here; the text says why."""


class PlaceholderText(str):
    """A text that stands for another. Its content means nothing, so looking into it is an error."""

    __slots__ = ()

    def _refuse(self, *_args: Any, **_kwargs: Any) -> Any:
        raise PlaceholderError("a resolver looks into a text of the request")

    strip = lstrip = rstrip = split = rsplit = splitlines = partition = rpartition = _refuse
    replace = translate = encode = lower = upper = casefold = title = capitalize = swapcase = _refuse
    startswith = endswith = find = rfind = index = rindex = count = join = format = _refuse
    isascii = isdigit = isalpha = isalnum = isnumeric = isspace = isdecimal = removeprefix = removesuffix = (
        _refuse
    )
    zfill = center = ljust = rjust = expandtabs = _refuse
    __len__ = __contains__ = __getitem__ = __iter__ = __add__ = __mod__ = __mul__ = _refuse

    def __bool__(self) -> bool:
        return True  # an empty text is never replaced


def _refusing(kind: Any, *names: str) -> type:
    """Make a subclass of a kind whose methods and attributes with these names raise."""

    def refuse(*_args: Any, **_kwargs: Any) -> Any:
        raise PlaceholderError(f"a resolver looks into a value of the request ({kind.__name__})")

    def equal(self: Any, other: object) -> Any:
        # Unequal to values of other types without raising: Django asks `value == ""`.
        if isinstance(other, kind) and number_of(other) is None:
            refuse()
        return kind.__eq__(self, other)  # of the kind, not of this class

    def unequal(self: Any, other: object) -> Any:
        outcome = equal(self, other)
        return outcome if outcome is NotImplemented else not outcome

    refused = {
        name: refuse if callable(getattr(kind, name, refuse)) else property(refuse)
        for name in (*_COMPARING, *_COUNTING, *names)
    }
    same = {"__eq__": equal, "__ne__": unequal, "__hash__": kind.__hash__}
    return type(f"_{kind.__name__}", (kind,), refused | same)


_COMPARING = ("__lt__", "__le__", "__gt__", "__ge__")
_COUNTING = tuple(
    f"__{side}{name}__"
    for side in ("", "r")
    for name in ("add", "sub", "mul", "floordiv", "truediv", "mod", "divmod", "pow")
)
_OF_A_DAY = (
    "replace",
    "weekday",
    "isoweekday",
    "isocalendar",
    "timetuple",
    "strftime",
    "year",
    "month",
    "day",
)
_OF_A_MOMENT = (
    *_OF_A_DAY,
    "astimezone",
    "date",
    "time",
    "timetz",
    "timestamp",
    "utctimetuple",
    "hour",
    "minute",
)
_Number: Callable[..., int] = _refusing(int, "__neg__", "__abs__", "__bool__", "bit_length", "to_bytes")
_Real: Callable[..., float] = _refusing(
    float, "__neg__", "__abs__", "__bool__", "__round__", "__trunc__", "is_integer", "as_integer_ratio", "hex"
)
_Day: Any = _refusing(dt.date, *_OF_A_DAY)
_Moment: Any = _refusing(dt.datetime, *_OF_A_MOMENT)
_FIRST_DAY = dt.date(9000, 1, 1).toordinal()
_AT = dt.time(3, 7, 19, 41, tzinfo=dt.UTC)


def placeholder(kind: type, number: int) -> Any:
    """The stand-in with this number for values of a kind."""
    if number >= _SPAN:
        raise PlaceholderError("too many values")
    if kind is str:
        # Whatever cleans, folds or trims it leaves something else behind, which is then not recognised.
        return PlaceholderText(f"\u2063{number}\u2063 İe\u0301/\t ")
    if kind is int:
        return _Number(_INT + number * _APART)
    if kind is float:
        return _Real(_REAL + number * _APART)
    if kind is UUID:
        return UUID(int=_UUID + number)
    day = dt.date.fromordinal(_FIRST_DAY + number * _APART)
    if kind is dt.date:
        return _Day(day.year, day.month, day.day)
    return _Moment(day.year, day.month, day.day, _AT.hour, _AT.minute, _AT.second, _AT.microsecond, dt.UTC)


def number_of(value: Any) -> int | None:
    """The number of a stand-in; None for any other value. NotSymbolicError for what was made out of one."""
    if isinstance(value, str):
        match = _MARK.search(value)
        if match is None:
            return None
        number = int(match[1])
        if str.__ne__(value, placeholder(str, number)):
            raise PlaceholderError("a value is made from a text of the request")
        return number
    if isinstance(value, UUID):
        number = value.int - _UUID
        return number if 0 <= number < _SPAN else None
    if isinstance(value, int):
        return _numbered(int.__index__(value) - _INT)
    if isinstance(value, float):
        return _numbered(int(float.__add__(value, -_REAL))) if float.is_integer(value) else None
    if isinstance(value, dt.datetime):
        if not dt.datetime.tzinfo.__get__(value):
            return None
        plain = dt.datetime.astimezone(value, dt.UTC)
        return _numbered(dt.datetime.toordinal(plain) - _FIRST_DAY, exact=dt.datetime.timetz(plain) == _AT)
    if isinstance(value, dt.date):
        return _numbered(dt.date.toordinal(value) - _FIRST_DAY)
    return None


def _numbered(distance: int, *, exact: bool = True) -> int | None:
    """The number that stands so far from the first of its kind."""
    number, remainder = divmod(distance, _APART)
    if not 0 <= number < _SPAN:
        return None
    if remainder or not exact:
        raise PlaceholderError("a value is made from a value of the request")
    return number


_LEFT = re.compile(
    f"\u2063|4611686018427[0-9]{{6}}|4503599627[0-9]{{6}}\\b|{UUID(int=_UUID).hex[:8]}-?0000|\\b9[0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}"
)


def is_left_in(text: str) -> bool:
    """Whether a text shows traces of stand-ins: they must have been found and taken out everywhere."""
    return _LEFT.search(text) is not None


EVERY_KIND: tuple[type, ...] = (str, UUID, dt.datetime, dt.date, float)


def shape_of(value: Any, values: list[Any], kinds: Sequence[type] = EVERY_KIND) -> Hashable:
    """What of a value a statement depends on. The rest, what a stand-in can replace, is appended to `values`."""
    kind = type(value)
    if kind in kinds and value != "":
        values.append(value)
        return kind.__name__
    if isinstance(value, Mapping):
        return ("map", tuple((name, shape_of(item, values, kinds)) for name, item in value.items()))
    if isinstance(value, list | tuple):
        return (kind, tuple(shape_of(item, values, kinds) for item in value))
    return (kind, value)


def replaced(value: Any, first: int, kinds: Sequence[type] = EVERY_KIND) -> Any:
    """The value with stand-ins, numbered from `first` in the order of `shape_of`."""
    numbers = iter(range(first, _SPAN))

    def walk(item: Any) -> Any:
        if type(item) in kinds and item != "":
            return placeholder(type(item), next(numbers))
        if isinstance(item, Mapping):
            return {name: walk(inner) for name, inner in item.items()}
        return type(item)(walk(inner) for inner in item) if isinstance(item, list | tuple) else item

    return walk(value)


@dataclass(frozen=True)
class Step:
    """A look into a value: the function, its arguments (stand-ins by their numbers), what may vary in its result."""

    function: Callable[..., Any]
    arguments: tuple[tuple[bool, Any], ...]  # (is it a number of a value, the number or the argument itself)
    kinds: tuple[type, ...]

    def take(self, values: list[Any]) -> Hashable:
        """Look into this request's values: the shape of the result, whose own values are appended."""
        try:
            result = self.function(*(values[item] if numbered else item for numbered, item in self.arguments))
        except Exception:
            return RAISED
        return shape_of(result, values, self.kinds)


@dataclass
class Recording:
    """What was looked into while a statement was made, with the values of the request that it was made for."""

    values: list[Any]
    steps: list[tuple[Step, Hashable]] = field(default_factory=list)

    def take(self, function: Callable[..., Any], arguments: tuple[Any, ...], kinds: tuple[type, ...]) -> Any:
        """What a symbolic function answers: its result with stand-ins. Remembers that it was asked."""
        items = []
        for argument in arguments:
            number = number_of(argument)
            items.append((False, argument) if number is None else (True, number))
        step = Step(function, tuple(items), kinds)
        first = len(self.values)
        token = _recording.set(None)  # inside it values are what they are
        try:
            result = function(*(self.values[item] if numbered else item for numbered, item in items))
        except Exception:
            self.steps.append((step, RAISED))
            raise
        finally:
            _recording.reset(token)
        self.steps.append((step, shape_of(result, self.values, kinds)))
        return replaced(result, first, kinds)

    def literal(self, value: Any) -> Any:
        """A literal of the query's text: kept out of the statement like any other value."""
        return self.take(partial(_same, value), (), EVERY_KIND)


def _same(value: Any) -> Any:
    return value


_recording: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextmanager
def recording(values: list[Any]) -> Iterator[Recording]:
    """While it is open, symbolic functions answer with stand-ins. `values` are those of the request, by number."""
    outcome = Recording(values)
    token = _recording.set(outcome)
    try:
        yield outcome
    finally:
        _recording.reset(token)


def now() -> dt.datetime:
    """The moment; in a statement for many requests that of each of them."""
    row = _recording.get()
    if row is None:
        return timezone.now()
    moment: dt.datetime = row.take(timezone.now, (), (dt.datetime,))
    return moment


def in_days(days: int) -> dt.date:
    """The day in Türkiye so many days from today; in a statement for many requests that of each of them."""
    row = _recording.get()
    if row is None:
        return _in_days(days)
    day: dt.date = row.take(partial(_in_days, days), (), (dt.date,))
    return day


def _in_days(days: int) -> dt.date:
    return today() + dt.timedelta(days=days)


def symbolic[F: Callable[..., Any]](*kinds: type) -> Callable[[F], F]:
    """Decorator for a pure function of values of a request. `kinds`: what of its result may be kept open.

    The rest of the result (None, the length of a list, values of other kinds) is part of what a statement is made
    for: for another outcome another statement is made.
    """

    def mark(function: F) -> F:
        @wraps(function)
        def asked(*arguments: Any) -> Any:
            row = _recording.get()
            if row is None or all(number_of(argument) is None for argument in arguments):
                return function(*arguments)
            return row.take(function, arguments, kinds)

        return cast(F, asked)

    return mark
