"""What is searched: the kinds of rows, and in which of their fields words are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from backend.agreements.models import Agreement
from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.engagements.models import Engagement
from backend.events.models import Event
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.partners.models import Organisation
from backend.programme.models import Entry


class Kind(TextChoices):
    """What was found."""

    COMPLAINT = "COMPLAINT", _("Application")
    CITIZEN = "CITIZEN", _("Person")
    LETTER = "LETTER", _("Letter")
    INSTRUCTION = "INSTRUCTION", _("Instruction")
    ENTRY = "ENTRY", _("Programme entry")
    REQUEST = "REQUEST", _("Appointment request")
    INVITATION = "INVITATION", _("Invitation")
    EVENT = "EVENT", _("Event")
    ORGANISATION = "ORGANISATION", _("Organisation")
    ENGAGEMENT = "ENGAGEMENT", _("Meeting or visit")
    AGREEMENT = "AGREEMENT", _("Agreement")


class Field(TextChoices):
    """Where it was found."""

    NUMBER = "NUMBER", _("Number it bears")
    TITLE = "TITLE", _("Subject or name")
    TEXT = "TEXT", _("Text")
    PLACE = "PLACE", _("Place")
    PERSON = "PERSON", _("Person")
    PHONE = "PHONE", _("Phone")
    COUNTERPART = "COUNTERPART", _("Sender, host or institution")
    ADDRESSEE = "ADDRESSEE", _("Addressees")
    TAG = "TAG", _("Tags")


@dataclass(frozen=True)
class Source:
    """How one kind of row is searched."""

    model: type[Model]
    title: str
    at: str
    """By what the newest are known, and what is shown as its time."""
    texts: Mapping[str, Field] = field(default_factory=dict)
    """Columns besides the title in which words are found."""
    has_phone: bool = False
    standing: Mapping[str, Any] = field(default_factory=dict)
    """Which rows are looked for at all: a merged record is answered by the one that stands for it."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """What its numbers begin with, as GL-2026/12; cases are numbered without."""
        rows = self.model._default_manager.all()
        return ("",) if self.model is Complaint else getattr(rows, "numbers", ())

    @property
    def table(self) -> str:
        return self.model._meta.db_table


SOURCES: dict[Kind, Source] = {
    Kind.COMPLAINT: Source(Complaint, "subject", "registered_at", {"body": Field.TEXT, "place": Field.PLACE}),
    Kind.CITIZEN: Source(Citizen, "name_fold", "created_at", standing={"merged_into__isnull": True}),
    Kind.LETTER: Source(
        Letter,
        "subject",
        "drafted_at",
        {
            "to_names": Field.ADDRESSEE,
            "sender": Field.COUNTERPART,
            "document_number": Field.NUMBER,
            "sender_number": Field.NUMBER,
            "body": Field.TEXT,
        },
    ),
    Kind.INSTRUCTION: Source(Instruction, "subject", "given_at", {"text": Field.TEXT}),
    Kind.ENTRY: Source(Entry, "title", "starts_at", texts={"place": Field.PLACE}),
    Kind.REQUEST: Source(AppointmentRequest, "subject", "registered_at", {"organisation": Field.COUNTERPART}),
    Kind.INVITATION: Source(
        Invitation,
        "title",
        "starts_at",
        {"host": Field.COUNTERPART, "place": Field.PLACE},
        has_phone=True,
    ),
    Kind.EVENT: Source(Event, "title", "starts_at", {"place": Field.PLACE}),
    Kind.ORGANISATION: Source(
        Organisation,
        "name",
        "recorded_at",
        texts={"short_name": Field.TITLE, "city": Field.PLACE, "tag_text": Field.TAG},
        has_phone=True,
        standing={"merged_into__isnull": True},
    ),
    Kind.ENGAGEMENT: Source(Engagement, "title", "starts_at", {"place": Field.PLACE}),
    Kind.AGREEMENT: Source(Agreement, "title", "drafted_at", {"subject": Field.TEXT}),
}
