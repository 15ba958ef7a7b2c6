"""What can wait for a viewer: each source says which rows, until when, and which verbs take a row off the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Expression,
    ExpressionWrapper,
    F,
    IntegerField,
    Model,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils.functional import Promise as Lazy

from backend.appointments.choices import Status as RequestStatus
from backend.appointments.models import AppointmentRequest, Promise
from backend.appointments.moves import Verb as RequestVerb
from backend.appointments.promise_moves import PromiseVerb
from backend.complaints.choices import AwaitingParty, Status
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.models import AGES, PRESSING, Complaint
from backend.complaints.moves import Verb
from backend.configuration.office import configured
from backend.core import symbolic
from backend.instructions.choices import Priority as InstructionPriority
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb as InstructionVerb
from backend.invitations.choices import Status as InvitationStatus
from backend.invitations.models import Invitation
from backend.invitations.moves import Verb as InvitationVerb
from backend.letters.choices import Urgency
from backend.letters.models import Letter
from backend.letters.moves import Verb as LetterVerb
from backend.mailboxes.models import InboundMessage
from backend.mailboxes.moves import Verb as MailVerb
from backend.mailboxes.moves import proposed
from backend.programme.models import DepartmentNote
from backend.programme.note_moves import NoteVerb
from backend.reminders.models import Reminder
from backend.reminders.moves import Verb as ReminderVerb
from backend.submissions.models import Submission
from backend.submissions.moves import Verb as SubmissionVerb
from permissions.core import scope
from permissions.core.viewer import Viewer
from permissions.queue import letters
from permissions.queue.kinds import RANKS, Basis, QueueSource, Whose

Rows = QuerySet[Any]
SOON = 7
"""Days ahead of which a promise is shown."""


@dataclass(frozen=True)
class Source:
    """Rows of one kind that wait for the viewer.

    `rows` narrows what the viewer sees to what is theirs to do; None: nothing of this can be. `verbs`: those that
    take a row off, the usual one first; which of them is offered the row's own table of actions decides.
    `is_read_first`: its verb decides about a text, so it is chosen on the page that shows the text. `person`: the
    field that names who in the unit is responsible for a row; `is_mine`: all its rows are the viewer's own. `usual`:
    the verb that is usual for a row, where that differs from row to row.
    """

    name: QueueSource
    model: type[Model]
    rows: Callable[[Viewer], Rows | None]
    due: Expression | F
    since: str
    verbs: tuple[TextChoices, ...]
    basis: Basis = Basis.DATE
    pressing: Q | None = None
    is_read_first: bool = False
    person: str = ""
    is_mine: bool = False
    usual: Callable[[Any], TextChoices] | None = None

    @property
    def title(self) -> str | Lazy:
        return self.name.label


def _later(moment: str, days: int) -> Expression:
    """The local day of a moment, so many days later."""
    return ExpressionWrapper(TruncDate(F(moment)) + Value(days), output_field=DateField())


def _awaiting(party: AwaitingParty, *states: Status) -> Callable[[Viewer], Rows | None]:
    """Cases in these states, where they are the viewer's own move."""

    def rows(viewer: Viewer) -> Rows | None:
        cases = scope.visible(Complaint.objects.standing(*states))
        if party == AwaitingParty.OFFICE:
            return cases if viewer.is_office else None
        return cases.filter(responsible_department__in=viewer.staffs) if viewer.staffs else None

    return rows


def _of_an_approver(status: Status, verb: Verb, narrow: Q | None = None) -> Callable[[Viewer], Rows | None]:
    """Replies on their way out: the office's move, or by the setting that of the department's head."""

    def rows(viewer: Viewer) -> Rows | None:
        if viewer.is_office:
            cases = Complaint.objects.awaiting(AwaitingParty.OFFICE).standing(status)
            return scope.visible(cases.filter(narrow or Q()))
        if not (configured.HEAD_MAY_APPROVE and viewer.staffs):
            return None
        own = Q(status=status, responsible_department__in=viewer.staffs)
        return scope.visible(Complaint, action=verb).filter(own, narrow or Q())

    return rows


