"""How guests are written on pages and cards."""

from __future__ import annotations

from django.utils.translation import gettext as _

from backend.events.models import Guest


def name_of(row: Guest) -> str:
    """As a card writes it, with the spouse."""
    return f"{row}{_(' and spouse') if row.with_spouse else ''}"
