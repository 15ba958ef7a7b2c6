"""The partner of a row in its form and on its page, and which one a name seems to mean: always among those that the
viewer sees."""

from __future__ import annotations

from typing import Any

from admin_ui.contacts.picker import Named
from backend.partners import actions
from backend.partners.models import Organisation
from permissions.core import scope

MOST_ALIKE = 3


def seen(pk: int | None) -> Organisation | None:
    """The organisation at the far end, if the viewer sees it."""
    return scope.visible(Organisation).filter(pk=pk).first() if pk else None


def keep_hidden(values: dict[str, object], name: str, pk: int | None) -> dict[str, object]:
    """Keep the choices hidden from the viewer when saving."""
    hides = values.get(name) is None and pk is not None and seen(pk) is None
    return {key: value for key, value in values.items() if not (hides and key == name)}


def written(values: dict[str, Any], field: str, text: str, pk: int | None) -> dict[str, Any]:
    """The values with what was written in a `NamedOrganisationField` as `text` and as `partner`; a partner that is
    hidden from the viewer stays."""
    named: Named = values[field]
    rest = {name: value for name, value in values.items() if name != field}
    return keep_hidden(rest | {text: named.text, "partner": named.row}, "partner", pk)


def seems_to_be(text: str, pk: int | None) -> list[Organisation]:
    """Suggest the record that an entered name seems to mean, where none is linked yet."""
    if pk is not None or not text.strip():
        return []
    rows = scope.visible(actions.meant_by(text).active())
    return list(rows.order_by("name_sort", "pk")[:MOST_ALIKE])


def shown(row: Any, text: str, offers: bool) -> dict[str, object]:
    """Of a row with a `partner`, for its page: the partner if the viewer sees it and, where they may link it, whom the
    `text` seems to mean; a press links it."""
    return {
        "partner": seen(row.partner_id),
        "seems_to_be": seems_to_be(text, row.partner_id) if offers else [],
    }
