"""Kinds of notification that a user can configure, and the texts of each: one table."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Kind of notification, configurable by the user."""

    NEW_CASE = "NEW_CASE", _("New application")
    ASSIGNED = "ASSIGNED", _("Application assigned to you")
    CASE_RETURNED = "CASE_RETURNED", _("Returned application")
    REPLY_WAITS = "REPLY_WAITS", _("Reply that waits for approval")
    REPLY_DECIDED = "REPLY_DECIDED", _("Reply approved or sent back")
    CASE_NOTE = "CASE_NOTE", _("Internal note")
    MENTION = "MENTION", _("Mention in a note")
    DEADLINE = "DEADLINE", _("Deadline of an application")
    URGENT_CASE = "URGENT_CASE", _("Urgent application")
    CASE_STUCK = "CASE_STUCK", _("Application that goes to and fro")
    UNDELIVERED = "UNDELIVERED", _("Reply that did not arrive")
    CITIZEN_NEWS = "CITIZEN_NEWS", _("News from the citizen")
    LETTER_TURN = "LETTER_TURN", _("Letter that waits for you")
    LETTER_NEWS = "LETTER_NEWS", _("News of a letter")
    APPOINTMENT = "APPOINTMENT", _("New appointment request")
    INSTRUCTION = "INSTRUCTION", _("New instruction")
    INSTRUCTION_DUE = "INSTRUCTION_DUE", _("Deadline of an instruction")
    INSTRUCTION_NEWS = "INSTRUCTION_NEWS", _("News of an instruction")
    NOTE = "NOTE", _("Briefing note")
    PROMISE = "PROMISE", _("Promise made")
    AGREEMENT = "AGREEMENT", _("Agreement that ends, obligation")
    EVENT_TASK = "EVENT_TASK", _("Task for an event")
    EVENT_ARRIVAL = "EVENT_ARRIVAL", _("Arrival at an event")
    MAIL = "MAIL", _("E-mails that wait at the desk")
    MAILBOX = "MAILBOX", _("Mailbox that cannot be read")
    ROUTER = "ROUTER", _("Proposals that are right less often")
    PERSONAL_DATA = "PERSONAL_DATA", _("Personal data: applications and destruction")
    REMINDER = "REMINDER", _("My own reminders")


class Channel(models.TextChoices):
    PAGE = "PAGE", _("In the page")
    EMAIL = "EMAIL", _("E-mail")
    SMS = "SMS", _("SMS")


class Mode(models.TextChoices):
    OFF = "OFF", _("Off")
    AT_ONCE = "AT_ONCE", _("At once")
    DIGEST = "DIGEST", _("Daily digest")


MODES: dict[Channel, tuple[Mode, ...]] = {
    Channel.PAGE: (Mode.OFF, Mode.AT_ONCE),
    Channel.EMAIL: tuple(Mode),
    Channel.SMS: tuple(Mode),
}
"""Modes per channel; on-site notices cannot be switched off."""

USUAL: dict[Channel, Mode] = {
    Channel.PAGE: Mode.AT_ONCE,
    Channel.EMAIL: Mode.AT_ONCE,
    Channel.SMS: Mode.OFF,
}
"""For who never chose, of every kind that `USUAL_OF` does not name."""

_IN_ONE_MAIL = {Channel.EMAIL: Mode.DIGEST}
USUAL_OF: dict[str, dict[Channel, Mode]] = dict.fromkeys(
    (Kind.NEW_CASE, Kind.CASE_RETURNED, Kind.REPLY_WAITS, Kind.CASE_NOTE, Kind.APPOINTMENT, Kind.MAIL),
    _IN_ONE_MAIL,
)
"""What reaches a whole unit, many times a day: the page at once, the mail once a day."""


def usual(kind: str, channel: Channel) -> Mode:
    """The mode of a kind on a channel for who never chose."""
    return USUAL_OF.get(kind, {}).get(channel, USUAL[channel])


