"""Two databases that differ only in what a viewer may not see, and the asking of both.

They are one database at first: the cast, cases that the viewers see, and others among them. Then it is copied,
and each copy gets hidden rows of its own: more or fewer, other texts, other people behind hidden or guarded
identities, other grants, messages and journals. What is visible is equal by construction, keys and numbers too.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from backend.agreements.models import Agreement
from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest, Promise
from backend.calendars.models import Feed
from backend.complaints import actions
from backend.complaints.choices import Outcome, Status
from backend.complaints.file_import import FileImport
from backend.complaints.models import Attachment, Comment, Complaint, Notice
from backend.complaints.reporting import jobs as report_jobs
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.engagements import actions as engagements
from backend.engagements.models import Engagement
from backend.events import actions as events
from backend.events.models import Event, EventPartner, EventTask, Guest
from backend.exports.models import Export
from backend.greetings.models import Batch
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.journal.actions import record, record_access
from backend.letters.actions.writing import Enclosed, Initialling, Referred
from backend.letters.models import Letter
from backend.mailboxes.models import InboundMessage, Mailbox, MessageLine, WrittenMessage
from backend.organization.models import DirectoryRule, SavedFilter, User
from backend.partners.models import Organisation, Role
from backend.portals import models as portals
from backend.programme import actions as programme
from backend.programme.models import DepartmentNote, Entry
from backend.protocol import actions as protocol
from backend.protocol.models import Holding, Office, PrecedenceList, Snapshot
from backend.retention.models import DestructionRun, ErasureJob, LegalHold, RetentionRule, SubjectRequest
from backend.seating import actions as seating
from backend.seating.models import Hall, SeatingPlan
from backend.submissions.models import Submission
from permissions.complaints import sharing
from permissions.core import grants, scope
from permissions.core.viewer import CONTACTS, WORK
from permissions.policies import SECURED
from tests.backend.mailboxes.rows import make_line, make_mail, make_mailbox, make_text, make_written
from tests.backend.organization.sign_on.rows import make_person, make_rule
from tests.cast import Cast, make_cast
from tests.databases import Switch, TestDatabases, pointed_at
from tests.days import DAY, day
from tests.factories import (
    at,
    make_affected,
    make_agreement,
    make_body,
    make_category,
    make_citizen,
    make_complaint,
    make_engagement,
    make_entry,
    make_event,
    make_file_code,
    make_hall,
    make_instruction,
    make_invitation,
    make_letter,
    make_neighbourhood,
    make_office,
    make_organisation,
    make_precedence,
    make_proof,
    make_public_day,
    make_request,
    make_role,
    make_submission,
    make_submission_file,
    make_user,
    refetch,
)
from tests.permissions.walls.world import (
    apply_for_data,
    bring_file,
    choose_notifications,
    choose_reminders,
    destroy,
    greet,
    hang_everything_on,
    hang_everything_on_event,
    keep_answer,
    keep_draft,
    keep_export,
    keep_filter,
    make_client,
    make_feed,
    pin_for,
    ring_at,
    tell,
)

VIEWERS = ("park_clerk", "deputy_mayor", "outsider")
WORDS = {"A": "kurbağa", "B": "leylek"}
SURNAMES = {"A": "Atmaca", "B": "Baykuş"}
PHONES = {"A": "+905321000000", "B": "+905422000000"}


@dataclass(eq=False)  # each is itself: what is made of one is remembered with it
class Worlds:
    """The two databases, and the keys by which one may try to reach what is in them."""

    cast: Cast
    names: dict[str, str]
    seen: dict[str, Complaint]
    hidden: list[Complaint] = field(default_factory=list)
    citizens: list[Citizen] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    hidden_programme: list[
        Entry
        | AppointmentRequest
        | Promise
        | DepartmentNote
        | Invitation
        | Letter
        | Instruction
        | Holding
        | Snapshot
        | Batch
        | Event
        | EventTask
        | Guest
        | Agreement
        | Engagement
        | Organisation
        | Role
        | SeatingPlan
        | DestructionRun
        | LegalHold
        | RetentionRule
        | SubjectRequest
        | ErasureJob
        | Submission
        | InboundMessage
        | WrittenMessage
        | Mailbox
        | MessageLine
        | DirectoryRule
    ] = field(default_factory=list)
    filters: list[SavedFilter] = field(default_factory=list)
    feeds: list[Feed] = field(default_factory=list)
    secret: str = ""  # of the feed of a viewer
    imports: list[FileImport] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    clients: list[portals.Client] = field(default_factory=list)
    moment: dt.datetime = field(default_factory=timezone.now)
    switch: Switch = field(default_factory=Switch)

    @contextmanager
    def inside(self, world: str) -> Iterator[None]:
        with self.switch.inside(self.names[world]):
            yield

    def drop(self, databases: TestDatabases) -> None:
        """Leave both databases, and drop them."""
        for name in self.names.values():
            self.switch.leave(name)
            databases.drop(name)


Differ = Callable[[Worlds, str], None]


def build(databases: TestDatabases, common: Callable[[Cast], dict[str, Complaint]], differ: Differ) -> Worlds:
    """Make both databases. The caller drops them."""
    first = databases.clone()
    with pointed_at(first):
        cast = make_cast()
        call_command("website_client", stdout=io.StringIO())
        worlds = Worlds(cast, {"A": first}, common(cast))
        worlds.secret = make_feed(cast.park_clerk, "Benim")[1]
    worlds.names["B"] = databases.clone(of=first)
    for world in ("A", "B"):
        with worlds.inside(world):
            differ(worlds, world)
            _same_numbers_next()
            _steps_stand()
    return worlds


def _steps_stand() -> None:
    """Let no step be taken back any more: what a viewer may do would hang on the second in which a world is asked."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE complaints_complaintline SET details = details - 'undo_version'")
        assert cursor.rowcount > 0


