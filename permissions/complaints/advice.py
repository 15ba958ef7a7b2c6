"""What anybody may know of their matter before they send it: whom to call now, what it is about, whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from backend.complaints import catalogue
from backend.complaints.suggestion import Catalogue, suggest
from backend.configuration.office import configured
from backend.core.session import system
from backend.core.words.text import clean
from backend.organization.models import Category, OutsideBody
from backend.triage import proposing, serving

MOST = 5
LONGEST = 10_000


@dataclass(frozen=True)
class Call:
    """Whom to call now: `say` is for whoever asks, and begins with the number."""

    body: OutsideBody
    say: str


@dataclass(frozen=True)
class Advice:
    """Nothing of it decides anything: the office confirms whose a case is."""

    calls: list[Call]
    categories: list[Category]
    body: OutsideBody | None


def advice_on(text: str, place: str = "") -> Advice:
    """What the words of a citizen propose, as the intake form proposes it to the office; before that, where the house
    allows it (setting ROUTER_FOR_CITIZENS), the category that was learned of such words, and no more than its code."""
    with system():
        text, current = clean(text)[:LONGEST], catalogue.current()
        found = suggest(text, current, place=clean(place)[:300])
        codes = list(dict.fromkeys([*_learned(text, current), *found.categories]))[:MOST]
        named = [one.body for one in found.emergencies] + ([found.body] if found.body else [])
        bodies = {body.code: body for body in OutsideBody.objects.filter(code__in=named)}
        rows = Category.objects.select_related("parent").filter(code__in=codes)
        by_code = {row.code: row for row in rows}
        return Advice(
            calls=[Call(bodies[one.body], one.say) for one in found.emergencies if one.body in bodies],
            categories=[by_code[code] for code in codes if code in by_code],
            body=bodies.get(found.body or ""),
        )


def _learned(text: str, current: Catalogue) -> list[str]:
    router = serving.in_force() if configured.ROUTER_FOR_CITIZENS else None
    found = proposing.category_alone(text, current, router, threshold=configured.ROUTER_THRESHOLD / 100)
    return [found] if found else []
