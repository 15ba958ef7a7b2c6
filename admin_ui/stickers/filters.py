"""The filter of applications by the place with a QR code at which they were reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from admin_ui.core.lists.filters import Choice
from backend.stickers.models import Sticker

ANY = "*"
"""In an address: those that were reported at any of them."""
MOST = 300


class AtSticker(Choice):
    """Offers the first places by name; any other one is reached from the register, by its code."""

    def offers(self, value: str) -> bool:
        return value == ANY or Sticker.objects.of_code(value).exists()


def sticker_options() -> Iterable[tuple[str, Any]]:
    rows = Sticker.objects.order_by("label_sort", "id").values_list("code", "label")[:MOST]
    return [(ANY, _("At any of them")), *rows]


def at_sticker(rows: Any, code: str) -> Any:
    return rows.filter(sticker__isnull=False) if code == ANY else rows.filter(sticker__code=code)