def _pressing_cases(viewer: Viewer) -> Rows | None:
    """For whom the office serves, and for who oversees departments: what is urgent, though others do it."""
    if viewer.is_office or viewer.staffs or not (viewer.sees_all or viewer.oversees):
        return None
    return scope.visible(Complaint.objects.pressing())


def _late_cases(viewer: Viewer) -> Rows | None:
    if viewer.is_office or viewer.staffs or viewer.sees_all or not viewer.oversees:
        return None
    return scope.visible(Complaint.objects.late()).exclude(PRESSING)


def _late_elsewhere(viewer: Viewer) -> Rows | None:
    """What the office has to ask the departments about."""
    if not viewer.is_office:
        return None
    return scope.visible(Complaint.objects.awaiting(AwaitingParty.DEPARTMENT).late())


def _requests(*narrow: Q) -> Callable[[Viewer], Rows | None]:
    def rows(viewer: Viewer) -> Rows | None:
        if not viewer.kept:
            return None
        return scope.visible(AppointmentRequest).filter(*narrow, principal__in=viewer.kept)

    return rows


def _past(viewer: Viewer) -> Rows | None:
    has_begun = Q(status=RequestStatus.APPROVED, entry__starts_at__lt=symbolic.now())
    return _requests(has_begun)(viewer)


def _invitations(viewer: Viewer) -> Rows | None:
    if not viewer.kept:
        return None
    return scope.visible(Invitation).filter(status=InvitationStatus.NEW, principal__in=viewer.kept)


def _to_decide(viewer: Viewer) -> Rows | None:
    if not (viewer.sees_all or viewer.kept):
        return None
    return scope.visible(Instruction.objects.to_decide())


def _carried(viewer: Viewer) -> Rows | None:
    if not viewer.staffs:
        return None
    return scope.visible(Instruction.objects.carried()).filter(department__in=viewer.staffs)


def _promises(viewer: Viewer) -> Rows | None:
    rows = Promise.objects.open().filter(due_on__lte=symbolic.in_days(SOON))
    return scope.visible(rows)


def _notes(viewer: Viewer) -> Rows | None:
    if not viewer.staffs:
        return None
    return scope.visible(DepartmentNote.objects.awaited()).filter(department__in=viewer.staffs)


def _submissions(viewer: Viewer) -> Rows | None:
    return scope.visible(Submission.objects.waiting(), action=SubmissionVerb.ACCEPT)


def _mails(viewer: Viewer) -> Rows | None:
    """What waits at the desks of the viewer's own units; the office does not do the work of others."""
    if not viewer.staffs:
        return None
    return scope.visible(InboundMessage.objects.waiting()).filter(department__in=viewer.staffs)


LATE_AFTER = {
    "letter": 1,
    "undelivered": 0,
    "request": 3,
    "outcome": 1,
    "submission": 1,
    "mail": 1,
    "invitation": 5,
}
"""Days after which what has no date of its own is late."""
CASE: dict[str, Any] = {
    "model": Complaint,
    "due": F("target_on"),
    "since": "registered_at",
    "basis": Basis.LAW,
    "pressing": PRESSING,
}
BEHIND: dict[str, Any] = {
    "model": Complaint,
    "due": _later("registered_at", AGES),
    "since": "registered_at",
    "basis": Basis.AGE,
}
"""Cases that stand behind all others: no one waits for them any more, or others are to do them."""
URGENT_INSTRUCTION = Q(priority=InstructionPriority.URGENT)

