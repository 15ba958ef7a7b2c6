"""Sheets of stickers: A4, eight of 105 × 74 mm on a sheet. Paper speaks Turkish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.configuration.office import configured
from backend.core.words.text import tr_upper
from backend.documents import typesetting
from backend.stickers.models import Sticker

SHEET = "stickers/print/sheet.typ"
A_SHEET = 8
MOST = 400
"""How many are printed at once."""
CALL = "Bir sorun mu var? Okutun, bildirin."


def sheets(stickers: Sequence[Sticker], free: int = 0) -> bytes:
    """PDF of the stickers in the passed order; the first `free` places of the first sheet stay empty."""
    return typesetting.pdf(SHEET, _values(stickers, free))


def sheet_pages(stickers: Sequence[Sticker], free: int = 0) -> list[bytes]:
    """Render the sheets as PNG pages, for a preview."""
    return typesetting.pages(SHEET, _values(stickers, free))


def _values(stickers: Sequence[Sticker], free: int) -> dict[str, Any]:
    return {
        "title": "Karekod etiketleri",
        "municipality": tr_upper(configured.MUNICIPALITY_NAME),
        "crest": typesetting.crest(),
        "crest_says": f"{configured.MUNICIPALITY_NAME} arması",
        "call": CALL,
        "phone": configured.MUNICIPALITY_PHONE,
        "free": free % A_SHEET,
        "stickers": [_sticker(one) for one in stickers],
    }


def _sticker(one: Sticker) -> dict[str, str]:
    mahalle = f"{one.neighbourhood.name} Mahallesi" if one.neighbourhood else ""
    return {
        "label": one.label,
        "place": ", ".join(filter(None, [mahalle, one.place])),
        "code": one.code,
        "address": one.url.partition("://")[2].rstrip("/"),
        "qr": typesetting.qr(one.url),
        "qr_says": f"{one.label}: bildirim karekodu",
    }
