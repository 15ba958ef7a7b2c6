"""The closed lists of the complaint: what is stored is UPPER_SNAKE, what is read is the handbook's Turkish term."""

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the citizen brings (CİMER's kinds are these too)."""

    COMPLAINT = "COMPLAINT", _("Complaint")
    REQUEST = "REQUEST", _("Request")
    SUGGESTION = "SUGGESTION", _("Opinion or suggestion")
    THANKS = "THANKS", _("Thanks")
    TIP_OFF = "TIP_OFF", _("Tip-off")
    INFORMATION_REQUEST = "INFORMATION_REQUEST", _("Request for information")
    PARTICIPATION = "PARTICIPATION", _("Taking part in government")


class Channel(models.TextChoices):
    """How it came. The channel decides nothing about the clock."""

    PHONE = "PHONE", _("Telephone (call centre)")
    COUNTER = "COUNTER", _("Counter (Açık Kapı)")
    WHATSAPP = "WHATSAPP", _("WhatsApp")
    SMS = "SMS", _("SMS")
    WEB = "WEB", _("Web form")
    EMAIL = "EMAIL", _("E-mail")
    CIMER = "CIMER", _("CİMER")
    PETITION = "PETITION", _("Petition on paper")
    KEP = "KEP", _("Registered e-mail (KEP)")
    MUHTAR = "MUHTAR", _("Muhtar")
    FIELD_TEAM = "FIELD_TEAM", _("Field team")
    SOCIAL_MEDIA = "SOCIAL_MEDIA", _("Social media")
    PUBLIC_DAY = "PUBLIC_DAY", _("Public day")
    E_MUNICIPALITY = "E_MUNICIPALITY", _("e-Belediye")
    E_DEVLET = "E_DEVLET", _("e-Devlet")


UNSIGNED = (Channel.WEB, Channel.EMAIL, Channel.E_MUNICIPALITY)
"""What comes in writing by a way that knows no signature."""


class PhotoStage(models.TextChoices):
    """What a photo of a crew shows."""

    BEFORE = "BEFORE", _("Before the work")
    AFTER = "AFTER", _("After the work")


class Status(models.TextChoices):
    """Where a case stands (handbook 4.5). The last five are ends: `closed_at` is set exactly in them."""

    NEW = "NEW", _("New")
    TRIAGED = "TRIAGED", _("Triaged")
    ASSIGNED = "ASSIGNED", _("Assigned")
    ACCEPTED = "ACCEPTED", _("Accepted")
    RETURNED = "RETURNED", _("Returned")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    WAITING = "WAITING", _("Waiting")
    ANSWERED = "ANSWERED", _("Answered by the department")
    APPROVED = "APPROVED", _("Reply approved")
    REPLIED = "REPLIED", _("Replied")
    FORWARDED = "FORWARDED", _("Forwarded to another body")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    DUPLICATE = "DUPLICATE", _("Duplicate")
    NOT_EXAMINABLE = "NOT_EXAMINABLE", _("Not examinable")
    REJECTED = "REJECTED", _("Rejected")


ENDS = (Status.CLOSED, Status.WITHDRAWN, Status.DUPLICATE, Status.NOT_EXAMINABLE, Status.REJECTED)
OPEN = tuple(s for s in Status if s not in ENDS)
UNDECIDED = (Status.NEW, Status.TRIAGED, Status.RETURNED)
WORKED_ON = (Status.ACCEPTED, Status.IN_PROGRESS, Status.WAITING)
BEFORE_REPLY = (*UNDECIDED, Status.ASSIGNED, *WORKED_ON, Status.ANSWERED, Status.APPROVED)
ADOPTING = (*UNDECIDED, Status.ASSIGNED, *WORKED_ON)
"""Open, and without a reply of its own that awaits approval."""
ANSWERED = (Status.REPLIED, Status.CLOSED, Status.REJECTED)
"""There may be an answer that was sent."""


class AwaitingParty(models.TextChoices):
    """Whose move it is in an open case."""

    OFFICE = "OFFICE", _("The private office")
    DEPARTMENT = "DEPARTMENT", _("The responsible department")
    OTHERS = "OTHERS", _("Somebody else is waited for")


class Outcome(models.TextChoices):
    """How a case ended. Only SOLVED counts as solved in any figure; the last three are left out of the share."""

    SOLVED = "SOLVED", _("Solved")
    INFORMED = "INFORMED", _("Informed")
    NOT_POSSIBLE = "NOT_POSSIBLE", _("Not possible")
    REJECTED = "REJECTED", _("Rejected")
    NOT_EXAMINABLE = "NOT_EXAMINABLE", _("Not examinable")
    FORWARDED = "FORWARDED", _("Forwarded")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    DUPLICATE = "DUPLICATE", _("Duplicate")


AFTER_REPLY = (Outcome.SOLVED, Outcome.INFORMED, Outcome.NOT_POSSIBLE)
"""Outcomes of a case that was replied to."""

REFUSALS = (Outcome.REJECTED, Outcome.NOT_POSSIBLE, Outcome.NOT_EXAMINABLE)
"""Outcomes against the citizen: each notice names its remedy. What could not be taken up for its form is among them, as
the ministries' published reports on Law 4982 count it."""

LOWEST_RATING, HIGHEST_RATING = 1, 5
"""How content a citizen is with the answer: 1 not at all, 5 very much."""


class WaitingFor(models.TextChoices):
    CITIZEN = "CITIZEN", _("The citizen")
    EXTERNAL = "EXTERNAL", _("Another body")
    MATERIAL = "MATERIAL", _("Material")


class Priority(models.TextChoices):
    NORMAL = "NORMAL", _("Normal")
    HIGH = "HIGH", _("High")
    URGENT = "URGENT", _("Urgent")


class NotExaminable(models.TextChoices):
    """The reasons of 3071 m.6: a decision after registration, never a refusal at intake."""

    NO_DEFINITE_SUBJECT = "NO_DEFINITE_SUBJECT", _("No definite subject (3071 m.6/a)")
    FOR_THE_COURTS = "FOR_THE_COURTS", _("A matter for the courts (3071 m.6/b)")
    MISSING_ELEMENTS = "MISSING_ELEMENTS", _("Name, signature or address missing (3071 m.6/c)")


class RoutingRole(models.TextChoices):
    RESPONSIBLE = "RESPONSIBLE", _("Responsible department")
    COLLABORATING = "COLLABORATING", _("Collaborating department")


class RoutingEnd(models.TextChoices):
    RETURNED = "RETURNED", _("Returned by the department")
    REROUTED = "REROUTED", _("Routed elsewhere")
    RELEASED = "RELEASED", _("No longer collaborating")
    UNDONE = "UNDONE", _("The step was taken back")


class NoticeKind(models.TextChoices):
    """Kind of notice to the citizen."""

    RECEIPT = "RECEIPT", _("Receipt")
    MESSAGE = "MESSAGE", _("Message")
    PROGRESS = "PROGRESS", _("Progress notice")
    RESULT = "RESULT", _("Reply")
    EXTENSION = "EXTENSION", _("Notice of extension")
    FEE = "FEE", _("Fee notice")
    FORWARDING = "FORWARDING", _("Notice of forwarding")
    CLOSING = "CLOSING", _("Notice of the end")


class NoticeStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Awaiting approval")
    APPROVED = "APPROVED", _("Approved")
    SENT = "SENT", _("Sent")
    SET_ASIDE = "SET_ASIDE", _("Set aside")


class DeliveryMethod(models.TextChoices):
    """How the citizen was notified; the proof of timeliness names one."""

    EMAIL = "EMAIL", _("E-mail")
    SMS = "SMS", _("SMS")
    WHATSAPP = "WHATSAPP", _("WhatsApp")
    PHONE = "PHONE", _("By telephone")
    POST = "POST", _("By post")
    IN_PERSON = "IN_PERSON", _("In person")
    CIMER = "CIMER", _("In CİMER")
    KEP = "KEP", _("By registered e-mail (KEP)")
    SOCIAL = "SOCIAL", _("On social media")


class Escalation(enum.IntFlag):
    """The deadline warnings already sent, as bits of `Complaint.escalation`: their order is not fixed."""

    TARGET_NEAR = 1
    TARGET_PASSED = 2
    LEGAL_NEAR = 4


class RefusalGround(models.TextChoices):
    """Why access was refused, wholly or in part: the articles of Law 4982."""

    NOT_HELD = "M7", _("Not held, or would need work of its own (m.7)")
    PUBLISHED = "M8", _("Published already (m.8)")
    NO_REVIEW = "M15", _("Acts outside judicial review (m.15)")
    STATE_SECRET = "M16", _("State secret (m.16)")
    ECONOMY = "M17", _("Economic interests of the country (m.17)")
    INTELLIGENCE = "M18", _("Intelligence (m.18)")
    ADMINISTRATIVE_INQUIRY = "M19", _("Administrative inquiry (m.19)")
    JUDICIAL_INQUIRY = "M20", _("Judicial inquiry and prosecution (m.20)")
    PRIVACY = "M21", _("Private life (m.21)")
    COMMUNICATION = "M22", _("Secrecy of communication (m.22)")
    TRADE_SECRET = "M23", _("Trade secret (m.23)")
    WORKS = "M24", _("Intellectual and artistic works (m.24)")
    INTERNAL_RULES = "M25", _("Internal arrangements of the body (m.25)")
    INTERNAL_OPINION = "M26", _("Internal opinions, notes and advice (m.26)")
    ADVICE = "M27", _("Request for an opinion (m.27)")


class ContestedAt(models.TextChoices):
    """Where the applicant turned (m.13)."""

    BOARD = "BOARD", _("Board of Review of Access to Information (BEDK)")
    COURT = "COURT", _("Administrative court")


class ContestResult(models.TextChoices):
    """What was decided there."""

    ACCEPTED = "ACCEPTED", _("Objection accepted: access is granted")
    PARTLY = "PARTLY", _("Objection accepted in part")
    REJECTED = "REJECTED", _("Objection rejected")
