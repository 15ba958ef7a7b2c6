"""Events of the demo: the next 29 Ekim from its template with its guests, an opening on Friday, one that took place."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from django.utils import timezone

from backend.contacts import privacy
from backend.contacts.actions import record
from backend.contacts.models import Citizen, Purpose
from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL, today
from backend.core.session import elevated, system
from backend.events import actions, elections
from backend.events.actions import PlannedPart, Scan
from backend.events.actions.listing import Listing
from backend.events.choices import Answer, Audience, Call, Duty, ItemKind, Source, TaskKind
from backend.events.models import Event, Guest, GuestGroup, PublishedEvent
from backend.events.sign_up import is_open, sign_up
from backend.events.sources import Found
from backend.organization.calendar import working_calendar
from backend.organization.models import User
from backend.partners.models import ContactList
from backend.programme.models import Principal
from permissions.core import scope
from permissions.events.access import gather

TITLES = (
    ("Mahalle Muhtarı", ""),
    ("Okul Müdürü", "Atatürk Ortaokulu"),
    ("Dernek Başkanı", "Sancaktepe Gençlik ve Spor Derneği"),
    ("Gazi", ""),
    ("Şehit yakını", ""),
    ("Oda Başkanı", "Esnaf ve Sanatkârlar Odası"),
    ("", ""),
)
VIPS = (("Sancaktepe Kaymakamı", 1), ("Garnizon Komutanı", 2), ("Cumhuriyet Başsavcısı", 4))
LISTED, FRIDAY_GUESTS = 120, 45
NOTE = "Protokol kapısı 10.00’da açılır; gaziler için rampa önündeki sıra ayrılmıştır."


def is_there() -> bool:
    return Event.objects.exists()


def load(seed: int) -> None:
    """Once, by actions; nothing leaves: who was written to is noted without a message."""
    users = {user.username: user for user in User.objects.filter(is_active=True)}
    keeper, mayor = users["sekreter"], Principal.objects.get(office="MAYOR")
    elections.load(by=None)
    random = Random(f"{seed}-events")  # noqa: S311 - invented data is repeatable, not secret
    people = list(Citizen.objects.standing().filter(deceased_on=None).order_by("id")[:400])
    random.shuffle(people)
    for plan in (_republic_day, _opening, _concert):
        try:
            event = plan(mayor, keeper, users)
        except DomainError:  # the time is taken: the programme decides
            continue
        if event is not None:
            _listed(event, people, keeper, random)
            _signed_up(event, keeper)


def _republic_day(mayor: Principal, keeper: User, users: dict[str, User]) -> Event:
    event = actions.plan_from_template(mayor, by=keeper, template="republic_day", accept_unusual=True)
    start = timezone.localdate(event.starts_at)
    until = start - dt.timedelta(days=5)
    actions.correct(event, by=keeper, capacity=160, answer_by=until, answer_to="Özel Kalem Müdürlüğü")
    _team(event, keeper, users)
    actions.write_note(event, by=keeper, audience=Audience.HOST, text=NOTE)
    actions.sync_guests(event, by=keeper)
    actions.announce(event, by=keeper)
    actions.publish(event, by=keeper, text="Bütün hemşehrilerimiz davetlidir.")
    return event


def next_friday(after: dt.date) -> dt.date:
    """Return the first Friday after a day that is a working day."""
    calendar, friday = working_calendar(), after + dt.timedelta(days=(4 - after.weekday()) % 7 or 7)
    while not calendar.is_working_day(friday, with_leave=True):
        friday += dt.timedelta(days=7)
    return friday


def _opening(mayor: Principal, keeper: User, users: dict[str, User]) -> Event:
    friday = next_friday(today())
    for hour in (0, 1, 2, -3):
        try:
            return _opening_at(mayor, keeper, friday, hour, users)
        except DomainError:
            continue
    return _opening_at(mayor, keeper, next_friday(friday), 0, users)


def _opening_at(mayor: Principal, keeper: User, day: dt.date, hours: int, users: dict[str, User]) -> Event:
    start = dt.datetime.combine(day, dt.time(14 + hours), ISTANBUL)
    part = PlannedPart("Açılış töreni", start, start + dt.timedelta(minutes=75), is_main=True)
    facts = {"kind": "OPENING", "title": "Yenidoğan Kütüphanesi açılışı", "place": "Yenidoğan Mahallesi"}
    event = actions.plan(mayor, by=keeper, parts=[part], accept_unusual=True, template="opening", **facts)
    row = event.parts.get()
    steps = (
        (ItemKind.SILENCE, "Saygı duruşu", "", None, 1),
        (ItemKind.ANTHEM, "İstiklal Marşı", "", None, 3),
        (ItemKind.SPEECH, "Kütüphane hakkında bilgi", "Fen İşleri Müdürü", 80, 6),
        (ItemKind.SPEECH, "Konuşma", "Belediye Başkanı", 3, 12),
        (ItemKind.SPEECH, "Konuşma", "Kaymakam", 1, 8),
        (ItemKind.RIBBON, "Kurdelenin kesilmesi", "Kaymakam", 1, 5),
    )
    for kind, title, who, rank, minutes in steps:
        actions.put_item(
            event, by=keeper, part=row, kind=kind, title=title, who=who, rank=rank, minutes=minutes
        )
    tasks = ((TaskKind.SOUND, "Ses sistemi ve kürsü", 22_000), (TaskKind.CHAIRS, "Sandalye (200)", 9_000))
    for task, title, cost in tasks:
        actions.add_task(
            event,
            by=keeper,
            kind=task,
            title=title,
            planned_cost=Decimal(cost),
            supplier="Organizasyon yüklenicisi",
        )
    actions.put_group(event, by=keeper, title="Davetliler", with_spouse=True)
    _schools(event, keeper)
    _team(event, keeper, users)
    actions.correct(event, by=keeper, capacity=60, answer_by=max(day - dt.timedelta(days=1), today()))
    actions.announce(event, by=keeper)
    text = "Kütüphanemiz 250 kişilik çalışma salonuyla hizmete açılıyor."
    actions.publish(event, by=keeper, text=text, takes_sign_ups=True)
    actions.add_picture(
        event,
        by=keeper,
        file=_building(),
        name="kutuphane.jpg",
        alternative_text="Kütüphane binasının önden görünüşü, çizim",
        permission="Fen İşleri Müdürlüğünün çizimi; kimse görünmüyor.",
    )
    return event


def _building() -> io.BytesIO:
    """A drawing of a library, of nobody."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (1200, 675), (198, 219, 232))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 545, 1200, 675), fill=(124, 146, 104))
    draw.rectangle((180, 220, 1020, 560), fill=(226, 214, 190))
    draw.polygon([(140, 225), (600, 95), (1060, 225)], fill=(141, 78, 62))
    for left in range(230, 980, 130):
        draw.rectangle((left, 280, left + 80, 420), fill=(92, 122, 148))
    draw.rectangle((550, 430, 650, 560), fill=(95, 68, 50))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    out.seek(0)
    return out


