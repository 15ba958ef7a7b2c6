"""Two databases that differ only in what a viewer may not see, and the asking of both.

They are one database at first: the cast, cases that the viewers see, and others among them. Then it is copied,
and each copy gets hidden rows of its own: more or fewer, other texts, other people behind hidden or guarded
identities, other grants, messages and journals. What is visible is equal by construction, keys and numbers too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from django.db import connections
from django.test import Client
from django.utils import timezone

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.complaints import actions
from backend.complaints.choices import Outcome, Status
from backend.complaints.models import Attachment, Comment, Complaint, Notice
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.journal.actions import record, record_reading
from backend.organization.models import SavedFilter, User
from backend.programme import actions as programme
from backend.programme.models import Entry
from permissions import grants, scope
from permissions.policies import SECURED
from permissions.viewer import CONTACTS, WORK
from tests.cast import Cast, make_cast, signed_in
from tests.databases import TestDatabases, pointed_at
from tests.factories import (
    at,
    make_body,
    make_category,
    make_citizen,
    make_complaint,
    make_entry,
    make_neighbourhood,
    make_public_day,
    make_request,
    make_user,
)
from tests.permissions.world import hang_everything_on, keep_filter

VIEWERS = ("park_clerk", "deputy_mayor", "outsider")
WORDS = {"A": "kurbağa", "B": "leylek"}
SURNAMES = {"A": "Atmaca", "B": "Baykuş"}
PHONES = {"A": "+905321000000", "B": "+905422000000"}


@dataclass
class Worlds:
    """The two databases, and the keys by which one may try to reach what is in them."""

    cast: Cast
    names: dict[str, str]
    seen: dict[str, Complaint]
    hidden: list[Complaint] = field(default_factory=list)
    citizens: list[Citizen] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    hidden_programme: list[Entry | AppointmentRequest] = field(default_factory=list)
    filters: list[SavedFilter] = field(default_factory=list)
    moment: dt.datetime = field(default_factory=timezone.now)

    @contextmanager
    def inside(self, world: str) -> Iterator[None]:
        with pointed_at(self.names[world]):
            yield


Differ = Callable[[Worlds, str], None]


def build(databases: TestDatabases, common: Callable[[Cast], dict[str, Complaint]], differ: Differ) -> Worlds:
    """Make both databases. The caller drops them."""
    first = databases.clone()
    with pointed_at(first):
        cast = make_cast()
        worlds = Worlds(cast, {"A": first}, common(cast))
    worlds.names["B"] = databases.clone(of=first)
    for world in ("A", "B"):
        with worlds.inside(world):
            differ(worlds, world)
            _same_numbers_next()
    return worlds


# -- worlds that differ in rows and people that no viewer sees ---------------------------------------------
def build_two(databases: TestDatabases) -> Worlds:
    """Other cases, their children, citizens, grants, messages, journals."""
    return build(databases, _common, _differ)


def _common(cast: Cast) -> dict[str, Complaint]:
    """Cases that at least one of the viewers sees, with hidden ones in between."""
    place = {"category": make_category(), "neighbourhood": make_neighbourhood(), "place": "Barış Sokak"}
    make_user("yabanci", "Nil", "Gezer")
    make_body()
    hidden = {f"hidden{n}": make_complaint(f"Gizli iş {n}", to=cast.relations) for n in range(2)}
    cases = {
        "park": make_complaint(to=cast.park, accepted_by=cast.park_clerk, **place),
        "identity": make_complaint("Kaçak yapı", to=cast.park, identity_hidden=True),
        **hidden,
        "shared": make_complaint(to=cast.relations),
        "both": make_complaint(to=cast.fen, collaborators=(cast.park,), on_behalf_of=make_citizen()),
        "duplicate": make_complaint(to=cast.park),
        "original": make_complaint("Ağaç devrildi", to=cast.park),
        "hidden2": make_complaint("Gizli iş 2"),
        "cleaning": make_complaint(to=cast.cleaning),
        "left": make_complaint(to=cast.park, accepted_by=cast.park_clerk),
    }
    with system():
        actions.mark_duplicate(cases["duplicate"], of=cases["hidden0"], by=cast.secretary)
        actions.return_(cases["left"], reason="Bizim değil.", by=cast.park_clerk)
        grants.share(cases["shared"], user=cast.outsider, by=cast.secretary)
        for complaint in cases.values():
            hang_everything_on(complaint, by=cast.secretary)
        told = {"by": cast.secretary, "means": "PHONE"}
        appointments.redirect(make_request(cast.mayors, "Park kapısı"), department=cast.park, **told)
        make_entry(cast.deputys, "Açık toplantı", at("2027-01-12", "14:00"), by=cast.fen_clerk)
        make_public_day(cast.mayors)
        keep_filter(cast.park_clerk, "Benim")
        for number, complaint in enumerate(cases.values()):
            day = today() + dt.timedelta(days=3 * number - 9)
            Complaint.objects.filter(pk=complaint.pk).update(target_on=day)
        return {name: Complaint.objects.get(pk=case.pk) for name, case in cases.items()}


def _differ(worlds: Worlds, world: str) -> None:
    """What this world has for itself, none of which any of the viewers may see."""
    cast, word = worlds.cast, WORDS[world]
    others = [
        make_complaint(
            f"Havuzda {word} {n}",
            to=cast.relations if n % 2 else None,
            place=word,
            tags=[word],
            source="CIMER",
            source_number=f"{word}-{n}",
        )
        for n in range(2 if world == "A" else 5)
    ]
    with system():
        for number, complaint in enumerate(others):
            hang_everything_on(complaint, by=cast.secretary)
            Complaint.objects.filter(pk=complaint.pk).update(
                target_on=today() + dt.timedelta(days=2 * number - 8)
            )
        _programme(worlds, world)
        _rewrite_hidden_cases(worlds, world)
        _rewrite_people(world)
        for number in range(1 if world == "A" else 2):
            worlds.filters.append(keep_filter(cast.secretary, f"{word} {number}"))
        if world == "A":
            actions.mark_duplicate(others[0], of=worlds.seen["original"], by=cast.secretary)
            actions.route(
                Complaint.objects.get(pk=worlds.seen["left"].pk), to=cast.relations, by=cast.secretary
            )
        else:
            _only_in_b(worlds)
        worlds.hidden += Complaint.objects.filter(pk__in=[row.pk for row in others])
        worlds.files += Attachment.objects.filter(
            complaint__in=[others[0].pk, worlds.seen["park"].pk]
        ).order_by("pk")
        worlds.citizens.append(Citizen.objects.get(complaints=worlds.seen["identity"].pk))


def _programme(worlds: Worlds, world: str) -> None:
    """The mayor is busy at the same times, which everybody is told, with other entries; others ask to be received."""
    cast, word = worlds.cast, WORDS[world]
    two = [("10:00", 30, ()), ("10:30", 30, (cast.mayor,))]
    entries = [
        make_entry(
            cast.mayors,
            f"{word} {clock}",
            at("2027-01-12", clock),
            minutes,
            by=cast.mayor,
            readers=readers,
            place=word,
        )
        for clock, minutes, readers in ([("10:00", 60, ())] if world == "A" else two)
    ]
    with scope.session(cast.mayor), elevated():
        programme.invite(Entry.objects.get(pk=entries[0].pk), by=cast.mayor, name=SURNAMES[world])
        programme.show_press(Entry.objects.get(pk=entries[0].pk), by=cast.mayor, title=word)
    # Confidential in a programme that one of the viewers sees, and that does not name them.
    secret = make_entry(
        cast.deputys, word, at("2027-01-12", "16:00"), by=cast.fen_clerk, readers=(cast.fen_clerk,)
    )
    requests = [make_request(cast.mayors, word) for _each in range(1 if world == "A" else 3)]
    with system():
        appointments.message(requests[0], body=word, by=cast.secretary, means="PHONE")
    worlds.hidden_programme += [entries[0], secret, requests[0]]


def _rewrite_hidden_cases(worlds: Worlds, world: str) -> None:
    word = WORDS[world]
    hidden = Complaint.objects.filter(subject__startswith="Gizli")
    hidden.update(subject=f"Gizli {word}", body=word, place=word, bounces=3 if world == "A" else 0)
    Comment.objects.filter(complaint__in=hidden).update(body=word)
    Notice.objects.filter(complaint__in=hidden).update(body=word)
    Attachment.objects.filter(complaint__in=hidden).update(name=f"{word}.pdf")
    if not worlds.hidden:
        worlds.hidden += list(hidden)


def _rewrite_people(world: str) -> None:
    """No viewer may see a citizen: every one has another name, number and address in each world."""
    for number, citizen in enumerate(Citizen.objects.order_by("pk")):
        Citizen.objects.filter(pk=citizen.pk).update(
            first_name=f"{world}{number}",
            last_name=SURNAMES[world],
            phone=f"{PHONES[world][:-2]}{number:02d}",
            email=f"{world.lower()}{number}@example.org",
            address=f"{WORDS[world]} Sokak",
            note=WORDS[world],
        )


def _only_in_b(worlds: Worlds) -> None:
    cast, seen = worlds.cast, worlds.seen
    stranger = User.objects.get(username="yabanci")
    Complaint.objects.filter(pk=seen["identity"].pk).update(applicant=make_citizen("Başka", "Biri"))
    Complaint.objects.filter(pk=seen["duplicate"].pk).update(duplicate_of=seen["hidden1"])
    Complaint.objects.filter(pk=seen["hidden2"].pk).update(
        status=Status.WITHDRAWN, closed_at=timezone.now(), outcome=Outcome.WITHDRAWN
    )
    grants.give(stranger, WORK, cast.relations, by=cast.administrator)
    grants.give(stranger, CONTACTS, cast.park, by=cast.administrator)
    grants.share(seen["hidden0"], user=stranger, by=cast.secretary)
    record(verb="imported", about=cast.relations, by=cast.administrator, note="leylek")
    record_reading(reader=stranger, kind="contacts.citizen", ids=[1, 2, 3], purpose="leylek")


def _same_numbers_next() -> None:
    """Numbers that the next row gets are equal too: counting on is no part of what is compared."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 100000)"
            " FROM pg_sequences WHERE schemaname = 'public'"
        )
        cursor.execute("UPDATE core_numbersequence SET last = 1000")


