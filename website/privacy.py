"""How personal data is processed: the texts in force, and each version for good at its own address."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from website import api
from website.pages import page, shown


@page
@require_safe
def in_force(request: HttpRequest) -> HttpResponseBase:
    """The texts that are in force today, one a purpose, in the visitor's language where there is one."""
    language = "EN" if get_language() == "en" else "TR"
    found = api.public(request, "notices", language=language)
    notices = [one for one in found.values() if one is not None]
    return _shown(request, _("How we process personal data"), notices)


@page
@require_safe
def version(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """One version for good: what a record names can always be read."""
    found = api.ask(request, "notice_version", version=str(key))["publicPrivacyNoticeVersion"]
    return _shown(request, _("Privacy notice"), [found] if found else [], 200 if found else 404)


def _shown(
    request: HttpRequest, title: str, notices: list[dict[str, Any]], status: int = 200
) -> HttpResponseBase:
    days = [parse_date(one["validFrom"]) for one in notices]
    rows = [
        one | {"valid_from": day, "is_to_come": bool(day and day > timezone.localdate())}
        for one, day in zip(notices, days, strict=True)
    ]
    context = {"title": title, "notices": rows, "is_missing": status == 404}
    return shown(request, "website/privacy.html", context, status)
