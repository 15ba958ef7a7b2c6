"""Rows for tests, made as the product makes them: a complaint is registered and routed by actions.

Every function writes as the house (`session.system`), so a test may call it whoever asks at that moment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import F

from backend.agreements import actions as agreements
from backend.agreements.models import Agreement
from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.complaints import actions
from backend.complaints.choices import Channel, Kind, RoutingRole
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import ISTANBUL, today
from backend.core.session import elevated, system
from backend.engagements import actions as engagements
from backend.engagements.models import Engagement
from backend.events import actions as events
from backend.events.actions import PlannedPart
from backend.events.models import Event, Guest
from backend.greetings import actions as greetings
from backend.greetings.actions import Named
from backend.greetings.models import Batch, Occasion
from backend.instructions import actions as instructions
from backend.instructions.models import Instruction
from backend.invitations import actions as invitations
from backend.invitations.models import Invitation
from backend.letters import actions as letters
from backend.letters.actions.writing import Recipient
from backend.letters.choices import Medium
from backend.letters.drafts import FORMAL
from backend.letters.models import Letter
from backend.news import actions as news
from backend.news.models import Release
from backend.organization.models import Category, Department, FilePlanCode, Neighbourhood, OutsideBody, User
from backend.partners import actions as partners
from backend.partners.models import Organisation, Role
from backend.programme import actions as programme
from backend.programme import places
from backend.programme.choices import Kind as EntryKind
from backend.programme.choices import Office
from backend.programme.models import Entry, Principal
from backend.protocol import actions as protocol
from backend.protocol.models import Office as ProtocolOffice
from backend.protocol.models import PrecedenceList
from backend.retention.models import SubjectRequest
from backend.retention.subject_requests import actions as subject_requests
from backend.seating import actions as seating
from backend.seating.models import Hall, SeatingPlan
from backend.seating.rows import RowSpec
from backend.submissions import actions as submissions
from backend.submissions import proofs
from backend.submissions.models import AffectedPerson, ContactProof, Submission, SubmissionFile
from permissions.core import scope
from tests.days import DAY, day

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""A document of one empty page."""

PASSWORD = "bir iki üç dört"
LONG_AGO = dt.date(2020, 1, 1)
_serial = itertools.count(1)


def make_user(username: str, first_name: str = "Deniz", last_name: str = "Kaya", **fields: Any) -> User:
    """A member of staff who can sign in with `PASSWORD`, and may do nothing yet."""
    with system():
        return User.objects.create_user(
            username,
            password=PASSWORD,
            first_name=first_name,
            last_name=last_name,
            **({"is_staff": True} | fields),
        )


def make_department(code: str, name: str = "", **fields: Any) -> Department:
    """A department that has existed for long; code and name may be those of the shipped data."""
    name = name or f"{code} Müdürlüğü"
    short = name.removesuffix(" Müdürlüğü")
    with system():
        return Department.objects.create(
            **({"code": code, "name": name, "short_name": short, "valid_from": LONG_AGO} | fields)
        )


def make_neighbourhood(code: str = "abdurrahmangazi", name: str = "Abdurrahmangazi") -> Neighbourhood:
    with system():
        return Neighbourhood.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_category(code: str = "cukur", name: str = "Çukur", **fields: Any) -> Category:
    with system():
        return Category.objects.get_or_create(code=code, defaults={"name": name, **fields})[0]


def make_body(
    code: str = "iski", name: str = "İSKİ Genel Müdürlüğü", short_name: str = "İSKİ", **fields: Any
) -> OutsideBody:
    with system():
        defaults = {"name": name, "short_name": short_name, "is_public": True, **fields}
        return OutsideBody.objects.get_or_create(code=code, defaults=defaults)[0]


def make_citizen(first_name: str = "Ayşe", last_name: str = "Işık", **fields: Any) -> Citizen:
    """A citizen with a phone number of their own, an e-mail address and an address."""
    number = next(_serial)
    defaults = {
        "phone": f"+90555{number:07d}",
        "email": f"yurttas{number}@example.org",
        "address": "Barış Sokak 5",
    }
    with system():
        return Citizen.objects.create(first_name=first_name, last_name=last_name, **(defaults | fields))


