"""Changing the settings of the office: input, payload, mutation."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.configuration import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.configuration.types import OfficeSetting
from schema.core.results import Payload, run_mutation
from schema.core.verbs import optional, required


@strawberry.input(description="A setting and its new value.")
class OfficeSettingInput:
    name: str = required("The name of the setting, as `officeSettings` says it.")
    value: str = required("The value as a text; a crest as SVG.")


@strawberry.input(description="Settings to change, all of them or none.")
class OfficeSettingsChangeInput:
    settings: list[OfficeSettingInput] = required("The settings; what has that value already is left out.")
    revision: int | None = optional("The state that was read: CONFLICT if one of these was changed since.")


@strawberry.type(description="The settings in force.")
class OfficeSettingsPayload(Payload):
    settings: list[OfficeSetting] | None = strawberry.field(
        description="All settings; null if nothing was done.", default=None
    )


def _change(input: OfficeSettingsChangeInput) -> dict[str, Any]:
    texts = {one.name: one.value for one in input.settings}
    with scope.elevated_for(models.SettingChange, Action.CHANGE) as viewer:
        actions.change(texts, by=viewer.user, revision=input.revision or None)
    return {"settings": OfficeSetting.all_now()}


@strawberry.type
class ConfigurationMutations:
    @strawberry.mutation(
        description="Change settings of the office: Bilgi İşlem and its head, in a browser. Processes follow within"
        " seconds; each change is kept with who made it and what was before."
    )
    def office_settings_change(self, input: OfficeSettingsChangeInput) -> OfficeSettingsPayload:
        return run_mutation(OfficeSettingsPayload, lambda: _change(input))
