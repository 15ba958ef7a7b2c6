"""Stand-ins: found again where they were only passed on, refused where somebody looked into one unrecorded."""

from __future__ import annotations

import copy
import datetime as dt
import math
import unicodedata
import uuid
from typing import Any

import pytest

from backend.core.symbolic import (
    RAISED,
    PlaceholderError,
    is_left_in,
    number_of,
    placeholder,
    recording,
    replaced,
    shape_of,
    symbolic,
)

KINDS = [str, int, float, uuid.UUID, dt.date, dt.datetime]


@symbolic(str)
def words(text: str) -> list[str]:
    return text.split()


@symbolic()
def is_long(text: str) -> bool:
    return len(text) > 3


@symbolic(str)
def strict(text: str) -> str:
    if text == "no":
        raise ValueError
    return text.upper()


@pytest.mark.parametrize("kind", KINDS)
def test_a_stand_in_is_known_by_its_number(kind):
    assert [number_of(placeholder(kind, n)) for n in (0, 7, 9_999)] == [0, 7, 9_999]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        0,
        7,
        -1,
        2**31,
        True,
        1.5,
        2.0**60,
        math.inf,
        math.nan,
        None,
        uuid.uuid4(),
        dt.date(2026, 1, 1),
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    ],
)
def test_any_other_value_is_none(value):
    assert number_of(value) is None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_of_one_in_a_text_is_seen(kind):
    assert is_left_in(f"SELECT '{placeholder(kind, 12)}'")
    assert not is_left_in("SELECT 'ışık', 2026, '2026-11-25', '1b4e28ba-2fa1-11d2-883f-0016d3cca427'")


@pytest.mark.parametrize(
    "look",
    [
        lambda text: text.strip(),
        lambda text: text.lower(),
        len,
        list,
        lambda text: "a" in text,
        lambda text: text + "a",
        lambda text: text[0],
    ],
)
def test_looking_into_a_text_is_refused(look):
    with pytest.raises(PlaceholderError):
        look(placeholder(str, 1))


@pytest.mark.parametrize(
    "make", [lambda t: unicodedata.normalize("NFC", t), lambda t: f"{t}x", lambda t: str.strip(t)]
)
def test_what_is_made_from_a_text_past_its_methods_is_recognised_and_refused(make):
    with pytest.raises(PlaceholderError):
        number_of(make(placeholder(str, 1)))


