"""One find: what it is, where it was found, and what stands there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.contacts.models import Citizen
from backend.core.words.excerpts import excerpt, found_in
from permissions.search import case_search
from permissions.search.kinds import SOURCES, Field, Kind


@dataclass(frozen=True)
class Hit:
    """A row that was found, as far as the viewer may know it; `row` is its number in its table."""

    kind: Kind
    row: int
    key: UUID
    at: dt.datetime
    number: str
    status: str
    title: str
    matched: Field
    excerpt: str
    person: str
    """The person behind it, if it matched by them or shows them anyway; for a person, what distinguishes
    namesakes; or empty."""

    @property
    def status_label(self) -> str:
        if not self.status:
            return ""
        field: Any = SOURCES[self.kind].model._meta.get_field("status")
        return str(dict(field.flatchoices).get(self.status, ""))


@dataclass(frozen=True)
class SearchRow:
    """Values of a matching row. `person`: the person it is, or the one behind it."""

    pk: int
    key: UUID
    at: dt.datetime
    number: str
    status: str
    person: int | None
    title: str
    texts: Sequence[str]

    @classmethod
    def of(cls, kind: Kind, values: Mapping[str, Any], asks: Mapping[int, int]) -> SearchRow:
        source = SOURCES[kind]
        return cls(
            pk=values["pk"],
            key=values["key"],
            at=values[source.at],
            number=values.get("reference", ""),
            status=values.get("status", ""),
            person=values.get("person", asks.get(values["pk"])),
            title=values[source.title],
            texts=[values[column] for column in source.texts],
        )

    @classmethod
    def of_person(cls, person: Citizen) -> SearchRow:
        return cls(person.pk, person.key, person.created_at, "", "", person.pk, person.name_fold, ())

    def hit(
        self, kind: Kind, fit: int, tokens: Sequence[str], phone: str, people: Mapping[int, Citizen]
    ) -> Hit:
        is_named = kind != Kind.COMPLAINT or fit == case_search.PERSON
        person = people.get(self.person or 0) if is_named else None
        name = person.full_name if person else ""
        title = name if kind == Kind.CITIZEN else self.title
        matched, text = self._where(kind, fit, title, tokens, phone, person)
        return Hit(
            kind=kind,
            row=self.pk,
            key=self.key,
            at=self.at,
            number=self.number,
            status=self.status,
            title=title or str(kind.label),
            matched=matched,
            excerpt=text,
            person=str(person.phone) if kind == Kind.CITIZEN and person else name,
        )

    def _where(
        self, kind: Kind, fit: int, title: str, tokens: Sequence[str], phone: str, person: Citizen | None
    ) -> tuple[Field, str]:
        if fit == case_search.EXACT:
            return (Field.PHONE, phone) if phone else (Field.NUMBER, self.number)
        if fit == case_search.PERSON:
            return Field.PERSON, person.full_name if person else ""
        places = [(Field.TITLE, title), *zip(SOURCES[kind].texts.values(), self.texts, strict=True)]
        if fit == case_search.ALIKE:
            places = places[:1]
        field, text = max(places, key=lambda place: found_in(place[1], tokens))  # the first of equals
        return field, excerpt(text, tokens)
