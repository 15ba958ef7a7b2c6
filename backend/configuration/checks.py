"""What an installation that prints its crest needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from backend.configuration import crest

MOST = 5_000_000


@register(Tags.files)
def crest_can_be_printed(**_given: Any) -> list[CheckMessage]:
    """System check: a configured crest is a picture that stands on a paper."""
    if not settings.MUNICIPALITY_CREST:
        return []
    file = Path(settings.MUNICIPALITY_CREST)
    if file.is_file() and file.stat().st_size <= MOST and crest.is_picture(file.read_bytes()):
        return []
    hint = "Name an SVG or PNG file of 5 MB at most, or leave OZELKALEM_MUNICIPALITY_CREST empty."
    return [Error("The municipality's crest cannot be printed.", hint=hint, id="configuration.E001")]
