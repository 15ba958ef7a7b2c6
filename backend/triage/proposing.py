"""What is proposed of a text: what was learned where it is sure, else the words of the catalogue; law goes first.

Emergencies and what is another body's by law are found by rules (`complaints.suggestion`); the router says nothing of
the unit there. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backend.complaints.choices import Priority
from backend.complaints.suggestion import Catalogue, Suggestion, names_one, suggest
from backend.triage.catalogue import CATEGORY, PRIORITY, UNIT
from backend.triage.learning.weights import Counted, Guess
from backend.triage.serving import Loaded

MOST = 3
LEAST_CHANCE = 0.05
"""Behind the first, nothing less probable is named."""


@dataclass(frozen=True)
class Proposed:
    """A code of the catalogue, with the words of the text that speak for it. `sure`: of 1; None for the words'."""

    code: str
    words: tuple[str, ...] = ()
    sure: float | None = None


@dataclass(frozen=True)
class Proposal:
    """The best first, three at most. `router` is the version that spoke; None: the words of the catalogue."""

    categories: tuple[Proposed, ...]
    units: tuple[Proposed, ...]
    priority: str = ""
    router: Loaded | None = None
    is_learned: bool = False
    is_of_law: bool = False
    """Whose it is follows from a rule: an emergency, or another body's business."""


def propose(
    text: str,
    catalogue: Catalogue,
    router: Loaded | None,
    *,
    place: str = "",
    threshold: float,
    silent_units: Collection[str] = (),
) -> Proposal:
    """What the text may be about and whose it may be."""
    found = suggest(text, catalogue, place=place)
    of_law = bool(found.emergencies) or (found.body is not None and found.body_is_public)
    if router is not None:
        known = {row.code for row in catalogue.categories}
        counted = router.weights.counted(text, catalogue)
        categories = _sure(router, CATEGORY, counted, threshold, known)
        units = [] if of_law else _sure(router, UNIT, counted, threshold, None)
        if units and units[0].label in silent_units:
            units = []
        units = [one for one in units if one.label not in silent_units]
        if categories or units:
            return Proposal(
                _reasoned(router, CATEGORY, text, categories),
                _reasoned(router, UNIT, text, units),
                _priority(router, counted, threshold),
                router,
                is_learned=True,
                is_of_law=of_law,
            )
    return by_words(text, catalogue, found, is_of_law=of_law)


def category_alone(text: str, catalogue: Catalogue, router: Loaded | None, *, threshold: float) -> str:
    """The code of the category that was learned of such a text, for who may hear no more than that; "" where nothing is
    sure."""
    if router is None:
        return ""
    known = {row.code for row in catalogue.categories}
    sure = _sure(router, CATEGORY, router.weights.counted(text, catalogue), threshold, known)
    return sure[0].label if sure else ""


def by_words(text: str, catalogue: Catalogue, found: Suggestion, *, is_of_law: bool) -> Proposal:
    """What the words of the catalogue propose."""
    keywords = {row.code: row.keywords for row in catalogue.categories}
    categories = tuple(
        Proposed(code, tuple(word for word in keywords[code] if names_one(text, [word]))[:MOST])
        for code in found.categories[:MOST]
    )
    units = () if is_of_law else tuple(Proposed(code) for code in found.candidates[:MOST])
    return Proposal(categories, units, is_of_law=is_of_law)


def _sure(
    router: Loaded, question: str, counted: Counted, threshold: float, known: Collection[str] | None
) -> list[Guess]:
    """What was learned of a question, if it is sure of the first; the others are shown behind it."""
    guesses = router.weights.guesses(question, counted)
    if known is not None:
        guesses = [guess for guess in guesses if guess.label in known]
    if not guesses or guesses[0].probability < threshold:
        return []
    return [guesses[0], *(guess for guess in guesses[1:MOST] if guess.probability >= LEAST_CHANCE)]


def _reasoned(router: Loaded, question: str, text: str, guesses: Sequence[Guess]) -> tuple[Proposed, ...]:
    return tuple(
        Proposed(guess.label, tuple(router.weights.reasons(question, text, guess.label)), guess.probability)
        for guess in guesses
    )


def _priority(router: Loaded, counted: Counted, threshold: float) -> str:
    """High, where the house treated such cases so. Urgent is never learned: that is for the signs of danger."""
    first = next(iter(router.weights.guesses(PRIORITY, counted)), None)
    return Priority.HIGH if first and first.label == Priority.HIGH and first.probability >= threshold else ""
