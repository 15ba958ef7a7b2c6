"""The closed lists of retention and destruction."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is kept for a time, and counted from which event."""

    CASE = "CASE", _("Complaints and petitions, from their closing")
    APPOINTMENT = "APPOINTMENT", _("Requests for appointments, from the appointment or the request")
    GUEST_LIST = "GUEST_LIST", _("Lists of guests, from the end of the event")
    GREETING = "GREETING", _("Recipients of greetings, from the end of the batch")
    MESSAGE = "MESSAGE", _("Texts of messages, from their sending")
    INBOUND = "INBOUND", _("Mails that were set aside, from that decision")
    READ_LOG = "READ_LOG", _("Read log, from the reading")
    CITIZEN = "CITIZEN", _("Citizens of whom no record is left, from their recording")
    SUBJECT = "SUBJECT", _("Applications under KVKK art. 11, from their end")


class Method(models.TextChoices):
    """How (KVKK m.7; Silme Yönetmeliği m.8, m.9, m.10)."""

    DELETE = "DELETE", _("Delete (silme)")
    DESTROY = "DESTROY", _("Destroy (yok etme)")
    ANONYMISE = "ANONYMISE", _("Anonymise (anonim hâle getirme)")


METHODS: dict[str, tuple[Method, ...]] = {
    Kind.CASE: (Method.ANONYMISE,),
    Kind.APPOINTMENT: (Method.ANONYMISE,),
    Kind.GUEST_LIST: (Method.DELETE,),
    Kind.GREETING: (Method.DELETE,),
    Kind.MESSAGE: (Method.DESTROY,),
    Kind.INBOUND: (Method.DESTROY,),
    Kind.READ_LOG: (Method.DELETE,),
    Kind.CITIZEN: (Method.DELETE,),
    Kind.SUBJECT: (Method.ANONYMISE,),
}
"""Kind -> the methods that are possible: figures are made of cases and appointments, so these stay without a person."""

BY_DAY = (Kind.MESSAGE, Kind.READ_LOG)
"""Kinds of which a line of the list is a whole local day."""


class Status(models.TextChoices):
    """Where a destruction run stands."""

    PREPARED = "PREPARED", _("Prepared, to be approved")
    APPROVED = "APPROVED", _("Approved")
    RUNNING = "RUNNING", _("Being carried out")
    STOPPED = "STOPPED", _("Stopped")
    DONE = "DONE", _("Carried out")
    REJECTED = "REJECTED", _("Rejected")


class ItemStatus(models.TextChoices):
    """What became of a line of the list."""

    LISTED = "LISTED", _("On the list")
    DONE = "DONE", _("Carried out")
    SKIPPED = "SKIPPED", _("Left out")


class Skipped(models.TextChoices):
    """Why a line was left out when its turn came."""

    HELD = "HELD", _("A legal hold was placed on it")
    RULE_CHANGED = "RULE_CHANGED", _("The rule was changed meanwhile")
    NOT_DUE = "NOT_DUE", _("It is not due any more")
    GONE = "GONE", _("It is not there any more")
    FAILED = "FAILED", _("It could not be destroyed: inform the system administrator")


class ErasureJobStatus(models.TextChoices):
    """Where the anonymising of a person stands."""

    WAITING = "WAITING", _("Waiting for its turn")
    RUNNING = "RUNNING", _("Being carried out")
    DONE = "DONE", _("Carried out")
    FAILED = "FAILED", _("Not carried out")


class Against(models.TextChoices):
    """What stands against anonymising a person now."""

    OPEN_CASE = "OPEN_CASE", _("open complaints or petitions")
    OPEN_REQUEST = "OPEN_REQUEST", _("open requests for an appointment")
    COMING_EVENT = "COMING_EVENT", _("events to come to which they are invited")
    OPEN_LETTER = "OPEN_LETTER", _("letters to them that are not registered yet")
    ROLE = "ROLE", _("roles at organisations that have not ended")
    HOLDING = "HOLDING", _("offices of the protocol that they hold")
    GREETING = "GREETING", _("greetings that are not sent yet")
    PROMISE = "PROMISE", _("open promises")
    INSTRUCTION = "INSTRUCTION", _("instructions that have not ended")
    HOLD = "HOLD", _("legal holds")
    KEPT = "KEPT", _("closed cases and requests that the law keeps for a time")


class Part(models.TextChoices):
    """The parts of a report about a person (KVKK m.11)."""

    CASE = "CASE", _("Complaints, requests and petitions")
    APPOINTMENT = "APPOINTMENT", _("Requests for an appointment")
    AFFECTED = "AFFECTED", _("Applications of others that affect them too")
    GUEST = "GUEST", _("Invitations and answers")
    LETTER = "LETTER", _("Letters to them")
    GREETING = "GREETING", _("Greetings to them")
    ROLE = "ROLE", _("What they are at organisations")
    WRITTEN = "WRITTEN", _("Messages to them at organisations")
    HOLDING = "HOLDING", _("Offices of the protocol")
    KEPT = "KEPT", _("Days, wishes and bereavements kept")
    HOLD = "HOLD", _("Legal holds on their data")
    REQUEST = "REQUEST", _("Their applications under KVKK art. 11")
