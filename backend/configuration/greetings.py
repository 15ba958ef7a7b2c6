"""The settings of greetings."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.configuration.kinds import Several, Whole
from backend.configuration.sections import CHANNELS


class GreetingSettings:
    """A part of `office.Office`."""

    GREETING_BEREAVED_DAYS: Annotated[
        int,
        Whole(
            section="greetings",
            label=_("Days for which the bereaved are greeted by decision only"),
            most=365,
        ),
    ]
    GREETING_CONSENT_CHANNELS: Annotated[
        list[str],
        Several(section="greetings", label=_("Ways that need the person's consent"), choices=CHANNELS),
    ]
