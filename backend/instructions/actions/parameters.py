"""What several actions ask for, as people and programs are asked for it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import Field

Reason = Annotated[str, Field(_("Reason"), api="Why.", rows=3)]
Note = Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)]
DueOn = Annotated[
    dt.date | None,
    Field(
        _("New last day"),
        api="A new day by which it is to be done, later than the present one.",
        help=_("Empty: the date stays."),
    ),
]
