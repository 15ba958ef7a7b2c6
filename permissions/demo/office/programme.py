"""A month of the mayor's programme around today: what stands, what is asked for, a halk günü, a confidential entry."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from django.utils import timezone

from backend.appointments import actions as appointments
from backend.appointments.choices import DeclineGround, Outcome, Status
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.calendars import actions as calendars
from backend.calendars.models import View
from backend.contacts import privacy
from backend.contacts.models import Citizen, Purpose
from backend.core.calendar import DayKind
from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL, local_date, today
from backend.core.session import elevated, system
from backend.organization import actions as organization
from backend.organization.calendar import working_calendar
from backend.organization.models import Department, User
from backend.programme import actions
from backend.programme.choices import Frequency, Kind, Office, OnHoliday
from backend.programme.models import Entry, Principal
from backend.programme.recurrence import Pattern
from backend.programme.reminders import Moment
from permissions.core import grants, scope
from permissions.core.viewer import KEEP, PRESS, READ
from permissions.demo.clock import moved_clock
from permissions.demo.office import instructions, invitations
from permissions.demo.world import in_office_hours

BACK, AHEAD = 16, 24  # days
DAY = dt.timedelta(days=1)
HOURS = [9, 10, 11, 13, 14, 15, 16]
WEEK = [(day, dt.time(8, 30), dt.time(17)) for day in range(5)]
COMPANIONS = ("Nuray Tezcan", "Orhan Tezcan")
ASKED = [
    ("COURTESY", "Hayırlı olsun ziyareti", "Sarıgazi Esnaf Odası", 4),
    ("ORGANISATION", "Okul bahçesinin düzenlenmesi", "Fatih İlkokulu Okul Aile Birliği", 3),
    ("PROJECT", "Bilim merkezi projesi sunumu", "Genç Mühendisler Derneği", 5),
    ("PROTOCOL", "Nezaket ziyareti", "Çekmeköy Belediyesi", 6),
    ("PRESS", "Yerel gazete röportajı", "Sancaktepe Postası", 2),
    ("REQUEST", "Spor salonu saatleri", "", 1),
    ("INVESTOR", "Yenidoğan ticaret merkezi", "Ilıca Yapı A.Ş.", 3),
    ("COMPLAINT", "Sokağımızdaki su baskını", "", 2),
    ("INVITATION", "Derneğimizin yıl dönümü", "Rumeli Kültür Derneği", 3),
    ("REQUEST", "İş yeri ruhsatı hakkında", "", 1),
    ("STAFF", "Emeklilik vedası", "", 1),
    ("ORGANISATION", "Muhtarlık binası", "Merve Mahallesi Muhtarlığı", 2),
]
PREPARED = [
    (
        "Geçen görüşmede bank sözü verildi; sonucu sorulacak.\nYaz okulu başvuruları tanıtılacak.",
        "Çay ikramı, makam toplantı masası; fotoğrafçı gelecek.",
        "Okul çevresindeki kaldırım ve yeşil alan çalışmaları ne durumda?",
        "park-ve-bahceler",
        "Okul bahçesinin keşfi yapıldı. İki bank ve bir çöp kutusu haftaya yerleştirilecek; ağaç dikimi mart ayında.",
    ),
    (
        "Su baskını şikâyeti hatırlatılacak.\nIzgara temizliği programı paylaşılacak.",
        "Harita çıktısı hazır bulundurulacak.",
        "Sokaktaki yağmur suyu ızgaraları ne zaman temizlenecek, bütçesi var mı?",
        "fen-isleri",
        "",
    ),
    (
        "Kültür merkezinin boş günleri söylenecek.",
        "",
        "Mahalledeki asfalt programı nedir?",
        "fen-isleri",
        "Program 2027 nisanında başlayacak; 1.250 m asfalt, 400 m bordür.",
    ),
]
PROMISED = [
    ("Okul bahçesine iki bank ve çöp kutusu konulacak", "park-ve-bahceler", 2),
    ("Yağmur suyu ızgaraları kış gelmeden temizlenecek", "fen-isleri", -3),
    ("Spor salonu hafta sonu 22.00’ye kadar açık tutulacak", "", 12),
    ("Kaldırım onarımı için yerinde inceleme yapılacak", "fen-isleri", 5),
    ("Derneğe toplantı için kültür merkezinde salon ayrılacak", "", -1),
]
MET = [
    ("Haftalık değerlendirme", "Kış bakım planı bütün müdürlüklere dağıtılacak", "fen-isleri", 4),
    ("Pazar yeri incelemesi", "Pazar yerinin zemini yenilenecek", "fen-isleri", 20),
]
OUT = [
    (Kind.VISIT, "Şehit ailesi ziyareti", "Akpınar Mahallesi", 30, 20),
    (Kind.EVENT, "Kreş açılışı", "Emek Mahallesi", 60, 25),
    (Kind.VISIT, "Pazar yeri incelemesi", "Sarıgazi", 45, 15),
    (Kind.EVENT, "Genç sanatçılar sergisi", "Kültür Merkezi", 60, 15),
    (Kind.MEETING, "Asfalt programı değerlendirmesi", "Toplantı salonu", 60, 0),
    (Kind.TRAVEL, "İBB koordinasyon toplantısı", "Saraçhane", 120, 60),
]


def is_there() -> bool:
    return Principal.objects.exists()


def load(seed: int) -> None:
    """Load it once, by actions. Taken times are passed over: the programme decides."""
    users = {user.username: user for user in User.objects.filter(is_active=True)}
    mayor, deputies = _principals(users)
    keeper = users["sekreter"]
    random = Random(f"{seed}-programme")  # noqa: S311 - invented data is repeatable, not secret
    _holidays(keeper)
    _standing(mayor, keeper)
    _out(mayor, keeper, random)
    _asked(mayor, keeper, random)
    _private(mayor, users["baskan"], keeper)
    _calendars(users["baskan"], keeper)
    for deputy in deputies[:1]:
        _standing(deputy, keeper)
    invitations.load(mayor, deputies[0], keeper, users["ozelkalem"])
    _finish_the_past(mayor, keeper)
    _prepare(mayor, keeper)
    instructions.load(mayor, deputies[0], keeper)


def _holidays(keeper: User) -> None:
    """A correction of the table of public holidays that reaches nothing else of the demo."""
    organization.correct_holiday(
        by=keeper,
        day=dt.date(2040, 12, 31),
        kind=DayKind.HALF_DAY,
        name="Yılbaşı arifesi (örnek)",
        source="Örnek veri: böyle bir karar yoktur",
    )


def _calendars(mayor: User, keeper: User) -> None:
    """Sample calendar feeds, whose secrets are lost, and reminder preferences."""
    for person, name, view in ((keeper, "Masaüstü takvimi", View.FULL), (mayor, "Telefon", View.FULL)):
        with scope.session(person), elevated():
            calendars.make_feed(by=person, name=name, view=view)
            calendars.choose_reminders(by=person, moments=[Moment.DAY_BEFORE, Moment.MORNING])


def _principals(users: dict[str, User]) -> tuple[Principal, list[Principal]]:
    head, keeper, gives = users["ozelkalem"], users["sekreter"], users["bilgiislem"]
    mayor = actions.establish(
        by=head,
        office=Office.MAYOR,
        name="Belediye Başkanı",
        person=users["baskan"],
        slot_minutes=30,
        follow_up_minutes=5,
        daily_maximum=8,
    )
    deputy = actions.establish(
        by=head,
        office=Office.DEPUTY_MAYOR,
        name=f"Başkan Yardımcısı {users['baskanyrd']}",
        person=users["baskanyrd"],
        position=1,
    )
    for principal in (mayor, deputy):
        actions.set_working_hours(principal, by=head, hours=WEEK)
        for user in (keeper, head):
            grants.give_programme(user, KEEP, principal, by=gives)
    grants.give_programme(users["baskanyrd"], READ, mayor, by=gives)
    actions.set_public_day(
        mayor,
        by=head,
        weekday=3,
        starts=dt.time(10, 30),
        ends=dt.time(12),
        capacity=18,
        slot_minutes=10,
        place="Belediye hizmet binası, Enderun Cad. No: 2",
        valid_from=today() - dt.timedelta(days=60),
    )
    away = today() + dt.timedelta(days=AHEAD - 4)
    member = actions.establish(
        by=head, office=Office.COUNCIL_MEMBER, name="Meclis Üyesi Zeliha Irmak", position=2
    )
    actions.appoint_stand_in(
        mayor,
        by=head,
        deputy=member,
        valid_from=away,
        valid_until=away + dt.timedelta(days=2),
        reason="Yıllık izin",
    )
    press = Department.objects.open().filter(code="basin-ve-yayin").first()
    if press is not None and press.head is not None:
        grants.give_programme(press.head, PRESS, mayor, by=gives)
    return mayor, [deputy]


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ISTANBUL)


def _plan(principal: Principal, by: User, **facts: Any) -> Entry | None:
    try:
        return actions.plan(principal, by=by, accept_unusual=True, **facts)
    except DomainError:
        return None


def _standing(principal: Principal, by: User) -> None:
    """What comes again every week, from the first Monday and Wednesday of the month on."""
    start = today() - dt.timedelta(days=BACK)
    until = today() + dt.timedelta(days=AHEAD + 30)
    for weekday, title, hour, minutes in ((0, "Haftalık değerlendirme", 9, 60), (2, "Encümen", 14, 60)):
        day = start + dt.timedelta(days=(weekday - start.weekday()) % 7)
        at = _at(day, hour)
        _plan(
            principal,
            by,
            kind=Kind.MEETING,
            title=title,
            place="Toplantı salonu",
            starts_at=at,
            ends_at=at + dt.timedelta(minutes=minutes),
            series=Pattern(Frequency.WEEKLY, until, on_holiday=OnHoliday.SKIP),
        )
    appointments.generate_public_days(principal, by=by, from_=start, until=until)
    for session in PublicDaySession.objects.filter(principal=principal, day__gte=today())[:3]:
        appointments.offer_places(session, by=by, places=6)


def _working_days() -> list[dt.date]:
    calendar = working_calendar()
    days = [today() + dt.timedelta(days=n) for n in range(-BACK, AHEAD)]
    return [day for day in days if calendar.is_working_day(day, with_leave=True)]


def _out(principal: Principal, by: User, random: Random) -> None:
    for number, day in enumerate(_working_days()):
        kind, title, place, minutes, travel = OUT[number % len(OUT)]
        at = _at(day, random.choice([10, 13, 15]), random.choice([0, 30]))
        entry = _plan(
            principal,
            by,
            kind=kind,
            title=title,
            place=place,
            starts_at=at,
            ends_at=at + dt.timedelta(minutes=minutes),
            travel_minutes=travel,
            follow_up_minutes=travel,
        )
        if entry is not None and kind == Kind.EVENT:
            actions.show_press(entry, by=by, note="Basın 15 dakika önce hazır olacak.")


def _asked(principal: Principal, by: User, random: Random) -> None:
    """Sample requests: some with an appointment, some waiting, one of each other decision."""
    people = list(Citizen.objects.filter(merged_into__isnull=True).order_by("pk")[:60])
    if not people:
        return
    days, sessions = (
        _working_days(),
        list(PublicDaySession.objects.filter(day__gte=today(), principal=principal)),
    )
    now = timezone.now()
    with moved_clock() as move_to:
        for number in range(3 * len(ASKED)):
            kind, subject, organisation, party = ASKED[number % len(ASKED)]
            asked_at = now - dt.timedelta(hours=random.randrange(2, 24 * BACK))
            move_to(in_office_hours(asked_at, asked_at - 14 * DAY, now))
            request = appointments.receive(
                principal,
                by=by,
                channel=random.choice(["PHONE", "PHONE", "EMAIL", "IN_PERSON", "WEB"]),
                kind=kind,
                subject=subject,
                organisation=organisation,
                party_size=party,
                companion_names=", ".join(COMPANIONS[: party - 1]) if party <= 1 + len(COMPANIONS) else "",
                applicant=people[number % 7],
                wish=random.choice(["", "öğleden sonra", "hafta içi sabah", "mümkünse bu hafta"]),
                privacy_notice=privacy.in_force(Purpose.APPOINTMENT, "tr"),
                receipt=False,
            )
            move_to(now)
            _decide(request, number, by, random.choice(days), random, sessions)


def _decide(
    request: AppointmentRequest,
    number: int,
    by: User,
    day: dt.date,
    random: Random,
    sessions: list[PublicDaySession],
) -> None:
    values: dict[str, Any] = {"by": by, "means": "PHONE"}
    if number % 9 < 4:
        _approve(request, day, random, values)
        return
    at = _at(day, random.choice(HOURS), random.choice([0, 30]))
    with_time = values | {"starts_at": at, "accept_unusual": True, "place": "Makam"}
    try:
        match number % 9:
            case 4 if sessions:
                appointments.assign_to_public_day(request, session=random.choice(sessions), **values)
            case 5 if at > timezone.now() + dt.timedelta(days=1):
                until = min(at - dt.timedelta(hours=2), timezone.now() + dt.timedelta(days=3))
                appointments.propose(request, hold_until=until, **with_time)
            case 6:
                appointments.decline(request, ground=list(DeclineGround)[number % 6], **values)
            case _:
                return  # waits for a decision
    except DomainError:
        return


def _approve(request: AppointmentRequest, day: dt.date, random: Random, values: dict[str, Any]) -> None:
    """At the first free one of the hours of that day, if there is one."""
    for hour in random.sample(HOURS, len(HOURS)):
        at = _at(day, hour, random.choice([0, 30]))
        try:
            appointments.approve(request, starts_at=at, accept_unusual=True, place="Makam", **values)
        except DomainError:
            continue
        if request.number % 2 and at > timezone.now():
            appointments.confirm_coming(request, by=None)
        return


def _private(principal: Principal, mayor: User, keeper: User) -> None:
    """The mayor's own: seen by the mayor and the one secretary who is named, busy time for everybody else."""
    facts: dict[str, Any] = {
        "kind": Kind.PRIVATE,
        "title": "Aile randevusu",
        "is_confidential": True,
        "readers": [keeper],
    }
    with scope.session(mayor), elevated():
        for day in _working_days():
            times = {"starts_at": _at(day, 12), "ends_at": _at(day, 13)}
            if day > today() and _plan(principal, mayor, **facts, **times):
                return


