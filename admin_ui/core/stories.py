"""The story of a row in time order: what happened, what was said, what was brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

ATTACHED = "attached"
"""The line of a file, which stands in the story itself."""


@dataclass
class Told:
    """One thing in the story. `kind`: event, note (internal), citizen (told them), making (a draft), file."""

    at: dt.datetime
    kind: str
    title: str | Promise
    who: Any = ""
    text: str = ""
    facts: list[str] = field(default_factory=list)
    badge: tuple[Any, str] | None = None
    url: str = ""


def of_lines(
    lines: Iterable[Any],
    happened: type[TextChoices],
    facts: Callable[[Any], list[str]],
    *,
    kind: Callable[[Any], str] = lambda line: "event",
    by_itself: str = "",
) -> list[Told]:
    """What the lines say: `facts` puts their details into words; `by_itself` is who did what nobody did."""
    nobody = by_itself or _("automatic")
    return [
        Told(line.at, kind(line), happened(line.verb).label, line.actor or nobody, line.note, facts(line))
        for line in lines
        if line.verb != ATTACHED
    ]


def of_files(files: Iterable[Any]) -> list[Told]:
    """What was brought, each with its link."""
    return [
        Told(one.uploaded_at, "file", one.name, one.uploaded_by or "", url=reverse("file", args=[one.key]))
        for one in files
    ]


def in_order(*parts: list[Told]) -> list[Told]:
    """All of it, the oldest first."""
    return sorted((told for part in parts for told in part), key=lambda told: told.at)
