"""The citizen's own view of a case, by its tracking code and without signing in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from permissions.complaints import public
from schema.complaints.types import ComplaintKind, NoticeKind
from schema.core.scalars import described_enum

STATUS_CODE = "Where it stands, to branch on: `status` is its words."
ComplaintPublicStatus = described_enum(
    public.PublicStatus, "ComplaintPublicStatus", "Where a case stands, as shown to its citizen."
)
ComplaintPublicStep = described_enum(
    public.PublicStep, "ComplaintPublicStep", "What happened to a case, as shown to its citizen."
)
REMEDY = "Where to turn against the refusal, or the silence, and until when; null if there is none to turn against."


@strawberry.type(description="A step of the case in the citizen's words.")
class TrackingStep:
    at: dt.datetime = strawberry.field(description="When.")
    kind: ComplaintPublicStep = strawberry.field(description="What happened, to branch on.")
    label: str = strawberry.field(description="What happened.")


@strawberry.type(description="A file that went to the citizen with a notice.")
class TrackingFile:
    name: str = strawberry.field(description="Its name.")
    content_type: str = strawberry.field(description="What it is, read from its content.")
    size: int = strawberry.field(description="In bytes.")
    url: str = strawberry.field(description="Where to fetch it within an hour, without signing in.")


@strawberry.type(description="A notice to the citizen.")
class TrackingReply:
    notified_at: dt.datetime = strawberry.field(description="When it was sent.")
    kind: NoticeKind = strawberry.field(description="The subject of the notice.")
    body: str = strawberry.field(description="The text.")
    files: list[TrackingFile] = strawberry.field(description="The files that went with it.")


def tracking_reply(reply: public.Reply) -> TrackingReply:
    """The notice as the schema says it."""
    files = [TrackingFile(**dataclasses.asdict(file)) for file in reply.files]
    return TrackingReply(
        notified_at=reply.notified_at, kind=NoticeKind(reply.kind), body=reply.body, files=files
    )


@strawberry.type(description="The fee of a request for information (4982 m.10).")
class TrackingFee:
    amount: Decimal = strawberry.field(description="In lira.")
    due_on: dt.date = strawberry.field(description="The last day to pay.")
    paid_on: dt.date | None = strawberry.field(description="The day of payment.")
    lapsed_on: dt.date | None = strawberry.field(description="The day on which it lapsed unpaid.")


@strawberry.type(description="The longer limit (4982 m.11).")
class TrackingExtension:
    notified_on: dt.date = strawberry.field(description="The day of the notice.")
    reason: str = strawberry.field(description="The reason.")
    due_on: dt.date | None = strawberry.field(description="Until when the answer comes, while it is awaited.")


@strawberry.type(description="The body that a case was sent on to.")
class TrackingForwarding:
    body: str = strawberry.field(description="Its name.")
    sent_on: dt.date = strawberry.field(description="The day.")
    number: str = strawberry.field(description="The number of the letter.")
    short_code: str = strawberry.field(description="Its short telephone code, such as 185.")


@strawberry.type(
    description="Where the citizen may turn against a decision, and until when (Anayasa m.40/2)."
)
class TrackingRemedy:
    article: str = strawberry.field(description="The articles it follows from.")
    text: str = strawberry.field(description="The court or board and its term, in Turkish.")


@strawberry.type(description="Where a case stands, for the citizen who holds its tracking code.")
class ComplaintTracking:
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
    municipality: str = strawberry.field(description="Who answers.")
    phone: str = strawberry.field(description="Where to ask.")
    steps: list[TrackingStep] = strawberry.field(description="What has happened so far.")
    replies: list[TrackingReply] = strawberry.field(description="The notices to the citizen.")


def _remedy(found: public.Tracked) -> TrackingRemedy | None:
    return TrackingRemedy(article=found.remedy.article, text=found.remedy.text) if found.remedy else None


def _as[T](type_: type[T], found: Any) -> T | None:
    """The same fields under the name they have in the schema."""
    return type_(**dataclasses.asdict(found)) if found else None


def shown_fields(found: public.Tracked) -> dict[str, Any]:
    """Fields of the public view of a case."""
    return {
        "reference": found.reference,
        "kind": ComplaintKind(found.kind),
        "about": found.about,
        "registered_on": found.registered_on,
        "answer_due_on": found.answer_due_on,
        "status": str(found.status.label),
        "status_code": found.status,
        "result_owed": found.result_owed,
        "remedy": _remedy(found),
        "fee": _as(TrackingFee, found.fee),
        "extension": _as(TrackingExtension, found.extension),
        "forwardings": [TrackingForwarding(**dataclasses.asdict(row)) for row in found.forwardings],
        "goes_on_as": found.goes_on_as or None,
        "steps": [TrackingStep(at=step.at, kind=step.kind, label=str(step.label)) for step in found.steps],
        "replies": [tracking_reply(reply) for reply in found.replies],
    }


@strawberry.type
class TrackingQueries:
    @strawberry.field(
        description="For the citizen, without signing in: where the case with this tracking code stands."
    )
    def complaint_tracking(
        self,
        code: Annotated[str, strawberry.argument(description="The tracking code, such as 7G2K-0QXM-4TBN.")],
    ) -> ComplaintTracking | None:
        result = public.tracked(code)
        if result is None:
            return None
        return ComplaintTracking(**shown_fields(result), municipality=result.municipality, phone=result.phone)
