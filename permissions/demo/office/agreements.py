"""Invented agreements with partners: two sister municipalities, one that ends soon, one in preparation."""

from __future__ import annotations

import datetime as dt

from backend.agreements import actions
from backend.agreements.choices import Side
from backend.agreements.models import Agreement
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import Department, User
from backend.partners.models import Organisation

DAY = dt.timedelta(days=1)
# (kind, title, with whom, department, decision, signed days ago, in force for days more or None, obligations)
MADE: list[tuple[str, str, str, str, str, int | None, int | None, list[tuple[str, str, str, int | None]]]] = [
    (
        "TWINNING",
        "Yeşilova kardeş belediye protokolü",
        "Yeşilova Belediyesi",
        "kultur-ve-sosyal-isler",
        "2014/87",
        4500,
        None,
        [("OURS", "Her yıl kültür günlerine heyet gönderilecek.", "kultur-ve-sosyal-isler", 120)],
    ),
    (
        "TWINNING",
        "Lindenau kardeş belediye ve gençlik değişimi protokolü",
        "Lindenau",
        "genclik-ve-spor-hizmetleri",
        "2009/142",
        6200,
        45,
        [("THEIRS", "2027 değişim programı kontenjanı bildirilecek.", "genclik-ve-spor-hizmetleri", 10)],
    ),
    (
        "PROTOCOL",
        "Dere ıslahı ve makine parkı iş birliği",
        "Çekmeköy Belediyesi",
        "fen-isleri",
        "2026/31",
        200,
        165,
        [
            ("OURS", "İki ekskavatör haftada iki gün kullandırılacak.", "fen-isleri", None),
            ("THEIRS", "Dere kenarı ağaçlandırması yapılacak.", "park-ve-bahceler", 60),
        ],
    ),
    (
        "PROJECT",
        "Bilim merkezi ortak projesi",
        "AYTÜ",
        "plan-ve-proje",
        "",
        None,
        None,
        [("OURS", "Yer tahsisi için rapor hazırlanacak.", "emlak-ve-istimlak", 30)],
    ),
]


def load_once() -> None:
    """Also into a database with the older demo, where there are partners."""
    with system():
        by = User.objects.filter(username="sekreter").first()
        if by is None or Agreement.objects.exists():
            return
        departments = {row.code: row for row in Department.objects.open()}
        for kind, title, where, code, decision, ago, more, obligations in MADE:
            party = Organisation.objects.filter(short_name=where).first()
            if party is None or code not in departments:
                continue
            facts = {"kind": kind, "title": title, "department": departments[code], "parties": [party]}
            row = actions.draft(by=by, **facts)  # type: ignore[arg-type]
            for side, text, whose, days in obligations:
                due = None if days is None else today() + days * DAY
                department = departments.get(whose)
                actions.add_obligation(
                    row, by=by, side=Side(side), text=text, department=department, due_on=due
                )
            if ago is not None:
                until = None if more is None else today() + more * DAY
                day = today() - ago * DAY
                actions.sign(row, by=by, signed_on=day, valid_until=until, decision=decision)
