"""What a viewer may say to each row of a page, as one expression of SQL: the table of rules and that of states."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Case, Func, Q, TextField, Value, When

from permissions.core.filters import EVERYTHING, NOTHING, VerbTable
from permissions.core.viewer import Viewer, current


def allowed_actions_sql(table: VerbTable, viewer: Viewer | None = None) -> Any:
    """The same list as `abilities`, as JSON text over the row's table: both tables written out.

    What the viewer is to every row or to none is settled here; only the rest is asked row by row.
    """
    viewer = viewer or current.get()
    if not viewer.may("WRITE"):
        return Value("[]")
    held: set[str] = set()
    questions: list[tuple[Q, set[str]]] = []  # relations with the same condition are one question
    for relation, asked in table.relations.items():
        condition = asked(viewer)
        if condition == EVERYTHING:
            held.add(relation)
        elif condition != NOTHING:
            same = next((relations for known, relations in questions if known == condition), None)
            if same is None:
                questions.append((condition, {relation}))
            else:
                same.add(relation)
    _outcomes, listed = _asked_in_turn(_possible(table), questions, frozenset(held))
    reached = held.union(*(relations for _condition, relations in questions))
    idle = [  # in a state without the verb there is nothing to take out, and nothing is asked
        Case(
            When(Q(status__in=sorted(table.actions[verb].sources)) & ~applies, then=Value(str(verb))),
            output_field=TextField(),
        )
        for verb, applies in table.applies.items()
        if reached & table.allowed(verb)
    ]
    return _without(listed, idle) if idle else listed


def _without(listed: Any, idle: list[Case]) -> Func:
    """The same list without the verbs that have nothing to act upon in the row."""
    verbs = Func(*idle, template="array_remove(ARRAY[%(expressions)s]::text[], NULL)")
    return Func(
        listed, verbs, template="(%(expressions)s)::text", arg_joiner="::jsonb - ", output_field=TextField()
    )


Possible = list[tuple[str, list[tuple[Any, frozenset[str]]]]]
"""State -> the verbs that it allows, in the table's order, each with the relations that may say it."""


def _possible(table: VerbTable) -> Possible:
    """Read the table once for all the combinations of relations that are asked of it."""
    verbs = [(verb, table.allowed(verb)) for verb in table.verbs]
    return [
        (status, [(verb, allowed) for verb, allowed in verbs if table.actions.allows(verb, status)])
        for status in table.statuses
    ]


def _asked_in_turn(
    possible: Possible, questions: list[tuple[Q, set[str]]], held: frozenset[str]
) -> tuple[Any, Any]:
    """(what it comes to, the expression). A question whose answer changes nothing is not asked."""
    if questions:
        (condition, relations), *others = questions
        so, if_so = _asked_in_turn(possible, others, held | relations)
        not_so, if_not = _asked_in_turn(possible, others, held)
        if so == not_so:
            return so, if_so
        return (relations, so, not_so), Case(
            When(condition, then=if_so), default=if_not, output_field=TextField()
        )
    by_verbs: dict[str, list[str]] = {}
    for status, verbs_there in possible:
        verbs = json.dumps([verb for verb, allowed in verbs_there if held & allowed])
        by_verbs.setdefault(verbs, []).append(status)
    whens = [When(status__in=statuses, then=Value(verbs)) for verbs, statuses in by_verbs.items()]
    return by_verbs, Case(*whens, output_field=TextField())