SOURCES: tuple[Source, ...] = (
    Source(
        QueueSource.ROUTE,
        rows=_awaiting(AwaitingParty.OFFICE, Status.NEW, Status.TRIAGED, Status.RETURNED),
        verbs=(Verb.ROUTE,),
        **CASE,
    ),
    Source(
        QueueSource.APPROVE,
        rows=_of_an_approver(Status.ANSWERED, Verb.APPROVE),
        verbs=(Verb.APPROVE_AND_SEND, Verb.APPROVE),
        is_read_first=True,
        **CASE,
    ),
    Source(
        QueueSource.SEND,
        rows=_of_an_approver(Status.APPROVED, Verb.SEND, ~THROUGH_CIMER.q),
        verbs=(Verb.SEND,),
        **CASE,
    ),
    Source(
        QueueSource.TO_ENTER,
        rows=_of_an_approver(Status.APPROVED, Verb.RECORD_CIMER_ENTRY, THROUGH_CIMER.q),
        verbs=(Verb.RECORD_CIMER_ENTRY,),
        **CASE,
    ),
    Source(
        QueueSource.FORWARDED,
        rows=_awaiting(AwaitingParty.OFFICE, Status.FORWARDED),
        verbs=(Verb.NOTIFY_FORWARDING, Verb.CLOSE),
        **CASE,
    ),
    Source(
        QueueSource.CLOSE,
        rows=_awaiting(AwaitingParty.OFFICE, Status.REPLIED),
        verbs=(Verb.CLOSE,),
        **BEHIND,
    ),
    Source(
        QueueSource.ACCEPT,
        rows=_awaiting(AwaitingParty.DEPARTMENT, Status.ASSIGNED),
        verbs=(Verb.ACCEPT,),
        person="assignee",
        **CASE,
    ),
    Source(
        QueueSource.REPLY,
        rows=_awaiting(AwaitingParty.DEPARTMENT, Status.ACCEPTED, Status.IN_PROGRESS),
        verbs=(Verb.SUBMIT, Verb.START, Verb.DRAFT),
        person="assignee",
        **CASE,
    ),
    Source(QueueSource.URGENT, rows=_pressing_cases, verbs=(), **BEHIND),
    Source(QueueSource.LATE_CASES, rows=_late_cases, verbs=(), **CASE),
    Source(QueueSource.LATE_ELSEWHERE, rows=_late_elsewhere, verbs=(), **BEHIND),
    Source(
        QueueSource.SUBMISSIONS,
        Submission,
        _submissions,
        _later("received_at", LATE_AFTER["submission"]),
        "received_at",
        (SubmissionVerb.ACCEPT,),
        Basis.AGE,
    ),
    Source(
        QueueSource.MAILS,
        InboundMessage,
        _mails,
        _later("received_at", LATE_AFTER["mail"]),
        "received_at",
        (MailVerb.MAKE_CASE, MailVerb.MAKE_REQUEST, MailVerb.MAKE_LETTER),
        Basis.AGE,
        ~Q(danger=""),
        is_read_first=True,
        usual=lambda mail: proposed(mail.purpose),
    ),
    Source(
        QueueSource.OLUR,
        Letter,
        letters.olur,
        _later("drafted_at", LATE_AFTER["letter"]),
        "drafted_at",
        (LetterVerb.APPROVE,),
        Basis.AGE,
        Q(urgency=Urgency.URGENT),
        is_read_first=True,
        is_mine=True,
    ),
    Source(
        QueueSource.SIGN,
        Letter,
        letters.turn,
        _later("drafted_at", LATE_AFTER["letter"]),
        "drafted_at",
        (LetterVerb.SIGN, LetterVerb.INITIAL),
        Basis.AGE,
        Q(urgency=Urgency.URGENT),
        is_read_first=True,
        is_mine=True,
    ),
    Source(
        QueueSource.LETTERS,
        Letter,
        letters.to_answer,
        F("answer_by"),
        "drafted_at",
        (LetterVerb.REPLY,),
        pressing=Q(urgency=Urgency.URGENT),
    ),
    Source(
        QueueSource.UNDELIVERED,
        Letter,
        letters.undelivered,
        _later("failed_at", LATE_AFTER["undelivered"]),
        "failed_at",
        (LetterVerb.DISPATCH,),
        Basis.AGE,
        Q(urgency=Urgency.URGENT),
    ),
    Source(
        QueueSource.REQUESTS,
        AppointmentRequest,
        _requests(Q(status=RequestStatus.NEW)),
        _later("registered_at", LATE_AFTER["request"]),
        "registered_at",
        (RequestVerb.APPROVE,),
        Basis.AGE,
    ),
    Source(
        QueueSource.OUTCOME,
        AppointmentRequest,
        _past,
        _later("entry__starts_at", LATE_AFTER["outcome"]),
        "entry__starts_at",
        (RequestVerb.COMPLETE,),
        Basis.AGE,
    ),
    Source(
        QueueSource.INVITATIONS,
        Invitation,
        _invitations,
        Coalesce(F("answer_by"), _later("registered_at", LATE_AFTER["invitation"])),
        "registered_at",
        (InvitationVerb.ATTEND,),
    ),
    Source(
        QueueSource.DECIDE,
        Instruction,
        _to_decide,
        F("due_on"),
        "addressed_at",
        (InstructionVerb.ACCEPT, InstructionVerb.GRANT_EXTENSION, InstructionVerb.INSIST),
        pressing=URGENT_INSTRUCTION,
        is_read_first=True,
    ),
    Source(
        QueueSource.INSTRUCTIONS,
        Instruction,
        _carried,
        F("due_on"),
        "addressed_at",
        (InstructionVerb.ACKNOWLEDGE, InstructionVerb.REPORT),
        pressing=URGENT_INSTRUCTION,
        person="person",
    ),
    Source(
        QueueSource.PROMISES,
        Promise,
        _promises,
        F("due_on"),
        "made_at",
        (PromiseVerb.KEEP,),
        Basis.PROMISE,
    ),
    Source(
        QueueSource.REMINDERS,
        Reminder,
        lambda viewer: scope.visible(Reminder.objects.due()) if viewer.user is not None else None,
        F("on"),
        "made_at",
        (ReminderVerb.DONE,),
        is_mine=True,
    ),
    Source(
        QueueSource.NOTES,
        DepartmentNote,
        _notes,
        TruncDate(F("due_at")),
        "asked_at",
        (NoteVerb.WRITE,),
    ),
)
BY_NAME: dict[str, Source] = {source.name: source for source in SOURCES}


