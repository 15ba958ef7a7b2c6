"""What came of it: minutes, decisions, and the instructions that are made of them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.given import required
from backend.core.words.text import clean
from backend.engagements import moves
from backend.engagements.actions.step import move
from backend.engagements.models import Decision, Engagement
from backend.engagements.moves import Verb
from backend.instructions import actions as instructions
from backend.instructions.choices import Setting
from backend.instructions.models import Instruction
from backend.organization.models import Department, User


@transaction.atomic
def hold(engagement: Engagement, *, by: User | None, note: str = "") -> Engagement:
    """It took place. INVALID before it began."""
    moves.require(Verb.HOLD, engagement.status)
    _must_have_begun(engagement)
    move(engagement, Verb.HOLD, by=by, note=clean(note))
    return engagement


@transaction.atomic
def minute(engagement: Engagement, *, by: User | None, minutes: str) -> Engagement:
    """Write the minutes, or write them anew: the story keeps what stood there. With minutes it took place."""
    moves.require(Verb.MINUTE, engagement.status)
    _must_have_begun(engagement)
    text = required(minutes, "minutes", _("Write the minutes."))
    details = {"minutes": engagement.minutes} if engagement.minutes and engagement.minutes != text else {}
    written: dict[str, Any] = {"minutes": text, "minuted_at": timezone.now(), "minuted_by": by}
    move(engagement, Verb.MINUTE, by=by, details=details, **written)
    return engagement


@transaction.atomic
def decide(engagement: Engagement, *, by: User | None, text: str) -> Decision:
    """Record what was decided."""
    moves.require(Verb.DECIDE, engagement.status)
    said = required(text, "text", _("Write what was decided."))
    last = engagement.decisions.aggregate(last=Max("position"))["last"] or 0
    found = Decision.objects.create(engagement=engagement, position=last + 1, text=said)
    move(engagement, Verb.DECIDE, by=by)
    return found


@transaction.atomic
def instruct(
    engagement: Engagement, *, by: User, decision: Decision, department: Department, **facts: Any
) -> Instruction:
    """Make an instruction of a decision: said by who represented us, with the decision's text unless another is given.
    WRONG_STATE where one was made of it. Raises what `instructions.give` raises."""
    moves.require(Verb.INSTRUCT, engagement.status)
    if decision.engagement_id != engagement.pk:
        raise DomainError(
            ErrorCode.NOT_FOUND, _("There is no such record, or you may not see it."), "decision"
        )
    row = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if row.instruction_id is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("An instruction was made of this decision."), "decision")
    given = {name: value for name, value in facts.items() if value not in (None, "")}
    given = {"text": row.text, "setting": Setting.MEETING, "place": engagement.place} | given
    made = instructions.give(
        engagement.principal, by=by, department=department, entry=engagement.entry, confirmed=True, **given
    )
    row.instruction = made
    row.save(update_fields=["instruction"])
    move(engagement, Verb.INSTRUCT, by=by, details={"reference": made.reference})
    return made


@transaction.atomic
def reopen(engagement: Engagement, *, by: User | None, note: str = "") -> Engagement:
    """It is prepared again: it did not take place yet, or takes place after all."""
    moves.require(Verb.REOPEN, engagement.status)
    if engagement.minutes:
        raise DomainError(ErrorCode.WRONG_STATE, _("It has minutes: it took place."))
    move(engagement, Verb.REOPEN, by=by, note=clean(note))
    return engagement


def _must_have_begun(engagement: Engagement) -> None:
    if engagement.starts_at > timezone.now():
        raise DomainError(ErrorCode.INVALID, _("It has not begun yet."))