def _schools(event: Event, keeper: User) -> None:
    """The heads of the schools, from the list of partners."""
    schools = ContactList.objects.filter(title="Okul müdürleri").first()
    if schools is not None:
        actions.put_group(event, by=keeper, title=schools.title, source=Source.PARTNERS, contact_list=schools)
        with scope.session(keeper), elevated():
            gather(event, by=keeper)


def _concert(mayor: Principal, keeper: User, users: dict[str, User]) -> Event:
    """Nine days ago: held, with who came."""
    day = today() - dt.timedelta(days=9)
    start = dt.datetime.combine(day, dt.time(20), ISTANBUL)
    part = PlannedPart("Konser", start, start + dt.timedelta(minutes=120), is_main=True)
    facts = {"kind": "CULTURE", "title": "Türk sanat müziği konseri", "place": "Kültür Merkezi"}
    event = actions.plan(mayor, by=keeper, parts=[part], accept_unusual=True, **facts)
    task = actions.add_task(
        event, by=keeper, kind=TaskKind.STAGE, title="Sahne ve ses", planned_cost=Decimal(40_000)
    )
    actions.put_group(event, by=keeper, title="Davetliler", with_spouse=True)
    actions.announce(event, by=keeper)
    actions.finish_task(task, by=keeper, actual_cost=Decimal(43_500))
    return event


