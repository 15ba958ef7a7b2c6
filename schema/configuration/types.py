"""The municipality as everybody sees it, and the settings of the office."""

from __future__ import annotations

import datetime as dt

import strawberry
from django.urls import reverse

from backend.configuration import memory, models
from backend.configuration.office import DECLARED, configured, default_of
from backend.outbox.sms import sms_port
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, node_type
from schema.organization.types import StaffMember


@strawberry.type(description="The municipality, as its pages, letters and mails show it.")
class PublicMunicipality:
    name: str = strawberry.field(description="Its name.")
    legal_name: str = strawberry.field(description="Its name in the head of letters.")
    office_name: str = strawberry.field(description="The name of the private office.")
    phone: str = strawberry.field(description="Its telephone, as it is written.")
    phone_link: str = strawberry.field(description="What a telephone dials: `tel:+902163111111`.")
    email: str = strawberry.field(description="Its e-mail address.")
    web: str = strawberry.field(description="Its site, without https://.")
    address: str = strawberry.field(description="Its address.")
    place: str = strawberry.field(description="The last line of an address.")
    colour: str = strawberry.field(description="Its main colour, `#rrggbb`; white letters are read on it.")
    accent: str = strawberry.field(description="Its second colour, `#rrggbb`.")
    crest_url: str | None = strawberry.field(
        description="The path of its crest (SVG); another one once the crest has changed. Null without a crest."
    )
    sends_sms: bool = strawberry.field(
        description="Whether text messages leave (SMS); else a code reaches an e-mail address alone."
    )

    @staticmethod
    def now() -> PublicMunicipality:
        return PublicMunicipality(
            name=configured.MUNICIPALITY_NAME,
            legal_name=configured.MUNICIPALITY_LEGAL_NAME,
            office_name=configured.OFFICE_NAME,
            phone=configured.MUNICIPALITY_PHONE,
            phone_link=configured.phone_link,
            email=configured.MUNICIPALITY_EMAIL,
            web=configured.MUNICIPALITY_WEB,
            address=configured.MUNICIPALITY_ADDRESS,
            place=configured.MUNICIPALITY_PLACE,
            colour=configured.MUNICIPALITY_COLOUR,
            accent=configured.MUNICIPALITY_ACCENT,
            crest_url=f"{reverse('crest')}?v={memory.revision()}" if configured.MUNICIPALITY_CREST else None,
            sends_sms=sms_port().is_configured,
        )


@strawberry.type(description="A setting of the office (ayar), in force.")
class OfficeSetting:
    name: str = strawberry.field(description="Its name, as `officeSettingsChange` takes it.")
    label: str = strawberry.field(description="What it is, in the language of the request.")
    section: str = strawberry.field(description="The part of the page in which it stands.")
    value: str = strawberry.field(
        description="Its value as a text: a list with commas between, `true` or `false`, a crest as SVG."
    )
    is_default: bool = strawberry.field(description="Whether it is what the installation begins with.")

    @staticmethod
    def all_now() -> list[OfficeSetting]:
        found = []
        for name, kind in DECLARED.items():
            value = getattr(configured, name)
            found.append(
                OfficeSetting(
                    name=name,
                    label=str(kind.label),
                    section=kind.section,
                    value=kind.text(value),
                    is_default=value == default_of(name),
                )
            )
        return found


@node_type(models.SettingChange, "SettingChange")
class SettingChange(Node, Everybody):
    """A setting of the office got another value."""

    name: str = column("The name of the setting.")
    before: str = column("What it was, as people read it.")
    after: str = column("What it became.")
    revision: int = column(
        "The same for all that was changed at once; the newest is the state of the settings."
    )
    at: dt.datetime = column("When.")
    by: StaffMember | None = column("Who did it.")
