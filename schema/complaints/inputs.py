"""What a client gives to say a verb to a case. A field that is left out is not said at all."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from typing import Any

import strawberry

from backend.complaints.moves import Verb
from schema.complaints.types import (
    ComplaintChannel,
    ComplaintKind,
    ComplaintMatter,
    ComplaintOutcome,
    ComplaintPriority,
    ComplaintRegime,
    ComplaintWaitingFor,
    InformationContestedAt,
    InformationContestResult,
    InformationRefusalGround,
    NotExaminableReason,
    NoticeMeans,
)
from schema.contacts.types import CitizenRecordInput

NOTE = "A remark for the story; no citizen reads it."
MEANS = "How the citizen is told; by default by e-mail where there is an address."
PROOF = "What proves it: who was told, or the number of the delivery."
UNTOLD_REASON = "Why nobody could be told: anonymous, or nothing to reach them by. Only then."
TOLD_ON = "The local day on which the citizen was told, if it was not today."


def optional(description: str, **more: Any) -> Any:
    return strawberry.field(description=description, default=strawberry.UNSET, **more)


def said(description: str, **more: Any) -> Any:
    return strawberry.field(description=description, **more)


@strawberry.input(description="A case, and nothing more to say.")
class ComplaintInput:
    id: strawberry.ID = said("The case.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )


@strawberry.input(description="Accept the case for the department.")
class ComplaintAcceptInput(ComplaintInput):
    pass


@strawberry.input(description="Say that the work has begun.")
class ComplaintStartInput(ComplaintInput):
    pass


@strawberry.input(description="Hand the drafted reply in for approval.")
class ComplaintSubmitInput(ComplaintInput):
    pass


@strawberry.input(description="Approve the reply.")
class ComplaintApproveInput(ComplaintInput):
    pass


@strawberry.input(description="What the case is; what is left out stays.")
class ComplaintTriageInput(ComplaintInput):
    kind: ComplaintKind | None = optional("What the citizen brings.")
    category: strawberry.ID | None = optional("What it is about.")
    regime: ComplaintRegime | None = optional("The law it runs under.")
    matter: ComplaintMatter | None = optional("What is asked for, where the law has two limits.")
    priority: ComplaintPriority | None = optional("How urgent it is.")
    note: str | None = optional(NOTE)


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class ComplaintCorrectInput(ComplaintInput):
    kind: ComplaintKind | None = optional("What the citizen brings.")
    channel: ComplaintChannel | None = optional("How it came.")
    regime: ComplaintRegime | None = optional("The law it runs under.")
    matter: ComplaintMatter | None = optional("What is asked for, where the law has two limits.")
    priority: ComplaintPriority | None = optional("How urgent it is.")
    category: strawberry.ID | None = optional("What it is about.")
    subject: str | None = optional("What it is about, in a line.")
    body: str | None = optional("What was said or written.")
    neighbourhood: strawberry.ID | None = optional("The neighbourhood.")
    place: str | None = optional("The street part of the address.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")
    applicant: strawberry.ID | None = optional("Who brings it.")
    on_behalf_of: strawberry.ID | None = optional("For whom it is brought.")
    identity_hidden: bool | None = optional("Keep the citizen's identity from the departments.")
    signature_given: bool | None = optional("The petition is signed.")
    source_number: str | None = optional("Its number in the system it came from.")
    cimer_due_on: dt.date | None = optional("The date that CİMER shows.")
    registered_at: dt.datetime | None = optional("When it was received.")
    note: str | None = optional(NOTE)


@strawberry.input(description="To which department the case goes.")
class ComplaintRouteInput(ComplaintInput):
    to: strawberry.ID = said("The department that becomes responsible.")
    note: str | None = optional(NOTE)


@strawberry.input(description="Which department shall work along: read and comment.")
class ComplaintAddCollaboratorInput(ComplaintInput):
    department: strawberry.ID = said("The department.")
    note: str | None = optional(NOTE)


@strawberry.input(description="Which department no longer works along.")
class ComplaintReleaseCollaboratorInput(ComplaintInput):
    department: strawberry.ID = said("The department.")
    reason: str | None = optional("Why.")


@strawberry.input(description="Give the case back to the private office.")
class ComplaintReturnInput(ComplaintInput):
    reason: str = said("Why it is not the department's.")


@strawberry.input(description="Put the case on hold. The clock of the law runs on.")
class ComplaintWaitInput(ComplaintInput):
    for_: ComplaintWaitingFor = said("What it waits for.", name="for")
    note: str | None = optional(NOTE)


@strawberry.input(description="What was waited for is there.")
class ComplaintResumeInput(ComplaintInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="The reply in the making; a second draft replaces the first.")
class ComplaintDraftInput(ComplaintInput):
    body: str = said("The text, without salutation.")
    means: NoticeMeans | None = optional(MEANS)


@strawberry.input(description="The reply goes back to the department.")
class ComplaintSendBackInput(ComplaintInput):
    reason: str = said("What is to be changed.")


@strawberry.input(description="Send the approved reply.")
class ComplaintSendInput(ComplaintInput):
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)


@strawberry.input(description="Tell the citizen how far the matter is; the result is then owed (3071 m.7).")
class ComplaintNotifyProgressInput(ComplaintInput):
    body: str = said("The text, without salutation.")
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)


@strawberry.input(description="Write to the citizen beside the reply.")
class ComplaintMessageInput(ComplaintInput):
    body: str = said("The text, without salutation.")
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)


@strawberry.input(description="Add an internal note.")
class ComplaintCommentInput(ComplaintInput):
    body: str = said("The note.")


@strawberry.input(description="Extend the limit to thirty working days (4982 m.11).")
class ComplaintExtendInput(ComplaintInput):
    reason: str = said("The reason, which the applicant is told.")
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)


@strawberry.input(description="Ask for the fee of an information request; the clock stops (4982 m.10).")
class ComplaintAskFeeInput(ComplaintInput):
    amount: Decimal = said("In lira.")
    body: str | None = optional("How to pay.")
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)


@strawberry.input(description="The fee was paid; the clock runs again.")
class ComplaintRecordFeeInput(ComplaintInput):
    paid_on: dt.date | None = optional("The local day of payment, if it was not today.")


@strawberry.input(description="Sent on to the body whose business it is (3071 m.5).")
class ComplaintForwardInput(ComplaintInput):
    to: strawberry.ID = said("The body.")
    number: str | None = optional("The number of the letter; required for a public body.")
    on: dt.date | None = optional("The local day, if it was not today.")


@strawberry.input(description="Tell the citizen where the case went (3071 m.5).")
class ComplaintInformForwardedInput(ComplaintInput):
    body: str | None = optional("What is added to the standing text.")
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)


@strawberry.input(description="Close the case.")
class ComplaintCloseInput(ComplaintInput):
    outcome: ComplaintOutcome | None = optional("How it ended; needless after a forwarding.")
    note: str | None = optional(NOTE)
    is_partial: bool | None = optional("Under Law 4982: given after parts were taken out or separated (m.9).")
    grounds: list[InformationRefusalGround] | None = optional(
        "Under Law 4982: why it was refused, wholly or in part."
    )


@strawberry.input(description="The citizen takes it back.")
class ComplaintWithdrawInput(ComplaintInput):
    note: str | None = optional(NOTE)


@strawberry.input(description="The same matter as an earlier case.")
class ComplaintMarkDuplicateInput(ComplaintInput):
    of: strawberry.ID = said("The case that carries on.")
    note: str | None = optional(NOTE)
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)
    untold_reason: str | None = optional(UNTOLD_REASON)


@strawberry.input(description="A matter of the application that becomes a case of its own.")
class ComplaintSplitInput(ComplaintInput):
    subject: str = said("What the new case is about, in a line.")
    body: str | None = optional("What of the application concerns it.")
    category: strawberry.ID | None = optional("What it is about.")
    department: strawberry.ID | None = optional("To which department it goes at once.")


@strawberry.input(description="Not to be examined, for a reason of 3071 m.6.")
class ComplaintMarkNotExaminableInput(ComplaintInput):
    reason: NotExaminableReason = said("The reason, which the citizen is told.")
    note: str | None = optional(NOTE)
    body: str | None = optional("What is added for the citizen.")
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)
    untold_reason: str | None = optional(UNTOLD_REASON)


@strawberry.input(description="Refuse what is asked.")
class ComplaintRejectInput(ComplaintInput):
    reason: str = said("The reason, which the citizen is told.")
    means: NoticeMeans | None = optional(MEANS)
    proof: str | None = optional(PROOF)
    told_on: dt.date | None = optional(TOLD_ON)
    untold_reason: str | None = optional(UNTOLD_REASON)
    grounds: list[InformationRefusalGround] | None = optional("Under Law 4982: why, by its articles.")


@strawberry.input(
    description="An objection to how access was decided (4982 m.13), and its result once it is known."
)
class ComplaintContestInput(ComplaintInput):
    contested_on: dt.date = said("The local day on which it was made.")
    contested_at: InformationContestedAt = said("Where.")
    contest_result: InformationContestResult | None = optional("What was decided there.")
    contest_ended_on: dt.date | None = optional("The local day of that decision.")
    note: str | None = optional(NOTE)


@strawberry.input(description="Take an ended case up again under its number.")
class ComplaintReopenInput(ComplaintInput):
    reason: str = said("Why.")


@strawberry.input(description="Tags to put on and to take off.")
class ComplaintTagInput(ComplaintInput):
    add: list[str] | None = optional("Tags to put on.")
    remove: list[str] | None = optional("Tags to take off.")


@strawberry.input(description="Let one person read this one case and comment on it.")
class ComplaintShareInput(ComplaintInput):
    user: strawberry.ID = said("The member of staff.")
    valid_until: dt.date | None = optional("The last day.")
    reason: str | None = optional("Why.")


@strawberry.input(description="Stop sharing with a person.")
class ComplaintUnshareInput(ComplaintInput):
    user: strawberry.ID = said("The member of staff.")


@strawberry.input(
    description="A new case, as the citizen brings it. Nothing is refused for want of form (TCK 121)."
)
class ComplaintRegisterInput:
    kind: ComplaintKind = said("What the citizen brings.")
    channel: ComplaintChannel = said("How it came.")
    subject: str = said("What it is about, in a line.")
    body: str | None = optional("What was said or written.")
    regime: ComplaintRegime | None = optional("The law it runs under; by default from kind and channel.")
    matter: ComplaintMatter | None = optional("What is asked for, where the law has two limits.")
    priority: ComplaintPriority | None = optional("How urgent it is.")
    category: strawberry.ID | None = optional("What it is about.")
    neighbourhood: strawberry.ID | None = optional("The neighbourhood.")
    place: str | None = optional("The street part of the address.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")
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


@strawberry.enum(description="What may be done to many cases at once.")
class ComplaintBulkVerb(enum.Enum):
    ROUTE = strawberry.enum_value(Verb.ROUTE.value, description="Route (tr: havale et).")
    CLOSE = strawberry.enum_value(Verb.CLOSE.value, description="Close (tr: kapat).")
    TAG = strawberry.enum_value(Verb.TAG.value, description="Put on and take off tags (tr: etiketle).")


@strawberry.input(description="One verb for many cases.")
class ComplaintsBulkInput:
    ids: list[strawberry.ID] = said("The cases, at most 500.")
    verb: ComplaintBulkVerb = said("What is to be done to each.")
    to: strawberry.ID | None = optional("ROUTE: the department that becomes responsible.")
    outcome: ComplaintOutcome | None = optional("CLOSE: how they ended.")
    add: list[str] | None = optional("TAG: tags to put on.")
    remove: list[str] | None = optional("TAG: tags to take off.")
    note: str | None = optional(NOTE)