# -- worlds that differ in rows and people that no viewer sees ---------------------------------------------
def build_two(databases: TestDatabases) -> Worlds:
    """Other cases, their children, citizens, grants, messages, journals."""
    return build(databases, _common, _differ)


def _common(cast: Cast) -> dict[str, Complaint]:
    """Cases that at least one of the viewers sees, with hidden ones in between."""
    place = {"category": make_category(), "neighbourhood": make_neighbourhood(), "place": "Barış Sokak"}
    make_user("yabanci", "Nil", "Gezer")
    for number in range(2):  # accounts are known to all; whose client has one is not
        make_user(f"portal.{number}", "Portal", str(number), is_staff=False)
    make_body()
    make_file_code()
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
        sharing.share(cases["shared"], user=cast.outsider, by=cast.secretary)
        for complaint in cases.values():
            hang_everything_on(complaint, by=cast.secretary)
        told = {"by": cast.secretary, "means": "PHONE"}
        asked = make_request(cast.mayors, "Park kapısı")
        appointments.redirect(asked, department=cast.park, **told)
        due = today() + dt.timedelta(days=5)
        appointments.promise(asked, by=cast.secretary, text="Kapı onarılacak", due_on=due)
        elsewhere = make_request(cast.mayors, "Gizli talep")
        appointments.redirect(elsewhere, department=cast.relations, **told)
        appointments.promise(
            elsewhere, by=cast.secretary, text="Bank konulacak", due_on=due, department=cast.park
        )
        open_entry = make_entry(cast.deputys, "Açık toplantı", at(DAY, "14:00"), by=cast.fen_clerk)
        asked_by = {"by": cast.fen_clerk, "question": "Durum nedir?", "due_at": open_entry.starts_at}
        programme.ask_note(open_entry, department=cast.park, **asked_by)
        make_public_day(cast.mayors)
        # Seen, and what it comes of is not.
        comes_of = {"complaint": cases["hidden0"], "request": elsewhere}
        make_instruction(cast.mayors, cast.park, "Bank boyansın", by=cast.secretary, **comes_of)
        make_hall()  # everybody reads halls
        make_precedence([[make_office("Kaymakam")], [make_office("Müftü"), make_office("Başsavcı")]])
        make_letter(cast.park, cast.mayor, by=cast.park_clerk, to=cast.fen, subject="Bank", **comes_of)
        seen = make_event(cast.mayors, "Park açılışı", starts_at=at(day(31), "14:00"))
        events.add_task(seen, by=None, title="Çiçek", department=cast.park)
        known = make_organisation("Park Derneği", departments=(cast.park,))
        make_role(known)  # its people are not seen, nor with whom the mayor meets them
        make_engagement(cast.mayors, organisation=known, department=cast.park, by=cast.secretary)
        keep_filter(cast.park_clerk, "Benim")
        make_mail(make_mailbox(cast.park, address="park@belediye.example"), "Bank kırık")
        make_text(make_line(cast.park, number="3070"), "Bank kırık")
        for number, complaint in enumerate(cases.values()):
            due = today() + dt.timedelta(days=3 * number - 9)
            Complaint.objects.filter(pk=complaint.pk).update(target_on=due)
        Complaint.objects.update(latitude=41.00213, longitude=29.23166)
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
                target_on=today() + dt.timedelta(days=2 * number - 8), latitude=41.00213, longitude=29.23166
            )
        _programme(worlds, world)
        _rewrite_hidden_cases(worlds, world)
        _rewrite_people(world)
        for number in range(1 if world == "A" else 2):
            worlds.filters.append(keep_filter(cast.secretary, f"{word} {number}"))
            keep_answer(cast.secretary, f"{word} {number}")
            keep_draft(cast.secretary, f"{word} {number}")
            ring_at(cast.secretary, f"+9053200001{number:02}")
            pin_for(cast.secretary, *others[number : number + 1])
            worlds.feeds.append(make_feed(cast.secretary, f"{word} {number}")[0])
            worlds.imports.append(bring_file(cast.secretary, f"{word} {number}"))
            worlds.exports.append(keep_export(cast.secretary, f"{word} {number}"))
            account = User.objects.get(username=f"portal.{number}")
            worlds.clients.append(make_client(cast, f"{word} {number}", account))
        choose_reminders(cast.secretary, "MORNING" if world == "A" else "HOUR_BEFORE")
        choose_notifications(cast.secretary, "OFF" if world == "A" else "DIGEST")
        for person in (
            cast.park_clerk,
            cast.secretary,
        ):  # of what the one does not see, and the other alone may
            tell(person, *others)
        report_jobs.keep_figures()  # what comes later is a change since
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
        ).order_by("is_of_post", "pk")
        worlds.citizens.append(Citizen.objects.get(complaints=worlds.seen["identity"].pk))


