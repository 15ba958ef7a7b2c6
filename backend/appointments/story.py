"""The words of the story: what a `RequestLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.appointments.moves import Verb


class Happened(models.TextChoices):
    RECEIVED = "received", _("Received")
    CORRECTED = "corrected", _("Request corrected")
    APPROVED = "approved", _("Appointment given")
    PROPOSED = "proposed", _("Time proposed")
    ACCEPTED = "accepted", _("Proposal accepted")
    REFUSED = "refused", _("Another time wished")
    LAPSED = "lapsed", _("Proposal lapsed")
    RESCHEDULED = "rescheduled", _("Another time given")
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
    WITHDRAWN = "withdrawn", _("Withdrawn by the applicant")
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
    Verb.WITHDRAW: Happened.WITHDRAWN,
    Verb.REOPEN: Happened.REOPENED,
    Verb.MESSAGE: Happened.MESSAGED,
    Verb.ATTACH: Happened.ATTACHED,
}
