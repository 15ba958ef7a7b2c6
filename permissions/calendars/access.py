"""Content of a calendar feed: what its owner may see today, and less.

The secret only identifies the feed; losing a programme or the account empties it. Confidential entries appear as busy
times, also for named readers: telephones lie around.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backend.calendars import writing
from backend.calendars.models import Feed, View, feed_digest
from backend.calendars.writing import Line
from backend.core.localtime import ISTANBUL, today
from backend.organization.models import User
from backend.programme.choices import BLOCKING, Status
from backend.programme.models import Entry, PressItem, Principal
from backend.programme.places import busy
from backend.programme.slots import Span
from permissions.core import scope

BACK, AHEAD = dt.timedelta(days=30), dt.timedelta(days=366)
CANCELLED_FOR = dt.timedelta(days=14)
"""So long a cancelled entry stays in a feed as cancelled, for programs that only add."""
MOST = 5000
STATUS = {Status.HELD: "TENTATIVE", Status.CONFIRMED: "CONFIRMED", Status.DONE: "CONFIRMED"}


@dataclass(frozen=True)
class Found:
    """What a live feed says now."""

    name: str
    lines: list[Line]

    @property
    def etag(self) -> str:
        return writing.etag(self.name, self.lines)

    @property
    def changed_at(self) -> dt.datetime | None:
        return max((line.changed_at for line in self.lines), default=None)

    def text(self) -> bytes:
        return writing.written(self.name, self.lines)


def find(secret: str) -> Found | None:
    """What the feed with this secret says; None where there is none, it was revoked, or its owner's account closed."""
    with scope.session(None), connection.cursor() as cursor:
        cursor.execute("SELECT feed_id, owner_id FROM app.feed(%s)", [feed_digest(secret)])
        row = cursor.fetchone()
    owner = User.objects.filter(pk=row[1], is_active=True).first() if row else None
    if owner is None:
        return None
    with scope.session(owner, scopes=["READ"]), translation.override("tr"):
        feed = scope.visible(Feed.objects.select_related("principal")).filter(pk=row[0]).first()
        return None if feed is None else Found(feed.name, _lines(feed))


def _lines(feed: Feed) -> list[Line]:
    start = dt.datetime.combine(today(), dt.time(), ISTANBUL)
    window = Span(start - BACK, start + AHEAD)
    principals = Principal.objects.filter(is_active=True).in_order()
    covered = list(principals.filter(pk=feed.principal_id) if feed.principal_id else principals)
    if feed.view == View.PRESS:
        return _press(covered, window)
    if feed.view == View.BUSY:
        return [line for one in covered for line in _taken(feed, one, window, [], several=False)]
    return _everything(feed, covered, window)


def _everything(feed: Feed, covered: list[Principal], window: Span) -> list[Line]:
    """The entries the owner sees, and of the programmes they read the times of which they see nothing here."""
    viewer = scope.current_viewer()
    several = len(covered) > 1
    visible = scope.visible(Entry.objects.all()).filter(principal__in=covered, is_confidential=False)
    rows = visible.between(*window).select_related("principal")
    rows = rows.annotate(changed_at=Coalesce(Max("lines__at"), F("planned_at")))
    over = Q(status__in=BLOCKING) | Q(changed_at__gte=timezone.now() - CANCELLED_FOR)
    lines = [_entry(row, several) for row in rows.filter(over).order_by("starts_at", "id")[:MOST]]
    near = list(visible.taking(*window).values_list("pk", "principal_id"))
    for principal in covered:
        if viewer.sees_all or principal.pk in viewer.programmes:
            shown = [pk for pk, of in near if of == principal.pk]
            lines += _taken(feed, principal, window, shown, several=several)
    return sorted(lines, key=lambda line: (line.starts_at, line.uid))


def _entry(row: Entry, several: bool) -> Line:
    return Line(
        uid=writing.uid(row.key),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=f"{row.principal.name}: {row.title}" if several else row.title,
        status=STATUS.get(Status(row.status), "CANCELLED"),
        sequence=row.version - 1,
        changed_at=row.changed_at,  # type: ignore[attr-defined]
        place=row.place,
        description=row.description,
        category=str(row.get_kind_display()),
        url=settings.PUBLIC_URL.rstrip("/") + reverse("admin:programme_entry_change", args=[row.key]),
    )


def _taken(
    feed: Feed, principal: Principal, window: Span, shown: Iterable[int], *, several: bool
) -> list[Line]:
    word = _("Busy")
    return [
        Line(
            uid=writing.uid(principal.key, span.start.timestamp(), span.end.timestamp()),
            starts_at=span.start,
            ends_at=span.end,
            summary=f"{principal.name}: {word}" if several else word,
            status="CONFIRMED",
            sequence=0,
            changed_at=feed.created_at,  # when a time was taken tells of what took it
        )
        for span in busy(principal.pk, window.start, window.end, shown)
    ]


def _press(covered: list[Principal], window: Span) -> list[Line]:
    rows = scope.visible(PressItem).filter(principal__in=covered, starts_at__lt=window.end)
    rows = rows.filter(ends_at__gt=window.start).select_related("principal").order_by("starts_at", "id")
    return [
        Line(
            uid=writing.uid(row.key),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            summary=f"{row.principal.name}: {row.title}" if len(covered) > 1 else row.title,
            status="CONFIRMED",
            sequence=row.version - 1,
            changed_at=row.changed_at,
            place=row.place,
            description=row.note,
        )
        for row in rows[:MOST]
    ]
