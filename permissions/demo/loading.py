"""Loads invented complaints in chunks, each one transaction: an interruption loses one chunk at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from random import Random

from django.db import connections
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.complaints.models import Complaint
from backend.complaints.reporting.publishing import publish
from backend.contacts.models import Citizen
from backend.core.bulk import take_ids
from backend.core.session import system
from backend.map.publishing import publish as publish_cells
from permissions.demo import lines, mailboxes, news, notifications, retention, settings
from permissions.demo.complaints import (
    clients,
    cluster,
    crew,
    information,
    portals,
    showcase,
    stickers,
    webhooks,
)
from permissions.demo.complaints.cases import SOURCE
from permissions.demo.complaints.copies import Copies, regulars
from permissions.demo.complaints.walked import Bars, walk
from permissions.demo.messages import conversations, texts
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
    submissions,
)
from permissions.demo.organization import directory
from permissions.demo.people import keep_drafts, keep_filters, keep_pins, make_staff, set_reminders
from permissions.demo.places import loading as places
from permissions.demo.routing import rules as routing_rules
from permissions.demo.triage import router
from permissions.demo.world import World, build, moments

CHUNK = 2000


def already_there() -> int:
    """How many invented complaints an earlier run left (the showcase not counted)."""
    with system():
        return Complaint.objects.filter(source=SOURCE).exclude(source_number="").count()


def load(count: int, seed: int, bars: Bars) -> int:
    """Fill up the sample complaints to `count`, and add the showcase and the rest of the office once.

    `bars` shows how far it is. Continues an interrupted run. Equal seeds make equal stories for the same moment.
    Returns how many were added.
    """
    world = prepare(seed)
    added = load_cases(count, seed, world, bars)
    people: list[Callable[[], object]] = [
        partial(protocol.load_once, seed),
        partners.load_once,
        greetings.load_once,
        partial(events.load_once, seed),
        engagements.load_once,
        agreements.load_once,
        seating.load_once,
        linking.load_once,
    ]
    before: list[Callable[[], object]] = [
        partial(_show, world),
        information.load_once,
        crew.load_once,
        partial(programme.load_once, seed),
        cluster.load_once,
        letters.load_once,
    ]
    after: list[Callable[[], object]] = [
        news.load_once,
        submissions.load_once,
        mailboxes.load_once,
        conversations.load_once,
        lines.load_once,
        texts.load_once,
        stickers.load_once,
        _publish,
        portals.load_once,
        notifications.load_once,
        retention.load_once,
        settings.load_once,
        router.load_once,
        directory.load_once,
        partial(clients.load_once, seed),
        webhooks.load_once,
        routing_rules.load_once,
    ]
    with bars(_("The rest of the office"), len([*before, *people, *after])) as report:
        for steps, around in ((before, nullcontext), (people, _known_for_long), (after, nullcontext)):
            with around():
                for step in steps:
                    step()
                    report(1)
    return added


def _show(world: World) -> None:
    with system():
        if not showcase.is_there():
            showcase.load(world)
            keep_filters()
            keep_drafts()
            keep_pins()
            set_reminders()


def _publish() -> None:
    with system():
        publish_cells()
        publish()  # the night's job, so that the open numbers are there at once


def prepare(seed: int) -> World:
    """Make places and staff unless they are there: what cases are invented from."""
    places.load_once(seed)
    with system():
        return build(timezone.now(), make_staff(seed))


@contextmanager
def _known_for_long() -> Iterator[None]:
    """Who is recorded in the block has been known for months: the list of citizens begins with who called lately."""
    with system():
        newest = Citizen.objects.aggregate(newest=Max("pk"))["newest"] or 0
    yield
    with system():
        for number, person in enumerate(Citizen.objects.filter(pk__gt=newest).order_by("pk")):
            since = person.created_at - dt.timedelta(days=90 + 3 * number, minutes=37 * number % 480)
            Citizen.objects.filter(pk=person.pk).update(created_at=since)


def load_cases(count: int, seed: int, world: World, bars: Bars) -> int:
    """Invent cases up to this number: some are walked, and copies of these are written. Returns how many were added."""
    start = already_there()
    if start >= count:
        return 0
    times = moments(_random(f"{seed}-moments"), count, world.now)
    sample = walk(world, times, seed, bars)
    with system():
        people = regulars()
    with bars(_("Applications"), count - start) as report:
        for first in range(start, count, CHUNK):
            chunk = times[first : first + CHUNK]
            with system():
                copies = Copies(_random(f"{seed}-{first}"), world, sample, people)
                numbers = take_ids(Complaint, len(chunk))
                for number, (position, moment) in zip(numbers, enumerate(chunk, first), strict=True):
                    copies.add(number, position, moment)
                copies.insert()
            report(len(chunk))
    return count - start


def _random(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - invented data is repeatable, not secret


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