def _programme(worlds: Worlds, world: str) -> None:
    """The mayor is busy at the same times, which everybody is told, with other entries; others ask to be received."""
    cast, word = worlds.cast, WORDS[world]
    two = [("10:00", 30, ()), ("10:30", 30, (cast.mayor,))]
    entries = [
        make_entry(
            cast.mayors,
            f"{word} {clock}",
            at(DAY, clock),
            minutes,
            by=cast.mayor,
            readers=readers,
            place=word,
        )
        for clock, minutes, readers in ([("10:00", 60, ())] if world == "A" else two)
    ]
    met = make_entry(cast.mayors, word, at(DAY, "13:30"), by=cast.mayor)
    with scope.session(cast.mayor), elevated():
        due = today() + dt.timedelta(days=4 if world == "A" else 6)
        spoken = appointments.promise_at(refetch(met), by=cast.mayor, text=word, due_on=due)
        programme.invite(Entry.objects.get(pk=entries[0].pk), by=cast.mayor, name=SURNAMES[world])
        programme.show_press(Entry.objects.get(pk=entries[0].pk), by=cast.mayor, title=word)
        programme.prepare(Entry.objects.get(pk=entries[0].pk), by=cast.mayor, talking_points=word)
        note = programme.ask_note(
            Entry.objects.get(pk=entries[0].pk),
            by=cast.mayor,
            department=cast.relations,
            question=word,
            due_at=entries[0].starts_at,
        )
    # Confidential in a programme that one of the viewers sees, and that does not name them.
    secret = make_entry(cast.deputys, word, at(DAY, "16:00"), by=cast.fen_clerk, readers=(cast.fen_clerk,))
    invited = [
        make_invitation(cast.mayors, word, SURNAMES[world], at(day(1), "19:00"), place=word)
        for _each in range(1 if world == "A" else 2)
    ]
    letters = [
        make_letter(
            cast.office,
            cast.mayor,
            by=cast.secretary,
            to=cast.park,
            subject=word,
            body=word,
            references=[Referred(on=today(), number=word)],
            annexes=[Enclosed(word)],
            steps=[Initialling(cast.office_head)],
            confidentiality="SERVICE" if n else "NONE",
            complaint=worlds.seen["park"],  # seen, and what came of it is not
            invitation=invited[0],
        )
        for n in range(1 if world == "A" else 3)
    ]
    requests = [make_request(cast.mayors, word) for _each in range(1 if world == "A" else 3)]
    with system():
        appointments.message(requests[0], body=word, by=cast.secretary, means="PHONE")
        appointments.redirect(requests[0], department=cast.relations, by=cast.secretary, means="PHONE")
        due = today() + dt.timedelta(days=4)
        promised = appointments.promise(requests[0], by=cast.secretary, text=word, due_on=due)
    told = [
        make_instruction(cast.mayors, cast.relations, word, by=cast.mayor, is_confidential=bool(number), **of)
        for number in range(1 if world == "A" else 3)
        for of in [{"complaint": worlds.seen["park"], "request": requests[0], "letter": letters[0]}]
    ]
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject=word, instruction=told[0])
    partner = make_organisation(f"{word} Derneği", city=word, tags=[word], departments=(cast.relations,))
    with system():
        member = make_citizen(SURNAMES[world], word)
        of_park = Organisation.objects.get(name="Park Derneği")
        asked = AppointmentRequest.objects.filter(subject="Park kapısı")
        asked.update(partner=partner if world == "A" else None)  # of what is seen, and is not
        AppointmentRequest.objects.filter(pk=requests[0].pk).update(partner=of_park)
        Invitation.objects.filter(pk__in=[one.pk for one in invited]).update(partner=of_park)
    roles = [make_role(row, member, title=word) for row in (partner, *([of_park] if world == "B" else []))]
    rows = [entries[0], secret, requests[0], promised, note, invited[0], spoken, letters[0], told[-1]]
    rows += [*_protocol(cast, world), partner, roles[0], _meeting(cast, partner, word)]
    rows.append(make_agreement(cast.relations, of_park, title=word, subject=word))
    rows += [make_submission(f"{word} {n}", first_name=word) for n in range(1 if world == "A" else 2)][:1]
    make_submission_file(rows[-1], f"{word}.txt")
    for number in range(1 if world == "A" else 2):  # no interface shows one
        make_proof(f"{world}{number}@example.org".lower(), by=cast.secretary)
        make_affected(worlds.seen["hidden1"], f"{world}{number}@example.org".lower(), by=cast.secretary)
    rows += [greet(cast, word, make_citizen(word, word)) for _each in range(1 if world == "A" else 2)][:1]
    rows += [*destroy(cast, word, 1 if world == "A" else 2)]
    rows += [apply_for_data(word) for _each in range(1 if world == "A" else 2)][:1]
    with system():
        rows.append(ErasureJob.objects.get(request=rows[-1].pk))
    box = make_mailbox(cast.relations, name=word, address=f"{world.lower()}@belediye.example")
    rows += [
        make_mail(box, f"{word} {n}", from_name=word, text=word) for n in range(1 if world == "A" else 2)
    ][:1]
    rows.append(box)
    line = make_line(cast.relations, name=word, number="3050" if world == "A" else "3060")
    rows += [make_text(line, word, from_name=word) for _each in range(1 if world == "A" else 2)][:1]
    rows.append(line)
    rows.append(make_rule(cast.relations, word))
    make_person(word, word, username=word, name=word)
    for number in range(1 if world == "A" else 2):
        joined = {"status": "JOINED", "complaint": worlds.seen["identity"]}
        make_mail(box, f"{word} {number}", from_name=word, text=word, **joined)  # whose person is hidden
        for edge, matter in (
            ("appointment_request", requests[0]),
            ("letter", letters[0]),
            ("organisation", partner),
        ):
            make_mail(box, f"{word} {number}", from_name=word, text=word, status="JOINED", **{edge: matter})
            written = [make_written(matter, word, author=cast.secretary)]
            if edge != "appointment_request":
                written.append(make_written(matter, word, means="EMAIL", subject=word))
    rows += written[-1:]
    if world == "B":  # on what is seen: to and from people whom the viewers may not know
        letter = Letter.objects.get(subject="Bank")
        for edge, matter in (("letter", letter), ("organisation", of_park)):
            make_mail(box, word, from_name=word, text=word, status="JOINED", **{edge: matter})
            make_written(matter, word, means="EMAIL", subject=word, address=f"{word}@example.org")
    worlds.hidden_programme += rows
    worlds.hidden_programme += _events(cast, world)
    _beside_events(partner, of_park, letters[0], told[0], world)


