"""An olur (m.20): approved or refused by its approver, then carried out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.validation import required, short
from backend.core.words.text import official_name
from backend.journal.action_table import Field, Trait
from backend.letters import moves
from backend.letters.actions.handing_over import to_writer
from backend.letters.actions.signing import acting_title, readers_with, require_turn
from backend.letters.actions.step import move
from backend.letters.choices import (
    ISSUED,
    Capacity,
    Status,
)
from backend.letters.models import Letter
from backend.letters.moves import Verb, letter_action
from backend.letters.story import EventType
from backend.organization.models import User


@letter_action(
    Verb.APPROVE,
    event=EventType.APPROVED,
    source=Status.APPROVAL,
    target=Status.SIGNED,
    traits=Trait.PRIMARY,
    hands_over=to_writer("letters/approved"),
)
def approve(
    letter: Letter,
    *,
    by: User,
    note: Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)] = "",
) -> Letter:
    """Give the olur.

    As the one whose it is to give, or as their substitute of today, who gives it with “V.” (m.17, m.20). It is then
    registered, and its paper bears OLUR, the day and the name.
    """
    moves.require(Verb.APPROVE, letter.status)
    require_turn(letter, by)
    if by.pk in (letter.signatory_id, letter.signed_by_id):
        raise DomainError(ErrorCode.INVALID, _("Who proposes does not give the olur. Choose two people."))
    name = official_name(by.first_name, by.last_name)
    title, capacity = letter.approver_title, letter.approver_capacity
    if by.pk != letter.approver_id:
        title, capacity = acting_title(title), Capacity.ACTING.value
    move(
        letter,
        Verb.APPROVE,
        by=by,
        note=short(note, "note", 500),
        approver_name=name,
        approver_title=title,
        approver_capacity=capacity,
        approved_at=timezone.now(),
        approved_by=by,
        turn_of=None,
        readers=readers_with(letter, by),
    )
    return letter


@letter_action(
    Verb.REFUSE,
    event=EventType.REFUSED,
    source=Status.APPROVAL,
    target=Status.REFUSED,
    traits=Trait.DESTRUCTIVE,
    hands_over=to_writer("letters/refused"),
)
def refuse(
    letter: Letter,
    *,
    by: User,
    reason: Annotated[str, Field(_("Reason"), api="Why the olur is refused.", rows=3)],
) -> Letter:
    """Refuse the olur.

    With the reason, which its unit reads; it gets no number and stays with its story.
    """
    moves.require(Verb.REFUSE, letter.status)
    require_turn(letter, by)
    why = required(reason, "reason", _("Write why the olur is refused."))
    move(letter, Verb.REFUSE, by=by, note=why, turn_of=None, readers=readers_with(letter, by))
    return letter


@letter_action(
    Verb.CARRY_OUT,
    event=EventType.CARRIED_OUT,
    source=ISSUED,
    applies=Q(approved_at__isnull=False, carried_out_on=None),
)
def carry_out(
    letter: Letter,
    *,
    by: User | None,
    carried_out_on: Annotated[dt.date, Field(_("Carried out on"), api="On which local day.")],
    what: Annotated[
        str,
        Field(
            _("What was done"),
            api="What was done, such as the car and the hour it left.",
            help=_("For example: 34 ABC 123 left at 09.30 and came back at 14.00."),
            rows=2,
        ),
    ],
) -> Letter:
    """Record that what an olur allows was carried out.

    On which day and what was done. INVALID for a day before the olur or in the future.
    """
    moves.require(Verb.CARRY_OUT, letter.status)
    if letter.approved_at is None or letter.carried_out_on is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("There is no olur that waits to be carried out."))
    if not local_date(letter.approved_at) <= carried_out_on <= today():
        message = _("The day lies between that of the olur and today.")
        raise DomainError(ErrorCode.INVALID, message, "carried_out_on")
    done = required(what, "what", _("Write what was done."), 500)
    move(letter, Verb.CARRY_OUT, by=by, note=done, carried_out_on=carried_out_on)
    return letter