def make_submission(
    subject: str = "Kaldırım çökmüş", address: str = "198.51.100.7", **fields: Any
) -> Submission:
    """What somebody without an account sent in, and has not confirmed."""
    defaults = {"kind": Kind.COMPLAINT, "body": "Çukur var.", "first_name": "Işıl", "last_name": "İnce"}
    with system():
        row = submissions.receive(
            address=address, subject=subject, **(defaults | {"email": "isil@example.org"} | fields)
        )
        return Submission.objects.get(pk=row.pk)


def make_proof(email: str = "isil@example.org", *, by: User, address: str = "198.51.100.7") -> ContactProof:
    """A code that was sent to a contact for a portal, and not used yet."""
    with system():
        proofs.ask(by=by, first_name="Işıl", last_name="İnce", email=email, address=address)
        return ContactProof.objects.latest("pk")


def make_submission_file(submission: Submission, name: str = "foto.txt") -> SubmissionFile:
    """A file that came with a submission."""
    with system():
        return SubmissionFile.objects.create(
            submission=submission,
            bundle=str(submission.key).replace("-", ""),
            file=ContentFile(name.encode(), name="a.txt"),
            name=name,
            content_type="text/plain",
            size=len(name),
            sha256=hashlib.sha256(name.encode()).hexdigest(),
        )


def make_affected(complaint: Complaint, email: str = "isil@example.org", *, by: User) -> AffectedPerson:
    """A person whom the case of another affects too."""
    with system():
        row = AffectedPerson.objects.create(
            complaint=complaint,
            account=by,
            email=email,
            person=submissions.keyed_digest("affected", "isil ince"),
        )
        Complaint.objects.filter(pk=complaint.pk).update(affected=F("affected") + 1)
        return row


def make_complaint(
    subject: str = "Işıklar yanmıyor",
    *,
    to: Department | None = None,
    accepted_by: User | None = None,
    collaborators: tuple[Department, ...] = (),
    by: User | None = None,
    **fields: Any,
) -> Complaint:
    """A registered case; with `to` routed there, with `accepted_by` accepted. Other fields as in `register`.

    `applicant` is a new citizen unless given (None for nobody).
    """
    applicant = fields.pop("applicant") if "applicant" in fields else make_citizen()
    defaults = {
        "kind": Kind.COMPLAINT,
        "channel": Channel.PHONE,
        "body": "Üç gündür karanlık.",
        "receipt": False,
    }
    with system():
        complaint = actions.register(subject=subject, applicant=applicant, by=by, **(defaults | fields))
        if to is not None:
            actions.route(complaint, to=to, by=by)
        if accepted_by is not None:
            actions.accept(complaint, by=accepted_by)
        for department in collaborators:
            actions.add_collaborator(complaint, department=department, by=by)
        return Complaint.objects.get(pk=complaint.pk)


WORKING_WEEK = [(weekday, dt.time(8, 30), dt.time(17)) for weekday in range(5)]


def make_principal(
    name: str = "Belediye Başkanı", person: User | None = None, office: str = Office.MAYOR, **facts: Any
) -> Principal:
    """A programme with the office's hours (08:30–17:00, Monday to Friday) that nobody keeps yet."""
    with system():
        principal = programme.establish(by=None, office=office, name=name, person=person, **facts)
        programme.set_working_hours(principal, by=None, hours=WORKING_WEEK)
        return principal


def at(on: str, clock: str = "10:00") -> dt.datetime:
    """A local moment: `at(DAY, "14:30")`, `at("2026-10-28", "13:00")`."""
    return dt.datetime.fromisoformat(f"{on}T{clock}").replace(tzinfo=ISTANBUL)


def make_entry(
    principal: Principal,
    title: str = "Toplantı",
    starts_at: dt.datetime | None = None,
    minutes: int = 30,
    *,
    by: User | None = None,
    readers: tuple[User, ...] = (),
    **fields: Any,
) -> Entry:
    """An entry of a programme; with `readers` a confidential one, which `by` enters. Other fields as in `plan`.

    Without a time it is a half hour of the suite's week that is free (or of the weeks after, if none is).
    """
    if starts_at is None:
        starts_at = _free(principal, minutes)
    given = {
        "kind": EntryKind.MEETING,
        "title": title,
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(minutes=minutes),
        "accept_unusual": True,
        **({"is_confidential": True, "readers": readers} if readers else {}),
    }
    with scope.session(by), elevated() if by else system():
        return programme.plan(principal, by=by, **(given | fields))


