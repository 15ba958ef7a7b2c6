"""GraphQL API of privacy notices (aydınlatma): versions, and the one shown for a record."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.contacts import models, privacy
from permissions.core import scope
from permissions.core.scope import Action
from schema.contacts.privacy_types import PrivacyNotice, PrivacyPurpose
from schema.contacts.types import Language
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import optional, required

NEWEST = Keyset("notice", "valid_from", dt.date, descending=True)


Purpose = Annotated[PrivacyPurpose | None, strawberry.argument(description="Only for this purpose.")]
InForce = Annotated[
    bool, strawberry.argument(description="Only what is to be shown today: one a purpose and language.")
]


@strawberry.type
class PrivacyQueries:
    @connection_field(description="The privacy notices, the newest first; all versions or those in force.")
    def privacy_notices(
        self, info: strawberry.Info, page: Page, purpose: Purpose = None, in_force: InForce = False
    ) -> Connection[PrivacyNotice]:
        rows: Any = models.PrivacyNotice.objects.all()
        rows = rows.in_force() if in_force else rows
        rows = rows if purpose is None else rows.filter(purpose=purpose.value)
        return listed(rows, NEWEST, page, info)


@strawberry.type(description="The new version.")
class PrivacyNoticePayload(Payload):
    privacy_notice: PrivacyNotice | None = refetched_row(
        models.PrivacyNotice, "The version; null if nothing was done."
    )


@strawberry.input(description="The next version of a text. What it replaces stays as it is.")
class PrivacyNoticeWriteInput:
    purpose: PrivacyPurpose = required("For what the data is taken.")
    text: str = required("The text; an empty line between paragraphs.")
    valid_from: dt.date = required("The first day on which it is shown; not in the past.")
    source: str = required("Who approved it, with date and number.")
    language: Language | None = optional("The language of the text; default Turkish.")


def _write(input: PrivacyNoticeWriteInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input).items() if value is not None}
    with scope.elevated_for(models.PrivacyNotice, Action.REGISTER) as viewer:
        return {"key": privacy.new_version(by=viewer.user, **fields).key}


@strawberry.type
class PrivacyMutations:
    @strawberry.mutation(description="Write the next version of a privacy notice: the office.")
    def privacy_notice_write(self, input: PrivacyNoticeWriteInput) -> PrivacyNoticePayload:
        return run_mutation(PrivacyNoticePayload, lambda: _write(input))