DAY = dt.timedelta(days=1)
WHOLE: dict[type, Any] = {
    dt.date: dt.date(2026, 1, 1),
    dt.datetime: dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    int: 3,
}
LOOKS: dict[str, tuple[list[Any], Any]] = {
    "adding a day": ([dt.date, dt.datetime], lambda value: value + DAY),
    "adding hours": ([dt.datetime], lambda value: value + dt.timedelta(hours=5)),
    "subtracting": ([dt.date, dt.datetime], lambda value: value - DAY),
    "a difference": ([dt.date, dt.datetime, int], lambda value: WHOLE[_kind(value)] - value),
    "adding one": ([int], lambda value: value + 1),
    "one added": ([int], lambda value: 1 + value),
    "halving": ([int], lambda value: value // 2),
    "the opposite": ([int], lambda value: -value),
    "whether it is none": ([int], bool),
    "another day": ([dt.date, dt.datetime], lambda value: value.replace(day=20)),
    "another hour": ([dt.datetime], lambda value: value.replace(hour=7)),
    "another zone": ([dt.datetime], lambda value: value.astimezone(dt.timezone(dt.timedelta(hours=3)))),
    "its day": ([dt.datetime], lambda value: value.date()),
    "its year": ([dt.date, dt.datetime], lambda value: value.year),
    "its weekday": ([dt.date, dt.datetime], lambda value: value.weekday()),
    "before": ([dt.date, dt.datetime, int], lambda value: value < WHOLE[_kind(value)]),
    "after": ([dt.date, dt.datetime, int], lambda value: WHOLE[_kind(value)] < value),
    "the latest": ([dt.date, dt.datetime, int], lambda value: max(WHOLE[_kind(value)], value)),
    "the same": ([dt.date, dt.datetime, int], lambda value: value == WHOLE[_kind(value)]),
    "not the same": ([dt.date, dt.datetime, int], lambda value: WHOLE[_kind(value)] != value),
}


def _kind(value):
    return next(kind for kind in (dt.datetime, dt.date, int) if isinstance(value, kind))


@pytest.mark.parametrize(
    ("kind", "look"),
    [
        pytest.param(kind, look, id=f"{name}, {kind.__name__}")
        for name, (kinds, look) in LOOKS.items()
        for kind in kinds
    ],
)
def test_arithmetic_with_a_stand_in_is_refused_and_never_another_stand_in(kind, look):
    with pytest.raises(PlaceholderError):
        look(placeholder(kind, 3))


@pytest.mark.parametrize(
    "made",
    [
        lambda: dt.date.fromordinal(dt.date.toordinal(placeholder(dt.date, 3)) + 7),
        lambda: dt.datetime.__add__(placeholder(dt.datetime, 3), dt.timedelta(hours=5)),
        lambda: dt.datetime.__add__(placeholder(dt.datetime, 3), dt.timedelta(days=1)),
        lambda: int(placeholder(int, 3)) + 1,
        lambda: int(placeholder(int, 3)) - 4,
    ],
)
def test_what_is_counted_from_one_past_its_methods_is_recognised_and_refused(made):
    with pytest.raises(PlaceholderError):
        number_of(made())


@pytest.mark.parametrize("kind", KINDS)
def test_a_stand_in_may_be_held_against_others_and_against_nothing(kind):
    one, two = placeholder(kind, 1), placeholder(kind, 2)
    assert one == placeholder(kind, 1)
    assert len({one, two, placeholder(kind, 1)}) == 2
    assert one != two
    assert one not in (None, "", [])
    assert number_of(copy.deepcopy(one)) == 1


def test_a_moment_is_the_same_in_any_zone():
    there = dt.datetime.astimezone(placeholder(dt.datetime, 3), dt.timezone(dt.timedelta(hours=3)))
    assert number_of(there) == 3


def test_the_shape_of_a_value_keeps_what_a_statement_depends_on():
    def shape(value):
        return shape_of(value, [])

    assert shape({"a": "x", "b": [1, "y"]}) == shape({"a": "z", "b": [1, "u"]})
    assert (
        len({shape(v) for v in ("x", "", None, 1, True, 1.0, [], ["x"], ["x", "x"], dt.date(2026, 1, 1))})
        == 10
    )


def test_values_and_stand_ins_are_numbered_alike():
    value = {"a": "x", "b": ["y", 3, "", dt.date(2026, 1, 1)]}
    values = ["before"]
    shape_of(value, values)
    found = replaced(value, 1)
    assert values == ["before", "x", "y", dt.date(2026, 1, 1)]
    assert [number_of(found["a"]), number_of(found["b"][0]), number_of(found["b"][3])] == [1, 2, 3]
    assert found["b"][1:3] == [3, ""]


def test_a_symbolic_function_answers_with_stand_ins_and_remembers_that_it_was_asked():
    with recording(["bir iki"]) as record:
        found = words(placeholder(str, 0))
    assert [number_of(word) for word in found] == [1, 2]
    assert record.values == ["bir iki", "bir", "iki"]
    (step, outcome), values = record.steps[0], ["üç dört"]
    assert step.take(values) == outcome
    assert values == ["üç dört", "üç", "dört"]
    assert step.take(["beş"]) != outcome


def test_what_may_not_vary_is_part_of_the_outcome():
    with recording(["uzun", "az"]) as record:
        assert is_long(placeholder(str, 0)) is True
        assert is_long(placeholder(str, 1)) is False
    assert len({outcome for _step, outcome in record.steps}) == 2


def test_a_refusal_is_an_outcome_too():
    with recording(["no"]) as record, pytest.raises(ValueError):
        strict(placeholder(str, 0))
    ((step, outcome),) = record.steps
    assert outcome == RAISED == step.take(["no"]) != step.take(["yes"])


def test_a_text_of_the_request_that_looks_like_a_stand_in_is_a_text():
    forged = str.__str__(placeholder(str, 0)) + " x"
    with recording([forged]):
        assert [number_of(word) for word in words(placeholder(str, 0))] == list(
            range(1, len(forged.split()) + 1)
        )


def test_outside_of_a_recording_a_symbolic_function_is_itself():
    assert words("a b") == ["a", "b"]
