"""Greetings of the office: a batch that went out, one being prepared, days kept of persons, wishes, a bereavement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.greetings import actions, days, jobs
from backend.greetings.actions import Named
from backend.greetings.choices import Channel, Source
from backend.greetings.models import Batch, Occasion
from backend.letters import actions as letters
from backend.letters.choices import Kind
from backend.letters.models import LetterTemplate
from backend.organization.models import Department, Neighbourhood, OutsideBody, User
from backend.partners.models import ContactList
from permissions.core import scope
from permissions.greetings import access as greetings

TO = "{{hitap}},"
TEMPLATES = [
    (
        "Bayram tebriki",
        "{{vesile}}",
        "Birlik ve beraberliğimizin pekiştiği {{vesile}} dolayısıyla sizi ve ailenizi en içten duygularımla tebrik"
        " eder; sağlık, huzur ve esenlik dolu günler dilerim.",
    ),
    (
        "Öğretmenler Günü tebriki",
        "{{vesile}}",
        "Geleceğimizi emanet ettiğimiz çocuklarımızı sevgiyle ve sabırla yetiştiren siz değerli öğretmenimizin"
        " Öğretmenler Günü’nü kutlar, saygılarımı sunarım.{{#kurum}}\n{{kurum}} ailesine başarılar dilerim.{{/kurum}}",
    ),
    (
        "Doğum günü tebriki",
        "Doğum gününüz",
        "Doğum gününüzü en içten dileklerimle kutlar; sevdiklerinizle birlikte sağlıklı ve mutlu nice yıllar dilerim.",
    ),
    (
        "Meslek günü tebriki",
        "{{vesile}}",
        "{{vesile}} dolayısıyla özverili çalışmalarınız için teşekkür eder, sizi kutlarım.",
    ),
]
# (name, surname, title, organisation, has e-mail, has address)
PEOPLE = [
    ("Nilgün", "Aydoğan", "Müdür", "Emek İlkokulu", True, True),
    ("İsmail", "Güçlü", "Öğretmen", "Sarıgazi Ortaokulu", True, False),
    ("Şükran", "Özışık", "Öğretmen", "Fatih İlkokulu", True, True),
    ("Ömer", "Çalışkan", "Müdür Yardımcısı", "Yenidoğan Anadolu Lisesi", False, True),
    ("Ülkü", "Şengül", "Öğretmen", "Veysel Karani İlkokulu", False, True),
    ("Ayhan", "Işıklı", "Müdür", "Meclis Ortaokulu", True, True),
    ("Gönül", "Ağaoğlu", "Öğretmen", "Merve İlkokulu", False, True),
    ("Çetin", "Yıldırım", "Öğretmen", "Sarıgazi Ortaokulu", False, False),
    ("Sıdıka", "İnanç", "Emekli Öğretmen", "", False, True),
    ("Yaşar", "Köroğlu", "Emekli Öğretmen", "", False, True),
    ("Güngör", "Tığ", "Öğretmen", "Emek İlkokulu", True, False),
    ("Müjde", "Öztürk", "Müdür", "Safa Anaokulu", True, True),
    ("Kâmil", "Şahingöz", "Öğretmen", "Kemal Türkler İlkokulu", False, True),
    ("Zübeyde", "Çiğdem", "Öğretmen", "Hilal Ortaokulu", True, True),
    ("İbrahim", "Uğurlu", "Müdür", "Atatürk Anadolu Lisesi", True, True),
]
STREETS = ["Ihlamur Sk. No: 4", "Şehit Öğretmen Cd. No: 17/3", "Çınar Sk. No: 9 D: 2", "Gül Sk. No: 21"]


def load_once() -> None:
    """What is not there yet; also into a database that has an older demo."""
    with system():
        users = {user.username: user for user in User.objects.filter(is_active=True)}
        if Occasion.objects.exists():
            return
        _templates()
    clerk, mayor = users["sekreter"], users["baskan"]
    with scope.session(clerk), elevated():
        people = _people(clerk)
        _known(people, clerk)
        done = _went_out(people, clerk, mayor)
        _preparing(people, clerk, mayor)
    jobs.send_batch(key=str(done.key), run=done.run)


def _templates() -> None:
    for name, subject, body in TEMPLATES:
        if not LetterTemplate.objects.filter(name=name).exists():
            values: dict[str, Any] = {
                "kind": Kind.CONGRATULATION,
                "salutation": TO,
                "closing": "Saygılarımla.",
            }
            letters.save_template(by=None, name=name, subject=subject, body=body, **values)


def _people(clerk: User) -> list[Citizen]:
    places = list(Neighbourhood.objects.order_by("pk")[:4])
    return [
        contacts.record(
            first_name=first,
            last_name=last,
            by=clerk,
            email=f"ogretmen{n}@posta.example" if has_mail else "",
            address=STREETS[n % len(STREETS)] if has_address else "",
            neighbourhood=places[n % len(places)] if places and has_address else None,
        )
        for n, (first, last, _title, _school, has_mail, has_address) in enumerate(PEOPLE)
    ]


def _known(people: list[Citizen], clerk: User) -> None:
    """Sample personal facts: an upcoming birthday and anniversary, an objection, a bereavement and a deceased
    person."""
    soon, later = today() + dt.timedelta(days=2), today() + dt.timedelta(days=5)
    basis: dict[str, Any] = {"basis": "CONSENT", "basis_note": "İletişim formu, 12.01.2026"}
    actions.keep_day(people[0], by=clerk, kind="BIRTHDAY", month=soon.month, day=soon.day, **basis)
    actions.keep_day(
        people[5],
        by=clerk,
        kind="ANNIVERSARY",
        of_what="Göreve başlama",
        month=later.month,
        day=later.day,
        since=later.year - 10,
        basis="PUBLIC_OFFICE",
        basis_note="İlçe Millî Eğitim Müdürlüğü atama listesi",
    )
    contacts.correct(people[12], by=clerk, title="Doç. Dr.", salutation="Sayın Hocam,")
    actions.prefer(people[10], by=clerk, wish="OBJECTION", proof="Telefonda bildirdi.")
    actions.prefer(people[2], by=clerk, wish="CONSENT", proof="İletişim formu, 12.01.2026")
    contacts.record_bereavement(
        people[3], by=clerk, on=today() - dt.timedelta(days=3), who="babası", without_record=True
    )
    contacts.record_bereavement(
        people[14], by=clerk, on=today() - dt.timedelta(days=20), who="annesi", deceased=people[9]
    )


def _went_out(people: list[Citizen], clerk: User, mayor: User) -> Batch:
    """The last day of a group that was: by e-mail, or as a letter."""
    past = days.between(today() - dt.timedelta(days=60), today() - dt.timedelta(days=1))
    day = [one for one in past if one.letter_kind == Kind.CONGRATULATION][-1]
    batch = _batch(day, "Okul yöneticileri ve öğretmenler", clerk, mayor)
    named = [
        Named(person, title=title, organisation=school)
        for person, (_first, _last, title, school, _mail, _address) in zip(people, PEOPLE, strict=True)
    ]
    actions.add(batch, by=clerk, recipients=named, source=Source.FILE)
    bodies = [Named(body=one) for one in OutsideBody.objects.filter(code__contains="milli-egitim")]
    actions.add(batch, by=clerk, recipients=bodies, source=Source.BODIES)
    return actions.start(batch, by=clerk)


def _preparing(people: list[Citizen], clerk: User, mayor: User) -> None:
    """The next holiday: departments and some people stand on the list, nothing has gone out."""
    ahead = days.between(today() + dt.timedelta(days=1), today() + dt.timedelta(days=366))
    day = next(
        one for one in ahead if one.kind != "PROFESSIONAL_DAY" and one.letter_kind == Kind.CONGRATULATION
    )
    batch = _batch(day, "Müdürlükler ve mahalle temsilcileri", clerk, mayor)
    departments = [Named(department=one) for one in Department.objects.open().in_order()[:8]]
    actions.add(batch, by=clerk, recipients=departments, source=Source.DEPARTMENTS)
    actions.add(batch, by=clerk, recipients=[Named(person) for person in people[:12]], source=Source.CITIZENS)
    schools = ContactList.objects.filter(title="Okul müdürleri").first()
    if schools is not None:
        heads, _unknown = greetings.of_partners(schools)
        actions.add(batch, by=clerk, recipients=heads, source=Source.PARTNERS)
    twice = contacts.record(first_name="Nilgün", last_name="Aydoğan", by=clerk, phone="+90 509 700 99 01")
    actions.add(batch, by=clerk, recipients=[Named(twice)], source=Source.CITIZENS)


def _batch(day: days.Day, title: str, clerk: User, mayor: User) -> Batch:
    occasion = actions.make_occasion(
        by=clerk, name=day.name, on=day.on, kind=day.kind, letter_kind=day.letter_kind, code=day.code
    )
    names = ("Öğretmenler Günü tebriki", "Meslek günü tebriki")
    name = "Bayram tebriki" if day.kind != "PROFESSIONAL_DAY" else names["ogretmenler" not in day.code]
    return actions.prepare(
        occasion,
        by=clerk,
        title=title,
        channels=[Channel.EMAIL, Channel.PRINT],
        template=LetterTemplate.objects.get(name=name),
        signatory=mayor,
    )
