"""The picture that social media show of an address: title, day, place and crest, drawn and kept by its content."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from backend.configuration.office import configured
from backend.documents import typesetting

TEMPLATE = "documents/print/share.typ"
WIDTH, HEIGHT = 1200, 630
KEPT = 64
LONGEST, LONGEST_PLACE = 160, 90


def drawn(title: str, day: str, place: str = "") -> tuple[bytes, str]:
    """Return the picture (PNG, 1200 × 630) and the mark of its content, which changes as the picture does."""
    values = {
        "title": _short(title, LONGEST),
        "day": day,
        "place": _short(place, LONGEST_PLACE),
        "municipality": configured.MUNICIPALITY_NAME,
        "crest": typesetting.crest(),
        "colour": configured.MUNICIPALITY_COLOUR,
        "accent": configured.MUNICIPALITY_ACCENT,
    }
    content = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return _drawn(content), hashlib.sha256(content.encode()).hexdigest()[:32]


@lru_cache(maxsize=KEPT)
def _drawn(content: str) -> bytes:
    return typesetting.pages(TEMPLATE, json.loads(content), ppi=72)[0]


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
