"""Changing the settings of the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from backend.configuration import memory
from backend.configuration.models import SettingChange
from backend.configuration.office import DECLARED, default_of
from backend.core.errors import CHANGED, DomainError, ErrorCode
from backend.core.models import NumberSequence
from backend.core.validation import collecting, noting
from backend.journal.actions import record
from backend.organization.models import User

_COUNTER = "settings"


def parsed(texts: Mapping[str, str]) -> dict[str, Any]:
    """The values of texts by the names of settings. NOT_FOUND, REQUIRED, INVALID: all faults at once."""
    values: dict[str, Any] = {}
    with collecting():
        for name, text in texts.items():
            with noting():
                if name not in DECLARED:
                    raise DomainError(ErrorCode.NOT_FOUND, _("There is no such setting."), name)
                values[name] = DECLARED[name].parse(text, name)
    return values


@transaction.atomic
def change(texts: Mapping[str, str], *, by: User | None, revision: int | None = None) -> list[SettingChange]:
    """Put settings in force, everywhere within seconds; what is as before is left out. Returns what was changed.

    `revision`: the state that the writer saw. CONFLICT if another has changed one of these since; else as `parsed`.
    """
    values = parsed(texts)
    number = NumberSequence.take(_COUNTER, 0)  # others wait here
    latest = {row.name: row for row in SettingChange.objects.order_by("name", "-id").distinct("name")}
    rows = [
        row
        for name, value in values.items()
        if (row := _changed(name, value, latest.get(name), revision)) is not None
    ]
    for row in rows:
        row.revision, row.by = number, by
        row.save(force_insert=True)
    if rows:
        memory.forget_with_the_transaction()
        with translation.override("tr"):
            labels = [str(DECLARED[row.name].label) for row in rows]
        note = "\n".join(
            f"{label}: {row.before} → {row.after}" for label, row in zip(labels, rows, strict=True)
        )
        record(verb="settings_changed", about=rows[0], by=by, label=", ".join(labels), note=note)
    return rows


def _changed(
    name: str, value: Any, stored: SettingChange | None, revision: int | None
) -> SettingChange | None:
    """The line that makes it this value; None if it is that already."""
    kind, default = DECLARED[name], default_of(name)
    before = default if stored is None or stored.value is None else stored.value
    if value == before:
        return None
    if revision is not None and stored is not None and stored.revision > revision:
        raise DomainError(ErrorCode.CONFLICT, CHANGED, name)
    with translation.override("tr"):
        return SettingChange(
            name=name,
            value=None if value == default else value,
            before=kind.shown(before),
            after=kind.shown(value),
        )
