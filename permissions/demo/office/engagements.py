"""Invented meetings and visits of the last and the next weeks: with minutes, with decisions, two in preparation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.core.localtime import ISTANBUL, today
from backend.core.session import elevated
from backend.engagements import actions
from backend.engagements.models import Engagement
from backend.organization.calendar import working_calendar
from backend.organization.models import Department, User
from backend.partners.models import Organisation
from backend.programme.models import Principal
from permissions.core import scope

# (days from today, hour, kind, title, organisation, department, place, agenda, minutes, decisions)
FILES: list[tuple[int, int, str, str, str, str, str, list[str], str, list[tuple[str, str]]]] = [
    (
        -20,
        14,
        "VISIT_OUT",
        "Ortak dere ıslahı görüşmesi",
        "Çekmeköy Belediyesi",
        "fen-isleri",
        "Çekmeköy Belediyesi hizmet binası",
        ["Çalışma takvimi", "Makine parkının ortak kullanımı"],
        "Takvim üzerinde anlaşıldı; makine listesi karşılıklı iletilecek.",
        [
            ("Makine listesi Çekmeköy Belediyesine iletilsin.", "fen-isleri"),
            ("Ortak basın duyurusu hazırlanacak.", ""),
        ],
    ),
    (
        -12,
        11,
        "MEETING",
        "Engelsiz yaşam merkezi",
        "Engelsiz Yaşam Derneği",
        "sosyal-destek-hizmetleri",
        "Makam toplantı salonu",
        ["Yer önerileri", "Servis ihtiyacı"],
        "İki yer önerisi konuşuldu; keşif yapılacak.",
        [("Önerilen iki yerde keşif yapılsın.", "sosyal-destek-hizmetleri")],
    ),
    (
        -5,
        10,
        "VISIT_IN",
        "Kardeş belediye heyetinin ziyareti",
        "Yeşilova Belediyesi",
        "kultur-ve-sosyal-isler",
        "Kültür Merkezi",
        ["Karşılama", "Kültür günleri programı", "Hediye takdimi"],
        "",
        [],
    ),
    (
        6,
        15,
        "MEETING",
        "Bilim merkezi iş birliği",
        "AYTÜ",
        "plan-ve-proje",
        "Rektörlük",
        ["Proje ekibi", "Bütçe", "Takvim"],
        "",
        [],
    ),
    (
        24,
        9,
        "VISIT_OUT",
        "Gençlik değişim programı ziyareti",
        "Lindenau",
        "",
        "Lindenau, Almanya",
        ["Program değerlendirmesi", "2027 takvimi"],
        "",
        [],
    ),
]


def load_once() -> None:
    """Also into a database with the older demo, where there are partners."""
    by = User.objects.filter(username="sekreter").first()
    if by is None:
        return
    with scope.session(by), elevated():
        mayor = Principal.objects.filter(office="MAYOR").first()
        if mayor is not None and not Engagement.objects.exists():
            departments = {row.code: row for row in Department.objects.open()}
            for file in FILES:
                _write(mayor, by, departments, *file)


def _write(
    mayor: Principal,
    by: User,
    departments: dict[str, Department],
    days: int,
    hour: int,
    kind: str,
    title: str,
    where: str,
    code: str,
    place: str,
    agenda: list[str],
    minutes: str,
    decisions: list[tuple[str, str]],
) -> None:
    calendar, day = working_calendar(), today() + dt.timedelta(days=days)
    worked = calendar.working_day_on_or_after if days > 0 else calendar.working_day_on_or_before
    start = dt.datetime.combine(worked(day, with_leave=True), dt.time(hour), ISTANBUL)
    organisation = Organisation.objects.filter(short_name=where).first()
    abroad: dict[str, Any] = {}
    if organisation is not None and organisation.country:
        abroad = {
            "gift_given": "Sancaktepe manzaralı porselen tabak",
            "host_contact": "Protokol sorumlusu",
            **({"travel": "Uçak, İstanbul – Leipzig", "lodging": "İki gece"} if kind == "VISIT_OUT" else {}),
        }
    row = actions.open_file(
        mayor,
        by=by,
        kind=kind,
        title=title,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=1),
        organisation=organisation,
        department=departments.get(code),
        place=place,
        agenda=agenda,
        vehicle="Makam aracı" if kind == "VISIT_OUT" and not abroad else "",
        **abroad,
    )
    if organisation is not None and (role := organisation.roles.order_by("pk").first()) is not None:
        actions.invite(row, by=by, role=role)
    if code in departments and (head := departments[code].head_on()) is not None:
        actions.invite(row, by=by, user=head)
    if minutes:
        actions.record_minutes(row, by=by, minutes=minutes)
    for text, whose in decisions:
        decision = actions.decide(row, by=by, text=text)
        if whose in departments:
            actions.instruct(row, by=by, decision=decision, department=departments[whose])
