"""How it is searched: what fits best is found by a statement of constant text, then asked of the first wall."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Q

from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.models import ALIKE_LENGTH
from backend.core.session import prepared
from backend.core.words.excerpts import found_in
from backend.core.words.finding import NUMBER, reference_numbers
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean, prefix_query, search_form, tr_tokens
from backend.letters.models import Addressee
from backend.partners.models import Role
from permissions.appointments.rules import known_applicants
from permissions.complaints.rules import known_persons
from permissions.contacts.rules import citizens_looked_up
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING, Action, both
from permissions.core.registry import RULES
from permissions.search import case_search
from permissions.search.case_search import NAMED_FROM, PERSON
from permissions.search.hits import Hit, SearchRow
from permissions.search.kinds import SOURCES, Field, Kind
from permissions.search.statement import CANDIDATES, CASES, Mode, statement

MOST = 100
"""Maximum number of results."""
ALIKE_FROM = 4
"""Letters from which on a word may be written wrong."""


@dataclass(frozen=True)
class SearchQuery:
    """Search input and its interpretations."""

    text: str
    tokens: tuple[str, ...]
    query: str
    is_number: bool
    phone: str

    @classmethod
    def of(cls, text: str) -> SearchQuery:
        text = clean(text)[:200]
        tokens, query = tuple(tr_tokens(text).split()), prefix_query(text) or ""
        return cls(text, tokens, query, NUMBER.fullmatch(text) is not None, _phone(text))

    @property
    def mode(self) -> Mode:
        return Mode.NUMBER if self.is_number else Mode.PHONE if self.phone else Mode.WORDS

    @property
    def may_be_wrong(self) -> bool:
        return self.mode == Mode.WORDS and any(len(word) >= ALIKE_FROM for word in self.tokens)

    @property
    def names_somebody(self) -> bool:
        return self.mode == Mode.WORDS and max(map(len, self.tokens)) >= NAMED_FROM

    def numbers(self) -> list[str]:
        """The numbers that may be meant: `2026/12` is one of every kind that is numbered."""
        prefixes = tuple(begin for source in SOURCES.values() for begin in source.numbers if begin)
        return reference_numbers(prefixes, self.text)


def _phone(text: str) -> str:
    if not case_search.is_number(text):
        return ""
    try:
        return normal_phone(text)
    except DomainError:
        return ""


@dataclass(frozen=True)
class Found:
    """A row that was found, and how well it fits."""

    kind: Kind
    row: int
    fit: int
    near: float
    at: dt.datetime

    @property
    def place(self) -> tuple[Any, ...]:
        return self.fit, -self.near, -self.at.timestamp(), -self.row


def search(
    text: str,
    *,
    purpose: str,
    kinds: Iterable[Kind] | None = None,
    first: int = 20,
    each: int | None = None,
) -> list[Hit]:
    """Search for `text`, best match first, then newest; at most `each` per kind.

    One statement for all kinds, those of a case, and one per kind shown: none per row. The persons shown are written
    to the read log, with `purpose`.
    """
    asked, first = SearchQuery.of(text), min(max(first, 0), MOST)
    if not asked.query or not first:
        return []
    asked_of = set(Kind if kinds is None else kinds)
    rules = {kind: _rule(kind) for kind in Kind if kind in asked_of and scope.current_viewer().may("READ")}
    rules = {kind: rule for kind, rule in rules.items() if rule != NOTHING}
    wanted = tuple(rules)
    count = min(first, each or first)
    result = _found(asked, asked.mode, wanted, count)
    if Kind.COMPLAINT in wanted:
        result += _cases(asked, wanted, count)
    if not result and asked.may_be_wrong:
        result = _found(asked, Mode.ALIKE, wanted, count)
    return _told(asked, _best(result, first), rules, purpose)


def _rule(kind: Kind) -> Q:
    """The rule of a kind. People known from guest lists alone are excluded."""
    viewer = scope.current_viewer()
    return (
        citizens_looked_up(viewer)
        if kind == Kind.CITIZEN
        else RULES[SOURCES[kind].model][Action.VIEW](viewer)
    )


def _finds_persons(asked: SearchQuery, kinds: tuple[Kind, ...]) -> bool:
    return asked.names_somebody and bool({Kind.CITIZEN, Kind.REQUEST} & set(kinds))


def _finds_cases(asked: SearchQuery, kinds: tuple[Kind, ...]) -> bool:
    """Whether a department's cases match through persons by name. For the office, which knows everyone, the
    newest cases are searched instead."""
    knows_some = known_persons(scope.current_viewer()) not in (EVERYTHING, NOTHING)
    return _finds_persons(asked, kinds) and Kind.COMPLAINT in kinds and knows_some


def _found(asked: SearchQuery, mode: Mode, kinds: tuple[Kind, ...], count: int) -> list[Found]:
    by_words = mode == Mode.WORDS
    sql = statement(
        mode, kinds, by_words and _finds_persons(asked, kinds), by_words and _finds_cases(asked, kinds)
    )
    if not sql:
        return []
    items: list[Any] = [asked.query, count]
    if mode == Mode.NUMBER:
        items.append(asked.numbers())
    elif mode == Mode.PHONE:
        items = [asked.phone, count, *_owners(asked)]
    elif mode == Mode.ALIKE:
        items[0] = search_form(asked.text)[:ALIKE_LENGTH]
    with prepared(sql, items) as cursor:
        return _nobody_unknown([Found(Kind(kind), *rest) for kind, *rest in cursor.fetchall()])


def _nobody_unknown(found: list[Found]) -> list[Found]:
    """Without requests and cases that were found by who is behind them where the viewer may not know that: before the
    best are chosen, so that none of them takes the place of another find."""
    known = {
        kind: set(knows([one.row for one in found if one.kind == kind and one.fit == PERSON]))
        for kind, knows in ((Kind.REQUEST, _knows), (Kind.COMPLAINT, _known_cases))
    }
    return [one for one in found if one.fit != PERSON or one.kind not in known or one.row in known[one.kind]]


def _known_cases(keys: list[int]) -> list[int]:
    if not keys:
        return []
    known = known_persons(scope.current_viewer())
    return list(Complaint.objects.filter(known, pk__in=keys).values_list("pk", flat=True))


def _owners(asked: SearchQuery) -> tuple[list[int], list[int]]:
    """All records of the persons with this number, and the organisations with a contact who has it, as far as the
    viewer sees them there."""
    people = scope.visible(contacts.find_by_phone(asked.phone)).values_list("pk", flat=True)[:20]
    records = {key for family in contacts.families(set(people)).values() for key in family}
    roles = scope.visible(Role).filter(phone=asked.phone).values_list("organisation", flat=True)[:20]
    return sorted(records), sorted(set(roles))


def _cases(asked: SearchQuery, kinds: tuple[Kind, ...], count: int) -> list[Found]:
    """By what the statement over all kinds does not know: numbers and codes, and who is behind a case."""
    ways = case_search.match_strategies(
        Complaint.objects.all(),
        asked.text,
        CANDIDATES,
        with_persons=not _finds_cases(asked, kinds),
        with_words=asked.mode != Mode.WORDS,
    )
    if not any(ways):
        return []
    with prepared(CASES, [asked.query, *ways, count]) as cursor:
        return [Found(Kind(kind), *rest) for kind, *rest in cursor.fetchall()]


def _best(found: list[Found], first: int) -> list[Found]:
    """The best, each row once."""
    best: dict[tuple[Kind, int], Found] = {}
    for one in sorted(found, key=lambda one: one.place):
        best.setdefault((one.kind, one.row), one)
    return list(best.values())[:first]


# -- the answer --------------------------------------------------------------------------------------------
def _told(asked: SearchQuery, found: list[Found], rules: Mapping[Kind, Q], purpose: str) -> list[Hit]:
    """What stands in these rows, as far as the first wall shows them."""
    by_kind: dict[Kind, list[int]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one.row)
    values: dict[tuple[Kind, int], SearchRow] = {}
    people: dict[int, Citizen] = {}
    for kind, keys in by_kind.items():
        if kind == Kind.CITIZEN:
            people = {person.pk: person for person in Citizen.objects.filter(rules[kind], pk__in=keys)}
            values |= {(kind, person.pk): SearchRow.of_person(person) for person in people.values()}
        else:
            values |= {(kind, row.pk): row for row in _seen(kind, rules[kind], keys)}
    known = [(one, values[one.kind, one.row]) for one in found if (one.kind, one.row) in values]
    people = _people(known, people, purpose)
    hits = [row.hit(one.kind, one.fit, asked.tokens, asked.phone, people) for one, row in known]
    _note_addressees(hits, purpose)
    return _with_former_names(hits, asked)


def _seen(kind: Kind, rule: Q, keys: list[int]) -> list[SearchRow]:
    source = SOURCES[kind]
    person: Any = {"person": F("applicant_id")} if kind == Kind.COMPLAINT else {}
    names = ["pk", "key", source.at, source.title, *source.texts, "status"]
    rows = source.model._default_manager.filter(rule, pk__in=keys)
    number = ["reference"] if source.numbers else []
    asks = _knows(keys) if kind == Kind.REQUEST else {}
    return [SearchRow.of(kind, values, asks) for values in rows.values(*names, *number, **person)]


def _knows(keys: list[int]) -> dict[int, int]:
    """Request -> who asks, where the viewer may know that."""
    rule = known_applicants(scope.current_viewer())
    if rule == NOTHING or not keys:
        return {}
    rows = SOURCES[Kind.REQUEST].model._default_manager.filter(
        both(rule, Q(pk__in=keys)), applicant__isnull=False
    )
    return dict(rows.values_list("pk", "applicant"))


def _people(
    known: list[tuple[Found, SearchRow]], found: Mapping[int, Citizen], purpose: str
) -> dict[int, Citizen]:
    """The persons whose names are shown, written to the read log; those in `found` are read already. Cases that
    matched by words have none: the same person may be known from another case and hidden here."""
    shown = {
        row.person for one, row in known if row.person and (one.kind != Kind.COMPLAINT or one.fit == PERSON)
    }
    people = {pk: found[pk] for pk in shown & found.keys()}
    if others := shown - found.keys():
        people |= {person.pk: person for person in scope.visible(Citizen).filter(pk__in=others)}
    if people:
        scope.log_access(people, purpose)
    return people


def _with_former_names(hits: list[Hit], asked: SearchQuery) -> list[Hit]:
    """Add the former name where a person matched by a merged record."""
    merged = {hit.row for hit in hits if hit.kind == Kind.CITIZEN and hit.matched == Field.PERSON}
    if not merged:
        return hits
    families = contacts.families(merged)
    records = scope.visible(Citizen).filter(pk__in={pk for family in families.values() for pk in family})
    names = {record.pk: record.full_name for record in records}
    former = {
        row: max(
            (names.get(pk, "") for pk in families[row] - {row}), key=lambda name: found_in(name, asked.tokens)
        )
        for row in merged
        if families[row] - {row}
    }
    return [
        replace(hit, excerpt=former[hit.row]) if hit.kind == Kind.CITIZEN and hit.row in former else hit
        for hit in hits
    ]


def _note_addressees(hits: list[Hit], purpose: str) -> None:
    """Write addressees shown in excerpts to the read log."""
    telling = (Field.ADDRESSEE, Field.TEXT)
    letters = [hit.row for hit in hits if hit.kind == Kind.LETTER and hit.matched in telling]
    if letters:
        theirs = scope.visible(Addressee).filter(letter__in=letters, citizen__isnull=False)
        scope.log_access(theirs.values_list("citizen", flat=True), purpose)
