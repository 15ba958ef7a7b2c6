"""What a client of the standard says, read strictly: what cannot be right is named, and nothing is guessed."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import Channel, Kind
from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean

SPAN = dt.timedelta(days=90)
LONGEST_DESCRIPTION, LONGEST_LINK, LONGEST_LINE = 4000, 500, 120
MOST_IDS = 100
YEARS = range(2000, 2101)
STATUSES = ("open", "closed")
CONTACT = ("first_name", "last_name", "phone", "email")


def invalid(field: str, message: Any) -> DomainError:
    return DomainError(ErrorCode.INVALID, message, field)


def check_jurisdiction(request: HttpRequest, data: QueryDict) -> None:
    """One installation serves one municipality: naming it is optional, naming another one is NOT_FOUND."""
    named = data.get("jurisdiction_id", "") or request.GET.get("jurisdiction_id", "")
    ours = settings.OPEN311_JURISDICTION or configured.MUNICIPALITY_WEB.removeprefix("www.")
    if named and named != ours:
        message = _("This address serves %(ours)s alone.") % {"ours": ours}
        raise DomainError(ErrorCode.NOT_FOUND, message, "jurisdiction_id")


def check_text(data: QueryDict) -> None:
    """INVALID, naming the argument, for a NUL: no text has one, and the database takes none."""
    for name, values in data.lists():
        if any("\x00" in text for text in (name, *values)):
            raise invalid(clean(name), _("It holds a NUL character: leave it out."))


# -- the list of requests ------------------------------------------------------------------------------------
def several(data: QueryDict, name: str) -> list[str]:
    """The values of an argument that may be named several times or hold commas."""
    items = [part.strip() for text in data.getlist(name) for part in text.split(",")]
    return [part for part in items if part]


def ids(data: QueryDict) -> list[str]:
    result = several(data, "service_request_id")
    if len(result) > MOST_IDS:
        raise invalid("service_request_id", _("At most %(most)s at once.") % {"most": MOST_IDS})
    return [number(one) for one in result]


def number(text: str) -> str:
    """The internal number of a case: `2026-184` in URLs stands for 2026/184."""
    return text.replace("-", "/", 1)


def statuses(data: QueryDict) -> list[str]:
    result = several(data, "status")
    if set(result) - set(STATUSES):
        raise invalid("status", _("The status is “open” or “closed”."))
    return result


def span(data: QueryDict) -> tuple[dt.datetime, dt.datetime]:
    """From when until when, at most 90 days; without a date the last 90 days."""
    start, end = _moment(data, "start_date"), _moment(data, "end_date")
    end = end or (start + SPAN if start else timezone.now())
    start = start or end - SPAN
    if start > end:
        raise invalid("start_date", _("The start lies after the end."))
    if end - start > SPAN:
        raise invalid("start_date", _("At most 90 days at a time."))
    return start, end


def _moment(data: QueryDict, name: str) -> dt.datetime | None:
    text = data.get(name, "")
    if not text:
        return None
    try:
        moment = parse_datetime(text.replace(" ", "+"))  # an unescaped plus in a URL arrives as a blank
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = _("A moment with its zone, such as 2026-05-24T00:00:00Z or 2026-05-24T00:00:00+03:00.")
        raise invalid(name, message)
    if moment.year not in YEARS:
        raise invalid(name, _("A day between 2000 and 2100."))
    return moment


# -- a new request -------------------------------------------------------------------------------------------
def submission(data: QueryDict, service_name: str) -> dict[str, Any]:
    """The arguments of `public_cases.submit`, but for who brings it and the category."""
    text = described(data)
    link = _link(data)
    return {
        "kind": _kind(data),
        "channel": Channel.E_MUNICIPALITY,  # who gives a name has brought a petition, others a request for service
        "subject": (_first_line(text) or service_name)[:LONGEST_LINE],
        "text": "\n\n".join(part for part in (text, link and f"media_url: {link}") if part),
        "neighbourhood": attribute(data, "neighbourhood"),
        "contact": _contact(data),
        "privacy_notice": attribute(data, "privacy_notice"),
        **_place(data),
    }


def attribute(data: QueryDict, code: str) -> str:
    """`attribute[code]=value`."""
    return clean(data.get(f"attribute[{code}]", ""))


def described(data: QueryDict) -> str:
    """The description, cleaned. TOO_LARGE for a longer one than people read."""
    text = clean(data.get("description", ""))
    if len(text) > LONGEST_DESCRIPTION:
        message = _("At most %(most)s letters.") % {"most": LONGEST_DESCRIPTION}
        raise DomainError(ErrorCode.TOO_LARGE, message, "description")
    return text


def _first_line(text: str) -> str:
    """The first sentence, or as many of its words as fit."""
    first = re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0]
    if len(first) <= LONGEST_LINE:
        return first
    return first[: LONGEST_LINE - 1].rsplit(" ", 1)[0] + "…"


def _link(data: QueryDict) -> str:
    """An address of a picture stands in the text, for people to judge: we fetch nothing from it."""
    link = data.get("media_url", "").strip()
    if link and (len(link) > LONGEST_LINK or not re.fullmatch(r"https?://[^\s<>\"]+", link)):
        message = _("An address that begins with https://, of at most %(most)s letters.") % {
            "most": LONGEST_LINK
        }
        raise invalid("media_url", message)
    return link


def _kind(data: QueryDict) -> str:
    return attribute(data, "kind") or Kind.COMPLAINT


def _place(data: QueryDict) -> dict[str, Any]:
    latitude, longitude = _degrees(data, "lat"), _degrees(data, "long")
    if (latitude is None) != (longitude is None):
        raise invalid("lat" if latitude is None else "long", _("“lat” and “long” are sent together."))
    place = clean(data.get("address_string", ""))
    if latitude is None and not place:
        message = _(
            "Say where it is: “lat” and “long”, or “address_string”. There is no directory for “address_id”."
        )
        raise DomainError(ErrorCode.REQUIRED, message, "address_string")
    if len(place) > 300:
        raise DomainError(
            ErrorCode.TOO_LARGE, _("At most %(most)s letters.") % {"most": 300}, "address_string"
        )
    return {"latitude": latitude, "longitude": longitude, "place": place}


def place_of_update(data: QueryDict) -> str:
    """Where what is added is, as a line of its text; "" where the form says nothing of it."""
    if not any(data.get(name, "").strip() for name in ("lat", "long", "address_string")):
        return ""
    found = _place(data)
    latitude, longitude, place = found["latitude"], found["longitude"], found["place"]
    if latitude is not None and not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise invalid("lat", _("Degrees as a decimal number, such as 41.0021."))
    point = f"{latitude:.5f}, {longitude:.5f}" if latitude is not None else ""
    return _("Place: %(place)s") % {"place": f"{place} ({point})" if place and point else place or point}


def _degrees(data: QueryDict, name: str) -> float | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise invalid(name, _("Degrees as a decimal number, such as 41.0021."))
    return value


def _contact(data: QueryDict) -> dict[str, Any] | None:
    mapping = {name: clean(data.get(name, "")) for name in CONTACT}
    values = {name: value for name, value in mapping.items() if value}
    if values and "first_name" not in values:
        message = _("Name the person who reports, or leave out telephone number and e-mail address.")
        raise DomainError(ErrorCode.REQUIRED, message, "first_name")
    return values or None
