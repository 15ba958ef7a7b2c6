"""What an installation that seals its letters needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from backend.letters.papers import seal


@register(Tags.models)
def seal_is_possible(**_given: Any) -> list[CheckMessage]:
    """System check: a configured seal needs the extra package and an existing file."""
    if not seal.is_wanted():
        return []
    items: list[CheckMessage] = []
    if not seal.is_possible():
        hint = "Install it (uv sync --extra seal), or leave OZELKALEM_SEAL_FILE empty."
        items.append(
            Error(
                "Letters are to be sealed, and the extra “seal” is not installed.",
                hint=hint,
                id="letters.E001",
            )
        )
    for name in ("SEAL_FILE", "SEAL_ROOTS"):
        file = getattr(settings, name)
        if file and not Path(file).is_file():
            items.append(Error(f"OZELKALEM_{name} names a file that is not there.", id="letters.E002"))
    return items
