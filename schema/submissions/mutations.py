"""What is done to submissions: sent in and confirmed by anybody, accepted and rejected by the office."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.portals.models import Scope
from backend.submissions.models import Submission as Row
from backend.submissions.moves import submission_action
from permissions.portals import access as portals
from permissions.submissions import public
from schema.complaints.types import ComplaintKind
from schema.core.action_mutations import action_mutations
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional, required
from schema.submissions.types import Submission


@strawberry.input(description="Who sends it, and how they are reached.")
class SubmissionContactInput:
    first_name: str = required("Given name.")
    last_name: str | None = optional("Surname. A petition needs it (3071 m.4).")
    phone: str | None = optional("Telephone number, in any spelling; this or an e-mail address is needed.")
    email: str | None = optional("E-mail address: the code is sent there.")
    postal_address: str | None = optional("Postal address. A petition needs it (3071 m.4).")


@strawberry.input(description="A submission of a person without an account.")
class SubmissionFileInput:
    kind: ComplaintKind = required("What is brought.")
    subject: str = required("What it is about, in a line.")
    text: str | None = optional("What the sender says, at most 10,000 letters.")
    contact: SubmissionContactInput | None = optional(
        "Who sends it. Only a portal (SUBMIT) leaves it out: what wants a service needs no name, and is a case at once."
    )
    category: str | None = optional("The code of a category of `publicCategories`.")
    neighbourhood: str | None = optional("The code of a neighbourhood of `publicNeighbourhoods`.")
    place: str | None = optional("The street part of the address.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")
    place_code: str | None = optional("The code of the sticker that was scanned (`publicPlace`).")
    privacy_notice: str | None = optional(
        "The code of the `publicPrivacyNotice` that was shown; needed with `contact`."
    )
    identity_hidden: bool | None = optional("The sender wishes to stay unknown to the departments.")
    files: str | None = optional(
        "What a portal (SUBMIT) calls the files that it brought to `/files/portal/submissions/` before."
    )


@strawberry.type(description="That it was received.")
class SubmissionFilePayload(Payload):
    received_at: dt.datetime | None = strawberry.field(
        description="The moment of receipt, which stays the case's.", default=None
    )
    is_code_sent: bool | None = strawberry.field(
        description="Whether a code is on its way to the sender; otherwise the office looks at it.",
        default=None,
    )
    reference: str | None = strawberry.field(
        description="The number of the case, where it became one at once.", default=None
    )
    tracking_code: str | None = strawberry.field(description="With this that case is followed.", default=None)
    is_repeated: bool | None = strawberry.field(
        description="The same was sent within the hour: nothing was sent or registered anew.", default=None
    )
    receipt: str | None = strawberry.field(
        description="With this another code is asked for within an hour (`portalSubmissionCode`); null if nameless.",
        default=None,
    )


@strawberry.input(description="The code did not come, or the address is another one.")
class PortalSubmissionCodeInput:
    receipt: str = required("The `receipt` of `submissionFile`.")
    email: str | None = optional("Another e-mail address; left out, the code goes where the former one went.")
    phone: str | None = optional("Another telephone number, in any spelling.")


@strawberry.type(description="That another code is on its way; the former one works no longer.")
class PortalSubmissionCodePayload(Payload):
    pass


@strawberry.input(description="The code that the sender was sent.")
class SubmissionConfirmInput:
    code: str = required("The code, such as 7G2K-0QXM-4TBN.")


@strawberry.type(description="The receipt handed to the sender.")
class SubmissionConfirmPayload(Payload):
    reference: str | None = strawberry.field(description="The number of the case.", default=None)
    tracking_code: str | None = strawberry.field(description="With this the case is followed.", default=None)


@strawberry.type(description="The submission, as the viewer sees it afterwards.")
class SubmissionPayload(Payload):
    submission: Submission | None = refetched_row(Row, "The submission; null if nothing was done.")


def _file(input: SubmissionFileInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "contact").items() if value is not None}
    received = public.file(contact=values(input.contact) if input.contact else None, **fields)
    return {
        "received_at": received.received_at,
        "is_code_sent": received.is_code_sent,
        "reference": received.reference or None,
        "tracking_code": received.tracking_code or None,
        "is_repeated": received.is_repeated,
        "receipt": received.receipt or None,
    }


def _code(input: PortalSubmissionCodeInput) -> dict[str, Any]:
    portals.account(Scope.SUBMIT)
    asked = {name: value or "" for name, value in values(input).items()}
    public.send_code_again(**asked)
    return {}


def _confirm(input: SubmissionConfirmInput) -> dict[str, Any]:
    registered = public.confirm(cleaned(input.code))
    return {"reference": registered.reference, "tracking_code": registered.tracking_code}


@strawberry.type
class SubmissionMutations:
    @strawberry.mutation(
        description="For anybody, without a token: send something in. It waits until the sender confirms it with the"
        " code that they are sent, or the office accepts it."
    )
    def submission_file(self, input: SubmissionFileInput) -> SubmissionFilePayload:
        return run_mutation(SubmissionFilePayload, lambda: _file(input))

    @strawberry.mutation(
        description="For a portal (SUBMIT): send another code for what waits for one, also to another address. At most"
        " three an hour."
    )
    def portal_submission_code(self, input: PortalSubmissionCodeInput) -> PortalSubmissionCodePayload:
        return run_mutation(PortalSubmissionCodePayload, lambda: _code(input))

    @strawberry.mutation(
        description="For anybody, without a token: confirm what was sent in. It is registered with its day of receipt."
    )
    def submission_confirm(self, input: SubmissionConfirmInput) -> SubmissionConfirmPayload:
        return run_mutation(SubmissionConfirmPayload, lambda: _confirm(input))


SubmissionActions = action_mutations(
    "Submission", submission_action, Row, SubmissionPayload, row="The submission."
)
