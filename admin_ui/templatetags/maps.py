"""Links to a place: to the map program of the telephone itself, elsewhere to the map that the installation names.

Nothing is asked of anybody before the link is pressed. Without the setting MAP_URL a computer is offered no map.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

Point = tuple[float, float]


def map_url(request: HttpRequest, place: str = "", point: Point | None = None) -> str:
    """Return where a place is shown, by its point or by its words; empty: there is no map on this device."""
    words = ", ".join(part for part in (place.strip(), settings.MUNICIPALITY_PLACE) if part)
    if point is None and not place.strip():
        return ""
    spot = f"{point[0]},{point[1]}" if point else ""
    device = request.headers.get("User-Agent", "")
    if "Android" in device:
        return f"geo:{spot or '0,0'}?q={quote(spot or words)}"
    if "iPhone" in device or "iPad" in device:
        return f"maps:?q={quote(spot or words)}"
    return settings.MAP_URL.replace("{where}", quote(spot or words)) if settings.MAP_URL else ""


def leads_outside(url: str) -> str:
    """Return the host that learns of the place when a link is pressed; empty: it opens a program of the device."""
    return urlsplit(url).hostname or ""


@register.simple_tag(takes_context=True)
def map_link(context: template.Context, place: str | None, before: str = "") -> SafeString:
    """Draw the link to a map behind a place or an address, or nothing where there is no map."""
    request: HttpRequest | None = context.get("request")
    url = map_url(request, place or "") if request is not None else ""
    if not url:
        return SafeString("")
    host = leads_outside(url)
    hint = _("Opens %(host)s, which then learns the place.") % {"host": host} if host else _("Opens the map.")
    return format_html(
        '{}<a class="ok-link" href="{}" title="{}"{} rel="noreferrer">{}</a>',
        before,
        url,
        hint,
        SafeString(' target="_blank"') if host else "",
        _("map"),
    )
