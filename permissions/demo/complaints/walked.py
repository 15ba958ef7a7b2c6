"""A few hundred invented cases walked through the actions: what `copies` makes thousands of.

They are taken back once their rows are read, with every number, message and job that the actions made of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from backend.complaints.choices import Channel, Kind
from backend.complaints.law.deadlines import Regime
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
from permissions.demo.world import RECENT, Moment, Subject, World, called_at

MOST_OPEN, MOST_ENDED, LONG_AGO = 140, 55, 100
"""So many are walked that are open still, that ended in the last month, and that came in the weeks before it."""
REPEATS = 0.03
REPEATED: dict[str, Any] = {
    "channel": Channel.PHONE,
    "regime": Regime.SERVICE_REQUEST,
    "signature_given": False,
    "cimer_due_on": None,
}
"""Only a request for service ends as a repetition of another person's (3071 m.7)."""
CHILDREN: tuple[type[Model], ...] = (Routing, Notice, ComplaintLine, Comment, Extension, Forwarding)
"""What hangs on a case, in an order that foreign keys allow."""
Row = dict[str, Any]
Bars = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
"""Shows how far a piece of the loading is: by its name and how much it is, what is called with what was done."""


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
    """What is copied, the oldest first: open cases, those of the last month that ended, older ones, and a citizen of
    each sort."""

    open: list[Walked]
    recent: list[Walked]
    older: list[Walked]
    citizens: dict[Applicant, Row]


def walk(world: World, moments: list[Moment], seed: int, bars: Bars) -> Sample:
    """Walk what a demo of cases that came at these moments needs."""
    with system(), dry_run(), moved_clock() as move_to:
        random = Random(f"{seed}-walked")  # noqa: S311 - invented data is repeatable, not secret
        maker, by = Maker(random, world), Walker(move_to)
        citizens = {
            sort: contacts.record(**maker.citizen(sort), by=by.users[world.staff.call_centre[0]])
            for sort in (Applicant(a, b) for a in (False, True) for b in (False, True))
        }
        late = world.now - dt.timedelta(days=RECENT)
        recent = [one for one in moments if one.at > late]
        most = min(MOST_ENDED, max(len(moments) // 6, 6))
        older = [
            Moment(called_at(random, world.now, RECENT, LONG_AGO), is_open=False) for _each in range(most)
        ]
        groups = (
            _some([one for one in recent if one.is_open], MOST_OPEN),
            _some([one for one in recent if not one.is_open], most),
            sorted(older),
        )
        with bars(_("Steps of sample applications"), sum(map(len, groups))) as report:
            still_open, ended, before = (list(_walk(maker, by, citizens, group, report)) for group in groups)
        _read_rows([*still_open, *ended, *before])
        people = {sort: _read(Citizen, pk=citizen.pk)[0] for sort, citizen in citizens.items()}
    return Sample(still_open, ended, before, people)


def _some(moments: list[Moment], most: int) -> list[Moment]:
    """At most so many of them, spread evenly."""
    return (
        [moments[number * len(moments) // most] for number in range(most)] if len(moments) > most else moments
    )


def _walk(
    maker: Maker,
    by: Walker,
    citizens: dict[Applicant, Citizen],
    moments: list[Moment],
    report: Callable[[int], object],
) -> Iterator[Walked]:
    random, world, originals = maker.random, maker.world, list[Complaint]()
    for at, is_open in moments:
        facts, subject, applicant = maker.case(local_date(at))
        original = random.choice(originals[-20:]) if originals and random.random() < REPEATS else None
        if is_open:
            original = None
        if original is not None:
            facts |= {"kind": Kind.COMPLAINT, "identity_hidden": False} | REPEATED
        case = by.register(
            at,
            random.choice(world.staff.call_centre),
            applicant=citizens[applicant] if applicant else None,
            source=SOURCE,
            **{"source_number": str(maker.key())} | facts,
        )
        means = maker.means(case.channel, applicant)
        Course(maker, case, subject, means, original).play(by, is_open=is_open)
        if original is None and case.category and case.kind == Kind.COMPLAINT:
            originals.append(case)
        report(1)
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
