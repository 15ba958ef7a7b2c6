"""The public calendar: what was published of events, as a page, as iCalendar and as RSS. Nothing personal."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from backend.calendars import writing
from backend.configuration.office import configured
from backend.core.localtime import ISTANBUL
from backend.events.models import PublishedEvent
from permissions.core import scope

PAST, AHEAD, MOST = dt.timedelta(days=30), dt.timedelta(days=400), 500


def _rows(*, upcoming: bool = False) -> list[PublishedEvent]:
    now = timezone.now()
    rows = scope.visible(PublishedEvent).filter(starts_at__lt=now + AHEAD)
    rows = rows.filter(ends_at__gt=now if upcoming else now - PAST)
    return list(rows.order_by("starts_at", "id")[:MOST])


def _name() -> str:
    return f"{configured.MUNICIPALITY_NAME} etkinlik takvimi"


def _address(row: PublishedEvent) -> str:
    at = f"{row.key}/" if settings.WEBSITE else f"#e-{row.key}"
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('public_calendar')}{at}"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What is to come."""
    context = {"rows": _rows(upcoming=True), "municipality": configured.MUNICIPALITY_NAME}
    return render(request, "admin_ui/public_calendar.html", context)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The same for calendar programs; what was cancelled says so."""
    lines = [
        writing.Line(
            uid=writing.uid(row.key),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            summary=row.title,
            status="CANCELLED" if row.is_cancelled else "CONFIRMED",
            sequence=row.sequence,
            changed_at=row.changed_at,
            place=row.place,
            description=row.text,
            url=_address(row),
        )
        for row in _rows()
    ]
    tag = writing.etag(_name(), lines)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response = HttpResponse(writing.written(_name(), lines), content_type="text/calendar; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    return response


class News(Rss201rev2Feed):
    """Of an empty channel the library says the time by a clock of its own."""

    def latest_post_date(self) -> dt.datetime:
        result: dt.datetime = super().latest_post_date() if self.items else timezone.now()
        return result


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The same for news readers, what was changed last first."""
    home = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('public_calendar')}"
    channel = News(title=_name(), link=home, description=_name(), language="tr", feed_url=request.path)
    for row in sorted(_rows(), key=lambda one: one.changed_at, reverse=True):
        channel.add_item(
            title=f"{'İPTAL: ' if row.is_cancelled else ''}{row.title}",
            link=_address(row),
            description="\n".join(part for part in (_when(row), row.place, row.text) if part),
            unique_id=f"{row.key}-{row.sequence}",
            unique_id_is_permalink=False,
            pubdate=row.changed_at,
        )
    response = HttpResponse(channel.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _when(row: PublishedEvent) -> str:
    with translation.override("tr"):
        return date_format(timezone.localtime(row.starts_at, ISTANBUL), "j F Y l H.i")