def _free(principal: Principal, minutes: int) -> dt.datetime:
    # Each time another one, for the same people take part in entries of several programmes.
    first = next(_serial)
    half_hours = (
        at(day(-1 + 7 * week + number // 14), "09:00") + dt.timedelta(minutes=30 * (number % 14))
        for week in range(20)
        for number in ((first + n) % 70 for n in range(70))
    )
    with system():
        taken = places.busy(principal.pk, at(day(-1)), at(day(140)))
    length = dt.timedelta(minutes=minutes)
    return next(one for one in half_hours if all(one + length <= span[0] or one >= span[1] for span in taken))


def make_request(
    principal: Principal,
    subject: str = "Okul bahçesi",
    *,
    applicant: Citizen | None = None,
    by: User | None = None,
    **facts: Any,
) -> AppointmentRequest:
    """A request by telephone of a new citizen, unless given; the receipt is not sent."""
    given = {"channel": "PHONE", "kind": "REQUEST", "receipt": False} | facts
    with system():
        return appointments.receive(
            principal, by=by, subject=subject, applicant=applicant or make_citizen(), **given
        )


def make_invitation(
    principal: Principal,
    title: str = "Dernek yemeği",
    host: str = "Rumeli Kültür Derneği",
    starts_at: dt.datetime | None = None,
    *,
    by: User | None = None,
    **facts: Any,
) -> Invitation:
    """An invitation to an evening of two hours, by default on the suite's day; the host has an address."""
    given = {
        "occasion": "DINNER",
        "place": "Kültür Merkezi",
        "email": "dernek@example.org",
        "contact": "Suna Ak",
    } | facts
    with system():
        return invitations.receive(
            principal,
            by=by,
            title=title,
            host=host,
            starts_at=starts_at or at(DAY, "19:00"),
            **given,
        )


GOOD_LETTER = {
    "subject": "Park Talebi",
    "body": "Emek Mahallesinde yapılacak park için yer tahsisi talep edilmektedir.",
    "closing": "Gereğini arz ederim.",
}


def make_file_code(code: str = "752", name: str = "Park ve Yeşil Alanlar") -> FilePlanCode:
    with system():
        return FilePlanCode.objects.get_or_create(
            code=code,
            defaults={"name": name, "valid_from": dt.date(2020, 1, 1), "checked_on": dt.date(2020, 1, 1)},
        )[0]


def make_letter(
    department: Department,
    signatory: User,
    *,
    by: User,
    to: Department | OutsideBody | Citizen | str = "Sancaktepe Kaymakamlığı",
    **facts: Any,
) -> Letter:
    """A letter without a fault that the mayor signs, to a public body unless another is given."""
    one = (
        Recipient(department=to)
        if isinstance(to, Department)
        else Recipient(body=to)
        if isinstance(to, OutsideBody)
        else Recipient(citizen=to)
        if isinstance(to, Citizen)
        else Recipient(kind="BODY", name=to)
    )
    given = {
        **GOOD_LETTER,
        "closing": "Gereğini rica ederim." if isinstance(to, Department) else "Gereğini arz ederim.",
        "signatory": signatory,
        "signatory_title": "Belediye Başkanı",
        "file_code": make_file_code(),
        "addressees": [one],
    } | facts
    with scope.session(by), elevated():
        return letters.draft(department, by=by, **given)


def issue_letter(letter: Letter, *, by: User, signatory: User, numbered: bool = True) -> Letter:
    """Put it forward, sign it, register it and, where it bears one, record the number that the EBYS gave it."""
    with scope.session(by), elevated():
        letters.submit(letter, by=by)
    with scope.session(signatory), elevated():
        letters.sign(letter, by=signatory)
    with scope.session(by), elevated():
        letters.register(letter, by=by)
        is_electronic = letter.medium == Medium.ELECTRONIC
        if numbered and is_electronic and Letter.objects.filter(FORMAL, pk=letter.pk).exists():
            record = 7000 + Letter.objects.count()
            number = f"E-24312041-{letter.file_code.code if letter.file_code else '000'}-{record}"
            letters.record_number(letter, by=by, number=number, on=today())
    return letter


def receive_letter(
    department: Department, *, by: User, subject: str = "Görüş Talebi", **facts: Any
) -> Letter:
    with scope.session(by), elevated():
        return letters.receive(
            department, by=by, **({"subject": subject, "sender": "Sancaktepe Kaymakamlığı"} | facts)
        )


def make_instruction(
    principal: Principal,
    department: Department,
    text: str = "Meydandaki aydınlatma yenilensin.",
    *,
    by: User,
    **facts: Any,
) -> Instruction:
    """An oral instruction of today, recorded by somebody in their own name: a confidential one needs a reader."""
    with scope.session(by), elevated():
        return instructions.give(principal, by=by, department=department, text=text, **facts)


def make_occasion(name: str = "Ramazan Bayramı 2027", code: str = "", **facts: Any) -> Occasion:
    """A religious holiday for which people are congratulated, unless other facts are given."""
    given = {
        "on": dt.date(2027, 3, 9),
        "kind": "RELIGIOUS_DAY",
        "letter_kind": "CONGRATULATION",
        "by": None,
    } | facts
    with system():
        return greetings.make_occasion(name=name, code=code, **given)


GREETING = {
    "channels": ["EMAIL", "PRINT"],
    "subject": "{{vesile}}",
    "salutation": "Sayın {{ad}} {{SOYAD}},",
    "body": "{{vesile}} dolayısıyla sizi ve ailenizi tebrik eder, sağlık ve esenlikler dilerim.",
    "closing": "Saygılarımla.",
    "signatory_name": "Sevgi ALPASLAN",
    "signatory_title": "Belediye Başkanı",
}


def make_batch(
    occasion: Occasion | None = None,
    *citizens: Citizen,
    title: str = "Bayram tebriki",
    by: User | None = None,
    **facts: Any,
) -> Batch:
    """A batch without a fault, with these citizens on its list."""
    occasion = occasion or make_occasion()
    with system():
        batch = greetings.prepare(occasion, by=by, title=title, **(GREETING | facts))
        if citizens:
            greetings.add(batch, by=by, recipients=[Named(one) for one in citizens], source="CITIZENS")
    return batch


def make_event(
    principal: Principal,
    title: str = "Park açılışı",
    *,
    by: User | None = None,
    starts_at: dt.datetime | None = None,
    minutes: int = 60,
    **facts: Any,
) -> Event:
    """An event of one part, planned in the name of the house or of somebody."""
    start = starts_at or at(day(150), "14:00")
    part = PlannedPart(title="Tören", starts_at=start, ends_at=start + dt.timedelta(minutes=minutes))
    with system():
        return events.plan(
            principal,
            by=by,
            parts=[part],
            accept_unusual=True,
            **({"kind": "CULTURE", "title": title, "place": "Cumhuriyet Meydanı"} | facts),
        )


def make_organisation(
    name: str = "Yeşil Vadi Derneği",
    kind: str = "ASSOCIATION",
    *,
    by: User | None = None,
    departments: tuple[Department, ...] = (),
    **facts: Any,
) -> Organisation:
    """A partner that the office sees, and these departments."""
    with system():
        return partners.record(by=by, kind=kind, name=name, liaisons=departments, **facts)


def make_role(
    organisation: Organisation, person: Citizen | None = None, kind: str = "HEAD", **facts: Any
) -> Role:
    """What somebody, by default a new person, is at an organisation."""
    with system():
        row = Organisation.objects.get(pk=organisation.pk)
        return partners.add_role(row, by=None, person=person or make_citizen(), kind=kind, **facts)


def make_engagement(
    principal: Principal,
    title: str = "Ortak proje görüşmesi",
    starts_at: dt.datetime | None = None,
    *,
    by: User | None = None,
    **facts: Any,
) -> Engagement:
    """The file of a meeting of an hour, by default on the day after the suite's."""
    starts_at = starts_at or at(day(1), "14:00")
    given = {"kind": "MEETING", "ends_at": starts_at + dt.timedelta(hours=1), "agenda": ["Açılış"]} | facts
    with system():
        return engagements.open_file(principal, by=by, title=title, starts_at=starts_at, **given)


def make_agreement(
    department: Department, *parties: Organisation, title: str = "İş birliği protokolü", **facts: Any
) -> Agreement:
    """A protocol in preparation, by default with a new municipality."""
    with system():
        given = {
            "kind": "PROTOCOL",
            "parties": parties or [make_organisation("Komşu Belediye", "MUNICIPALITY")],
        }
        return agreements.draft(by=None, title=title, department=department, **(given | facts))


def make_release(title: str = "Park açıldı", **facts: Any) -> Release:
    """A press release in preparation, complete but for photographs."""
    with system():
        given = {"lead": "Parkımız hizmete girdi.", "text": "Törenle açıldı."} | facts
        return news.draft(by=None, title=title, **given)


def make_subject_request(requester: str = "Gül Tekin", **said: Any) -> SubjectRequest:
    """An application under KVKK m.11, of today unless said."""
    with system():
        given = {
            "channel": "IN_PERSON",
            "rights": ["KNOW"],
            "text": "Hakkımda hangi veriler var?",
            "by": None,
        }
        return subject_requests.register(**(given | {"requester": requester} | said))


THURSDAYS = {"weekday": 3, "starts": dt.time(10, 30), "ends": dt.time(12), "slot_minutes": 10, "capacity": 12}


def make_public_day(principal: Principal, on: str = day(2), **rule: Any) -> PublicDaySession:
    """A halk günü 10:30–12:00 in nine slots for twelve people, on one day, by default a Thursday."""
    wanted = dt.date.fromisoformat(on)
    with system():
        programme.set_public_day(
            principal,
            by=None,
            valid_from=dt.date(2026, 1, 1),
            **(THURSDAYS | {"weekday": wanted.weekday()} | rule),
        )
        return appointments.generate_public_days(principal, by=None, from_=wanted, until=wanted).sessions[0]


def collaborating_departments(complaint: Complaint) -> list[Department]:
    with system():
        live = complaint.routings.live().filter(role=RoutingRole.COLLABORATING)
        return [routing.department for routing in live.select_related("department")]


def refetch(row: Any) -> Any:
    """The row as it stands in the database now, whoever asks."""
    with system():
        return type(row)._default_manager.get(pk=row.pk)


def make_office(title: str = "Kaymakam", **facts: Any) -> ProtocolOffice:
    """An office of the protocol; its short title is its title."""
    with system():
        return protocol.save_office(by=None, title=title, **facts)


def make_precedence(order: list[list[ProtocolOffice]], **facts: Any) -> PrecedenceList:
    """An order of precedence of a district, from today on."""
    given = {"kind": "DISTRICT", "name": "İlçe protokol listesi", "source": "Kaymakamlık yazısı", **facts}
    with system():
        return protocol.establish_list(by=None, order=order, **given)


def make_guest(
    event: Event,
    first_name: str = "Ayşe",
    last_name: str = "Işık",
    *,
    answer: str | None = "COMING",
    companions: int = 0,
    representative: str = "",
    **facts: Any,
) -> Guest:
    """Somebody on the list of an event, with what they answered (None: nothing yet)."""
    person = make_citizen(first_name, last_name)
    if companions:
        facts.setdefault("companions_allowed", companions)
    with system():
        guest = events.add_guest(Event.objects.get(pk=event.pk), by=None, person=person, **facts)
        if answer:
            said: dict[str, Any] = {"companions": companions} if answer == "COMING" else {}
            said |= {"representative": representative} if representative else {}
            guest = events.answer(guest, by=None, answer=answer, **said)
        return guest


def make_hall(rows: list[RowSpec] | None = None, name: str = "Kültür Merkezi") -> Hall:
    """A hall of two rows of ten unless others are given."""
    rows = rows or [RowSpec("A", 10, is_front=True), RowSpec("B", 10)]
    with system():
        return seating.save_hall(by=None, name=name, rows=rows)


def make_plan(event: Event, rows: list[RowSpec] | None = None, **facts: Any) -> SeatingPlan:
    """The seating plan of an event in a hall of its own; nobody sits yet."""
    hall = make_hall(rows, name=f"Salon {next(_serial)}")
    with system():
        return seating.begin(Event.objects.get(pk=event.pk), by=None, hall=hall, **facts)
