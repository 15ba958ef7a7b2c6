"""What the citizen would be told: the verb is rehearsed as the mutation would say it, and taken back."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from backend.complaints.models import Complaint as Row
from permissions.complaints import persons
from permissions.core import scope
from schema.complaints import inputs
from schema.complaints.mutations import SAYINGS
from schema.core.nodes import key_of
from schema.core.results import Payload, answered


@strawberry.input(one_of=True, description="One verb that tells the citizen, with the input of its mutation.")
class ComplaintTellingInput:
    draft: inputs.ComplaintDraftInput | None = inputs.optional("The reply as it will be sent one day.")
    send: inputs.ComplaintSendInput | None = inputs.optional("The approved reply.")
    message: inputs.ComplaintMessageInput | None = inputs.optional("A message beside the reply.")
    notify_progress: inputs.ComplaintNotifyProgressInput | None = inputs.optional("How far the matter is.")
    extend: inputs.ComplaintExtendInput | None = inputs.optional("The notice of the extended limit.")
    ask_fee: inputs.ComplaintAskFeeInput | None = inputs.optional("The notice of the fee.")
    inform_forwarded: inputs.ComplaintInformForwardedInput | None = inputs.optional("Where the case went.")
    mark_duplicate: inputs.ComplaintMarkDuplicateInput | None = inputs.optional(
        "That it repeats an earlier case."
    )
    mark_not_examinable: inputs.ComplaintMarkNotExaminableInput | None = inputs.optional(
        "That it cannot be examined."
    )
    reject: inputs.ComplaintRejectInput | None = inputs.optional("That it is refused.")


@strawberry.type(description="A message exactly as it would be sent. Nothing is done.")
class ComplaintMessagePreview(Payload):
    subject: str | None = strawberry.field(
        description="The subject line; null if nothing would be sent.", default=None
    )
    body: str | None = strawberry.field(
        description="The whole text; null if nothing would be sent.", default=None
    )


def _rehearsed(input: Any) -> dict[str, Any]:
    scope.require_viewer()
    complaint = scope.get(Row, key_of(Row, input.id), field="id")
    with persons.rehearsing(complaint) as letters:
        SAYINGS[type(input)].to(input)
    return {"subject": letters[-1].subject, "body": letters[-1].body} if letters else {}


@strawberry.type
class PreviewQueries:
    @strawberry.field(
        description="What the citizen would be sent, exactly; refused where the mutation would be refused."
    )
    def complaint_message_preview(
        self,
        of: Annotated[ComplaintTellingInput, strawberry.argument(description="What is to be said, and how.")],
    ) -> ComplaintMessagePreview:
        said = next(value for value in vars(of).values() if value)
        return answered(ComplaintMessagePreview, lambda: _rehearsed(said))