def _beside_events(
    partner: Organisation, of_park: Organisation, letter: Letter, told: Instruction, world: str
) -> None:
    """At the event that a viewer sees an organisation, a letter and an instruction that they do not see; and what they
    see belongs to another event."""
    with system():
        seen, hidden = Event.objects.get(title="Park açılışı"), Event.objects.get(title=WORDS[world])
        if world == "A":
            EventPartner.objects.create(event=seen, organisation=partner, role="HOST", note=WORDS[world])
        EventPartner.objects.create(event=hidden, organisation=of_park, role="HOST", note=WORDS[world])
    of_events: list[tuple[type[Letter] | type[Instruction], int, Event]] = [
        (Letter, letter.pk, seen),
        (Instruction, told.pk, seen),
    ]
    with system():
        for model, pk, event in of_events:
            model.objects.filter(pk=pk).update(event=event)
        Letter.objects.filter(subject="Bank").update(event=hidden)
        Instruction.objects.filter(text="Bank boyansın").update(event=hidden)


def _events(cast: Cast, world: str) -> list[Event | EventTask | Guest | SeatingPlan]:
    """Events that no viewer sees; and at one that a viewer sees tasks, notes and guests that are not for them."""
    word = WORDS[world]
    with system():
        seen = Event.objects.get(title="Park açılışı")
        group = events.put_group(seen, by=None, title=word)
        guests = [
            events.add_guest(seen, by=None, person=make_citizen("Nuri", word), group=group, title=word)
            for _each in range(1 if world == "A" else 2)
        ]
        events.write_note(seen, by=None, audience="HOST", text=word)
        events.name_member(
            seen, by=None, user=cast.fen_head if world == "A" else cast.office_head, duty="DOOR"
        )
        task = events.add_task(seen, by=None, title=word, department=cast.relations, planned_cost="5")
        hidden = make_event(cast.mayors, word, starts_at=at(day(32), "14:00"), place=word)
        hang_everything_on_event(hidden, cast, department=cast.relations, word=word)
        Event.objects.filter(pk=seen.pk).update(version=20)
    return [hidden, task, guests[0], _seated(seen, world)]