def _team(event: Event, keeper: User, users: dict[str, User]) -> None:
    for name, duty in (("ozelkalem", Duty.CHIEF), ("sekreter", Duty.CALLS), ("cagri", Duty.DOOR)):
        if name in users:
            actions.name_member(event, by=keeper, user=users[name], duty=duty)


def _listed(event: Event, people: list[Citizen], keeper: User, random: Random) -> None:
    """Guests with their titles, of whom some answered by link, some on the telephone, some not at all."""
    group = GuestGroup.objects.filter(event=event, source="PEOPLE").order_by("position").last()
    count = LISTED if event.template == "republic_day" else FRIDAY_GUESTS
    listing = Listing(event, keeper)
    for number, person in enumerate([one for one in people if one.pk not in listing.there][:count]):
        title, organisation = TITLES[number % len(TITLES)]
        found, facts = Found(person, title, organisation), {"with_spouse": number % 3 == 0}
        if number < len(VIPS):
            found, facts["is_vip"] = Found(person, VIPS[number][0], rank=VIPS[number][1]), True
        guest = listing.add(group, found, **facts)
        if group is not None:
            listing.origins.append((guest, group))
    listing.save()
    now = timezone.now()
    guests = list(Guest.objects.filter(event=event).listed().select_related("person", "event"))
    for number, guest in enumerate(guests):
        _answered(Guest.objects.select_related("person", "event").get(pk=guest.pk), number, keeper, random)
    Guest.objects.filter(pk__in=[one.pk for one in guests if one.person.email]).update(messaged_at=now)
    if event.starts_at < now:
        _came(event, keeper, random)


def _signed_up(event: Event, keeper: User) -> None:
    """Citizens who found the event in the public calendar."""
    published = PublishedEvent.objects.filter(event=event, takes_sign_ups=True).first()
    notice = privacy.in_force(Purpose.EVENT)
    if published is None or notice is None or not is_open(published):
        return
    for first_name, last_name, people in (("Nermin", "Aksoy", 2), ("Hakan", "Yurt", 1)):
        email = f"{first_name}.{last_name}@vatandas.example".lower()
        sign_up(
            published,
            by=keeper,
            person=partial(record, by=keeper, first_name=first_name, last_name=last_name, email=email),
            contact=(email, ""),
            name=f"{first_name} {last_name}",
            people=people,
            privacy_notice=notice,
        )


def _answered(guest: Guest, number: int, keeper: User, random: Random) -> None:
    words = random.choices(
        [Answer.COMING, Answer.NOT_COMING, Answer.REPRESENTED],
        weights=[75, 17, 8] if guest.rank != 1 else [1, 0, 0],
    )
    values: dict[str, Any] = {
        "companions": 1 if guest.companions_allowed and words[0] != Answer.NOT_COMING else 0
    }
    if words[0] == Answer.REPRESENTED:
        values["representative"] = "Müdür Yardımcısı"
    if number % 2 == 0:
        actions.answer(guest, by=None, answer=words[0], via="LINK", **values)
    elif number % 6 == 1:
        actions.call_and_answer(guest, by=keeper, answer=words[0], **values)
    elif number % 6 == 3:
        actions.call(guest, by=keeper, result=random.choice([Call.NO_ANSWER, Call.CALL_BACK]))


def _came(event: Event, keeper: User, random: Random) -> None:
    coming = Guest.objects.filter(event=event).attending()
    scans = [
        Scan(uuid.uuid4(), guest=guest.key, at=event.starts_at - dt.timedelta(minutes=random.randint(1, 40)))
        for guest in coming
        if random.random() < 0.85
    ]
    actions.check_in(event, by=keeper, scans=scans)
    actions.hold(event, by=keeper)


def load_once(seed: int) -> None:
    """Into a database that has the older demo, too."""
    with system():
        if not is_there() and Principal.objects.exists():
            load(seed)