@contextmanager
def without_the_second_wall(worlds: Worlds, *tables: str) -> Iterator[None]:
    """Switch row-level security off in both worlds, for these tables or for all."""
    _each(worlds, "DISABLE", tables)
    try:
        yield
    finally:
        _each(worlds, "ENABLE", tables)


def _each(worlds: Worlds, word: str, tables: tuple[str, ...]) -> None:
    for world in worlds.names:
        with worlds.inside(world), connections["owner"].cursor() as cursor:
            for table in tables or tuple(SECURED):
                cursor.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")


# -- worlds that differ only in who stands behind a hidden identity ----------------------------------------
def build_identities(databases: TestDatabases) -> Worlds:
    """For a viewer who may know the citizens: two are known from open cases; in each world another one told."""
    return build(databases, _two_known_people, _one_of_them_told)


def _two_known_people(cast: Cast) -> dict[str, Complaint]:
    people = [make_citizen("Ali", "Atmaca"), make_citizen("Banu", "Baykuş")]
    cases = {f"open {person.last_name}": make_complaint(to=cast.park, applicant=person) for person in people}
    for number in range(2):
        cases[f"told {number}"] = make_complaint(
            "İhbar", to=cast.park, applicant=people[0], identity_hidden=True, accepted_by=cast.park_clerk
        )
    # Found by its own words where an open case is found by its person.
    cases["told in words"] = make_complaint(
        "Atmaca ile Baykuş Sokak", to=cast.park, applicant=people[0], identity_hidden=True
    )
    cases["for another"] = make_complaint("İhbar", to=cast.park, on_behalf_of=people[0], identity_hidden=True)
    with system():
        for complaint in cases.values():
            hang_everything_on(complaint, by=cast.secretary)
    return cases


