"""Story of a request in order of time: events, and messages to the applicant."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_text, weekday_text
from admin_ui.core.parts.messages import delivery_badge, undo_of
from admin_ui.core.stories import StoryItem, added, in_order
from backend.appointments.choices import Channel, DeliveryMethod
from backend.appointments.models import AppointmentRequest, RequestAttachment, RequestLine, RequestNotice
from backend.appointments.moves import Verb
from backend.appointments.story import EventType
from backend.outbox.delivery import how_far
from permissions.core import scope

TOLD_OTHERWISE = {EventType.MESSAGED, EventType.ATTACHED}
"""Lines whose message or file stands in the story itself."""


def story(request: AppointmentRequest) -> list[StoryItem]:
    """All entries, the oldest first, in a fixed number of queries."""
    others = added(request)
    lines = _lines(request, {item.key for item in others})
    return in_order(lines, _notices(request), _files(request), others)


def _of(rows: Any, request: AppointmentRequest) -> Any:
    return scope.visible(rows).filter(request=request)


def _lines(request: AppointmentRequest, shown: set[str]) -> list[StoryItem]:
    """What happened. `shown`: keys of what stands in the story by itself."""
    rows = _of(RequestLine.objects.select_related("actor"), request).order_by("at", "id")
    return [
        StoryItem(
            line.at,
            "event",
            EventType(line.verb).label if line.verb in EventType.values else line.verb,
            line.actor or _("applicant or automatic"),
            line.note,
            _facts(line.details),
        )
        for line in rows
        if line.verb not in TOLD_OTHERWISE
        and not shown.intersection((line.details.get("mail"), line.details.get("written")))
    ]


def _facts(details: dict[str, Any]) -> list[str]:
    """The details of a line in words."""
    moments = [details[name] for name in ("starts_at", "at") if isinstance(details.get(name), str)]
    items = [weekday_text(dt.datetime.fromisoformat(moment)) for moment in moments]
    items += [str(details[name]) for name in ("to", "complaint") if isinstance(details.get(name), str)]
    if (channel := details.get("channel")) in Channel.values:
        items.append(str(Channel(channel).label))
    if promise := details.get("promise"):
        until = dt.date.fromisoformat(details["due_on"])
        items += [str(promise), _("until %(day)s") % {"day": day_text(until)}]
        items += [str(details["responsible"])] if details.get("responsible") else []
    for name in details.get("fields", []):
        items.append(label_for_field(name, AppointmentRequest, return_attr=False))
    return items


def _notices(request: AppointmentRequest) -> list[StoryItem]:
    sent = RequestNotice.objects.select_related("notified_by").annotate(**how_far())
    rows = _of(sent, request).order_by("notified_at", "id")
    along: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for file in _of(RequestAttachment.objects.filter(notice__isnull=False), request).order_by("pk"):
        along[file.notice_id].append((file.name, reverse("file", args=[file.key])))
    return [
        StoryItem(
            row.notified_at,
            "citizen",
            row.get_kind_display(),
            row.notified_by or _("automatic"),
            row.body,
            [str(DeliveryMethod(row.means).label)],
            _mark(row),
            files=along[row.pk],
            undo=undo_of(row.held_until, Verb.UNSEND),
        )
        for row in rows
    ]


def _mark(row: RequestNotice) -> tuple[object, str]:
    mark = delivery_badge(row)
    return (_("notified the applicant"), "blue") if mark[1] == "blue" else mark


def _files(request: AppointmentRequest) -> list[StoryItem]:
    rows = _of(RequestAttachment.objects.filter(notice=None).select_related("uploaded_by"), request)
    return [
        StoryItem(
            row.uploaded_at,
            "file",
            row.name,
            row.uploaded_by,
            facts=[f"{max(1, row.size // 1024)} KB"],
            url=reverse("file", args=[row.key]),
        )
        for row in rows
    ]
