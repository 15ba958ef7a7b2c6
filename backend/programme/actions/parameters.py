"""What several actions ask for, as people and programs are asked for it."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import Field
from backend.programme.choices import Reach

Note = Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)]
AcceptUnusual = Annotated[
    bool,
    Field(
        _("I know; at this time all the same"),
        api="It is meant, though it is unusual: a holiday, a half day, outside working hours, the daily maximum.",
    ),
]
HowMuch = Annotated[
    str,
    Field(_("How much of the series"), api="How much of its series it is meant for; default this one."),
    Reach,
]
