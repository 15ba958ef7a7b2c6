"""One reading for all followers who see alike: what happened to a case, read once and sent to each of them.

Colleagues with the same grants who follow by the same document get the same bytes. What may differ between two of them
is left to each one's own look (`Subscriber.go_on`): a case that is shared with one, that has left, that the read log
has to name, a field that depends on the person. Nothing is sent after a token, session or grant has ended: how each
subscriber stands is asked anew in each round.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.conf import settings
from django.utils import translation
from graphql import OperationDefinitionNode, parse
from graphql.type.definition import GraphQLResolveInfo

from backend.complaints.models import Complaint
from backend.core.errors import DomainError
from backend.core.session import system
from backend.journal.change_feed import Cursor, News
from permissions.complaints import subscriptions
from permissions.core import scope
from permissions.plans.reasons import NotCompilableError
from permissions.plans.standings import NOBODY, impersonal, sight, standings
from schema.compiler import refetch
from schema.compiler.plans import Question
from schema.core.documents import Answer
from schema.http import compiled
from schema.http.authentication import renewed_session
from schema.http.responses import payload_of
from schema.stream.subscriber import BYTES_AT_ONCE, EVENTS_AT_ONCE, Mark, Subscriber, event
from schema.stream.subscriptions import Followed

_KIND = "complaint"


@dataclass(frozen=True)
class Round:
    """What happened between two places of the change feed. `persons`: with whom one of these cases is shared."""

    before: Cursor
    after: Cursor
    news: Sequence[News]
    persons: frozenset[int]


@dataclass(frozen=True)
class Delivery:
    """What all of a group are sent, of which rows; and the rows that none of them sees."""

    text: bytes
    rows: tuple[int, ...]
    hidden: frozenset[int]


class PersonalError(Exception):
    """The reading depends on the person: each one makes it for themselves."""


def deliveries(round_: Round, subscribers: Sequence[Subscriber]) -> dict[Subscriber, Delivery]:
    """What each of these is sent of a round. Who is missing has to look for themselves.

    Everything before the round must have been sent to them.
    """
    found: dict[Subscriber, Delivery] = {}
    for members in _groups(round_, subscribers):
        delivery = _read(members[0], round_)
        if delivery is not None:
            found |= {each: delivery for each in members if delivery.hidden.isdisjoint(each.followed.held)}
    return found


def still_standing(subscribers: Sequence[Subscriber]) -> set[Subscriber]:
    """Those whose token, session and grants are as at their own last look."""
    askers = list({each.asker: each for each in subscribers}.values())
    with system():
        now = standings(
            [each.asker.token for each in askers],
            [each.asker.stored_session for each in askers],
            [each.account or 0 for each in askers],
        )
    standing = {each.asker: found for each, found in zip(askers, now, strict=True)}
    return {
        each for each in subscribers if each.standing is not None and each.standing == standing[each.asker]
    }


def _groups(round_: Round, subscribers: Sequence[Subscriber]) -> list[list[Subscriber]]:
    """Those who still stand as at their own last look, by what they see and follow."""
    standing = still_standing(subscribers)
    groups: defaultdict[Hashable, list[Subscriber]] = defaultdict(list)
    for each in subscribers:
        if each in standing and each.account not in round_.persons:
            groups[each.alike].append(each)
    return list(groups.values())


def _read(first: Subscriber, round_: Round) -> Delivery | None:
    """What happened, as it is for all who are like this one; None where it is not the same for all."""
    try:
        with translation.override(first.language), renewed_session(first.asker) as viewer:
            if sight(viewer) != first.sight:
                return None
            with scope.placeholder_viewer(impersonal(viewer)):
                return _delivery(first, round_)
    except (DomainError, PersonalError):
        return None


def _delivery(first: Subscriber, round_: Round) -> Delivery | None:
    one = first.followed.subject
    news = subscriptions.without_deliveries(
        [each for each in round_.news if each.kind == _KIND and one in (None, each.subject_id)]
    )
    if not news:
        return Delivery(b"", (), frozenset())
    rows = {each.subject_id for each in news}
    seen = set(scope.visible(Complaint).filter(pk__in=rows).values_list("pk", flat=True))
    departments = scope.current_viewer().departments
    if one is not None and one not in seen:
        return None
    if any(each.lost_by & departments for each in news if each.subject_id not in seen):
        return None
    groups = [
        list(group) for row, group in groupby(news, lambda each: each.subject_id) if row in seen
    ]  # in the order and the pieces of `Subscriber.go_on`
    if len(groups) > EVENTS_AT_ONCE:
        return None
    text = b""
    for count, group in enumerate(groups, start=1):
        place = round_.after if count == len(groups) else round_.before.amid(round_.after, group[-1])
        text += _event(first, group, place)
    shown = tuple(dict.fromkeys(group[0].subject_id for group in groups))
    return Delivery(text, shown, frozenset(rows - seen)) if len(text) <= BYTES_AT_ONCE else None


def _event(first: Subscriber, news: list[News], place: Cursor) -> bytes:
    followed = Followed(first.followed.kind, first.followed.subject, first.followed.visible_key, news=news)
    result, context = first.run_operation(followed, _refetched)
    if result.errors or context.shown or followed.is_over:
        raise PersonalError
    return event(payload_of(result, context.texts), Mark(place))


# -- a row for all who see alike ------------------------------------------------------------------------------
def _refetched(info: GraphQLResolveInfo, type_name: str, id: str) -> Answer:
    """The selected fields of a row. PersonalError if they depend on who looks, or the read log names it."""
    if not settings.GRAPHQL_COMPILED_READS:
        raise PersonalError
    viewer = scope.current_viewer()
    question = refetch.question(info, type_name, id, viewer)
    try:
        statement, parameters = compiled.plans.plan(question)
        if statement.notes_readings or _persons(question) != _persons(_bare(question, type_name)):
            raise PersonalError
    except NotCompilableError as error:
        raise PersonalError from error
    text = compiled.fetched(statement, parameters)
    row = refetch.row_of(text)
    if row == b"null":
        raise PersonalError
    return Answer(row, {})  # type: ignore[arg-type]


def _persons(question: Question) -> int:
    """At how many places of the statement the person who asks stands: what differs between two of the same sight."""
    (mine, my_values), (theirs, their_values) = (
        compiled.plans.plan(replace(question, viewer=impersonal(question.viewer, number)))
        for number in NOBODY
    )
    if mine is not theirs:
        raise PersonalError
    differ = [
        place for place, (my, their) in enumerate(zip(my_values, their_values, strict=True), 1) if my != their
    ]
    return sum(len(re.findall(rf"\${place}::", mine.text)) for place in differ)


def _bare(question: Question, type_name: str) -> Question:
    """The same row with nothing selected of it: the person stands in it only where it says whether the row is seen."""
    text = f"{{ {refetch.KEY}: node(id: ${refetch.ID}) {{ ... on {type_name} {{ id }} }} }}"
    document = parse(text)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)  # noqa: S101 - written above
    return Question(
        f"\0{text}", document, operation, {refetch.ID: question.variables[refetch.ID]}, question.viewer
    )
