"""The notice that the citizen would get: a dry run of the verb, with the input of its mutation."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from backend.complaints.models import Complaint as Row
from backend.complaints.moves import complaint_action
from permissions.complaints import persons
from permissions.core import scope
from schema.core.action_mutations import VERB_MUTATIONS, one_of
from schema.core.nodes import key_of
from schema.core.results import Payload, run_mutation

ComplaintTellingInput = one_of(
    "ComplaintTellingInput",
    complaint_action,
    "One verb that tells the citizen, with the input of its mutation.",
)


@strawberry.type(description="A message exactly as it would be sent. Nothing is done.")
class ComplaintMessagePreview(Payload):
    subject: str | None = strawberry.field(
        description="The subject line; null if nothing would be sent.", default=None
    )
    body: str | None = strawberry.field(
        description="The whole text; null if nothing would be sent.", default=None
    )


def _previewed(input: Any) -> dict[str, Any]:
    scope.require_viewer()
    complaint = scope.get(Row, key_of(Row, input.id), field="id")
    with persons.collect_messages(complaint) as run:
        VERB_MUTATIONS[type(input)].run(input, dry_run=run)
    return {"subject": run.letters[-1].subject, "body": run.letters[-1].body} if run.letters else {}


@strawberry.type
class PreviewQueries:
    @strawberry.field(
        description="What the citizen would be sent, exactly; refused where the mutation would be refused."
    )
    def complaint_message_preview(
        self,
        of: Annotated[
            ComplaintTellingInput,
            strawberry.argument(description="The text of the notice, and how it is sent."),
        ],
    ) -> ComplaintMessagePreview:
        fields = next(value for value in vars(of).values() if value)
        return run_mutation(ComplaintMessagePreview, lambda: _previewed(fields))
