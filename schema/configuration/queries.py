"""The municipality for everybody, and the settings for those who may change them."""

from __future__ import annotations

import datetime as dt

import strawberry

from backend.configuration import models
from permissions.configuration.access import may_change
from schema.configuration.types import OfficeSetting, PublicMunicipality, SettingChange
from schema.core.connection import Connection, Keyset, Page, connection_field, listed

NEWEST = Keyset("setting", "at", dt.datetime, descending=True)


@strawberry.type
class ConfigurationQueries:
    @strawberry.field(description="The municipality: name, crest, colours, telephone. For everybody.")
    def public_municipality(self) -> PublicMunicipality:
        return PublicMunicipality.now()

    @strawberry.field(
        description="The settings of the office, in force. Null for all but Bilgi İşlem and the head of the office, in"
        " a browser."
    )
    def office_settings(self) -> list[OfficeSetting] | None:
        return OfficeSetting.all_now() if may_change() else None

    @connection_field(description="What was changed in the settings, the newest first.")
    def setting_changes(self, info: strawberry.Info, page: Page) -> Connection[SettingChange]:
        return listed(models.SettingChange.objects.all(), NEWEST, page, info)
