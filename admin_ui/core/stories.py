"""Story of a row in order of time: events, messages and files."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Model, TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from backend.documents.intake import PICTURES

MESSAGES = frozenset({"citizen", "heard"})
"""Kinds of items that are messages, to them and of them."""
ATTACHED = "attached"
"""The line of a file, which stands in the story itself."""


@dataclass
class StoryItem:
    """Item of a story. `kind`: event, note (internal), citizen (message to them), heard (message of theirs), making (a
    draft), file."""

    at: dt.datetime
    kind: str
    title: str | Promise
    who: Any = ""
    text: str = ""
    facts: list[str] = field(default_factory=list)
    badge: tuple[object, str] | None = None
    url: str = ""
    picture: str = ""
    """Key of a file that is a picture, shown small."""
    files: list[tuple[str, str]] = field(default_factory=list)
    """Names and addresses of files that go with it."""
    changes: list[tuple[str, str]] = field(default_factory=list)
    """What was changed in a text, as `word_changes` has it."""
    undo: str = ""
    """The step that takes it back, as long as it waits (`messages.undo_of`)."""
    key: str = ""
    """Key of the row of another service that it shows: the line that says the same is left out."""


def word_changes(was: str, now: str) -> list[tuple[str, str]]:
    """Put two versions of a text into one, word by word: (same | out | in, words)."""
    old, new = re.findall(r"\S+\s*", was), re.findall(r"\S+\s*", now)
    parts: list[tuple[str, str]] = []
    # Only the words are compared: the last word of the old text is the same before a new sentence.
    bare_old, bare_new = [word.rstrip() for word in old], [word.rstrip() for word in new]
    for kind, a, b, c, d in SequenceMatcher(None, bare_old, bare_new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(new[c:d])))
            continue
        parts += [(name, "".join(words)) for name, words in (("out", old[a:b]), ("in", new[c:d])) if words]
    return parts


def of_lines(
    lines: Iterable[Any],
    happened: type[TextChoices],
    facts: Callable[[Any], list[str]],
    *,
    kind: Callable[[Any], str] = lambda line: "event",
    by_itself: str = "",
) -> list[StoryItem]:
    """Items of story lines: `facts` puts their details into words; `by_itself` is the actor of automatic lines."""
    automatic = by_itself or _("automatic")
    return [
        StoryItem(
            line.at, kind(line), happened(line.verb).label, line.actor or automatic, line.note, facts(line)
        )
        for line in lines
        if line.verb != ATTACHED
    ]


def of_files(files: Iterable[Any]) -> list[StoryItem]:
    """What was brought, each with its link."""
    return [
        StoryItem(
            file.uploaded_at,
            "file",
            file.name,
            file.uploaded_by or "",
            url=reverse("file", args=[file.key]),
            picture=picture_of(file),
        )
        for file in files
    ]


def picture_of(file: Any) -> str:
    """The key of a file that browsers show as a picture, or nothing."""
    return str(file.key) if file.content_type in PICTURES else ""


def has_messages(items: Iterable[StoryItem]) -> bool:
    """Whether there is a conversation that can be shown by itself; internal notes are shown with it."""
    return any(item.kind in MESSAGES for item in items)


Adds = Callable[[Any], list[StoryItem]]
ADDED: dict[type[Model], list[Adds]] = defaultdict(list)


def adds_to_story(*models: type[Model]) -> Callable[[Adds], Adds]:
    """Register the decorated function: what another service adds to the stories of these models' rows."""

    def register(adds: Adds) -> Adds:
        for model in models:
            ADDED[model].append(adds)
        return adds

    return register


def added(row: Model) -> list[StoryItem]:
    """What other services add to the story of a row, as far as the viewer sees it."""
    return [one for adds in ADDED.get(type(row), ()) for one in adds(row)]


def in_order(*parts: list[StoryItem]) -> list[StoryItem]:
    """All of it, the oldest first."""
    return sorted((result for part in parts for result in part), key=lambda result: result.at)
