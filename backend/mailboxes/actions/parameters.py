"""What several actions ask for in the same words."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.journal.action_table import Field

LONGEST_BODY = 20_000
Subject = Annotated[
    str, Field(_("Subject"), api="What it is about; left out, the subject of the mail.", max_length=200)
]
Body = Annotated[
    str,
    Field(
        _("Text"),
        api="What the sender says; left out, what they wrote in the mail.",
        rows=10,
        max_length=LONGEST_BODY,
    ),
]
Applicant = Annotated[
    Citizen | None,
    Field(
        _("Person on record"),
        api="The record of the sender. Left out, one is made of their name and address.",
        help=_("Leave it empty for a person who is not on record yet."),
    ),
]
FirstName = Annotated[str, Field(_("First name"), api="Of a sender without a record.", max_length=80)]
LastName = Annotated[str, Field(_("Surname"), api="Of a sender without a record.", max_length=80)]