def _one_of_them_told(worlds: Worlds, world: str) -> None:
    with system():
        ali, banu = Citizen.objects.filter(last_name__in=["Atmaca", "Baykuş"]).order_by("pk")
        worlds.citizens = [ali, banu]
        if world == "B":
            told = Complaint.objects.filter(identity_hidden=True)
            told.filter(applicant=ali).update(applicant=banu)
            told.filter(on_behalf_of=ali).update(on_behalf_of=banu)


# -- asking ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ask:
    """One request: GET without a body, otherwise POST (`body` as JSON text, or as a form's fields)."""

    path: str
    body: str | None = None
    form: tuple[tuple[str, str], ...] | None = None

    def __str__(self) -> str:
        return f"{self.path} {self.body or self.form or ''}"


BATCH = 12
Answer = tuple[int, tuple[tuple[str, str], ...], str]
UNLIKE = {"date", "expires", "set-cookie", "content-security-policy", "content-length"}
"""Headers that differ between any two answers: time, session, nonce, the length of a body with a token."""
DURATIONS = re.compile(r"dur=[\d.]+")
TOKENS = re.compile(
    r'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken":\s*"[^"]*"|csrfToken\W+[\w-]+'
    r"|\d+[.,]\d+ ?(?:s|sn|saniye)"
)


