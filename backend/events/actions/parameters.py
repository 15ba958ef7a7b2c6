"""What actions ask for, as people and programs are asked for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, TypedDict

from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import Field
from backend.organization.models import Department, User

MOST_COMPANIONS = 50

Note = Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)]
Reason = Annotated[str, Field(_("Reason"), api="Why.", rows=2)]

Supplier = Annotated[str | None, Field(_("Supplier"), api="Who supplies it.", max_length=160)]
Quantity = Annotated[int | None, Field(_("Quantity"), api="How many.", min_value=1)]
PlannedCost = Annotated[
    Decimal | None, Field(_("Planned cost (TL)"), api="What it is to cost, in lira.", min_value=0)
]
ActualCost = Annotated[
    Decimal | None, Field(_("Actual cost (TL)"), api="What it cost, in lira.", min_value=0)
]
TaskDepartment = Annotated[
    Department | None, Field(_("Department"), api="The department that does it.", empty=_("none"))
]
TaskPerson = Annotated[
    User | None, Field(_("Responsible person"), api="The person who does it.", empty=_("none"))
]
Minded = Annotated[str | None, Field(_("Note"), api="What is to be minded.", max_length=300)]


class CorrectGuestFields(TypedDict, total=False):
    title: Annotated[
        str,
        Field(
            _("Office or title"),
            api="Their office or title; it stays when the groups are read anew.",
            max_length=160,
        ),
    ]
    organisation: Annotated[str, Field(_("Organisation"), api="Their organisation.", max_length=160)]
    delegation: Annotated[
        str, Field(_("Delegation"), api="The delegation with which they come.", max_length=120)
    ]
    rank: Annotated[
        int,
        Field(
            _("Place in the order of precedence"),
            api="Their place in the order of precedence.",
            why=_("The rank belongs to the office, not to the person; 1 is the highest."),
            min_value=1,
        ),
    ]
    is_vip: Annotated[bool, Field(_("Received by the protocol"), api="Received by the protocol.")]
    with_spouse: Annotated[bool, Field(_("With spouse"), api="Invited with their spouse.")]
    companions_allowed: Annotated[
        int,
        Field(
            _("Companions at most"),
            api="How many companions they may bring.",
            min_value=0,
            max_value=MOST_COMPANIONS,
        ),
    ]
    office_note: Annotated[str, Field(_("Note of the office"), api="A note of the office.", max_length=300)]
