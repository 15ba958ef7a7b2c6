"""Files before anything is sent in, for portals: brought by HTTP, looked at and removed here."""

from __future__ import annotations

import base64
from typing import Annotated, Any

import strawberry

from backend.core.validation import is_key
from backend.portals.models import Scope
from backend.submissions.models import SubmissionFile
from permissions.portals import access as portals
from permissions.submissions import brought
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned
from schema.core.verbs import required

BUNDLE = "What you call the files: a random text of your own, of 22 letters at least. It is the key to them."


@strawberry.type(description="A file that was brought and not sent in yet.")
class PortalBroughtFile:
    row: strawberry.Private[SubmissionFile]
    token: str = strawberry.field(description="By which it is removed.")
    name: str = strawberry.field(description="Its name.")
    content_type: str = strawberry.field(description="What it is, read from its content.")
    size: int = strawberry.field(description="In bytes.")

    @strawberry.field(description="A small JPEG of a picture in Base64; null for other files.")
    def thumbnail(self) -> str | None:
        small = brought.thumbnail(self.row)
        return None if small is None else base64.b64encode(small).decode()


@strawberry.type
class PortalBroughtQueries:
    @strawberry.field(
        description="For a portal (SUBMIT): the files of a bundle that were brought to `/files/portal/submissions/` and"
        " not sent in yet, in the order in which they came. What nothing is sent in with is deleted after a day."
    )
    def portal_brought_files(
        self,
        bundle: Annotated[str, strawberry.argument(description=BUNDLE)],
        token: Annotated[str | None, strawberry.argument(description="Only the file of this token.")] = None,
    ) -> list[PortalBroughtFile]:
        account = portals.account(Scope.SUBMIT)
        if token is not None and not is_key(token):
            return []
        rows = brought.waiting(cleaned(bundle), by=account, key=token or "")
        return [
            PortalBroughtFile(
                row=row, token=str(row.key), name=row.name, content_type=row.content_type, size=row.size
            )
            for row in rows
        ]


@strawberry.input(description="The citizen does not want to send this file.")
class PortalBroughtFileRemoveInput:
    bundle: str = required(BUNDLE)
    token: str = required("The `token` of the file.")


@strawberry.type(description="That the file is not there any more.")
class PortalBroughtFileRemovePayload(Payload):
    pass


def _remove(input: PortalBroughtFileRemoveInput) -> dict[str, Any]:
    account = portals.account(Scope.SUBMIT)
    if is_key(input.token):
        brought.remove(cleaned(input.bundle), input.token, by=account)
    return {}


@strawberry.type
class PortalBroughtMutations:
    @strawberry.mutation(description="For a portal (SUBMIT): delete a file that was brought and not sent in.")
    def portal_brought_file_remove(
        self, input: PortalBroughtFileRemoveInput
    ) -> PortalBroughtFileRemovePayload:
        return run_mutation(PortalBroughtFileRemovePayload, lambda: _remove(input))
