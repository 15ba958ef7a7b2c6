"""Open numbers: how many applications come and end, by month, category and mahalle; also as CSV and JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from website import api, maps
from website.pages import page, shown

YEARS = 6
KINDS = [
    ("TOTAL", gettext_lazy("All applications together"), gettext_lazy("Applications")),
    ("CATEGORY", gettext_lazy("By what they are about"), gettext_lazy("Subject")),
    ("NEIGHBOURHOOD", gettext_lazy("By mahalle"), gettext_lazy("Mahalle")),
]
"""What the numbers are of, the caption of its table, and the heading of its first column."""
COLUMNS = ["month", "of", "code", "name", "received", "ended", "solvedPercent"]


def _numbers(request: HttpRequest, year: int) -> dict[str, Any]:
    """What is published of a year. 404 for a year of which nothing can be."""
    if not 0 <= localtime().year - year < YEARS:
        raise Http404
    found: dict[str, Any] = api.public(request, "numbers", year=year)["publicNumbers"]
    return found


@page
@require_safe
def show(request: HttpRequest, year: int = 0) -> HttpResponseBase:
    """The numbers of a year, the newest month first."""
    this = localtime().year
    chosen = year or _newest(request, this)
    found = _numbers(request, chosen)
    months: dict[dt.date | None, dict[str, list[dict[str, Any]]]] = {}
    for row in found["rows"]:
        months.setdefault(parse_date(row["beginsOn"]), {}).setdefault(row["of"], []).append(row)
    newest = max(filter(None, months), default=None)
    map_of = maps.public_map(request)
    context = {
        "newest_month": newest,
        "newest": next(iter(months[newest].get("TOTAL", [])), None) if newest else None,
        "year": chosen,
        "years": range(this, this - YEARS, -1),
        "months": [
            (month, [(label, heading, parts.get(of, [])) for of, label, heading in KINDS])
            for month, parts in sorted(months.items(), key=lambda one: str(one[0]), reverse=True)
        ],
        "found": found,
        "map": map_of,
        "map_data": maps.map_data(request),
        "heat": {"areas": _areas(months.get(newest, {})), "cells": map_of["cells"]},
        "map_begins_on": parse_date(map_of["beginsOn"] or ""),
        "map_ends_on": parse_date(map_of["endsOn"] or ""),
        "published_at": parse_datetime(found["publishedAt"]) if found["publishedAt"] else None,
    }
    return maps.admitted(request, shown(request, "website/numbers.html", context))


def _areas(month: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The mahalle of a month as the script of the map draws them; few are null."""
    return [
        {"code": row["code"], "value": row["received"]}
        for row in month.get("NEIGHBOURHOOD", [])
        if row["code"]
    ]


def _newest(request: HttpRequest, this: int) -> int:
    """The newest year of which there are numbers."""
    return this if _numbers(request, this)["rows"] else this - 1


@page
@require_safe
def as_csv(request: HttpRequest, year: int) -> HttpResponseBase:
    """The same as a table for programs; an empty cell is a number of few."""
    found = _numbers(request, year)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({**row, "month": row["beginsOn"][:7]} for row in found["rows"])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sayilar-{year}.csv"'
    return response


@page
@require_safe
def as_json(request: HttpRequest, year: int) -> HttpResponseBase:
    """The same as JSON, with the formula and what is left out."""
    return JsonResponse(_numbers(request, year), json_dumps_params={"ensure_ascii": False})
