"""What several actions ask for, as people and programs are asked for it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import DeclineGround, DeliveryMethod, Outcome
from backend.journal.action_table import Field
from backend.organization.models import Department, User

AUTOMATIC = _("by e-mail, if there is an address")
BY_ITSELF = _("by e-mail or SMS, else to be called")

ToldBy = Annotated[
    str,
    Field(
        _("How they are notified"),
        api="How the applicant is notified; by default by e-mail where there is an address.",
        empty=AUTOMATIC,
    ),
    DeliveryMethod,
]
ByItself = Annotated[
    str,
    Field(
        _("How they are notified"),
        api="How the applicant is notified; by default by e-mail, else by SMS where there is a gateway, else not yet:"
        " then they are among those to be called.",
        empty=BY_ITSELF,
    ),
    DeliveryMethod,
]
MaybeToldBy = Annotated[
    str,
    Field(
        _("How they are notified"), api="How the applicant is notified; default not at all.", empty=AUTOMATIC
    ),
    DeliveryMethod,
]
Addition = Annotated[
    str,
    Field(
        _("To be added to the text"),
        api="What is added to the standing text that the applicant reads.",
        help=_("The text itself is ready: look at it with “Preview”."),
        rows=3,
    ),
]
Note = Annotated[str, Field(_("Note"), api="A remark for the story.", rows=3)]
NoteForThem = Annotated[str, Field(_("Note for them"), api="A remark for the story.", rows=2)]
InternalReason = Annotated[
    str,
    Field(
        _("Reason"),
        api="Why; the applicant does not read it.",
        help=_("Stays in the house; the applicant reads the courteous text only."),
        rows=2,
    ),
]
InternalNote = Annotated[
    str,
    Field(
        _("Note of the house"),
        api="What else is to be known; the applicant does not read it.",
        help=_("Stays in the house; the applicant does not read it."),
        rows=2,
    ),
]
ToldGround = Annotated[
    str,
    Field(
        _("Reason that the applicant reads"),
        api="Why, as the applicant reads it.",
        why=_("Each reason has a courteous sentence of its own: look at it with “Preview”."),
    ),
    DeclineGround,
]
AcceptUnusual = Annotated[
    bool,
    Field(
        _("Give this time all the same"),
        api="It is meant, though it is unusual: a holiday, a half day, outside working hours, the daily maximum.",
        why=_(
            "A holiday, the afternoon before one, an hour outside office hours and a full day are asked for once."
        ),
        law="2429, 657 m. 99",
    ),
]
StartsAt = Annotated[
    dt.datetime,
    Field(
        _("Day and time"),
        api="When it begins; without an offset local time.",
        help=_("For example: Thursday 10:30"),
    ),
]
VisitAt = Annotated[
    dt.datetime | None,
    Field(_("At (hour and minute)"), api="At which of its times; default the first free one."),
]
WhatCameOfIt = Annotated[str, Field(_("Outcome"), api="What came of it."), Outcome]
ResultNote = Annotated[str, Field(_("What came of it"), api="What came of it.", rows=3)]

PromisedText = Annotated[
    str, Field(_("What was promised"), api="What was promised; at most 500 letters.", rows=2, max_length=500)
]
PromisedUntil = Annotated[
    dt.date,
    Field(
        _("Until when"),
        api="Until when.",
        why=_(
            "Those who are to keep it are reminded before and after this day, until it is kept or cancelled."
        ),
    ),
]
KeptByDepartment = Annotated[
    Department | None,
    Field(
        _("Responsible department"),
        api="The department that is to keep it.",
        empty=_("the private office itself"),
    ),
]
KeptByPerson = Annotated[
    User | None,
    Field(
        _("Responsible person"),
        api="The person who is to keep it; without both the office itself.",
        empty=_("none"),
    ),
]
WhyPromise = Annotated[str, Field(_("Reason"), api="Why.", rows=2)]