DUTY = frozenset(
    {
        Kind.DEADLINE,
        Kind.URGENT_CASE,
        Kind.UNDELIVERED,
        Kind.INSTRUCTION,
        Kind.INSTRUCTION_DUE,
        Kind.PROMISE,
        Kind.PERSONAL_DATA,
    }
)
"""What law or duty demands: it is moved from one channel to another, and never off all of them."""

MEANING: dict[Kind, Promise] = {
    Kind.NEW_CASE: _("An application was routed to your unit, asks for its part, or was shared with you."),
    Kind.ASSIGNED: _("You became responsible for an application within your unit."),
    Kind.CASE_RETURNED: _("A department returned an application to the private office."),
    Kind.REPLY_WAITS: _("A reply was submitted for approval."),
    Kind.REPLY_DECIDED: _("The reply that you or your unit wrote was approved or sent back."),
    Kind.CASE_NOTE: _("Somebody wrote an internal note on an application of your unit."),
    Kind.MENTION: _("Somebody mentioned you in an internal note."),
    Kind.LETTER_TURN: _("A letter waits for your initials, your signature or your olur."),
    Kind.LETTER_NEWS: _("A letter of yours was signed, approved, refused or sent back."),
    Kind.APPOINTMENT: _("Somebody asked for an appointment in a programme that you keep."),
    Kind.DEADLINE: _("The target date or the statutory period of an application is near or has passed."),
    Kind.URGENT_CASE: _("An urgent application came in, or was routed to your department."),
    Kind.CASE_STUCK: _("Departments return an application again and again: the office decides whose it is."),
    Kind.UNDELIVERED: _("A notice to a citizen that the law requires could not be delivered."),
    Kind.CITIZEN_NEWS: _("A citizen added to their application, withdrew it or asked to take it up again."),
    Kind.INSTRUCTION: _("An instruction was issued to your department, or holds again."),
    Kind.INSTRUCTION_DUE: _("An instruction is near its day, late, or not acknowledged."),
    Kind.INSTRUCTION_NEWS: _("A result, a request for time, a decision or a note on an instruction."),
    Kind.NOTE: _("Your department is asked for a briefing note, or one is late."),
    Kind.PROMISE: _("The day of a promise made in a meeting is near or has passed."),
    Kind.AGREEMENT: _("An agreement ends soon, or an obligation of one is near."),
    Kind.EVENT_TASK: _("Your department got a task for an event, or one is late."),
    Kind.PERSONAL_DATA: _(
        "An application under KVKK art. 11 is to be answered, or a periodic destruction is due."
    ),
    Kind.EVENT_ARRIVAL: _("Somebody who is received by protocol has come to your event."),
    Kind.MAIL: _("E-mails came to a mailbox of your unit and belong to nothing yet."),
    Kind.MAILBOX: _("A mailbox has not been read for a while: Bilgi İşlem looks into it."),
    Kind.ROUTER: _("What is proposed of new applications is right less often than it was measured."),
    Kind.REMINDER: _("The day has come on which you wanted to be reminded of an application."),
}


@dataclass(frozen=True)
class NotificationType:
    """Type of notification. `words` and a number form the whole title, without names or content."""

    kind: Kind
    words: Promise
    many: bool = False
    """Whether its text covers several rows, so that simultaneous ones become one mail."""
    urgent: bool = False
    """Whether it does not wait for the end of quiet hours."""
    page: str = ""
    """Where it leads behind `/admin/` if it is about no row; "": to the list of notifications."""
    asks: bool = False
    """Whether it asks for a deed: done by one, it is settled for all."""
    template: str = ""
    """The text of its mail, where it has none of its own."""


def _handover(kind: Kind, words: Promise, *, asks: bool = False, urgent: bool = False) -> NotificationType:
    """A row that passed from hand to hand: one text for all, and one mail for many."""
    return NotificationType(
        kind, words, many=True, asks=asks, urgent=urgent, template="notifications/mail/handover.txt"
    )