def urgency(source: Source) -> Expression:
    """What stands before all else: 0 an undecided danger, 1 what is urgent, 2 the rest."""
    if source.pressing is None:
        return Value(2)
    ranks = [When(source.pressing, then=Value(1))]
    if source.model is Complaint:
        ranks.insert(0, When(~Q(danger=""), then=Value(0)))
    return Case(*ranks, default=Value(2))


def whose(source: Source, viewer: Viewer) -> Expression:
    """Whose a row is, by `RANKS`; NULL where no person is responsible for rows of this source."""
    if source.is_mine:
        return Value(RANKS[Whose.MINE])
    if not source.person:
        return Cast(Value(None), IntegerField())
    is_free = When(**{f"{source.person}__isnull": True}, then=Value(RANKS[Whose.NOBODY]))
    is_mine = When(**{source.person: viewer.user_id}, then=Value(RANKS[Whose.MINE]))
    return Case(is_free, is_mine, default=Value(RANKS[Whose.UNIT]), output_field=IntegerField())


def by_person(source: Source, rows: Rows, viewer: Viewer) -> list[Rows]:
    """The viewer's own rows and the others, apart: many others never hide one that is the viewer's."""
    if not source.person or viewer.user_id is None:
        return [rows]
    own = Q(**{source.person: viewer.user_id})
    return [rows.filter(own), rows.filter(~own | Q(**{f"{source.person}__isnull": True}))]