def _seated(event: Event, world: str) -> SeatingPlan:
    """Who sits where at an event that a viewer sees, whose guests they do not; and the order that it took."""
    with system():
        plan = seating.begin(event, by=None, hall=Hall.objects.get(), hosts=world == "A")
        seating.seat_by_rule(refetch(plan), by=None)
        if world == "A":
            order = protocol.take_snapshot(PrecedenceList.objects.get(), by=None)
            Event.objects.filter(pk=event.pk).update(precedence=order)
    return plan


def _meeting(cast: Cast, partner: Organisation, word: str) -> Engagement:
    """With a partner that no viewer sees, and a decision."""
    row = make_engagement(cast.mayors, word, organisation=partner, place=word, agenda=[word])
    with system():
        engagements.decide(row, by=cast.secretary, text=word)
    return row


def _protocol(cast: Cast, world: str) -> tuple[Holding, Snapshot]:
    """Another holds the office, and other events took the order."""
    with system():
        office, order = Office.objects.get(title="Kaymakam"), PrecedenceList.objects.get()
        person = make_citizen(world, SURNAMES[world])
        held = protocol.appoint(office, by=cast.secretary, person=person, basis=WORDS[world])
        some = [protocol.take_snapshot(order, by=cast.secretary) for _n in range(1 if world == "A" else 3)]
        more = {"office": office, "reason": WORDS[world]}
        protocol.move_in_snapshot(some[0], by=cast.secretary, **more)
        return held, some[0]


def _rewrite_hidden_cases(worlds: Worlds, world: str) -> None:
    word = WORDS[world]
    hidden = Complaint.objects.filter(subject__startswith="Gizli")
    hidden.update(subject=f"Gizli {word}", body=word, place=word, return_count=3 if world == "A" else 0)
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
    Complaint.objects.filter(pk=seen["original"].pk).update(
        split_from=seen["hidden1"], linked_to=seen["hidden1"]
    )
    Complaint.objects.filter(pk=seen["hidden2"].pk).update(split_from=seen["park"], linked_to=seen["park"])
    Complaint.objects.filter(pk=seen["hidden2"].pk).update(
        status=Status.WITHDRAWN, closed_at=timezone.now(), outcome=Outcome.WITHDRAWN
    )
    grants.give(stranger, WORK, cast.relations, by=cast.administrator)
    grants.give(stranger, CONTACTS, cast.park, by=cast.administrator)
    sharing.share(seen["hidden0"], user=stranger, by=cast.secretary)
    record(verb="imported", about=cast.relations, by=cast.administrator, note="leylek")
    record_access(reader=stranger, kind="contacts.citizen", ids=[1, 2, 3], purpose="leylek")


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
