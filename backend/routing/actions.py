"""Keeping the rules: add or correct one, put one before or behind another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.step import must_be_open
from backend.complaints.choices import Channel, Priority
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import clean, line, tr_fold
from backend.journal.actions import record
from backend.organization.models import Category, Department, Neighbourhood, User
from backend.routing.deciding import street_form
from backend.routing.models import LONGEST_WORD, Hours, RoutingRule

MOST = 200
"""So many rules are in use at most: each new case is compared with all of them."""
MOST_NAMED = 60
"""So many categories, neighbourhoods or words a rule names at most."""
SHORTEST_WORD = 3


@transaction.atomic
def save_rule(
    rule: RoutingRule | None = None,
    *,
    by: User | None,
    name: str,
    categories: Iterable[Category] = (),
    neighbourhoods: Iterable[Neighbourhood] = (),
    street: str = "",
    on_main_artery: bool | None = None,
    words: Iterable[str] = (),
    channels: Iterable[str] = (),
    hours: str = "",
    weekdays: Iterable[int] = (),
    department: Department | None = None,
    priority: str = "",
    checklist: Category | None = None,
    is_automatic: bool = False,
    is_active: bool = True,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> RoutingRule:
    """Add a rule, behind all others, or correct one. REQUIRED, INVALID, DUPLICATE, OVER_LIMIT at the field."""
    _one_at_a_time()
    row = rule or RoutingRule()
    row.name = required(name, "name", _("Write what the rule is called: its name stands as the reason."), 120)
    row.categories = _codes(categories, "categories")
    row.neighbourhoods = _codes(neighbourhoods, "neighbourhoods")
    row.street = line(street)[:120]
    if row.street and not street_form(row.street):
        message = _("Write the street with its kind, such as “İğdeli Sokak”, and without a number.")
        raise DomainError(ErrorCode.INVALID, message, "street")
    row.on_main_artery = on_main_artery
    row.words = _words(words)
    row.channels = _of(Channel, channels, "channels")
    row.hours = _one_of(Hours, hours, "hours")
    row.weekdays = sorted(set(weekdays))
    if not set(row.weekdays) <= set(range(1, 8)):
        raise DomainError(
            ErrorCode.INVALID, _("A day of the week is a number from 1, Monday, to 7."), "weekdays"
        )
    if department is not None:
        must_be_open(department, "department")
    row.department, row.priority, row.checklist = (
        department,
        _one_of(Priority, priority, "priority"),
        checklist,
    )
    if not (row.department or row.priority or row.checklist):
        message = _("Say what follows: a department, a priority or a checklist.")
        raise DomainError(ErrorCode.REQUIRED, message, "department")
    row.is_automatic, row.is_active = is_automatic, is_active
    row.valid_from, row.valid_until = valid_from, valid_until
    if valid_from and valid_until and valid_until < valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "valid_until")
    _refuse_twice(row)
    if rule is None:
        row.position = RoutingRule.objects.count() + 1
    row.save()
    record(verb="routing_rule_saved", about=row, by=by, label=row.name)
    return row


@transaction.atomic
def move_rule(
    rule: RoutingRule,
    *,
    by: User | None,
    before: RoutingRule | None = None,
    after: RoutingRule | None = None,
) -> RoutingRule:
    """Put a rule directly before another, or behind it. INVALID without exactly one other.

    The same again changes nothing, and whatever another user has moved meanwhile, it ends next to the one named.
    """
    other = before or after
    if other is None or (before and after) or other.pk == rule.pk:
        raise DomainError(
            ErrorCode.INVALID, _("Name one other rule, before or behind which it is put."), "before"
        )
    _one_at_a_time()
    rows = list(RoutingRule.objects.in_order())
    was = [row.pk for row in rows]
    moved = next(row for row in rows if row.pk == rule.pk)
    rows.remove(moved)
    place = next(i for i, row in enumerate(rows) if row.pk == other.pk) + (after is not None)
    rows.insert(place, moved)
    changed = []
    for position, row in enumerate(rows, 1):
        if row.position != position:
            row.position = position
            changed.append(row)
    RoutingRule.objects.bulk_update(changed, ["position"])
    if [row.pk for row in rows] != was:
        record(verb="routing_rule_moved", about=moved, by=by, label=moved.name)
    return moved


def _one_at_a_time() -> None:
    """Wait until a change of the list that is under way is done: places are numbers of the whole list."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('routing rules', 6))")


def _refuse_twice(row: RoutingRule) -> None:
    others = RoutingRule.objects.active().exclude(pk=row.pk)
    if not row.is_active:
        return
    names = list(others.values_list("name", flat=True))
    if tr_fold(row.name) in map(tr_fold, names):
        raise DomainError(ErrorCode.DUPLICATE, _("A rule in use has this name already."), "name")
    if len(names) >= MOST:
        message = _("At most %(most)s rules are in use. Take one out of use first.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"most": MOST}, "is_active")


def _codes(rows: Iterable[Any], field: str) -> list[str]:
    return _few(sorted({row.code for row in rows}), field)


def _few[T](named: list[T], field: str) -> list[T]:
    if len(named) > MOST_NAMED:
        raise DomainError(ErrorCode.OVER_LIMIT, _("At most %(most)s.") % {"most": MOST_NAMED}, field)
    return named


def _words(texts: Iterable[str]) -> list[str]:
    result = _few([text for text in dict.fromkeys(line(clean(one)) for one in texts) if text], "words")
    for text in result:
        if len(text) > LONGEST_WORD:
            message = _("No word or phrase is longer than %(longest)s letters.")
            raise DomainError(ErrorCode.INVALID, message % {"longest": LONGEST_WORD}, "words")
        if len(tr_fold(text).replace(" ", "")) < SHORTEST_WORD or not any(map(str.isalnum, text)):
            message = _("“%(word)s” is too short: it would be found in nearly every text.")
            raise DomainError(ErrorCode.INVALID, message % {"word": text}, "words")
    return result


def _one_of(choices: Any, value: str, field: str) -> str:
    return _of(choices, [value], field)[0] if value else ""


def _of(choices: Any, named: Iterable[str], field: str) -> list[str]:
    chosen = {str(value) for value in named}
    if not chosen <= set(choices.values):
        raise DomainError(ErrorCode.INVALID, _("This is none of the values of the list."), field)
    return [value for value in choices.values if value in chosen]
