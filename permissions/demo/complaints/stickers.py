"""Places of the demo with a QR code: parks, lamps and bus shelters, most printed, one withdrawn."""

from __future__ import annotations

from backend.core.session import system
from backend.organization.models import Category, Department, Neighbourhood, User
from backend.stickers import actions
from backend.stickers.models import Sticker

Row = tuple[str, str, str, str, str, str, str, tuple[float, float] | None, str]
"""Label, neighbourhood, street, number, description, category, department, point, state."""
ROWS: list[Row] = [
    (
        "Çınarlı Park, çocuk oyun alanı",
        *("sarigazi", "Demokrasi Caddesi", "12", ""),
        *("oyun-grubu", "park-ve-bahceler", (41.0098, 29.2126), "printed"),
    ),
    (
        "Ihlamur Parkı, spor aletleri",
        *("inonu", "Ihlamur Sokak", "3", ""),
        *("spor-aleti", "park-ve-bahceler", (41.0021, 29.2287), "printed"),
    ),
    (
        "Sokak lambası 114",
        *("fatih", "İğdeli Sokak", "", "Okul bahçesinin karşısındaki direk"),
        *("sokak-aydinlatmasi", "", None, "printed"),
    ),
    (
        "Sokak lambası 115",
        *("fatih", "İğdeli Sokak", "", "Köşedeki direk"),
        *("sokak-aydinlatmasi", "", None, "new"),
    ),
    (
        "Otobüs durağı: Hilal Camii",
        *("hilal", "Fevzi Çakmak Caddesi", "", "Cami yönündeki durak"),
        *("park-mobilyasi", "park-ve-bahceler", None, "printed"),
    ),
    (
        "Pazar yeri girişi",
        *("yenidogan", "", "", "Kapalı pazar yeri, kuzey kapısı"),
        *("pazar-yeri", "zabita", None, "new"),
    ),
    (
        "Eski meydan saati",
        *("merve", "Meydan Sokak", "1", ""),
        *("", "", None, "withdrawn"),
    ),
]
SCANNED = {"Sokak lambası": "Sokak lambası 114", "Parka bank konulması": "Çınarlı Park, çocuk oyun alanı"}
"""Subject of what the portal of the demo brings in -> the place whose code was scanned."""


def load_once() -> None:
    """Also into a database with the older demo."""
    with system():
        if Sticker.objects.exists():
            return
        by = User.objects.filter(username="sekreter").first()
        made: dict[str, list[Sticker]] = {}
        for label, mahalle, street, number, where, about, unit, point, state in ROWS:
            row = actions.save_sticker(
                by=by,
                label=label,
                neighbourhood=Neighbourhood.objects.filter(code=mahalle).first(),
                street=street,
                number=number,
                description=where,
                latitude=point[0] if point else None,
                longitude=point[1] if point else None,
                category=Category.objects.filter(code=about, is_active=True).first(),
                department=Department.objects.open().filter(code=unit).first(),
                is_active=state != "withdrawn",
            )
            made.setdefault(state, []).append(row)
        actions.note_printed([*made["printed"], *made["withdrawn"]], by=by)


def scanned(subject: str) -> str:
    """Return the code that was scanned for what a citizen brings in about this, or nothing."""
    row = Sticker.objects.filter(label=SCANNED.get(subject, "")).first()
    return row.code if row else ""
