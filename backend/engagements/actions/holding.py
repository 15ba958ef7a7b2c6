"""What came of it: minutes, decisions, and the instructions that are made of them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import clean
from backend.engagements import moves
from backend.engagements.actions.step import move
from backend.engagements.choices import NOT_CANCELLED, Status
from backend.engagements.models import Decision, Engagement
from backend.engagements.moves import Verb, engagement_action
from backend.engagements.story import EventType
from backend.instructions import actions as instructions
from backend.instructions.choices import Priority, Setting
from backend.instructions.models import Instruction
from backend.journal.action_table import Field, Trait
from backend.organization.models import Department, User


@engagement_action(Verb.HOLD, event=EventType.HELD, source=Status.PLANNED, target=Status.HELD)
def hold(
    engagement: Engagement,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Note"), api="A remark.", rows=2)] = "",
) -> Engagement:
    """It took place.

    INVALID before it began.
    """
    moves.require(Verb.HOLD, engagement.status)
    _must_have_begun(engagement)
    move(engagement, Verb.HOLD, by=by, note=clean(note))
    return engagement


@engagement_action(
    Verb.RECORD_MINUTES,
    event=EventType.MINUTED,
    source=NOT_CANCELLED,
    target=Status.HELD,
    traits=Trait.PRIMARY,
)
def record_minutes(
    engagement: Engagement,
    *,
    by: User | None,
    minutes: Annotated[str, Field(_("Minutes"), api="The text.", rows=12)],
) -> Engagement:
    """Write the minutes.

    Or write them anew: the story keeps what stood there. With minutes it took place.
    """
    moves.require(Verb.RECORD_MINUTES, engagement.status)
    _must_have_begun(engagement)
    text = required(minutes, "minutes", _("Write the minutes."))
    details = {"minutes": engagement.minutes} if engagement.minutes and engagement.minutes != text else {}
    written: dict[str, Any] = {"minutes": text, "minuted_at": timezone.now(), "minuted_by": by}
    move(engagement, Verb.RECORD_MINUTES, by=by, details=details, **written)
    return engagement


@engagement_action(Verb.DECIDE, event=EventType.DECIDED, source=NOT_CANCELLED, traits=Trait.PRIMARY)
def decide(
    engagement: Engagement,
    *,
    by: User | None,
    text: Annotated[str, Field(_("What was decided?"), api="What was decided.", rows=3)],
) -> Decision:
    """Record a decision."""
    moves.require(Verb.DECIDE, engagement.status)
    message = required(text, "text", _("Write what was decided."))
    last = engagement.decisions.aggregate(last=Max("position"))["last"] or 0
    decision = Decision.objects.create(engagement=engagement, position=last + 1, text=message)
    move(engagement, Verb.DECIDE, by=by)
    return decision


@engagement_action(
    Verb.INSTRUCT,
    event=EventType.INSTRUCTED,
    source=NOT_CANCELLED,
    applies=Q(Exists(Decision.objects.filter(engagement=OuterRef("pk"), instruction=None))),
)
def instruct(
    engagement: Engagement,
    *,
    by: User,
    decision: Annotated[Decision, Field(_("Decision"), api="Which decision.")],
    department: Annotated[Department, Field(_("Which department?"), api="Who is to do it.")],
    text: Annotated[
        str,
        Field(
            _("What is to be done?"),
            api="What is to be done; by default the decision's text.",
            help=_("Empty: the decision as it stands."),
            rows=2,
        ),
    ] = "",
    due_on: Annotated[
        dt.date | None,
        Field(
            _("Until when?"),
            api="By when; by default the day the text names, else the usual day of its priority.",
            help=_("Empty: the day that the text names, else the usual one of its priority."),
        ),
    ] = None,
    priority: Annotated[Priority, Field(api="How pressing it is.")] = Priority.NORMAL,
) -> Instruction:
    """Make an instruction of a decision; both name one another.

    Issued by our representative, with the decision's text unless another is passed. WRONG_STATE where one was made
    of it. Raises what `instructions.give` raises.
    """
    moves.require(Verb.INSTRUCT, engagement.status)
    if decision.engagement_id != engagement.pk:
        raise DomainError(
            ErrorCode.NOT_FOUND, _("There is no such record, or you may not see it."), "decision"
        )
    row = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if row.instruction_id is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("An instruction was made of this decision."), "decision")
    made = instructions.give(
        engagement.principal,
        by=by,
        department=department,
        entry=engagement.entry,
        confirmed=True,
        text=text or row.text,
        due_on=due_on,
        priority=priority,
        setting=Setting.MEETING,
        place=engagement.place,
    )
    row.instruction = made
    row.save(update_fields=["instruction"])
    move(engagement, Verb.INSTRUCT, by=by, details={"reference": made.reference})
    return made


@engagement_action(
    Verb.REOPEN, event=EventType.REOPENED, source=(Status.HELD, Status.CANCELLED), target=Status.PLANNED
)
def reopen(
    engagement: Engagement,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Note"), api="A remark.", rows=2)] = "",
) -> Engagement:
    """It is prepared again.

    It did not take place yet, or takes place after all.
    """
    moves.require(Verb.REOPEN, engagement.status)
    if engagement.minutes:
        raise DomainError(ErrorCode.WRONG_STATE, _("It has minutes: it took place."))
    move(engagement, Verb.REOPEN, by=by, note=clean(note))
    return engagement


def _must_have_begun(engagement: Engagement) -> None:
    if engagement.starts_at > timezone.now():
        raise DomainError(ErrorCode.INVALID, _("It has not begun yet."))
