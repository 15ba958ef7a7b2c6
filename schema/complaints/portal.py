"""Cases for portals: what citizens bring in through them, followed and answered by the tracking code.

A portal reaches what its own account brought in; every field looks at the rights SUBMIT and FOLLOW of the token itself.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from backend.complaints.actions import citizens
from backend.complaints.actions.citizens import CitizenAction
from backend.portals.models import Scope
from permissions.complaints import portal as public_cases
from permissions.complaints import public
from permissions.portals import access as portals
from permissions.submissions import recorded
from schema.complaints.inputs import ComplaintPostInput
from schema.complaints.public_lists import paged
from schema.complaints.tracking import (
    REMEDY,
    STATUS_CODE,
    ComplaintPublicStatus,
    TrackingExtension,
    TrackingFee,
    TrackingForwarding,
    TrackingRemedy,
    TrackingReply,
    TrackingStep,
    shown_fields,
    tracking_reply,
)
from schema.complaints.types import ComplaintChannel, ComplaintKind
from schema.contacts.types import Language
from schema.core.connection import Connection, Keyset, Page, connection_field
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional, required

NEWEST = Keyset("brought", "registered_at", dt.datetime, descending=True)
CODE = "The tracking code, such as 7G2K-0QXM-4TBN."
Code = Annotated[str, strawberry.argument(description=CODE)]


@strawberry.type(description="A file that the citizen added.")
class PortalFile:
    name: str = strawberry.field(description="Its name.")
    content_type: str = strawberry.field(description="What it is, read from its content.")
    size: int = strawberry.field(description="In bytes.")
    uploaded_at: dt.datetime = strawberry.field(description="When it was added.")


@strawberry.type(description="A case that the portal brought in, in the citizen's words.")
class PortalComplaint:
    reference: str = strawberry.field(description="The number of the case.")
    kind: ComplaintKind = strawberry.field(description="What was brought.")
    about: str = strawberry.field(description="The name of its category; empty until it has one.")
    registered_on: dt.date = strawberry.field(description="The local day of receipt.")
    answer_due_on: dt.date | None = strawberry.field(
        description="By when it is to be answered, while it is open."
    )
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: ComplaintPublicStatus = strawberry.field(description=STATUS_CODE)
    result_owed: bool = strawberry.field(
        description="Only progress was reported so far; the result follows separately."
    )
    remedy: TrackingRemedy | None = strawberry.field(description=REMEDY)
    fee: TrackingFee | None = strawberry.field(description="What is to be paid; how, the fee notice says.")
    extension: TrackingExtension | None = strawberry.field(description="The longer limit.")
    forwardings: list[TrackingForwarding] = strawberry.field(description="Where it was sent on to.")
    goes_on_as: str | None = strawberry.field(
        description="The citizen's own case under which a duplicate goes on."
    )
    steps: list[TrackingStep] = strawberry.field(description="What has happened so far.")
    replies: list[TrackingReply] = strawberry.field(description="The notices to the citizen.")
    questions: list[TrackingReply] = strawberry.field(description="What the office wrote to the citizen.")
    is_awaited: bool = strawberry.field(description="The case waits for what the citizen is asked for.")
    files: strawberry.Private[list[public.File]]
    rating: int | None = strawberry.field(description="How content the citizen is with the answer, 1 to 5.")
    rating_remark: str = strawberry.field(description="What the citizen says to it.")
    can_add: bool = strawberry.field(description="Whether something may be added: `portalComplaintAdd`.")
    can_withdraw: bool = strawberry.field(description="Whether it may be withdrawn.")
    can_rate: bool = strawberry.field(description="Whether the answer may be rated.")
    can_reopen: bool = strawberry.field(description="Whether it may be taken up again.")
    open_until: dt.date | None = strawberry.field(
        description="The last day for rating it and for taking it up again."
    )

    @strawberry.field(description="The files that the citizen added.")
    def attachments(
        self,
        first: Annotated[int, strawberry.argument(description="How many at most, the newest first.")] = 20,
    ) -> list[PortalFile]:
        newest = self.files[::-1][: max(0, min(first, 100))]
        return [PortalFile(**dataclasses.asdict(file)) for file in newest]


@strawberry.type(description="A line of the list of what an account brought in.")
class PortalComplaintLine:
    reference: str = strawberry.field(description="The number of the case.")
    tracking_code: str = strawberry.field(description="With this it is followed.")
    kind: ComplaintKind = strawberry.field(description="What was brought.")
    category: str | None = strawberry.field(description="What it is about.")
    registered_at: dt.datetime = strawberry.field(description="When it was received.")
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: ComplaintPublicStatus = strawberry.field(description=STATUS_CODE)
    is_awaited: bool = strawberry.field(description="The case waits for what the citizen is asked for.")
    source_number: str | None = strawberry.field(
        description="The number that the case has at its source: the portal's own, or that of CİMER."
    )


def _line(row: Any) -> PortalComplaintLine:
    standing = public.standing_of(row, row.is_held)
    return PortalComplaintLine(
        reference=row.reference,
        tracking_code=row.tracking_code,
        kind=ComplaintKind(row.kind),
        category=row.category.name if row.category else None,
        registered_at=row.registered_at,
        status=str(standing.label),
        status_code=standing,
        is_awaited=citizens.is_awaited(row),
        source_number=row.source_number or None,
    )


@strawberry.type(description="A line of the list of what a member of staff recorded.")
class RecordedComplaint:
    reference: str = strawberry.field(description="The number of the case.")
    tracking_code: str = strawberry.field(description="With this the citizen follows it.")
    kind: ComplaintKind = strawberry.field(description="What was brought.")
    category: str | None = strawberry.field(description="What it is about.")
    registered_at: dt.datetime = strawberry.field(description="When it was received.")
    status: str = strawberry.field(description="Where it stands, in plain words.")
    status_code: ComplaintPublicStatus = strawberry.field(description=STATUS_CODE)
    answer_due_on: dt.date | None = strawberry.field(
        description="By when it is to be answered, while it is open."
    )


def _recorded(row: Any) -> RecordedComplaint:
    standing = recorded.status_of(row)
    return RecordedComplaint(
        reference=row.reference,
        tracking_code=row.tracking_code,
        kind=ComplaintKind(row.kind),
        category=row.category.name if row.category else None,
        registered_at=row.registered_at,
        status=str(standing.label),
        status_code=standing,
        answer_due_on=recorded.answer_due_on(row),
    )


def portal_complaint(found: public.Tracked) -> PortalComplaint:
    """The case as the schema says it."""
    return PortalComplaint(
        **shown_fields(found),
        questions=[tracking_reply(question) for question in found.questions],
        is_awaited=found.is_awaited,
        files=found.files,
        rating=found.rating,
        rating_remark=found.rating_remark,
        can_add=CitizenAction.ADD in found.may,
        can_withdraw=CitizenAction.WITHDRAW in found.may,
        can_rate=CitizenAction.RATE in found.may,
        can_reopen=CitizenAction.REOPEN in found.may,
        open_until=found.open_until,
    )


@strawberry.type
class PortalCaseQueries:
    @strawberry.field(
        description="For a portal (FOLLOW): the case of a tracking code that it brought in itself; with TRACK any case."
    )
    def portal_complaint(self, code: Code) -> PortalComplaint | None:
        result = public_cases.followed(cleaned(code), portals.reach())
        return portal_complaint(result) if result else None

    @connection_field(description="For a portal (FOLLOW): what it brought in, the newest first.", public=True)
    def portal_complaints(self, page: Page) -> Connection[PortalComplaintLine]:
        rows = public_cases.brought_by(portals.account(Scope.FOLLOW))
        return paged(rows, NEWEST, page, _line, public_cases.note_shown)

    @connection_field(
        description="For staff: what they recorded themselves, the newest first, also where the case lies out of their"
        " sight. It stands as the citizen reads it."
    )
    def recorded_complaints(
        self,
        page: Page,
        reference: Annotated[
            str, strawberry.argument(description="Only the one with this number, such as 2027/15.")
        ] = "",
    ) -> Connection[RecordedComplaint]:
        return paged(recorded.rows(reference), NEWEST, page, _recorded, recorded.note_shown)


# -- what a portal says --------------------------------------------------------------------------------------
@strawberry.input(description="Who brings it, and how they are reached.")
class PortalContactInput:
    first_name: str = required("Given name.")
    last_name: str | None = optional("Surname. A petition needs it (3071 m.4).")
    phone: str | None = optional("Telephone number, in any spelling.")
    email: str | None = optional("E-mail address.")
    address: str | None = optional("Postal address. A petition needs it (3071 m.4).")
    neighbourhood: str | None = optional("The code of the neighbourhood in which they live.")
    national_id: str | None = optional("T.C. kimlik no; never required.")
    language: Language | None = optional("The language that they speak, if it is not Turkish.")


@strawberry.input(description="What a citizen brings in through a portal.")
class PortalComplaintSubmitInput:
    kind: ComplaintKind = required("What the citizen brings.")
    subject: str = required("What it is about, in a line.")
    text: str | None = optional("What the citizen says, at most 10,000 letters.")
    category: str | None = optional("The code of a category of `publicCategories`.")
    neighbourhood: str | None = optional("The code of a neighbourhood of `publicNeighbourhoods`.")
    place: str | None = optional("The street part of the address.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")
    place_code: str | None = optional(
        "The code of the sticker that was scanned (`publicPlace`): place, point and category are taken from it as far"
        " as they are left out."
    )
    contact: PortalContactInput | None = optional("Who brings it; left out, the sender stays anonymous.")
    identity_hidden: bool | None = optional("The citizen wishes to stay unknown to the departments.")
    signature_given: bool | None = optional(
        "The portal has made sure who it is (e-Devlet, e-signature), which stands for the signature of 3071 m.4."
    )
    channel: ComplaintChannel | None = optional("How the portal heard of it; default WEB.")
    privacy_notice: str | None = optional(
        "The code of the `publicPrivacyNotice` that was shown; needed with `contact`."
    )
    post: ComplaintPostInput | None = optional(
        "The post on social media that it heard of it by; its picture is one of the `files`. The channel is then"
        " SOCIAL_MEDIA."
    )
    source_number: str | None = optional("The portal's own number of it, taken once (DUPLICATE).")
    files: str | None = optional(
        "What the portal calls the files that it brought to `/files/portal/submissions/` before: they belong to it."
    )


@strawberry.type(description="The receipt handed to the citizen.")
class PortalComplaintSubmitPayload(Payload):
    reference: str | None = strawberry.field(description="The number of the case.", default=None)
    tracking_code: str | None = strawberry.field(
        description="With this the citizen follows the case.", default=None
    )


@strawberry.input(description="What the citizen adds, or was asked for.")
class PortalComplaintAddInput:
    code: str = required(CODE)
    text: str = required("What they say, at most 4,000 letters. Files go to `/files/portal/complaints/`.")


@strawberry.input(description="The citizen no longer wants it.")
class PortalComplaintWithdrawInput:
    code: str = required(CODE)
    reason: str | None = optional("Why, if they say so.")


@strawberry.input(description="How content the citizen is with the answer.")
class PortalComplaintRateInput:
    code: str = required(CODE)
    rating: int = required("From 1 (not content at all) to 5 (very content).")
    remark: str | None = optional("What they say to it, at most 1,000 letters. It is not published.")


@strawberry.input(description="The citizen asks for it to be taken up again.")
class PortalComplaintReopenInput:
    code: str = required(CODE)
    reason: str = required("Why.")


@strawberry.type(description="The case as the citizen sees it now.")
class PortalComplaintPayload(Payload):
    complaint: PortalComplaint | None = strawberry.field(
        description="The case; null if nothing was done.", default=None
    )


def _submit(input: PortalComplaintSubmitInput) -> dict[str, Any]:
    account = portals.account(Scope.SUBMIT)
    fields = {name: value for name, value in values(input, "contact", "post").items() if value is not None}
    if input.post:
        fields["post"] = values(input.post)
    contact = values(input.contact) if input.contact else None
    taken = public_cases.submit(by=account, contact=contact, **fields)
    return {"reference": taken.reference, "tracking_code": taken.code}


def _says(act: Callable[..., public.Tracked], input: Any) -> PortalComplaintPayload:
    """Say something to the case of a code, for the citizen."""

    def run() -> dict[str, Any]:
        account = portals.reach()
        fields = {name: value for name, value in values(input).items() if value is not None}
        return {"complaint": portal_complaint(act(fields.pop("code"), by=account, **fields))}

    return run_mutation(PortalComplaintPayload, run)


@strawberry.type
class PortalCaseMutations:
    @strawberry.mutation(description="For a portal (SUBMIT): register what a citizen brings.")
    def portal_complaint_submit(self, input: PortalComplaintSubmitInput) -> PortalComplaintSubmitPayload:
        return run_mutation(PortalComplaintSubmitPayload, lambda: _submit(input))

    @strawberry.mutation(description="For a portal (FOLLOW): add what the citizen says or was asked for.")
    def portal_complaint_add(self, input: PortalComplaintAddInput) -> PortalComplaintPayload:
        return _says(public_cases.add, input)

    @strawberry.mutation(description="For a portal (FOLLOW): the citizen withdraws the case.")
    def portal_complaint_withdraw(self, input: PortalComplaintWithdrawInput) -> PortalComplaintPayload:
        return _says(public_cases.withdraw, input)

    @strawberry.mutation(description="For a portal (FOLLOW): the citizen rates the answer, or rates it anew.")
    def portal_complaint_rate(self, input: PortalComplaintRateInput) -> PortalComplaintPayload:
        return _says(public_cases.rate, input)

    @strawberry.mutation(description="For a portal (FOLLOW): the citizen has the case taken up again.")
    def portal_complaint_reopen(self, input: PortalComplaintReopenInput) -> PortalComplaintPayload:
        return _says(public_cases.reopen, input)
