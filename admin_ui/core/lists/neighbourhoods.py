"""The filter by neighbourhood, the same in every list whose rows lie in one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from admin_ui.core.listing import Choice
from backend.organization.models import Neighbourhood


def neighbourhoods() -> list[tuple[str, str]]:
    """Return code and name of each, in the order of the Turkish alphabet."""
    return list(Neighbourhood.objects.order_by("name_sort", "id").values_list("code", "name"))


def in_neighbourhood(edge: str = "neighbourhood") -> Choice:
    """Make the filter. `edge`: the way from a row of the list to its neighbourhood."""
    return Choice(
        "neighbourhood",
        gettext_lazy("Neighbourhood"),
        neighbourhoods,
        lambda rows, code: rows.filter(**{f"{edge}__code": code}),
    )
