"""One hole in a road in ten people's words, from the first call to ten answers: one case leads, the others are linked
to it as they come, one instruction, one reply that goes to each. What three more say of the street is proposed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from backend.complaints.choices import Channel, DeliveryMethod, Kind
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint, Notice
from backend.complaints.moves import Verb
from backend.contacts import actions as contacts
from backend.contacts import privacy
from backend.contacts.models import Purpose
from backend.core.session import system
from backend.instructions import actions as instructions
from backend.organization.models import Category, Department, Neighbourhood, User
from backend.places.geometry import METRES_A_DEGREE
from backend.programme.models import Principal
from permissions.demo.clock import moved_clock
from permissions.demo.complaints.walking import Walker
from permissions.demo.world import in_office_hours

SOURCE = "demo-tek-konu"
WEB, PHONE, MAIL = Channel.WEB, Channel.PHONE, Channel.EMAIL
HERE = (41.00412, 29.23187)
NORTH, EAST = 1 / METRES_A_DEGREE, 1 / 84_000
"""A metre, in degrees."""
REPORTS = (
    # days ago, channel, first and last name, subject, text, place, metres to the north and to the east
    (9.4, WEB, "Gülsüm", "Akın", "Yolda çukur", "Okulun önünde derin bir çukur açıldı.", "Aydın Sokak No: 12", 0, 0),
    (9.1, PHONE, "Hakan", "Işıldar", "Asfalt çöktü", "Asfalt çökmüş, lastiğim patladı.", "aydin sk. 14", 12, 9),
    (8.7, MAIL, "Ömer", "Şenol", "Koca bir delik", "Koca bir delik, motorlu düşecek.", "Aydın Sok. okul önü", -20, 6),
    (8.2, WEB, "Nazan", "Uğur", "Kuyu gibi çukur", "Kuyu gibi çukur oldu, kimse bakmıyor.", "AYDIN SOKAĞI 10", 8, -22),
    (7.9, PHONE, "İsmail", "Çetin", "Yol göçtü", "Yol göçtü, arabalar geçemiyor.", "Aydın Sokak 12 karşısı", 25, 14),
    (7.5, PHONE, "Sevgi", "Ünver", "Çukur büyüdü", "Çukur yağmurda büyüdü, jantım eğildi.", "Aydın Sokak", -11, 30),
    (6.6, WEB, "Yasin", "Örnek", "Yolda çöküntü", "Okul servisi çukura giriyor.", "Aydın Sk. No: 12", 5, 5),
    (5.8, PHONE, "Fadime", "Güler", "Çukur", "Geçen hafta da söyledik, çukur duruyor.", "aydın sokak no 11", 16, -8),
    (4.9, MAIL, "Kadir", "İnan", "Asfalt bozuk", "Asfalt bozuk, koca çukur var.", "Aydın Sokak", -30, -12),
    (4.3, WEB, "Şengül", "Işık", "Okul önünde çukur", "Çocuklar geçerken düşüyor.", "Aydın Sokak okulun önü", 33, 3),
    (1.4, PHONE, "Ayten", "Doğan", "Yama çöktü", "Yapılan yama çöktü, çukur yine açıldı.", "Aydın Sokak 12", 3, -6),
    (0.8, WEB, "Halit", "Özgür", "Çukur yine açıldı", "Doldurulan çukur yağmurda açılmış.", "aydın sk no 13", 14, 11),
    (0.3, MAIL, "Nermin", "Ülker", "Yolda çukur", "Okulun önünde yine çukur var.", "Aydın Sok. okul önü", -9, 4),
)  # fmt: skip
ONE_MATTER = 10
REPLY = "Aydın Sokak'taki çukur doldurulmuş, asfaltı serilmiştir. Bildirdiğiniz için teşekkür ederiz."
TOLD = "Telefonla bildirildi, başvuran teşekkür etti."


def load_once() -> None:
    """Let ten people report the hole, link nine of them, answer the one that leads and then all; three more come."""
    with system():
        if Complaint.objects.filter(source=SOURCE).exists():
            return
        people = {one.username: one for one in User.objects.filter(username__in=("cagri", "sekreter", "fen"))}
        now = timezone.now()
        with moved_clock() as move_to:
            walker = Walker(move_to)

            leader = _report(walker, 0, now, people["cagri"])
            latest = leader.registered_at

            def about(days: float, case: Complaint) -> dt.datetime:
                return in_office_hours(now - dt.timedelta(days=days), max(latest, case.registered_at), now)

            def say(case: Complaint, verb: Verb, days: float, who: str = "sekreter", **facts: Any) -> None:
                nonlocal latest
                latest = about(days, case)
                walker.say(case, verb, latest, people[who].pk, **facts)

            say(leader, Verb.ROUTE, 9.3, to=Department.objects.get(code="fen-isleri"))
            others = []
            for number in range(1, ONE_MATTER):
                others.append(one := _report(walker, number, now, people["cagri"]))
                say(one, Verb.LINK, REPORTS[number][0] - 0.1, of=leader)
            _instruct(leader, people["sekreter"])
            say(leader, Verb.ACCEPT, 4.1, "fen")
            say(leader, Verb.START, 4.0, "fen")
            say(leader, Verb.DRAFT, 3.2, "fen", body=REPLY)
            say(leader, Verb.SUBMIT, 3.2, "fen")
            say(leader, Verb.APPROVE, 3.1)
            say(leader, Verb.SEND, 3.0, means=DeliveryMethod.EMAIL)
            _has_left(latest)
            for one in others:  # their nights lie before the answer to all
                one.refresh_from_db()
                walker.warn(one, about(2.9, one))
            say(leader, Verb.ANSWER_LINKED, 2.9)
            for one in others:
                one.refresh_from_db()
                if one.channel == PHONE:
                    say(one, Verb.SEND, 2.8, means=DeliveryMethod.PHONE, proof=TOLD)
            _has_left(latest)
            for number in range(ONE_MATTER, len(REPORTS)):
                _report(walker, number, now, people["cagri"])


def _has_left(moment: dt.datetime) -> None:
    """What was sent has left: the database, whose clock is not moved, would hold it for the time of an undo."""
    Notice.objects.filter(complaint__source=SOURCE, held_until__isnull=False).update(held_until=moment)


def _report(walker: Walker, number: int, now: dt.datetime, by: User) -> Complaint:
    days, channel, first, last, subject, body, place, north, east = REPORTS[number]
    at = now - dt.timedelta(days=days)
    walker.move_to(at)
    email = f"cukur{number}@posta.example" if channel != PHONE else ""
    applicant = contacts.record(
        by=by, first_name=first, last_name=last, phone=f"+9050900003{number:02d}", email=email
    )
    return walker.register(
        at,
        by.pk,
        kind=Kind.COMPLAINT,
        channel=channel,
        regime=Regime.SERVICE_REQUEST,
        category=Category.objects.get(code="asfalt-bozuklugu"),
        neighbourhood=Neighbourhood.objects.get(code="sarigazi"),
        subject=subject,
        body=body,
        place=place,
        latitude=HERE[0] + north * NORTH,
        longitude=HERE[1] + east * EAST,
        applicant=applicant,
        source=SOURCE,
        source_number=str(number + 1),
        privacy_notice=privacy.in_force(Purpose.CASE, "tr"),
    )


def _instruct(leader: Complaint, by: User) -> None:
    instructions.give(
        Principal.objects.order_by("pk")[0],
        by=by,
        text="Okulun önündeki çukur bu hafta kapatılsın.",
        department=Department.objects.get(code="fen-isleri"),
        complaint=leader,
    )
