"""Approved phrases for the texts of a case, with what the case fills in."""

from __future__ import annotations

from typing import Annotated

import strawberry

from backend.complaints.models import Complaint
from backend.letters.wording import OF_CASES
from permissions.core import scope
from permissions.letters.case_phrases import offered
from schema.core.nodes import must_load
from schema.letters.phrases import LetterPhrasePart

PURPOSE = "GraphQL: phrases of a case"


@strawberry.type(description="An approved phrase, with the facts of a case in its places (kalıp ifade).")
class ComplaintPhrase:
    code: str = strawberry.field(description="Its name in the library.")
    text: str = strawberry.field(
        description="The text to be put in; its mark, as `{{yer}}`, stays where the case says nothing."
    )


@strawberry.type
class ComplaintPhraseQueries:
    @strawberry.field(
        description="The approved phrases for a text of this case: of its subject and department first (at most 50)."
    )
    def complaint_phrases(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The case.")],
        part: Annotated[
            LetterPhrasePart, strawberry.argument(description="For which text: REPLY, MESSAGE or NOTE.")
        ],
    ) -> list[ComplaintPhrase]:
        scope.require_viewer()
        case = must_load(Complaint, id, "id")
        found = offered(case, part, PURPOSE) if part in OF_CASES else []
        return [ComplaintPhrase(code=one.code, text=one.text) for one in found]
