"""A dozen invitations around today: some wait, some are attended, represented, declined with flowers, or lapsed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL, today
from backend.invitations import actions
from backend.organization.models import User
from backend.programme.models import Principal

# (days from today, hour, occasion, title, host, place, wish, what becomes of it)
RECEIVED = [
    (3, 19, "WEDDING", "Düğün töreni", "Kayıkçı ailesi", "Enderun Düğün Salonu", "Nikâh şahitliği", ""),
    (5, 11, "OPENING", "Fırın açılışı", "Sarıgazi Fırıncılar Odası", "Sarıgazi", "Kurdele kesimi", ""),
    (
        6,
        18,
        "DINNER",
        "Dernek yemeği",
        "Rumeli Kültür Derneği",
        "Kültür Merkezi",
        "Beş dakikalık konuşma",
        "ATTEND",
    ),
    (
        8,
        14,
        "ASSEMBLY",
        "Olağan genel kurul",
        "Sancaktepe Esnaf Kooperatifi",
        "Kooperatif binası",
        "",
        "DEPUTY",
    ),
    (9, 10, "SCHOOL", "Kermes", "Çınar İlkokulu Okul Aile Birliği", "Okul bahçesi", "", "STAFF"),
    (10, 20, "FAIR", "Türk halk müziği konseri", "Gençlik Korosu", "Açık hava sahnesi", "", "DECLINE"),
    (12, 19, "WEDDING", "Nikâh töreni", "Ilıca ailesi", "Emek Mahallesi", "", "DECLINE"),
    (13, 13, "CEREMONY", "Şehitleri anma programı", "Muhtarlar Derneği", "Şehitlik", "Konuşma", "ATTEND"),
    (15, 19, "CIRCUMCISION", "Sünnet düğünü", "Öztürk ailesi", "Yenidoğan", "", ""),
    (16, 11, "OPENING", "Eczane açılışı", "Ecz. İnci Gül", "Merve Mahallesi", "", ""),
    (2, 15, "FUNERAL", "Taziye ziyareti", "Aksoy ailesi", "Akpınar Mahallesi", "", "DECLINE"),
    (4, 17, "DINNER", "Kahvaltı daveti", "Hemşehri Dernekleri Federasyonu", "Federasyon binası", "", "LAPSE"),
]


def load(mayor: Principal, deputy: Principal, by: User, clerk: User) -> None:
    """By actions; where an evening is taken the invitation waits."""
    for days, hour, occasion, title, host, place, wish, becomes in RECEIVED:
        at = dt.datetime.combine(today() + dt.timedelta(days=days), dt.time(hour), ISTANBUL)
        invitation = actions.receive(
            mayor,
            by=by,
            occasion=occasion,
            title=title,
            host=host,
            place=place,
            wish=wish,
            starts_at=at,
            ends_at=at + dt.timedelta(hours=1),
            answer_by=today() + dt.timedelta(days=-1 if becomes == "LAPSE" else max(0, days - 2)),
            phone=f"+90216555{1000 + days * 100 + hour}",
        )
        values: dict[str, Any] = {"by": by, "means": "PHONE"}
        try:
            match becomes:
                case "ATTEND":
                    actions.attend(invitation, accept_unusual=True, travel_minutes=15, **values)
                case "DEPUTY":
                    actions.represent(invitation, deputy=deputy, accept_unusual=True, **values)
                case "STAFF":
                    actions.represent(invitation, representative=clerk, **values)
                case "DECLINE":
                    actions.decline(invitation, ground="AWAY" if days % 3 else "PROGRAMME", **values)
                    gift = "CONDOLENCE" if occasion == "FUNERAL" else "FLOWERS"
                    actions.order(
                        invitation,
                        by=by,
                        gift=gift,
                        text="Sancaktepe Belediye Başkanı",
                        address=place,
                        due_at=at - dt.timedelta(hours=1),
                    )
        except DomainError:
            continue
    actions.lapse()
