"""Thousands of cases, each a copy of one that was walked: another day, other people, other words, the same course.

Nothing is decided here about a case: its rows are those that the actions wrote, moved by whole weeks to where the law
counts the same days.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from backend.complaints.actions.registering import SEQUENCE
from backend.complaints.choices import Channel
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.models import Complaint, Extension, Notice
from backend.contacts import privacy
from backend.contacts.models import Citizen, Purpose
from backend.core.bulk import insert_rows, take_ids
from backend.core.localtime import local_date
from backend.core.models import NumberSequence
from backend.outbox.models import Message
from backend.places.choices import PointSource
from permissions.demo.complaints import sayings
from permissions.demo.complaints.cases import Applicant, Maker
from permissions.demo.complaints.walked import CHILDREN, Row, Sample, Walked, columns
from permissions.demo.world import RECENT, Moment, Subject, World

NEW_PEOPLE = 0.45
NEAR = 24  # among so many walked cases that came about then one is chosen; of open ones among two
WEEKS = (0, -1, 1, -2, 2, -3, 3)  # from the wanted one
REGULARS = 4000  # citizens of earlier chunks who may turn up again
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)|(\d\d)\.(\d\d)\.(\d{4})")
WITH_NUMBERS = (Citizen, Complaint, Notice)
"""Whose numbers are known before they are written: others name them."""

People = dict[Applicant, list[Row]]
"""Who may bring a case (again), by what of them decides its course. A row gets its number when it is written."""


def regulars() -> People:
    """The citizens who are there already."""
    found: People = defaultdict(list)
    rows = Citizen.objects.standing().order_by("-id").values_list("id", "email", "address")[:REGULARS]
    for number, email, address in reversed(rows):
        found[Applicant(bool(email), bool(address))].append({"id": number})
    return found


@dataclass
class CaseCopy:
    """How the rows of one walked case become those of its copy."""

    case: int
    days: dt.timedelta
    shift: dt.timedelta
    words: dict[str, str]
    maker: Maker
    notices: dict[int, int] = field(default_factory=dict)

    def value(self, column: models.Field[Any, Any], value: Any) -> Any:
        """What a column of the copy holds where its original holds this."""
        match column:
            case _ if value is None:
                return None
            case _ if column.primary_key:
                return self.case if column.model is Complaint else self.notices[value]
            case models.DateTimeField():
                return value + self.shift
            case models.DateField():
                return value + self.days
            case ArrayField(base_field=DateRangeField()):
                return [DateRange(wait.lower + self.days, wait.upper + self.days) for wait in value]
            case models.UUIDField():
                return self.maker.key()
            case models.ForeignKey(related_model=model):
                return {Complaint: self.case, Notice: self.notices.get(value), Message: None}.get(
                    model, value
                )
            case models.JSONField():
                return self.text(json.dumps(value, ensure_ascii=False))
            case models.TextField() | models.CharField(choices=None):
                return self.text(value)
        return value

    def rows(self, walked: Walked, model: type[models.Model]) -> Iterator[Row]:
        """The copies of the rows of a model that hang on the case."""
        fields = [one for one in columns(model) if model in WITH_NUMBERS or not one.primary_key]
        by_the_house = replace(self, shift=self.days)  # its nightly job comes at its hour
        for row in walked.children[model]:
            copy = by_the_house if row.get("actor", 0) is None else self
            yield {one.name: copy.value(one, row[one.name]) for one in fields}

    def text(self, text: str) -> str:
        """The text with its days moved and its other words."""
        for old, new in self.words.items():
            text = text.replace(old, new)
        return DAY.sub(self._day, text)

    def _day(self, found: re.Match[str]) -> str:
        is_iso = found[1] is not None
        year, month, day = found.group(1, 2, 3) if is_iso else found.group(6, 5, 4)
        moved = dt.date(int(year), int(month), int(day)) + self.days
        return moved.isoformat() if is_iso else f"{moved:%d.%m.%Y}"


class Copies:
    """One chunk of copies, and the people who bring them."""

    def __init__(self, random: Random, world: World, sample: Sample, people: People) -> None:
        self.random, self.world, self.sample, self.people = random, world, sample, people
        self.maker, self.citizens = Maker(random, world), list[Row]()
        self.made: list[tuple[Row, Subject, Walked, CaseCopy]] = []
        today = local_date(world.now)
        self._late = [one for one in sample.open if one.row["target_on"] < today]
        self._notice = privacy.in_force(Purpose.CASE, "tr")

    def add(self, number: int, position: int, moment: Moment) -> None:
        """Copy a case that came about this moment; `position` is its number in the demo."""
        walked, weeks, original = self._choose(moment)
        subject = original[1] if original else self._subject(walked)
        days = dt.timedelta(weeks=weeks)
        words = {
            sayings.DONE: self.random.choice(subject.done),
            sayings.NUMBER: f"E-24312041-622.03-{self.random.randint(1000, 99999)}",
            sayings.BARCODE: f"{self.random.randrange(10**9):09d}",
        }
        if original is not None:
            words[f'"of": {walked.row["duplicate_of"]}'] = f'"of": {original[0]["id"]}'
        copy = CaseCopy(number, days, days + self._minutes(walked, days), words, self.maker)
        row = {one.name: copy.value(one, walked.row[one.name]) for one in columns(Complaint)}
        row |= self._facts(walked, subject) if original is None else self._repeated(row, original[0])
        row |= {
            "source_number": self._number(walked, position),
            "tracking_code": self.maker.tracking_code(),
            "deadline_inputs": self._dates(walked, days)[1],
            "applicant": self._person(walked.applicant, row),
            "privacy_notice": self._shown(row),
        }
        self.made.append((row, subject, walked, copy))

    def _number(self, walked: Walked, position: int) -> str:
        """The position; of what came through CİMER as CİMER writes a number."""
        is_cimer = walked.row["channel"] == Channel.CIMER
        return f"{walked.row['registered_on']:%y}{position:08d}" if is_cimer else str(position)

    def _choose(self, moment: Moment) -> tuple[Walked, int, tuple[Row, Subject] | None]:
        """A walked case, by how many weeks to move it, and what it repeats if it is a repetition."""
        walked = self.random.choice(self._near(moment))
        weeks = self._weeks(walked, moment.at)
        if not walked.repeats:
            return walked, weeks, None
        if (original := self._original(walked, weeks)) is not None:
            return walked, weeks, original
        walked = self.random.choice(
            [one for one in self.sample.recent + self.sample.older if not one.repeats]
        )
        return walked, self._weeks(walked, moment.at), None

    def _near(self, moment: Moment) -> list[Walked]:
        """The walked cases that may have come then: those of about that day, or any older ones that ended."""
        is_recent = moment.at > self.world.now - dt.timedelta(days=RECENT)
        if not is_recent:
            return (self._late if moment.is_open else None) or self.sample.older
        found = (self.sample.open if moment.is_open else self.sample.recent) or self.sample.older
        many = 2 if moment.is_open else NEAR
        place = bisect_left(found, moment.at, key=lambda one: one.row["registered_at"])
        start = max(min(place - many // 2, len(found) - many), 0)
        return found[start : start + many]

    def _original(self, walked: Walked, weeks: int) -> tuple[Row, Subject] | None:
        """An earlier case of the chunk that this one may repeat."""
        before = walked.row["registered_at"] + dt.timedelta(weeks=weeks, hours=-1)
        like = [
            (row, subject)
            for row, subject, *_rest in self.made[-300:]
            if subject.runs_as == walked.subject.runs_as and row["registered_at"] < before
            if row["category"] and not row["duplicate_of"]
        ]
        return self.random.choice(like) if like and walked.row["category"] else None

    def _weeks(self, walked: Walked, at: dt.datetime) -> int:
        """How many weeks from the walked case this moment lies, or about as many: where its law counts alike.

        An open case stays where it is unless it is late in both weeks.
        """
        is_late = walked.row["target_on"] < local_date(self.world.now)
        if walked.row["closed_at"] is None and not is_late:
            return 0
        wanted = round((at - walked.row["registered_at"]) / dt.timedelta(weeks=1))
        for weeks in (wanted + more for more in WEEKS):
            is_past = weeks <= 0 or walked.last + dt.timedelta(weeks=weeks) < self.world.now
            if is_past and (weeks <= 0 or walked.row["closed_at"]) and self._fits(walked, weeks):
                return weeks
        return 0

    def _fits(self, walked: Walked, weeks: int) -> bool:
        days, row = dt.timedelta(weeks=weeks), walked.row
        dates = [row[name] and row[name] + days for name in clock.DATES]
        return self._dates(walked, days)[0] == dates

    def _dates(self, walked: Walked, days: dt.timedelta) -> tuple[list[dt.date | None], str]:
        """The three dates that the law gives the copy, and what made them."""
        row, extensions = walked.row, walked.children[Extension]
        dates = self.world.dates(
            Regime(row["regime"]),
            Matter(row["matter"]),
            row["registered_on"] + days,
            self.world.target_days(row["category"], row["priority"]),
            row["cimer_due_on"] and row["cimer_due_on"] + days,
            extensions[0]["granted_on"] + days if extensions else None,
            tuple((wait.lower + days, wait.upper + days - dt.timedelta(days=1)) for wait in row["waits"]),
        )
        return [dates.raw, dates.legal, dates.target], dates.inputs

    def _minutes(self, walked: Walked, days: dt.timedelta) -> dt.timedelta:
        """Some minutes, so that no two came at once: into the past, and not over midnight."""
        minutes = dt.timedelta(minutes=-self.random.uniform(0, 50))
        before = walked.row["registered_at"]
        return minutes if local_date(before + minutes) == local_date(before) else dt.timedelta()

    def _subject(self, walked: Walked) -> Subject:
        """What it is about: anything that runs the same course."""
        like = self.maker.about(walked.row["kind"], self.world.like(walked.subject))
        return self.random.choices(like, [max(one.weight, 1) for one in like])[0]

    def _facts(self, walked: Walked, subject: Subject) -> Row:
        row = walked.row
        texts = self.maker.texts(row["kind"], row["regime"], subject)
        category = subject.category.pk if row["category"] else None
        point = {"point_source": PointSource.ENTERED} if texts["latitude"] else self.maker.door_of(texts)
        return texts | point | {"neighbourhood": texts["neighbourhood"].pk, "category": category}

    def _repeated(self, row: Row, other: Row) -> Row:
        """The same trouble at the same place as another, in other words."""
        same = ("category", "subject", "neighbourhood", "place", "latitude", "longitude", "point_source")
        body = f"{other['place']} için arıyorum, aynı sorun sürüyor. Komşular da bildirmiş olabilir."
        return {name: other[name] for name in same} | {"body": body, "duplicate_of": other["id"]}

    def _person(self, applicant: Applicant | None, case: Row) -> Row | None:
        if applicant is None:
            return None
        known = self.people[applicant]
        if known and self.random.random() > NEW_PEOPLE:
            return known[int(len(known) * self.random.random() ** 1.4)]
        facts = self.maker.citizen(applicant)
        place = {"neighbourhood": facts["neighbourhood"].pk, "key": self.maker.key()}
        at = {"created_at": case["registered_at"], "created_by": case["registered_by"]}
        new = self.sample.citizens[applicant] | facts | place | at
        known.append(new)
        self.citizens.append(new)
        return new

    def _shown(self, row: Row) -> int | None:
        """The privacy notice: callers heard the text in force; CİMER shows its own."""
        notice = self._notice
        heard = notice and row["applicant"] and row["registered_on"] >= notice.valid_from
        return notice.pk if heard and notice and row["channel"] != Channel.CIMER else None

    def insert(self) -> None:
        """Write the rows, in the order that foreign keys ask for; the numbers of the registry last."""
        for citizen, number in zip(self.citizens, take_ids(Citizen, len(self.citizens)), strict=True):
            citizen["id"] = number
        _insert(Citizen, self.citizens)
        for known in self.people.values():
            known[:] = [{"id": one["id"]} for one in known[-REGULARS:]]
        notices = iter(
            take_ids(Notice, sum(len(walked.children[Notice]) for *_rest, walked, _copy in self.made))
        )
        cases = [row for row, *_rest in self.made]
        give_numbers(cases)
        for row, _subject, walked, copy in self.made:
            row["applicant"] = row["applicant"] and row["applicant"]["id"]
            copy.words[walked.row["reference"]] = row["reference"]
            copy.notices = {one["id"]: next(notices) for one in walked.children[Notice]}
        _insert(Complaint, cases)
        for model in CHILDREN:
            _insert(model, (row for *_rest, walked, copy in self.made for row in copy.rows(walked, model)))


def _insert(model: type[models.Model], rows: Iterable[Row]) -> None:
    fields = [one.name for one in columns(model) if model in WITH_NUMBERS or not one.primary_key]
    insert_rows(model, fields, ([row[name] for name in fields] for row in rows))


def give_numbers(complaints: list[Row]) -> None:
    """Gapless numbers of the local year, in the order of registration; taken last."""
    counts = Counter(row["registered_on"].year for row in complaints)
    next_number: dict[int, Iterator[int]] = {}
    for year, count in sorted(counts.items()):
        first = NumberSequence.take(SEQUENCE, year, count)
        next_number[year] = iter(range(first, first + count))
    for row in sorted(complaints, key=lambda row: row["registered_at"]):
        year = row["registered_on"].year
        taken = next(next_number[year])
        row |= {"year": year, "number": taken, "reference": f"{year}/{taken}"}
