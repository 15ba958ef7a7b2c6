"""The words of the story: what a `RequestLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.appointments.moves import Verb
from backend.appointments.promise_moves import PromiseVerb


class Happened(models.TextChoices):
    RECEIVED = "received", _("Received")
    CORRECTED = "corrected", _("Request corrected")
    APPROVED = "approved", _("Appointment given")
    PROPOSED = "proposed", _("Time proposed")
    ACCEPTED = "accepted", _("Proposal accepted")
    REFUSED = "refused", _("Another time wished")
    LAPSED = "lapsed", _("Proposal lapsed")
    CHOSEN = "chosen", _("The applicant chose a time")
    RESCHEDULED = "rescheduled", _("Another time given")
    HANDED_OVER = "handed_over", _("Another principal receives them")
    CANCELLED = "cancelled", _("Appointment cancelled")
    DECLINED = "declined", _("Declined")
    REDIRECTED = "redirected", _("Redirected")
    TURNED = "turned", _("Complaint made of it")
    PUT_ON_PUBLIC_DAY = "put_on_public_day", _("Put on the public day")
    VISIT_MOVED = "visit_moved", _("Moved on the public day")
    TAKEN_OFF = "taken_off", _("Taken off the public day")
    ARRIVED = "arrived", _("Arrived")
    CALLED_IN = "called_in", _("Called in")
    SEEN_OUT = "seen_out", _("Seen out")
    MISSED = "missed", _("Did not come")
    SETTLED = "settled", _("Settled")
    PROMISED = "promised", _("Promise recorded")
    PROMISE_KEPT = "promise_kept", _("Promise kept")
    PROMISE_BROKEN = "promise_broken", _("Promise not kept")
    PROMISE_CORRECTED = "promise_corrected", _("Promise corrected")
    PROMISE_WITHDRAWN = "promise_withdrawn", _("Promise taken back")
    PROMISE_REOPENED = "promise_reopened", _("Promise opened again")
    WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")
    UNDONE = "undone", _("Result taken back")
    REOPENED = "reopened", _("Reopened")
    MESSAGED = "messaged", _("Applicant written to")
    ATTACHED = "attached", _("File attached")


TELLS = {
    Verb.CORRECT: Happened.CORRECTED,
    Verb.APPROVE: Happened.APPROVED,
    Verb.PROPOSE: Happened.PROPOSED,
    Verb.ACCEPT: Happened.ACCEPTED,
    Verb.REFUSE: Happened.REFUSED,
    Verb.RESCHEDULE: Happened.RESCHEDULED,
    Verb.HAND_OVER: Happened.HANDED_OVER,
    Verb.CANCEL: Happened.CANCELLED,
    Verb.DECLINE: Happened.DECLINED,
    Verb.REDIRECT: Happened.REDIRECTED,
    Verb.TURN: Happened.TURNED,
    Verb.PUT_ON_PUBLIC_DAY: Happened.PUT_ON_PUBLIC_DAY,
    Verb.MOVE_VISIT: Happened.VISIT_MOVED,
    Verb.TAKE_OFF: Happened.TAKEN_OFF,
    Verb.ARRIVE: Happened.ARRIVED,
    Verb.CALL_IN: Happened.CALLED_IN,
    Verb.SEE_OUT: Happened.SEEN_OUT,
    Verb.MISS: Happened.MISSED,
    Verb.SETTLE: Happened.SETTLED,
    Verb.PROMISE: Happened.PROMISED,
    Verb.WITHDRAW: Happened.WITHDRAWN,
    Verb.UNDO: Happened.UNDONE,
    Verb.REOPEN: Happened.REOPENED,
    Verb.MESSAGE: Happened.MESSAGED,
    Verb.ATTACH: Happened.ATTACHED,
}

TELLS_OF_PROMISE = {
    PromiseVerb.KEEP: Happened.PROMISE_KEPT,
    PromiseVerb.BREAK: Happened.PROMISE_BROKEN,
    PromiseVerb.CORRECT: Happened.PROMISE_CORRECTED,
    PromiseVerb.WITHDRAW: Happened.PROMISE_WITHDRAWN,
    PromiseVerb.REOPEN: Happened.PROMISE_REOPENED,
}