NOTIFICATION_TYPES: dict[str, NotificationType] = {
    "complaints/routed": _handover(Kind.NEW_CASE, _("Routed to your unit"), asks=True),
    "complaints/collaborate": _handover(Kind.NEW_CASE, _("Your unit works along")),
    "complaints/shared": _handover(Kind.NEW_CASE, _("Shared with you")),
    "complaints/assigned": _handover(Kind.ASSIGNED, _("Assigned to you")),
    "complaints/taken_over": _handover(Kind.ASSIGNED, _("Taken over by a colleague")),
    "complaints/returned": _handover(Kind.CASE_RETURNED, _("Returned by the department"), asks=True),
    "complaints/submitted": _handover(Kind.REPLY_WAITS, _("Reply waits for approval"), asks=True),
    "complaints/sent_back": _handover(Kind.REPLY_DECIDED, _("Reply was sent back"), asks=True),
    "complaints/approved": _handover(Kind.REPLY_DECIDED, _("Reply was approved")),
    "complaints/noted": _handover(Kind.CASE_NOTE, _("Internal note")),
    "complaints/mentioned": _handover(Kind.MENTION, _("You were mentioned")),
    "letters/to_initial": _handover(Kind.LETTER_TURN, _("Letter to initial"), asks=True),
    "letters/to_sign": _handover(Kind.LETTER_TURN, _("Letter to sign"), asks=True),
    "letters/to_approve": _handover(Kind.LETTER_TURN, _("Olur to give"), asks=True),
    "letters/sent_back": _handover(Kind.LETTER_NEWS, _("Letter was sent back"), asks=True),
    "letters/signed": _handover(Kind.LETTER_NEWS, _("Letter was signed")),
    "letters/approved": _handover(Kind.LETTER_NEWS, _("Olur was given")),
    "letters/refused": _handover(Kind.LETTER_NEWS, _("Olur was refused")),
    "appointments/requested": _handover(Kind.APPOINTMENT, _("New appointment request"), asks=True),
    "appointments/wrote": _handover(Kind.APPOINTMENT, _("E-mail of the applicant")),
    "appointments/undelivered": _handover(Kind.APPOINTMENT, _("Message that did not arrive")),
    "letters/wrote": _handover(Kind.LETTER_NEWS, _("E-mail about a letter")),
    "letters/undelivered": _handover(Kind.LETTER_NEWS, _("Message that did not arrive")),
    "partners/wrote": NotificationType(
        Kind.MAIL, _("E-mail of a partner"), template="mailboxes/mail/partner.txt"
    ),
    "partners/undelivered": NotificationType(
        Kind.MAIL, _("Message to a partner that did not arrive"), template="mailboxes/mail/partner.txt"
    ),
    "complaints/escalation": NotificationType(Kind.DEADLINE, _("Deadline of an application"), many=True),
    "complaints/danger": NotificationType(Kind.URGENT_CASE, _("Danger"), urgent=True),
    "complaints/urgent": NotificationType(Kind.URGENT_CASE, _("Urgent application"), urgent=True),
    "complaints/returned_often": NotificationType(Kind.CASE_STUCK, _("Application returned several times")),
    "complaints/undelivered": NotificationType(Kind.UNDELIVERED, _("Reply that did not arrive")),
    "complaints/lapse_untold": NotificationType(
        Kind.UNDELIVERED, _("End of an application that could not be notified")
    ),
    "complaints/citizen_added": NotificationType(Kind.CITIZEN_NEWS, _("Information added by the citizen")),
    "complaints/citizen_wrote": NotificationType(Kind.CITIZEN_NEWS, _("E-mail of the citizen")),
    "complaints/citizen_withdrew": NotificationType(
        Kind.CITIZEN_NEWS, _("Application withdrawn by the citizen")
    ),
    "complaints/citizen_reopened": NotificationType(
        Kind.CITIZEN_NEWS, _("Application reopened by the citizen")
    ),
    "submissions/waiting": NotificationType(
        Kind.CITIZEN_NEWS, _("Submissions awaiting verification"), page="submissions/submission/"
    ),
    "mailboxes/waiting": NotificationType(
        Kind.MAIL, _("E-mails to be registered"), page="mailboxes/inboundmessage/"
    ),
    "mailboxes/failing": NotificationType(
        Kind.MAILBOX, _("A mailbox cannot be read"), page="mailboxes/mailbox/"
    ),
    "triage/drift": NotificationType(
        Kind.ROUTER, _("Proposals are right less often"), page="triage/routerversion/"
    ),
    "instructions/give": NotificationType(Kind.INSTRUCTION, _("New instruction")),
    "instructions/add_collaborator": NotificationType(
        Kind.INSTRUCTION, _("Instruction that asks for your part")
    ),
    "instructions/insist": NotificationType(Kind.INSTRUCTION, _("Instruction that holds")),
    "instructions/reopen": NotificationType(Kind.INSTRUCTION, _("Instruction opened again")),
    "instructions/send_back": NotificationType(Kind.INSTRUCTION, _("Result of an instruction sent back")),
    "instructions/warning": NotificationType(
        Kind.INSTRUCTION_DUE, _("Deadline of an instruction"), many=True
    ),
    "instructions/accept": NotificationType(Kind.INSTRUCTION_NEWS, _("Result of an instruction accepted")),
    "instructions/grant_extension": NotificationType(
        Kind.INSTRUCTION_NEWS, _("More time for an instruction")
    ),
    "instructions/reject_extension": NotificationType(
        Kind.INSTRUCTION_NEWS, _("No more time for an instruction")
    ),
    "instructions/correct": NotificationType(Kind.INSTRUCTION_NEWS, _("Instruction set right")),
    "instructions/withdraw": NotificationType(Kind.INSTRUCTION_NEWS, _("Instruction withdrawn")),
    "instructions/reassign": NotificationType(Kind.INSTRUCTION_NEWS, _("An instruction is no longer yours")),
    "instructions/note": NotificationType(Kind.INSTRUCTION_NEWS, _("Note on an instruction")),
    "instructions/report": NotificationType(Kind.INSTRUCTION_NEWS, _("Result of an instruction")),
    "instructions/request_extension": NotificationType(
        Kind.INSTRUCTION_NEWS, _("More time is asked for an instruction")
    ),
    "instructions/refuse": NotificationType(
        Kind.INSTRUCTION_NEWS, _("Instruction that cannot be carried out")
    ),
    "programme/note_asked": NotificationType(Kind.NOTE, _("Briefing note asked for")),
    "programme/notes_late": NotificationType(Kind.NOTE, _("Briefing note is late"), many=True),
    "appointments/promises_due": NotificationType(Kind.PROMISE, _("Day of a promise"), many=True),
    "agreements/warning": NotificationType(Kind.AGREEMENT, _("Day of an agreement"), many=True),
    "events/task": NotificationType(Kind.EVENT_TASK, _("Task for an event")),
    "events/task_late": NotificationType(Kind.EVENT_TASK, _("Late task for an event")),
    "retention/request_due": NotificationType(
        Kind.PERSONAL_DATA, _("Last day of a KVKK application"), many=True
    ),
    "retention/destruction_due": NotificationType(
        Kind.PERSONAL_DATA, _("Periodic destruction is due"), page="retention/destructionrun/"
    ),
    "reminders/due": NotificationType(Kind.REMINDER, _("Your reminder"), many=True),
    "events/vip": NotificationType(Kind.EVENT_ARRIVAL, _("Arrival at an event"), urgent=True),
}
"""The text (`<domain>/templates/<domain>/mail/<name>.txt`) -> what it is."""

ASKS = tuple(name for name, one in NOTIFICATION_TYPES.items() if one.asks)
"""The texts that are settled when somebody does what they ask for."""