def _finish_the_past(principal: Principal, by: User) -> None:
    past = Entry.objects.live().filter(principal=principal, ends_at__lt=timezone.now())
    for entry in past.filter(is_requested=False, status="CONFIRMED", public_day__isnull=True):
        actions.finish(entry, by=by)
    departments = {row.code: row for row in Department.objects.open()}
    for title, text, code, days in MET:
        held = Entry.objects.filter(principal=principal, title=title, status="DONE").order_by("-starts_at")
        if (meeting := held.first()) is not None:
            due = today() + dt.timedelta(days=days)
            appointments.promise_at(meeting, by=by, text=text, due_on=due, department=departments.get(code))
    met = AppointmentRequest.objects.filter(status=Status.APPROVED, entry__in=past).order_by(
        "entry__starts_at"
    )
    now = timezone.now()
    with moved_clock() as move_to:
        for number, request in enumerate(met):
            if request.entry is None:
                continue
            move_to(request.entry.ends_at + dt.timedelta(minutes=5))
            note = "İlgili müdürlük bilgilendirilecek."
            appointments.complete(request, by=by, outcome=Outcome.PROMISED, note=note)
            text, code, days = PROMISED[number % len(PROMISED)]
            due = max(local_date(now) + dt.timedelta(days=days), today())
            made = appointments.promise(
                request, by=by, text=text, due_on=due, department=departments.get(code)
            )
            move_to(now)
            if number % 4 == 3:
                note = "Yerine getirildi, vatandaşa telefonla bildirildi."
                appointments.keep_promise(made, by=by, note=note)
    for session in PublicDaySession.objects.filter(principal=principal, ends_at__lt=timezone.now()):
        appointments.close_public_day(session, by=by)


