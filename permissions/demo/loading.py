"""Loads invented complaints in chunks, each one transaction: an interruption loses one chunk at most."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from django.db import connections
from django.utils import timezone

from backend.complaints.actions.registering import SEQUENCE
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.bulk import take_ids
from backend.core.localtime import ISTANBUL
from backend.core.models import NumberSequence
from backend.core.session import system
from permissions.demo import notifications, retention
from permissions.demo.complaints import clients, information, portals, showcase, webhooks
from permissions.demo.complaints.cases import SOURCE, Maker
from permissions.demo.complaints.courses import Course
from permissions.demo.complaints.rows import Row, Rows
from permissions.demo.complaints.story import Story
from permissions.demo.office import (
    agreements,
    engagements,
    events,
    greetings,
    letters,
    linking,
    partners,
    programme,
    protocol,
    seating,
)
from permissions.demo.people import keep_filters, make_staff
from permissions.demo.world import Subject, World, build

CHUNK = 2000
HISTORY, RECENT = 730, 30  # days; a third of the cases is recent
CITIZENS_A_CASE = 0.45
REGULARS = 4000  # citizens of earlier chunks who may turn up again


def already_there() -> int:
    """How many invented complaints an earlier run left (the showcase not counted)."""
    with system():
        return Complaint.objects.filter(source=SOURCE).exclude(source_number="").count()


def load(count: int, seed: int, report: Callable[[int], object]) -> int:
    """Fill up the sample complaints to `count`, and add the showcase once.

    `report` is called with the size of each chunk. Continues an interrupted run. Equal seeds make equal stories for
    the same moment. Returns how many were added.
    """
    with system():
        staff = make_staff(seed)
        world = build(timezone.now(), staff)
    start = already_there()
    times = moments(count, seed, world.now)
    regulars = _regulars()
    for first in range(start, count, CHUNK):
        chunk = times[first : first + CHUNK]
        with system():
            regulars = _load_chunk(first, chunk, _random(f"{seed}-{first}"), world, regulars)
        report(len(chunk))
    with system():
        if not showcase.is_there():
            showcase.load(world, give_numbers)
            keep_filters()
    information.load_once()
    programme.load_once(seed)
    letters.load_once()
    protocol.load_once(seed)
    partners.load_once()
    greetings.load_once()
    events.load_once(seed)
    engagements.load_once()
    agreements.load_once()
    seating.load_once()
    linking.load_once()
    portals.load_once()
    notifications.load_once()
    retention.load_once()
    clients.load_once(seed)
    webhooks.load_once()
    return max(count - start, 0)


def moments(count: int, seed: int, now: dt.datetime) -> list[float]:
    """When the complaints came (Unix time), ascending; a third within the last month, mostly by day."""
    random = _random(f"{seed}-moments")
    return sorted(_moment(random, now) for _each in range(count))


def _random(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - invented data is repeatable, not secret


def _moment(random: Random, now: dt.datetime) -> float:
    age = random.uniform(0, RECENT) if random.random() < 1 / 3 else random.uniform(RECENT, HISTORY)
    day = (now - dt.timedelta(days=age)).astimezone(ISTANBUL)
    if day.weekday() >= 5 and random.random() < 0.75:
        day -= dt.timedelta(days=day.weekday() - 4)
    hour = random.triangular(8.3, 20, 10.5)
    at = day.replace(hour=0, minute=0, second=0) + dt.timedelta(hours=hour)
    if at > now:
        at = now - dt.timedelta(minutes=random.uniform(3, 240))
    return at.timestamp()


def _regulars() -> list[Row]:
    with system():
        rows = Citizen.objects.standing().order_by("-id").values("id", "email", "created_at")[:REGULARS]
        return [dict(row) for row in rows][::-1]


def _load_chunk(
    first: int, times: list[float], random: Random, world: World, regulars: list[Row]
) -> list[Row]:
    """Invent and write one chunk; returns the citizens who may turn up in the next."""
    rows, maker = Rows(), Maker(random, world)
    citizens = _citizens(maker, times, rows)
    numbers = take_ids(Complaint, len(times))
    made: list[tuple[Row, Subject]] = []
    for position, (number, stamp) in enumerate(zip(numbers, times, strict=True)):
        at = dt.datetime.fromtimestamp(stamp, ISTANBUL)
        applicant = _applicant(random, citizens, regulars)
        row, subject = maker.complaint(number, at, applicant)
        row["source_number"] = str(first + position)
        original = _original(random, made, row)
        if original:
            maker.repeat(row, *original)
        story = Story(row, rows, world, maker.key, maker.means(row, applicant))
        Course(random, world, row, subject, original[0]["id"] if original else None).play(story)
        made.append((row, subject))
    give_numbers(rows.complaints)
    rows.insert()
    return [*regulars, *citizens][-REGULARS:]


def _citizens(maker: Maker, times: list[float], rows: Rows) -> list[Row]:
    count = max(int(len(times) * CITIZENS_A_CASE), 1)
    at = dt.datetime.fromtimestamp(times[0], ISTANBUL)
    rows.citizens = [maker.citizen(number, at) for number in take_ids(Citizen, count)]
    return rows.citizens


def _applicant(random: Random, citizens: list[Row], regulars: list[Row]) -> Row | None:
    chance = random.random()
    if chance < 0.04:
        return None
    known = regulars if regulars and chance < 0.2 else citizens
    return known[int(len(known) * random.random() ** 1.4)]


def _original(random: Random, made: list[tuple[Row, Subject]], row: Row) -> tuple[Row, Subject] | None:
    """An earlier case that this one repeats, for three in a hundred."""
    if not made or random.random() > 0.03:
        return None
    other, subject = random.choice(made[-300:])
    fits = other["duplicate_of"] is None and subject.code and row["category"] and other["category"]
    return (other, subject) if fits else None


def give_numbers(complaints: list[Row]) -> None:
    """Gapless numbers of the local year, in the order of registration; taken last."""
    counts = Counter(row["registered_on"].year for row in complaints)
    next_number: dict[int, Iterator[int]] = {}
    for year, count in sorted(counts.items()):
        first = NumberSequence.take(SEQUENCE, year, count)
        next_number[year] = iter(range(first, first + count))
    for row in complaints:
        year = row["registered_on"].year
        taken = next(next_number[year])
        row |= {"year": year, "number": taken, "reference": f"{year}/{taken}"}


def settle() -> None:
    """Let the planner know what is in the tables now; needs the owner's address."""
    if "owner" not in connections:
        return
    with connections["owner"].cursor() as cursor:
        for table in (
            "complaints_complaint",
            "complaints_complaintline",
            "complaints_routing",
            "contacts_citizen",
        ):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("ANALYZE")
