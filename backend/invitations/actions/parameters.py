"""What several actions ask for, as people and programs are asked for it."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.invitations.choices import DeliveryMethod
from backend.journal.action_table import Field

Reason = Annotated[
    str,
    Field(
        _("Reason"),
        api="Why; needed where an earlier decision is changed. The host does not read it.",
        help=_("Stays in the house; the host does not read it."),
        rows=2,
    ),
]
ChosenMeans = Annotated[
    str,
    Field(
        _("How they are notified"),
        api="How the host is notified; by default by e-mail where there is an address.",
        empty=_("by e-mail, if there is an address"),
    ),
    DeliveryMethod,
]
Body = Annotated[
    str,
    Field(
        _("To be added to the text"),
        api="What is added to the standing text that the host reads.",
        help=_("The text itself is ready: look at it with “Preview”."),
        rows=3,
    ),
]
TravelMinutes = Annotated[int | None, Field(_("Travel in minutes"), api="The way there and back, each.")]
AcceptUnusual = Annotated[
    bool,
    Field(
        _("I know; at this time all the same"),
        api="It is meant, though it is unusual: a holiday, a half day, outside working hours, the daily maximum.",
    ),
]
Note = Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)]