def answers(worlds: Worlds, world: str, viewer: str, asks: list[Ask]) -> list[Answer]:
    """What this viewer is answered in this world, at one and the same moment."""
    with worlds.inside(world), patch("django.utils.timezone.now", return_value=worlds.moment):
        client = signed_in(getattr(worlds.cast, viewer))
        return [_answer(client, ask) for ask in asks]


def _answer(client: Client, ask: Ask) -> Answer:
    if ask.body is not None:
        response = client.post(ask.path, ask.body, content_type="application/json")
    elif ask.form is not None:
        response = client.post(ask.path, dict(ask.form))
    else:
        response = client.get(ask.path)
    content = b"".join(response) if response.streaming else response.content
    headers = tuple(
        sorted((k.lower(), DURATIONS.sub("", v)) for k, v in response.items() if k.lower() not in UNLIKE)
    )
    return response.status_code, headers, TOKENS.sub("", content.decode("utf-8", "replace"))


def differing(worlds: Worlds, viewer: str, asks: list[Ask]) -> list[str]:
    """The requests that this viewer can tell the two worlds apart by, each with both answers."""
    both = (answers(worlds, world, viewer, asks) for world in ("A", "B"))
    return [_told(ask, a, b) for ask, a, b in zip(asks, *both, strict=True) if a != b]


def first_difference(worlds: Worlds, viewer: str, asks: list[Ask]) -> str | None:
    """The same, but asks no more than it takes to find one."""
    for start in range(0, len(asks), BATCH):
        if found := differing(worlds, viewer, asks[start : start + BATCH]):
            return found[0]
    return None


def _told(ask: Ask, a: Answer, b: Answer) -> str:
    """The request and where its answers part."""
    headers = [pair for pair in zip(a[1], b[1], strict=False) if pair[0] != pair[1]]
    x, y = (re.sub(r"\s+", " ", answer[2]) for answer in (a, b))
    where = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
    part = slice(max(0, where - 100), where + 100)
    return f"{str(ask)[:400]}\n  {a[0]} {b[0]} {headers or ''}\n  A: …{x[part]}…\n  B: …{y[part]}…"
