"""A few hundred invented cases walked through the actions: what `copies` makes thousands of.

They are taken back once their rows are read, with every number, message and job that the actions made of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db.models import Model

from backend.complaints.choices import Kind
from backend.complaints.models import (
    Comment,
    Complaint,
    ComplaintLine,
    Extension,
    Forwarding,
    Notice,
    Routing,
)
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.localtime import local_date
from backend.core.session import dry_run, system
from permissions.demo.clock import moved_clock
from permissions.demo.complaints.cases import SOURCE, Applicant, Maker
from permissions.demo.complaints.courses import Course
from permissions.demo.complaints.walking import Walker
from permissions.demo.world import RECENT, Subject, World, called_at

FEWEST, MOST, SHARE_OF_RECENT, LONG_AGO = 20, 200, 0.6, 100
"""How many are walked; what share of them came in the last month, the others within so many days."""
REPEATS = 0.03
CHILDREN: tuple[type[Model], ...] = (Routing, Notice, ComplaintLine, Comment, Extension, Forwarding)
"""What hangs on a case, in an order that foreign keys allow."""
Row = dict[str, Any]


@dataclass
class Walked:
    """A case as its actions left it, by the names of its fields."""

    number: int
    subject: Subject
    applicant: Applicant | None
    row: Row = field(default_factory=dict)
    children: dict[type[Model], list[Row]] = field(default_factory=dict)

    @property
    def repeats(self) -> bool:
        """Whether it was found to be a repetition of another."""
        return self.row["duplicate_of"] is not None

    @property
    def last(self) -> dt.datetime:
        """When something was done to it last."""
        moment: dt.datetime = max(line["at"] for line in self.children[ComplaintLine])
        return moment


@dataclass(frozen=True)
class Sample:
    """What is copied: cases of the last month and older ones, the oldest first, and a citizen of each sort."""

    recent: list[Walked]
    older: list[Walked]
    citizens: dict[Applicant, Row]

    @property
    def all(self) -> list[Walked]:
        return self.older + self.recent


def walk(world: World, count: int, seed: int) -> Sample:
    """Walk as many cases as a demo of this size needs."""
    with system(), dry_run(), moved_clock() as move_to:
        random = Random(f"{seed}-walked")  # noqa: S311 - invented data is repeatable, not secret
        most = min(max(count // 4, FEWEST), count, MOST)
        recent = round(most * SHARE_OF_RECENT)
        moments = [called_at(random, world.now, 0, RECENT) for _each in range(recent)]
        moments += [called_at(random, world.now, RECENT, LONG_AGO) for _each in range(most - recent)]
        maker, by = Maker(random, world), Walker(move_to)
        citizens = {
            sort: contacts.record(**maker.citizen(sort), by=by.users[world.staff.call_centre[0]])
            for sort in (Applicant(a, b) for a in (False, True) for b in (False, True))
        }
        made = list(_walk(maker, by, citizens, sorted(moments)))
        _read_rows(made)
        people = {sort: _read(Citizen, pk=citizen.pk)[0] for sort, citizen in citizens.items()}
    first = world.now - dt.timedelta(days=RECENT)
    older = [case for case in made if case.row["registered_at"] < first]
    return Sample([case for case in made if case not in older], older, people)


def _walk(
    maker: Maker, by: Walker, citizens: dict[Applicant, Citizen], moments: list[dt.datetime]
) -> Iterator[Walked]:
    random, world, originals = maker.random, maker.world, list[Complaint]()
    for position, at in enumerate(moments):
        facts, subject, applicant = maker.case(local_date(at))
        original = random.choice(originals[-20:]) if originals and random.random() < REPEATS else None
        if original is not None:
            facts |= {"kind": Kind.COMPLAINT, "identity_hidden": False}
        case = by.register(
            at,
            random.choice(world.staff.call_centre),
            applicant=citizens[applicant] if applicant else None,
            source=SOURCE,
            source_number=f"walked-{position}",
            **facts,
        )
        means = maker.means(case.channel, applicant)
        Course(maker, case, subject, means, original).play(by)
        if original is None and case.category and case.kind == Kind.COMPLAINT:
            originals.append(case)
        yield Walked(case.pk, subject, applicant)


def _read_rows(made: list[Walked]) -> None:
    of = {case.number: case for case in made}
    for row in _read(Complaint, pk__in=of):
        of[row["id"]].row = row
        of[row["id"]].children = {model: [] for model in CHILDREN}
    for model in CHILDREN:
        for row in _read(model, complaint__in=of):
            of[row["complaint"]].children[model].append(row)


def columns(model: type[Model]) -> list[Any]:
    """The fields of a row that are written: without what the database makes."""
    return [one for one in model._meta.concrete_fields if not one.generated]


def _read(model: type[Model], **where: Any) -> list[Row]:
    fields = columns(model)
    rows = model._default_manager.filter(**where).order_by("pk")
    names = [one.name for one in fields]
    values = rows.values_list(*(one.attname for one in fields))
    return [dict(zip(names, row, strict=True)) for row in values]
