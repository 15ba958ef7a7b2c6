"""The story of an entry of the programme in time order: what happened, by whom, from what to what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_text, moment_text
from admin_ui.core.stories import StoryItem
from admin_ui.programme.reading import Line
from backend.programme.models import Entry, EntryLine
from backend.programme.slots import Span
from backend.programme.story import EventType
from permissions.core import scope

BUFFERS = ("preparation_minutes", "travel_minutes", "follow_up_minutes")


def story(entry: Entry) -> list[StoryItem]:
    """All lines, the oldest first, in one query."""
    rows = scope.visible(EntryLine).filter(entry=entry).select_related("actor").order_by("at", "id")
    return [_told(row) for row in rows]


def _told(row: EntryLine) -> StoryItem:
    title = EventType(row.verb).label if row.verb in EventType.values else row.verb
    return StoryItem(row.at, "event", title, row.actor or _("automatic"), row.note, _facts(row.details))


def _facts(details: dict[str, Any]) -> list[str]:
    items = []
    if "starts_at" in details:
        items.append(_when(details))
    if "from" in details and "to" in details:
        items.append(f"{_when(details['from'])} → {_when(details['to'])}")
        items += _buffers(details["from"], details["to"])
    if principals := details.get("principals"):
        items.append(" → ".join(principals))
    if until := details.get("until"):
        items.append(_("until %(day)s") % {"day": moment_text(localtime(dt.datetime.fromisoformat(until)))})
    if promise := details.get("promise"):
        due = dt.date.fromisoformat(details["due_on"])
        items += [str(promise), _("until %(day)s") % {"day": day_text(due)}]
        items += [str(details["responsible"])] if details.get("responsible") else []
    if who := details.get("who") or details.get("title"):
        items.append(str(who))
    for name, (old, new) in details.get("values", {}).items():
        field: Any = Entry._meta.get_field(name)
        labels = dict(field.flatchoices)
        items.append(f"{field.verbose_name}: {labels.get(old, old) or '–'} → {labels.get(new, new) or '–'}")
    return items


def _when(times: dict[str, Any]) -> str:
    start, end = (dt.datetime.fromisoformat(times[name]) for name in ("starts_at", "ends_at"))
    return f"{day_text(localtime(start))} {Line(Span(start, end)).clock}"


def _buffers(old: dict[str, object], new: dict[str, object]) -> list[str]:
    return [
        f"{label_for_field(name, Entry, return_attr=False)}: {old[name]} → {new[name]}"
        for name in BUFFERS
        if old.get(name) != new.get(name)
    ]
