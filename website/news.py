"""News of the municipality: the list, a page each, and a feed for news readers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from website import api
from website.moments import with_moments
from website.pages import page, shown


class _Feed(Atom1Feed):
    """Without news its day is today's: a reader that asks often sees no change where there is none."""

    def latest_post_date(self) -> dt.datetime:
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return super().latest_post_date() if self.items else midnight


@page
@require_safe
def news(request: HttpRequest) -> HttpResponseBase:
    """The published news, the latest first, twenty a page."""
    after = request.GET.get("after", "")
    found = _page(request, after)
    if found is None:
        return shown(request, "website/news_gone.html", status=404)
    context = {"news": found["nodes"], "more": found["pageInfo"], "is_first": not after}
    return shown(request, "website/news.html", context)


@page
@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponseBase:
    """News with their text and photographs; for what is published no more a page that says so."""
    found = api.ask(request, "news_item", slug=slug)["publicNewsItem"]
    if found is None:
        return shown(request, "website/news_gone.html", status=404)
    context = {
        "item": with_moments(found),
        "url": request.build_absolute_uri(request.path),
        "image": request.build_absolute_uri(found["shareUrl"]),
    }
    return shown(request, "website/news_item.html", context)


@page
@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """The latest news as an Atom feed."""
    town = api.public(request, "municipality")["publicMunicipality"]
    found = api.public(request, "news")["publicNews"]["nodes"]
    made = _Feed(
        title=_("News of %(town)s") % {"town": town["name"]},
        link=request.build_absolute_uri(reverse("website_news")),
        description="",
        language="tr",
        feed_url=request.build_absolute_uri(request.path),
    )
    for one in map(with_moments, found):
        address = request.build_absolute_uri(reverse("website_news_item", args=[one["slug"]]))
        made.add_item(
            title=one["title"],
            link=address,
            unique_id=address,
            description=one["lead"],
            pubdate=one["publishedAt"],
            updateddate=one["correctedAt"] or one["publishedAt"],
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@page
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponseBase:
    """Leave the lists of the press, by the link of a mail. Only a press of the button does it: programs that look into
    mails open links. The button of a mail program sends no cookie and no token of ours (RFC 8058): the link is signed.
    """
    errors: list[str] = []
    if request.method == "POST":
        payload = api.ask(request, "press_leave", input={"token": token})["portalPressLeave"]
        errors = [one["message"] for one in payload["errors"]]
    context = {"is_done": request.method == "POST" and not errors, "refused": errors}
    return shown(request, "website/press_leave.html", context, 404 if errors else 200)


def _page(request: HttpRequest, after: str) -> dict[str, Any] | None:
    """One page of the list; None for a place in it that is none."""
    if not after:
        found = api.public(request, "news")["publicNews"]
    else:
        try:
            found = api.ask(request, "news", after=after[:200])["publicNews"]
        except api.Unavailable as refusal:
            if refusal.code not in ("INVALID", "BAD_REQUEST"):
                raise
            return None
    return {**found, "nodes": with_moments(found["nodes"])}
