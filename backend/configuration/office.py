"""The settings of the office: what there is to set, and what is in force.

`configured.MUNICIPALITY_NAME` is what Bilgi İşlem wrote in the page of settings, else what the installation begins with
(`backend/office_defaults.py`). To add a setting: a line there, one here, and one in `docs/operation.md`; form, API and
history follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Any, get_type_hints

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.configuration import memory
from backend.configuration.greetings import GreetingSettings
from backend.configuration.kinds import (
    Clock,
    Colour,
    Flag,
    Kind,
    Mail,
    Map,
    Phone,
    Picture,
    Rectangle,
    Sender,
    Several,
    Spot,
    Text,
    Tiles,
    Web,
    Whole,
)
from backend.configuration.kinds import dialled as dialled
from backend.configuration.router import RouterSettings
from backend.configuration.sections import MOMENTS

_shown: ContextVar[Mapping[str, Any] | None] = ContextVar("shown settings", default=None)


class Office(RouterSettings, GreetingSettings):
    """Each setting is an attribute; its annotation says what it is."""

    MUNICIPALITY_NAME: Annotated[
        str,
        Text(section="identity", label=_("Name of the municipality"), most=80, is_public=True),
    ]
    MUNICIPALITY_LEGAL_NAME: Annotated[
        str,
        Text(
            section="identity",
            label=_("Name in the head of letters"),
            help=_("As the regulation has it, such as “Sancaktepe Belediye Başkanlığı”."),
            most=100,
            is_public=True,
        ),
    ]
    OFFICE_NAME: Annotated[
        str, Text(section="identity", label=_("Name of the private office"), most=80, is_public=True)
    ]
    MUNICIPALITY_CREST: Annotated[
        str,
        Picture(
            section="look",
            label=_("Crest"),
            help=_("SVG or PNG, 400 kB at most. On white and on dark ground it should be seen alike."),
        ),
    ]
    MUNICIPALITY_COLOUR: Annotated[
        str,
        Colour(
            section="look",
            label=_("Main colour"),
            help=_("Headings and buttons: dark enough for white letters."),
            is_public=True,
        ),
    ]
    MUNICIPALITY_ACCENT: Annotated[
        str, Colour(section="look", label=_("Second colour"), help=_("Lines and edges."), is_public=True)
    ]
    MUNICIPALITY_PHONE: Annotated[
        str, Phone(section="contact", label=_("Telephone for citizens"), is_public=True)
    ]
    MUNICIPALITY_EMAIL: Annotated[
        str,
        Mail(
            section="contact",
            label=_("E-mail"),
            help=_("Answers to mails arrive here."),
            is_public=True,
        ),
    ]
    MUNICIPALITY_WEB: Annotated[str, Web(section="contact", label=_("Web address"), is_public=True)]
    MUNICIPALITY_KEP: Annotated[
        str,
        Mail(
            section="contact",
            label=_("KEP address"),
            like="belediye@hs01.kep.tr",
            is_required=False,
            is_public=True,
        ),
    ]
    MUNICIPALITY_ADDRESS: Annotated[
        str, Text(section="contact", label=_("Address"), most=160, is_public=True)
    ]
    MUNICIPALITY_PLACE: Annotated[
        str,
        Text(
            section="contact",
            label=_("Place"),
            help=_("The last line of an address, such as “Sancaktepe / İSTANBUL”."),
            most=60,
            is_public=True,
        ),
    ]
    HOUSE_ROOMS: Annotated[
        str,
        Text(
            section="contact",
            label=_("Rooms of the house"),
            help=_(
                "With commas between. A place that begins with one of them is given with the address above."
            ),
            most=300,
            is_required=False,
        ),
    ]
    DISTRICT_BOX: Annotated[
        str,
        Rectangle(
            section="contact",
            label=_("Bounds of the district"),
            help=_(
                "West, south, east and north in degrees. They tell points outside the district while no outlines of the"
                " neighbourhoods are on record; empty: no point is outside."
            ),
            is_required=False,
        ),
    ]
    MAP_URL: Annotated[
        str,
        Map(
            section="contact",
            label=_("Map for computers"),
            help=_(
                "Its address, with {where} for the place; its operator learns the place when a link is pressed."
                " Telephones open their own map. Empty: no link."
            ),
            is_required=False,
        ),
    ]
    MAP_TILES: Annotated[
        str,
        Tiles(
            section="map",
            label=_("Background of the map"),
            help=_(
                "Squares with {z}, {x}, {y}, a file of PMTiles, or a WMS with “?layers=”; its operator learns what is"
                " looked at. Empty: our own register of streets, and nothing is asked outside."
            ),
            is_required=False,
            is_public=True,
        ),
    ]
    MAP_ATTRIBUTION: Annotated[
        str,
        Text(
            section="map",
            label=_("Whose background it is"),
            help=_("Shown on every map, as its operator asks for, such as “© OpenStreetMap”."),
            most=120,
            is_required=False,
            is_public=True,
        ),
    ]
    CREW_DEPOT: Annotated[
        str,
        Spot(
            section="map",
            label=_("Where crews set out"),
            help=_("Latitude and longitude. The order of visits begins there. Empty: where the phone is."),
            is_required=False,
        ),
    ]
    SENDER_NAME: Annotated[
        str,
        Text(
            section="messages",
            label=_("Sender of mails"),
            help=_("Empty: the municipality's name and “Özel Kalem”."),
            most=80,
            is_required=False,
        ),
    ]
    REPLY_MAILBOX: Annotated[
        str,
        Mail(
            section="messages",
            label=_("Mailbox for replies"),
            help=_(
                "Replies about an application, an appointment or a letter arrive there and are joined to it. A mailbox"
                " that is fetched and takes addresses with “+”. Empty: replies go to the e-mail address above."
            ),
            most=60,
            is_required=False,
        ),
    ]
    SMS_SENDER: Annotated[
        str,
        Sender(
            section="messages",
            label=_("Sender of text messages"),
            help=_("As it is registered with the operator: at most 11 capital letters and digits."),
        ),
    ]
    QUIET_FROM: Annotated[
        str,
        Clock(
            section="messages",
            label=_("Quiet hours of applicants begin"),
            first="17:00",
            help=_("Between 17.00 and 23.59."),
        ),
    ]
    QUIET_UNTIL: Annotated[
        str,
        Clock(
            section="messages",
            label=_("Quiet hours of applicants end"),
            like="08.00",
            first="05:00",
            last="09:59",
            help=_("Between 05.00 and 09.59."),
        ),
    ]
    NOTIFICATION_DAYS: Annotated[
        int,
        Whole(
            section="messages",
            label=_("Days for which a notification that was seen is kept"),
            least=7,
            most=730,
        ),
    ]
    APPLICANT_REMINDERS: Annotated[
        list[str],
        Several(section="reminders", label=_("Applicants are reminded of an appointment"), choices=MOMENTS),
    ]
    APPOINTMENT_NOTICE_HOURS: Annotated[
        int,
        Whole(
            section="reminders",
            label=_("Hours that a time an applicant chooses lies ahead at least"),
            most=720,
        ),
    ]
    LUNCH_FROM: Annotated[
        str,
        Clock(
            section="reminders",
            label=_("The lunch break begins"),
            like="12.00",
            first="11:00",
            last="14:00",
            help=_("Between 11.00 and 14.00."),
        ),
    ]
    LUNCH_UNTIL: Annotated[
        str,
        Clock(
            section="reminders",
            label=_("The lunch break ends"),
            like="13.00",
            first="11:30",
            last="15:00",
            help=_("Between 11.30 and 15.00."),
        ),
    ]
    LUNCH_IS_OFFERED: Annotated[
        bool,
        Flag(section="reminders", label=_("Applicants may choose a time within the lunch break")),
    ]
    TARGET_WARNING_DAYS: Annotated[
        int,
        Whole(section="reminders", label=_("Warning before the target date of an application"), most=30),
    ]
    LEGAL_WARNING_DAYS: Annotated[
        int, Whole(section="reminders", label=_("Warning before the legal date"), least=1, most=30)
    ]
    PROMISE_WARNING_DAYS: Annotated[
        int, Whole(section="reminders", label=_("Reminder before a promise is due"), most=30)
    ]
    INSTRUCTION_WARNING_DAYS: Annotated[
        int, Whole(section="reminders", label=_("Reminder before an instruction is due"), most=30)
    ]
    INSTRUCTION_UNSEEN_DAYS: Annotated[
        int,
        Whole(
            section="reminders",
            label=_("Reminder of an instruction that was not acknowledged, after"),
            least=1,
            most=30,
        ),
    ]
    WORK_FROM: Annotated[
        str,
        Clock(
            section="work",
            label=_("Working hours begin"),
            like="08.30",
            first="05:00",
            last="11:59",
            help=_("Between 05.00 and 11.59. Routing rules ask by them."),
        ),
    ]
    WORK_UNTIL: Annotated[
        str,
        Clock(
            section="work",
            label=_("Working hours end"),
            like="17.30",
            first="12:00",
            last="23:59",
            help=_("Between 12.00 and 23.59."),
        ),
    ]
    SERVICE_TARGET_DAYS: Annotated[
        int,
        Whole(section="work", label=_("Target of a request whose category has none"), least=1, most=90),
    ]
    HIGH_TARGET_DAYS: Annotated[
        int, Whole(section="work", label=_("Target at most, high priority"), least=1, most=90)
    ]
    URGENT_TARGET_DAYS: Annotated[
        int, Whole(section="work", label=_("Target at most, urgent"), least=1, most=90)
    ]
    RETURNS_BEFORE_OFFICE: Annotated[
        int,
        Whole(
            section="work",
            label=_("Returns after which the head of the office is informed"),
            least=1,
            most=20,
        ),
    ]
    HEAD_MAY_APPROVE: Annotated[
        bool,
        Flag(section="work", label=_("The head of a department may approve and send replies")),
    ]
    REOPEN_DAYS: Annotated[
        int,
        Whole(section="work", label=_("Days in which a closed application can be reopened"), most=365),
    ]
    FEE_GRACE_DAYS: Annotated[
        int,
        Whole(
            section="work",
            label=_("Days for a payment that the bank reports late"),
            help=_("After the last day to pay (Law 4982, m. 11)."),
            most=30,
        ),
    ]
    INSTRUCTION_NORMAL_DAYS: Annotated[
        int, Whole(section="work", label=_("Days for an instruction"), least=1, most=365)
    ]
    INSTRUCTION_HIGH_DAYS: Annotated[
        int,
        Whole(section="work", label=_("Days for an instruction of high priority"), least=1, most=365),
    ]
    INSTRUCTION_URGENT_DAYS: Annotated[
        int, Whole(section="work", label=_("Days for an urgent instruction"), least=1, most=365)
    ]

    def __getattr__(self, name: str) -> Any:
        """The value in force. AttributeError for what is no setting."""
        kind = DECLARED.get(name)
        if kind is None:
            raise AttributeError(name)
        shown = _shown.get()
        if shown is not None and name in shown:
            return shown[name]
        value = memory.stored().get(name)
        return default_of(name) if value is None else value

    def instruction_days(self, priority: str) -> int:
        """Working days for an instruction of this priority."""
        return int(getattr(self, f"INSTRUCTION_{priority}_DAYS"))

    @property
    def sender_name(self) -> str:
        """Who mails come from."""
        return self.SENDER_NAME or f"{self.MUNICIPALITY_NAME} Özel Kalem"

    @property
    def quiet_from(self) -> dt.time:
        return dt.time.fromisoformat(self.QUIET_FROM)

    @property
    def quiet_until(self) -> dt.time:
        return dt.time.fromisoformat(self.QUIET_UNTIL)

    @property
    def lunch(self) -> tuple[dt.time, dt.time]:
        """From when until when the lunch break is."""
        return dt.time.fromisoformat(self.LUNCH_FROM), dt.time.fromisoformat(self.LUNCH_UNTIL)

    @property
    def home(self) -> str:
        """The municipality's own site."""
        return f"https://{self.MUNICIPALITY_WEB}"

    @property
    def phone_link(self) -> str:
        return dialled(self.MUNICIPALITY_PHONE)


DECLARED: dict[str, Kind] = {
    name: hint.__metadata__[0]
    for name, hint in get_type_hints(Office, include_extras=True).items()
    if hasattr(hint, "__metadata__")
}
"""Every setting by its name, in the order of the page."""

configured = Office()


def default_of(name: str) -> Any:
    """What the installation begins with."""
    return DECLARED[name].default(getattr(settings, name))


@contextmanager
def shown_with(values: Mapping[str, Any]) -> Iterator[None]:
    """In the block these values are in force, for a preview; nothing is stored."""
    token = _shown.set(values)
    try:
        yield
    finally:
        _shown.reset(token)
