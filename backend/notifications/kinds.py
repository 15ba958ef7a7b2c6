"""What a person is told of: the kinds that they choose over, and what is said of each. One table, read by everybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What it is about; over each a person chooses how they are told."""

    DEADLINE = "DEADLINE", _("Deadline of an application")
    URGENT_CASE = "URGENT_CASE", _("Urgent application")
    CASE_STUCK = "CASE_STUCK", _("Application that goes to and fro")
    UNDELIVERED = "UNDELIVERED", _("Reply that did not arrive")
    CITIZEN_NEWS = "CITIZEN_NEWS", _("News from the citizen")
    INSTRUCTION = "INSTRUCTION", _("New instruction")
    INSTRUCTION_DUE = "INSTRUCTION_DUE", _("Deadline of an instruction")
    INSTRUCTION_NEWS = "INSTRUCTION_NEWS", _("News of an instruction")
    NOTE = "NOTE", _("Briefing note")
    PROMISE = "PROMISE", _("Promise made")
    AGREEMENT = "AGREEMENT", _("Agreement that ends, obligation")
    EVENT_TASK = "EVENT_TASK", _("Task for an event")
    EVENT_ARRIVAL = "EVENT_ARRIVAL", _("Arrival at an event")
    PERSONAL_DATA = "PERSONAL_DATA", _("Personal data: applications and destruction")


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
"""What may be chosen on each channel: the page itself waits for nobody."""

USUAL: dict[Channel, Mode] = {
    Channel.PAGE: Mode.AT_ONCE,
    Channel.EMAIL: Mode.AT_ONCE,
    Channel.SMS: Mode.OFF,
}
"""For who never chose, of every kind."""

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
    Kind.DEADLINE: _("The target date or the statutory period of an application is near or has passed."),
    Kind.URGENT_CASE: _("An urgent application was routed to your department."),
    Kind.CASE_STUCK: _("Departments return an application again and again: the office decides whose it is."),
    Kind.UNDELIVERED: _("What a citizen must be told by law could not be delivered."),
    Kind.CITIZEN_NEWS: _("A citizen added to their application, withdrew it or asked to take it up again."),
    Kind.INSTRUCTION: _("An instruction was given to your department, or holds again."),
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
}


@dataclass(frozen=True)
class Telling:
    """One thing that is said. `words` and a number are the whole title: they name nobody and nothing."""

    kind: Kind
    words: Promise
    many: bool = False
    """Whether its text names several rows, so that what is told at once is one mail."""
    urgent: bool = False
    """Whether it does not wait for the end of quiet hours."""
    page: str = ""
    """Where it leads behind `/admin/` if it is about no row; "": to the list of notifications."""


TELLINGS: dict[str, Telling] = {
    "complaints/escalation": Telling(Kind.DEADLINE, _("Deadline of an application"), many=True),
    "complaints/urgent": Telling(Kind.URGENT_CASE, _("Urgent application"), urgent=True),
    "complaints/bouncing": Telling(Kind.CASE_STUCK, _("Application returned several times")),
    "complaints/undelivered": Telling(Kind.UNDELIVERED, _("Reply that did not arrive")),
    "complaints/lapse_untold": Telling(Kind.UNDELIVERED, _("End of an application that could not be told")),
    "complaints/citizen_added": Telling(Kind.CITIZEN_NEWS, _("Information added by the citizen")),
    "complaints/citizen_withdrew": Telling(Kind.CITIZEN_NEWS, _("Application withdrawn by the citizen")),
    "complaints/citizen_reopened": Telling(Kind.CITIZEN_NEWS, _("Application reopened by the citizen")),
    "instructions/give": Telling(Kind.INSTRUCTION, _("New instruction")),
    "instructions/add_collaborator": Telling(Kind.INSTRUCTION, _("Instruction that asks for your part")),
    "instructions/insist": Telling(Kind.INSTRUCTION, _("Instruction that holds")),
    "instructions/reopen": Telling(Kind.INSTRUCTION, _("Instruction opened again")),
    "instructions/send_back": Telling(Kind.INSTRUCTION, _("Result of an instruction sent back")),
    "instructions/warning": Telling(Kind.INSTRUCTION_DUE, _("Deadline of an instruction"), many=True),
    "instructions/accept": Telling(Kind.INSTRUCTION_NEWS, _("Result of an instruction accepted")),
    "instructions/grant_time": Telling(Kind.INSTRUCTION_NEWS, _("More time for an instruction")),
    "instructions/deny_time": Telling(Kind.INSTRUCTION_NEWS, _("No more time for an instruction")),
    "instructions/correct": Telling(Kind.INSTRUCTION_NEWS, _("Instruction set right")),
    "instructions/withdraw": Telling(Kind.INSTRUCTION_NEWS, _("Instruction withdrawn")),
    "instructions/readdress": Telling(Kind.INSTRUCTION_NEWS, _("An instruction is no longer yours")),
    "instructions/note": Telling(Kind.INSTRUCTION_NEWS, _("Note on an instruction")),
    "instructions/report": Telling(Kind.INSTRUCTION_NEWS, _("Result of an instruction")),
    "instructions/ask_time": Telling(Kind.INSTRUCTION_NEWS, _("More time is asked for an instruction")),
    "instructions/refuse": Telling(Kind.INSTRUCTION_NEWS, _("Instruction that cannot be carried out")),
    "programme/note_asked": Telling(Kind.NOTE, _("Briefing note asked for")),
    "programme/notes_late": Telling(Kind.NOTE, _("Briefing note is late"), many=True),
    "appointments/promises_due": Telling(Kind.PROMISE, _("Day of a promise"), many=True),
    "agreements/warning": Telling(Kind.AGREEMENT, _("Day of an agreement"), many=True),
    "events/task": Telling(Kind.EVENT_TASK, _("Task for an event")),
    "events/task_late": Telling(Kind.EVENT_TASK, _("Late task for an event")),
    "retention/request_due": Telling(Kind.PERSONAL_DATA, _("Last day of a KVKK application"), many=True),
    "retention/destruction_due": Telling(
        Kind.PERSONAL_DATA, _("Periodic destruction is due"), page="retention/destructionrun/"
    ),
    "events/vip": Telling(Kind.EVENT_ARRIVAL, _("Arrival at an event"), urgent=True),
}
"""The text (`<domain>/templates/<domain>/mail/<name>.txt`) -> what it is."""
