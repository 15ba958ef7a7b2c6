"""Who is told of a letter: whose turn it is with those who stand in for them, and who wrote it.

Declared on the actions (`hands_over`).
"""

from __future__ import annotations

from typing import Any

from backend.letters.choices import Status
from backend.letters.models import Letter, LetterLine
from backend.letters.story import EventType
from backend.letters.templates_and_substitutes import stand_ins
from backend.notifications import staff
from backend.organization.models import User

TURNS = {
    Status.INITIALS: "letters/to_initial",
    Status.SIGNATURE: "letters/to_sign",
    Status.APPROVAL: "letters/to_approve",
}


def to_whose_turn(letter: Letter, by: User | None, _outcome: object) -> None:
    """Tell whose turn it is now, and those who stand in for them today."""
    text = TURNS.get(Status(letter.status))
    if text is None or letter.turn_of_id is None:
        return
    people = User.objects.filter(pk__in={letter.turn_of_id, *stand_ins(letter.turn_of_id)}, is_active=True)
    staff.hand_over(people.order_by("pk"), text, letter, by)


def to_writer(text: str) -> Any:
    """Who put the letter forward learns what became of it."""

    def tell(letter: Letter, by: User | None, _outcome: object) -> None:
        staff.hand_over(_writers(letter), text, letter, by)

    return tell


def signed(letter: Letter, by: User | None, _outcome: object) -> None:
    """A signed olur goes on to who gives it; of any other letter its writer learns that it can leave."""
    if letter.status == Status.APPROVAL:
        to_whose_turn(letter, by, None)
    else:
        to_writer("letters/signed")(letter, by, None)


def _writers(letter: Letter) -> list[User]:
    lines = LetterLine.objects.filter(letter=letter, verb__in=[EventType.SUBMITTED, EventType.DRAFTED])
    line = lines.filter(actor__is_active=True).select_related("actor").order_by("-at", "-pk").first()
    return [line.actor] if line is not None and line.actor is not None else []