def _prepare(principal: Principal, by: User) -> None:
    """What is prepared for the next meetings: notes there, awaited and late, talking points, logistics."""
    departments = {row.code: row for row in Department.objects.open()}
    start = timezone.now() + dt.timedelta(hours=3)
    coming: Any = Entry.objects.filter(principal=principal, starts_at__gt=start, is_confidential=False)
    coming = coming.live().filter(kind__in=[Kind.APPOINTMENT, Kind.MEETING])
    for number, entry in enumerate(coming.order_by("starts_at")[:6]):
        points, logistics, question, code, answer = PREPARED[number % len(PREPARED)]
        actions.prepare(entry, by=by, talking_points=points, logistics=logistics)
        is_late = not answer and number % 2
        asked: dict[str, Any] = {"by": by, "department": departments[code], "question": question}
        with moved_clock() as move_to:
            if is_late:
                move_to(timezone.now() - dt.timedelta(days=2))
            due = (
                timezone.now() + dt.timedelta(hours=44)
                if is_late
                else entry.starts_at - dt.timedelta(hours=2)
            )
            note = actions.ask_note(entry, due_at=due, **asked)
        if answer:
            actions.write_note(note, by=departments[code].head, text=answer)


def load_once(seed: int) -> None:
    with system():
        if not is_there():
            load(seed)
