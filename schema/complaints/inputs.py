"""Inputs of the case mutations. An omitted field is not passed to the action."""

from __future__ import annotations

import datetime as dt
import enum

import strawberry

from backend.complaints.moves import Verb
from schema.complaints.types import (
    ComplaintChannel,
    ComplaintKind,
    ComplaintMatter,
    ComplaintOutcome,
    ComplaintPriority,
    ComplaintRegime,
)
from schema.contacts.types import CitizenRecordInput
from schema.core.verbs import optional, required

NOTE = "A remark for the story; no citizen reads it."


@strawberry.input(description="The post on social media by which a case came.")
class ComplaintPostInput:
    link: str = required("Its address, at most 500 letters; by it the network is known.")
    author: str | None = optional("Who wrote it, as the network names them.")
    text: str | None = optional("What it says; by default the words of the case.")
    posted_at: dt.datetime | None = optional("When it was posted.")


@strawberry.input(
    description="A new case, as the citizen brings it. Nothing is refused for want of form (TCK 121)."
)
class ComplaintRegisterInput:
    kind: ComplaintKind = required("What the citizen brings.")
    channel: ComplaintChannel = required("How it came.")
    subject: str = required("What it is about, in a line.")
    body: str | None = optional("The words of the complaint.")
    regime: ComplaintRegime | None = optional("The law it runs under; by default from kind and channel.")
    matter: ComplaintMatter | None = optional("What is asked for, where the law has two limits.")
    priority: ComplaintPriority | None = optional(
        "How urgent it is; without it signs of danger in the text propose it to the office."
    )
    category: strawberry.ID | None = optional("What it is about.")
    neighbourhood: strawberry.ID | None = optional("The neighbourhood.")
    place: str | None = optional("The street part of the address.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")
    sticker: strawberry.ID | None = optional("The place with a QR code at which it was reported.")
    applicant: strawberry.ID | None = optional("Who brings it, if the viewer knows their record.")
    new_applicant: CitizenRecordInput | None = optional("Who brings it, to be recorded along with the case.")
    on_behalf_of: strawberry.ID | None = optional("For whom it is brought.")
    identity_hidden: bool | None = optional("Keep the citizen's identity from the departments.")
    signature_given: bool | None = optional("The petition is signed.")
    privacy_notice: strawberry.ID | None = optional("The privacy notice that was shown to them.")
    source: str | None = optional("The system it is taken over from.")
    source_number: str | None = optional("Its number there; the same is taken only once.")
    cimer_due_on: dt.date | None = optional("The date that CİMER shows.")
    registered_at: dt.datetime | None = optional("When it was received, if not now.")
    tags: list[str] | None = optional("Its tags.")
    post: ComplaintPostInput | None = optional(
        "The post by which it came; its picture is a file of the case: `complaintRecordPost`."
    )


@strawberry.enum(description="What may be done to many cases at once.")
class ComplaintBulkVerb(enum.Enum):
    ACCEPT = strawberry.enum_value(Verb.ACCEPT.value, description="Take on (tr: kabul et).")
    APPROVE = strawberry.enum_value(Verb.APPROVE.value, description="Approve the replies (tr: onayla).")
    ROUTE = strawberry.enum_value(Verb.ROUTE.value, description="Route (tr: havale et).")
    ASSIGN = strawberry.enum_value(
        Verb.ASSIGN.value, description="Make a person of the unit responsible (tr: sorumlu ver)."
    )
    CLOSE = strawberry.enum_value(Verb.CLOSE.value, description="Close (tr: kapat).")
    TAG = strawberry.enum_value(Verb.TAG.value, description="Put on and take off tags (tr: etiketle).")
    UNDO = strawberry.enum_value(
        Verb.UNDO.value,
        description="Take back what was just done to many (tr: geri al); see `complaintUndo`.",
    )


@strawberry.input(description="One verb for many cases.")
class ComplaintsBulkInput:
    ids: list[strawberry.ID] = required("The cases, at most 500.")
    verb: ComplaintBulkVerb = required("What is to be done to each.")
    to: strawberry.ID | None = optional("ROUTE: the department that becomes responsible.")
    person: strawberry.ID | None = optional("ASSIGN: the person who becomes responsible.")
    outcome: ComplaintOutcome | None = optional("CLOSE: how they ended.")
    add: list[str] | None = optional("TAG: tags to put on.")
    remove: list[str] | None = optional("TAG: tags to take off.")
    note: str | None = optional(NOTE)
