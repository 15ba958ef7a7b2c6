"""The words of the story: what a `ComplaintLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.complaints.moves import Verb


class Happened(models.TextChoices):
    """One word a line. Most tell of a `Verb`; the last ones happened by themselves, or the citizen did them."""

    REGISTERED = "registered", _("Registered")
    TRIAGED = "triaged", _("Triaged")
    CORRECTED = "corrected", _("Facts corrected")
    ROUTED = "routed", _("Routed")
    COLLABORATOR_ADDED = "collaborator_added", _("Collaborating department added")
    COLLABORATOR_RELEASED = "collaborator_released", _("Collaborating department released")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
    STARTED = "started", _("Work started")
    PUT_ON_HOLD = "put_on_hold", _("Put on hold")
    RESUMED = "resumed", _("Resumed")
    DRAFTED = "drafted", _("Reply drafted")
    SUBMITTED = "submitted", _("Reply submitted for approval")
    SENT_BACK = "sent_back", _("Reply sent back")
    APPROVED = "approved", _("Reply approved")
    SENT = "sent", _("Reply sent")
    PROGRESS_NOTIFIED = "progress_notified", _("Progress notice sent")
    MESSAGED = "messaged", _("Citizen written to")
    COMMENTED = "commented", _("Internal note added")
    ATTACHED = "attached", _("File attached")
    EXTENDED = "extended", _("Limit extended")
    FEE_ASKED = "fee_asked", _("Fee asked for")
    FEE_RECORDED = "fee_recorded", _("Payment recorded")
    FORWARDED = "forwarded", _("Forwarded to another body")
    FORWARDING_TOLD = "forwarding_told", _("Citizen told of the forwarding")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MARKED_DUPLICATE = "marked_duplicate", _("Marked as duplicate")
    SPLIT = "split", _("A matter was separated")
    MARKED_NOT_EXAMINABLE = "marked_not_examinable", _("Marked as not examinable")
    REJECTED = "rejected", _("Rejected")
    REOPENED = "reopened", _("Reopened")
    CONTESTED = "contested", _("Objection recorded")
    TAGGED = "tagged", _("Tags changed")
    SHARED = "shared", _("Shared with a person")
    UNSHARED = "unshared", _("No longer shared")
    RECOMPUTED = "recomputed", _("Dates computed again")
    ESCALATED = "escalated", _("Deadline warning sent")
    FEE_LAPSED = "fee_lapsed", _("Fee not paid: deemed withdrawn")
    NOT_TOLD = "not_told", _("The citizen could not be told")
    NOT_DELIVERED = "not_delivered", _("Message could not be delivered")
    CITIZEN_ADDED = "citizen_added", _("The citizen added information")
    CITIZEN_RATED = "citizen_rated", _("The citizen rated the answer")


TELLS = {
    Verb.TRIAGE: Happened.TRIAGED,
    Verb.CORRECT: Happened.CORRECTED,
    Verb.ROUTE: Happened.ROUTED,
    Verb.ADD_COLLABORATOR: Happened.COLLABORATOR_ADDED,
    Verb.RELEASE_COLLABORATOR: Happened.COLLABORATOR_RELEASED,
    Verb.ACCEPT: Happened.ACCEPTED,
    Verb.RETURN: Happened.RETURNED,
    Verb.START: Happened.STARTED,
    Verb.WAIT: Happened.PUT_ON_HOLD,
    Verb.RESUME: Happened.RESUMED,
    Verb.DRAFT: Happened.DRAFTED,
    Verb.SUBMIT: Happened.SUBMITTED,
    Verb.SEND_BACK: Happened.SENT_BACK,
    Verb.APPROVE: Happened.APPROVED,
    Verb.SEND: Happened.SENT,
    Verb.NOTIFY_PROGRESS: Happened.PROGRESS_NOTIFIED,
    Verb.MESSAGE: Happened.MESSAGED,
    Verb.COMMENT: Happened.COMMENTED,
    Verb.ATTACH: Happened.ATTACHED,
    Verb.EXTEND: Happened.EXTENDED,
    Verb.ASK_FEE: Happened.FEE_ASKED,
    Verb.RECORD_FEE: Happened.FEE_RECORDED,
    Verb.FORWARD: Happened.FORWARDED,
    Verb.INFORM_FORWARDED: Happened.FORWARDING_TOLD,
    Verb.CLOSE: Happened.CLOSED,
    Verb.WITHDRAW: Happened.WITHDRAWN,
    Verb.MARK_DUPLICATE: Happened.MARKED_DUPLICATE,
    Verb.SPLIT: Happened.SPLIT,
    Verb.MARK_NOT_EXAMINABLE: Happened.MARKED_NOT_EXAMINABLE,
    Verb.REJECT: Happened.REJECTED,
    Verb.REOPEN: Happened.REOPENED,
    Verb.CONTEST: Happened.CONTESTED,
    Verb.TAG: Happened.TAGGED,
    Verb.SHARE: Happened.SHARED,
    Verb.UNSHARE: Happened.UNSHARED,
}
