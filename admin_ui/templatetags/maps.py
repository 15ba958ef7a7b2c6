"""The link to a map behind a place or an address."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from admin_ui.core.links.maps import leads_outside, map_url

register = template.Library()


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
