"""What several actions ask for, as people and programs are asked for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO, Annotated

from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import (
    DeliveryMethod,
)
from backend.complaints.models import Attachment
from backend.journal.action_table import Field

ChosenMeans = Annotated[
    DeliveryMethod | None,
    Field(
        _("Means"),
        api="How the citizen is notified; by default in CİMER what came through it, else by e-mail where there is an"
        " address.",
        empty=_("in CİMER if it came from there, else by e-mail if there is an address"),
        why=_(
            "A reply is given in writing: by e-mail, letter, SMS or in CİMER. What is said on the telephone is recorded"
            " with who was spoken to and when."
        ),
        law="3071 m. 7, 4982 m. 12",
    ),
]
MeansOfMessage = Annotated[
    DeliveryMethod | None,
    Field(
        _("Means"),
        api="How it goes; by default as the citizen wrote last, else in CİMER what came through it, else by e-mail"
        " where there is an address.",
        empty=_("as the citizen wrote last, else by e-mail if there is an address"),
    ),
]
Proof = Annotated[
    str,
    Field(
        _("Proof"),
        api="What proves it: who was notified, or the number of the delivery.",
        help=_("Who was notified and when, or the number of the delivery."),
        when=_("except for e-mail and SMS"),
        why=_(
            "From the day of notification the terms for objection and lawsuit run: what proves it decides them."
        ),
        law="4982 m. 13, 2577 m. 7",
        max_length=200,
    ),
]
SendAt = Annotated[
    dt.datetime | None,
    Field(
        _("Send later"),
        api="The moment at which it leaves by e-mail or SMS, at most thirty days away and not after the legal date;"
        " default now. It can be taken back until then.",
        help=_("Empty: now. By e-mail and SMS only; until then it can be taken back."),
    ),
]
ToldOn = Annotated[
    dt.date | None,
    Field(
        _("Notified on"),
        api="The local day on which the citizen was notified, if it was not today.",
        help=_("Empty: today."),
    ),
]
Note = Annotated[str, Field(_("Note"), api="A remark for the story; no citizen reads it.", rows=2)]
Enclosures = Annotated[
    list[Attachment] | None,
    Field(
        _("Files of the case that go with it"),
        api="Files of the case that go with the reply; left out or null: those of the draft stay.",
    ),
]
NewFiles = Annotated[Sequence[IO[bytes]], Field(_("New files"))]
AcceptInternal = Annotated[
    bool,
    Field(
        _("Send the applicant files that only the house knew"),
        api="Send the applicant files that only the house knew; without it they give UNUSUAL.",
    ),
]
UntoldReason = Annotated[
    str,
    Field(
        _("Why no notice was possible"),
        api="Why no notice was possible: anonymous, or nothing to reach them by. Only then.",
        help=_("Only if the applicant is anonymous or there is nothing to reach them by."),
        why=_("Every applicant is owed an answer: why there is none has to be seen in the file."),
        law="3071 m. 7",
        max_length=300,
    ),
]
