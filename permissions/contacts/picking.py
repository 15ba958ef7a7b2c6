"""Finding the person or the organisation that is meant, for forms that name one: among those that the viewer sees.

By a telephone number in any spelling, a T.C. kimlik no, the beginnings of a name; a person also by the organisation at
which they have a role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.validation import is_key
from backend.core.words.phones import normal_phone
from backend.core.words.text import search_form
from backend.partners import actions as partner_actions
from backend.partners.models import Organisation, Role
from permissions.core import scope
from permissions.core.filters import Action
from permissions.partners import access as partners

type Party = Citizen | Organisation
MOST = 8
PURPOSE = "picker"
SHORTEST = 2
"""Letters or digits from which on anything is looked for."""
DIGITS_OF_A_NUMBER = 7
OF_THE_BEST = 3
"""How many organisations of a name are asked for their people."""


@dataclass(frozen=True)
class Found:
    """A row that may be meant, and what distinguishes it from its namesakes."""

    row: Party
    name: str
    detail: str

    @property
    def is_person(self) -> bool:
        return isinstance(self.row, Citizen)


def find(
    text: str, *, persons: bool, organisations: bool, purpose: str = PURPOSE, most: int = MOST
) -> list[Found]:
    """The persons and the organisations that a text may mean, exact names first. Persons shown are noted in the read
    log under `purpose`."""
    text = text.strip()[:200]
    if len(search_form(text)) < SHORTEST:
        return []
    result: list[Found] = []
    if organisations:
        result += [_organisation(row) for row in _organisations(text, most)]
    if persons:
        result += _with_roles(people_meant(text, most))
    folded = search_form(text)
    result.sort(key=lambda one: search_form(one.name) != folded)
    shown = result[:most]
    scope.log_access([one.row.pk for one in shown if one.is_person], purpose)
    return shown


def seen(models: Iterable[type[Party]], key: str) -> Party | None:
    """The row of one of these tables with this key, if the viewer sees it."""
    rows = (scope.visible(model._default_manager.filter(key=key)).first() for model in models)
    return next((row for row in rows if row is not None), None) if is_key(key) else None


def people(rows: QuerySet[Citizen], text: str) -> QuerySet[Citizen]:
    """Narrow visible `rows` to those with this number, this T.C. kimlik no or this beginning of a name."""
    if is_number(text):
        for look in (contacts.find_by_phone, contacts.find_by_national_id):
            try:
                matches = rows.filter(pk__in=look(text).values("pk"))
            except DomainError:
                continue
            if matches.exists():
                return matches
        return rows.none()
    named: Any = Citizen.objects.search(text)
    matches = rows.filter(pk__in=named.values("pk"))
    if scope.current_viewer().sees_all or matches.exists():
        return matches
    folded = search_form(text)  # those who are known from a list of guests alone
    return rows.filter(Q(name_fold__startswith=folded) | Q(name_fold__contains=f" {folded}"))


def is_number(text: str) -> bool:
    """Whether it is written as a telephone number or a T.C. kimlik no is."""
    return sum(letter.isdigit() for letter in text) >= DIGITS_OF_A_NUMBER and not any(map(str.isalpha, text))


def people_meant(text: str, most: int = MOST) -> list[Citizen]:
    """The persons that a text may mean: by number, by name, by the organisation at which they are. The caller notes
    whom they show in the read log."""
    rows = scope.visible(Citizen.objects.standing()).select_related("neighbourhood")
    result = list(people(rows, text).order_by("name_fold", "-pk")[:most])
    if len(result) < most and not is_number(text):
        there = [row.pk for row in _organisations(text, OF_THE_BEST)]
        at = scope.visible(Role.objects.current()).filter(organisation__in=there).values("person")
        known = [row.pk for row in result]
        more = rows.filter(pk__in=at).exclude(pk__in=known).order_by("name_fold", "-pk")
        result += list(more[: most - len(result)]) if there else []
    return result


def _organisations(text: str, most: int) -> list[Organisation]:
    rows: Any = scope.visible(Organisation.objects.standing())
    if is_number(text):
        try:
            rows = rows.filter(phone=normal_phone(text))
        except DomainError:
            return []
    else:
        rows = rows.search(text)
    return list(rows.order_by("name_sort", "pk")[:most])


def _organisation(row: Organisation) -> Found:
    parts = [row.short_name, str(row.get_kind_display()), row.city]
    if row.closed_on:
        parts.append(str(row.get_status_display()))
    return Found(row, row.name, " · ".join(filter(None, parts)))


def _with_roles(rows: Sequence[Citizen]) -> list[Found]:
    """Persons with what they are where, as far as the viewer may know that."""
    there: dict[int, str] = {}
    keys = [row.pk for row in rows]
    roles = scope.visible(Role.objects.current()).filter(person__in=keys).select_related("organisation")
    shown: list[Role] = list(roles.order_by("pk")[: 4 * MOST]) if keys else []
    for role in shown:
        there.setdefault(role.person_id, f"{role.title}, {role.organisation.title}")
    scope.log_access([role.pk for role in shown], PURPOSE, kind="partners.role")
    return [
        Found(
            row,
            row.full_name,
            " · ".join(
                filter(
                    None,
                    [
                        there.get(row.pk, ""),
                        row.phone.as_national if row.phone else row.email,
                        row.neighbourhood.name if row.neighbourhood else "",
                    ],
                )
            ),
        )
        for row in rows
    ]


def twice(found: Iterable[Found]) -> list[tuple[Party, Party]]:
    """Pairs that are probably one, for who may merge them: the same name and number, or the same organisation."""
    first: dict[tuple[object, ...], Party] = {}
    pairs: list[tuple[Party, Party]] = []
    for one in found:
        same = (type(one.row), search_form(one.name), str(one.row.phone or "") if one.is_person else "-")
        if same[2] and same in first and scope.can(Action.MERGE, one.row):
            pairs.append((one.row, first[same]))
        first.setdefault(same, one.row)
    return pairs


def alike(name: str, *, first_name: str = "", last_name: str = "", phone: str = "") -> list[Party]:
    """Those that the viewer sees and that a new record would repeat."""
    if first_name:
        return list(partners.alike(first_name, last_name, phone))
    rows = scope.visible(partner_actions.alike(name)).order_by("name_sort", "pk")
    return list(rows[:MOST])


def found(row: Party) -> Found:
    """A visible row, and what distinguishes it from its namesakes."""
    return _organisation(row) if isinstance(row, Organisation) else _with_roles([row])[0]
