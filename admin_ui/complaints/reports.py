"""Boards and reports of the cases that a viewer sees: numbers that open their lists, charts with their tables, PDF and
Excel, and the yearly report on the right to information. Figures come through the gate: `complaints.access.countable`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from admin_ui.complaints.admin import FILTERS, NONE
from admin_ui.core import page_access
from admin_ui.core.listing import Choice
from admin_ui.core.screen import page
from admin_ui.map import listing as list_map
from admin_ui.map.frame import map_data
from backend.complaints.law import periods
from backend.complaints.law.periods import Period, Preset
from backend.complaints.models import Complaint
from backend.complaints.reporting import information_report, words
from backend.complaints.reporting import paper as report_paper
from backend.complaints.reporting.information_report import InformationReport
from backend.complaints.reporting.reports import Division, Part, Report
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.documents import table_writer
from backend.documents.charts import thousands
from backend.organization.models import Department
from backend.places.choices import APPROXIMATE
from permissions.complaints import access as complaint_access
from permissions.complaints.access import Wait
from permissions.core import scope

BY = [item for item in FILTERS if isinstance(item, Choice) and item.name in set(Division)]
"""What a report is narrowed by: filters of the list of cases, under the same names."""
FIRST_YEAR = 2004
"""Law 4982 came into force in April of this year."""


def may_see() -> bool:
    """Viewers of any case; Bilgi İşlem sees none, not even the number of cases."""
    return page_access.sees_some(Complaint)


@dataclass(frozen=True)
class ReportQuery:
    """A period and filters, as they stand in the address. `wrong`: what was refused of it."""

    period: Period
    which: str
    filters: dict[str, str]
    wrong: str = ""

    @property
    def address(self) -> dict[str, str]:
        first, last = self.period.first, self.period.last
        days = {"from": f"{first:%Y-%m-%d}", "to": f"{last:%Y-%m-%d}"}
        return ({"period": self.which} if self.which else days) | self.filters

    def url(self, name: str, **changes: str) -> str:
        return f"{reverse(f'admin:{name}')}?{urlencode(self.address | changes)}"

    def sentences(self) -> list[str]:
        """Of which cases the report is, for paper: each filter, and whose cases they are."""
        items = [
            f"{item.title}: {text}"
            for item in BY
            for value, text in item.options()
            if self.filters.get(item.name) == value
        ]
        return [*items, *whose()]


def whose() -> list[str]:
    """Note for viewers of a part of the cases: which cases the figures cover."""
    if page_access.sees_all(Complaint):
        return []
    return [
        _(
            "Only applications that you see are counted: in the line of another department those on which you work"
            " together."
        )
    ]


def asked(request: HttpRequest) -> ReportQuery:
    """What the address asks for; this year where it asks for nothing, or for what cannot be."""
    data = {name: value for item in BY for name, value in item.read(request.GET).items()}
    which = request.GET.get("period", "")
    try:
        if which in Preset.values:
            return ReportQuery(periods.preset(Preset(which)), which, data)
        if "from" in request.GET or "to" in request.GET:
            return ReportQuery(
                periods.written(request.GET.get("from", ""), request.GET.get("to", "")), "", data
            )
    except DomainError as refused:
        return ReportQuery(periods.preset(Preset.YEAR), Preset.YEAR.value, data, str(refused.message))
    return ReportQuery(periods.preset(Preset.YEAR), Preset.YEAR.value, data)


@dataclass(frozen=True)
class _Cases:
    """The cases that a report is of. `of`: the departments to which they are narrowed, none: not to any; `is_kept`:
    they are narrowed by nothing else, so that kept sums say their figures."""

    rows: Any
    of: list[int | None] | None
    is_kept: bool


def _cases(which: ReportQuery) -> _Cases:
    rows: Any = Complaint.objects.all()
    for item in BY:
        rows = item.narrow(rows, {name: value for name, value in which.filters.items() if name == item.name})
    code = which.filters.get(Division.DEPARTMENT.value)
    of: list[int | None] | None = None
    if code is not None:
        of = [None] if code == NONE else [*Department.objects.filter(code=code).values_list("pk", flat=True)]
    return _Cases(rows, of, set(which.filters) <= {Division.DEPARTMENT.value})


def found(which: ReportQuery) -> Report:
    """The figures of the cases that the viewer sees."""
    return _found(_cases(which), which.period)


def _found(cases: _Cases, period: Period) -> Report:
    if cases.is_kept:
        return complaint_access.reported(cases.rows, period, cases.of)
    return complaint_access.counted(cases.rows, period)


def _wait_for(cases: _Cases, period: Period) -> Wait | None:
    """What the figures wait for; None where they come at once."""
    return complaint_access.wait_for(cases.rows, period, cases.of, is_kept=cases.is_kept)


FOLLOWED_SECONDS = 10
COUNT = "count"
"""In the address: count now, however long it takes."""


def board(request: HttpRequest) -> HttpResponse:
    """The board: numbers, charts, tables. Where counting takes long the page comes first, and asks for its figures."""
    require()
    which = asked(request)
    if which.wrong:
        messages.error(request, which.wrong)
    cases = _cases(which)
    wait = None if COUNT in request.GET else _wait_for(cases, which.period)
    figures = Report.empty(which.period) if wait else _found(cases, which.period)
    options = {item.name: list(item.options()) for item in BY}
    context = {
        "title": _("Reports"),
        "asked": which,
        "period": words.period_words(figures),
        "whose": whose(),
        "presets": [
            {
                "title": one.label,
                "url": f"?{urlencode({'period': one.value} | which.filters)}",
                "is_on": which.which == one.value,
            }
            for one in Preset
        ],
        "filters": [
            {"item": item, "options": options[item.name], "value": which.filters.get(item.name, "")}
            for item in BY
        ],
        "map_url": which.url("report_map"),
        "pdf_url": which.url("report_pdf"),
        "xlsx_url": which.url("report_xlsx"),
        "information_url": reverse("admin:report_information"),
        "weekly_url": f"{reverse('admin:report_pdf')}?{urlencode({'period': Preset.LAST_WEEK.value} | which.filters)}",
        "follow": FOLLOWED_SECONDS if wait is Wait.SUMMED else 0,
        "count_url": which.url("report_board", **{COUNT: "now"}),
    }
    if not wait:
        offered = {name: {value for value, _text in those} for name, those in options.items()}
        context |= _figures(which, figures, offered)
    return page(admin.site, request, "admin_ui/reports.html", context)


def _comes_first(request: HttpRequest, which: ReportQuery, name: str) -> HttpResponse | None:
    """What comes before the page or file `name`: the board where the address is refused or the sums are waited for, a
    page that asks for it where counting takes long. None where its figures come at once."""
    if which.wrong:
        return HttpResponseRedirect(f"{reverse('admin:report_board')}?{request.GET.urlencode()}")
    wait = None if COUNT in request.GET else _wait_for(_cases(which), which.period)
    if wait is None:
        return None
    if wait is Wait.SUMMED:
        messages.warning(request, complaint_access.SUMS_ARE_MADE)
        return HttpResponseRedirect(which.url("report_board"))
    context = {
        "title": _("Being calculated…"),
        "parents": [(_("Reports"), which.url("report_board"))],
        "count_url": which.url(name, **{COUNT: "now"}),
        "is_file": name != "report_map",
    }
    return page(admin.site, request, "admin_ui/report_waiting.html", context)


def _figures(which: ReportQuery, figures: Report, offered: dict[str, set[str]]) -> dict[str, object]:
    """What the board says of the figures themselves."""
    return {
        "report": figures,
        "numbers": _numbers(which, figures),
        "share": words.percent(figures.total.solved_share),
        "times": words.times_words(figures.total),
        "time_chart": mark_safe(words.time_chart(figures)),  # noqa: S308 - words in it are escaped where it is drawn
        "buckets": [(words.bucket_name(figures, bucket), bucket) for bucket in figures.buckets],
        "sections": [_section(which, figures, one, offered[one.value]) for one in Division],
    }


def require() -> None:
    """NOT_FOUND for who sees no application at all."""
    if not may_see():
        raise scope.not_found()


# -- numbers that open their lists -----------------------------------------------------------------------------------
def _list(which: ReportQuery, tab: str, **more: str) -> str:
    parameters = {"tab": tab} | which.filters | more
    return f"{reverse('admin:complaints_complaint_changelist')}?{urlencode(parameters)}"


def _urls(which: ReportQuery, figures: Report, **more: str) -> dict[str, str]:
    """Where the cases behind the counts of a part stand; what a past day's counts were has no list."""
    first, last = f"{figures.period.first:%Y-%m-%d}", f"{figures.period.last:%Y-%m-%d}"
    ended = {"closed_from": first, "closed_to": last}
    urls = {
        "received": _list(which, "all", registered_from=first, registered_to=last, **more),
        "closed": _list(which, "closed", **ended, **more),
        "solved": _list(which, "closed", outcome="SOLVED", **ended, **more),
    }
    if not figures.period.is_over:
        urls |= {"open": _list(which, "open", **more), "late": _list(which, "late", **more)}
    return urls


def _numbers(which: ReportQuery, figures: Report) -> list[dict[str, object]]:
    total, urls = figures.total, _urls(which, figures)
    tiles: list[tuple[str, str, str, str]] = [
        ("received", thousands(total.received), _("Incoming"), "blue"),
        ("closed", thousands(total.closed), _("Concluded"), "green"),
        ("open", thousands(total.open), words.open_title(figures), "grey"),
        ("late", thousands(total.late), words.late_title(figures), "red"),
        ("solved", words.percent(total.solved_share), _("Solved share"), "green"),
        ("", words.number(total.median_working_days), _("Median working days"), "grey"),
        ("", words.number(total.mean_working_days), _("Mean working days"), "grey"),
        ("", words.number(total.mean_rating), _("Contentment of citizens (1–5)"), "grey"),
        ("", words.percent(total.late_share), _("Answered after the target date"), "orange"),
    ]
    return [
        {"number": number, "title": title, "tone": tone, "url": urls.get(name, "")}
        for name, number, title, tone in tiles
    ]


def _section(which: ReportQuery, figures: Report, division: Division, offered: set[str]) -> dict[str, object]:
    parts = figures.parts[division]
    along = division is Division.DEPARTMENT
    is_open = words.counts_open(division)
    return {
        "name": division.value,
        "title": words.TITLES[division],
        "chart": mark_safe(words.bar_chart(figures, division)),  # noqa: S308 - as above
        "is_drawn": any(part.open if is_open else part.received for part in parts),
        "shows": words.open_title(figures) if is_open else _("Incoming"),
        "late": words.late_title(figures) if is_open else "",
        "note": words.DEPARTMENTS_NOTE if along else "",
        "headings": [*words.headings(figures), *([_("Contributing")] if along else [])],
        "rows": [_row(which, figures, division, part, offered) for part in parts],
        "total": [*words.figures(figures.total), *([""] if along else [])],
    }


def _row(
    which: ReportQuery, figures: Report, division: Division, part: Part, offered: set[str]
) -> dict[str, object]:
    """Its numbers, each with the list it counts, where the list offers that filter."""
    code = part.code or NONE
    urls = _urls(which, figures, **{division.value: code}) if code in offered else {}
    counts = {"received": part.received, "closed": part.closed, "open": part.open, "late": part.late}
    links = [urls.get(name, "") if count else "" for name, count in counts.items()]
    texts = words.figures(part)
    if division is Division.DEPARTMENT:
        texts.append(thousands(part.contributing))
    return {
        "name": words.part_name(division, part),
        "cells": list(zip_longest(texts, links, fillvalue="")),
    }


# -- from where they come --------------------------------------------------------------------------------------------
def by_place(request: HttpRequest) -> HttpResponse:
    """The map of the report: received by mahalle and by cell. Inside the house no number is too small to be shown."""
    require()
    which = asked(request)
    if first := _comes_first(request, which, "report_map"):
        return first
    figures = found(which)
    parts = figures.parts[Division.NEIGHBOURHOOD]
    areas = [
        {
            "code": part.code,
            "value": part.received,
            "url": _urls(which, figures, neighbourhood=part.code)["received"],
        }
        for part in parts
        if part.code and part.received
    ]
    context = {
        "title": _("From where applications come"),
        "parents": [(_("Reports"), which.url("report_board"))],
        "period": words.period_words(figures),
        "whose": whose(),
        "map_data": map_data(),
        "heat": {"areas": areas, "cells": None, "address": which.url("report_map_cells")},
        "rows": [
            (words.part_name(Division.NEIGHBOURHOOD, part), thousands(part.received), thousands(part.open))
            for part in parts
        ],
        "open_title": words.open_title(figures),
    }
    return page(admin.site, request, "admin_ui/map/report.html", context)


def place_cells(request: HttpRequest) -> HttpResponse:
    """The cells of a part of that map, as JSON."""
    require()
    which = asked(request)
    days = (which.period.first, which.period.last)
    rows: Any = Complaint.objects.filter(registered_on__range=days).exclude(point_source__in=APPROXIMATE)
    for item in BY:
        rows = item.narrow(rows, {name: value for name, value in which.filters.items() if name == item.name})
    return list_map.heat(request, rows)


# -- to take along ---------------------------------------------------------------------------------------------------
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The report on paper; of the last week it is the weekly report."""
    require()
    which = asked(request)
    if first := _comes_first(request, which, "report_pdf"):
        return first
    title = (
        _("Weekly report on applications") if which.which == Preset.LAST_WEEK else _("Report on applications")
    )
    return _file(report_paper.report_pdf(found(which), title=title, of=which.sentences()), _("report"), "PDF")


def as_xlsx(request: HttpRequest) -> HttpResponse:
    """Every figure of the report in one sheet."""
    require()
    which = asked(request)
    if first := _comes_first(request, which, "report_xlsx"):
        return first
    figures = found(which)
    headings, rows = words.spreadsheet(figures)
    lines = [words.period_words(figures), figures.formula, str(words.DEPARTMENTS_NOTE), *which.sentences()]
    return sheet(_("Report on applications"), headings, rows, lines)


def sheet(title: str, headings: list[str], rows: Any, lines: list[str]) -> HttpResponse:
    """A file with one table; `lines` stand above it."""
    content = io.BytesIO()
    table_writer.write_xlsx(content, title=title, headings=headings, rows=rows, lines=lines)
    return _file(content.getvalue(), title, "XLSX")


def _file(content: bytes, title: str, format: str) -> HttpResponse:
    name = table_writer.file_name(title, format)
    return HttpResponse(content, headers=table_writer.headers(name, format))


# -- 4982 m.30 -------------------------------------------------------------------------------------------------------
def _year(request: HttpRequest) -> int:
    """The year asked for; else the one whose report comes next: the last one until the end of February."""
    text, day = request.GET.get("year", ""), today()
    if text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= day.year:
        return int(text)
    return day.year - 1 if day.month <= information_report.REPORT_MONTH else day.year


def _information(request: HttpRequest) -> InformationReport:
    require()
    return information_report.information_report(scope.visible(Complaint), _year(request))  # type: ignore[arg-type]


def information(request: HttpRequest) -> HttpResponse:
    """The yearly report on the right to information, line by line."""
    figures = _information(request)
    year = {"year": str(figures.year)}
    context = {
        "title": _("Right to information: report of %(year)s") % year,
        "parents": [(_("Reports"), reverse("admin:report_board"))],
        "report": figures,
        "lines": information_report.lines(figures),
        "whose": whose(),
        "years": [
            one for one in range(figures.year - 2, figures.year + 3) if FIRST_YEAR <= one <= today().year
        ],
        "pdf_url": f"{reverse('admin:report_information_pdf')}?{urlencode(year)}",
        "xlsx_url": f"{reverse('admin:report_information_xlsx')}?{urlencode(year)}",
        "list_url": f"{reverse('admin:complaints_complaint_changelist')}?"
        + urlencode(
            {
                "tab": "all",
                "regime": "INFORMATION_4982",
                "registered_from": f"{figures.year}-01-01",
                "registered_to": f"{figures.year}-12-31",
            }
        ),
    }
    return page(admin.site, request, "admin_ui/report_information.html", context)


def information_as_pdf(request: HttpRequest) -> HttpResponse:
    return _file(
        report_paper.information_pdf(_information(request), of=whose()), _("right to information"), "PDF"
    )


def information_as_xlsx(request: HttpRequest) -> HttpResponse:
    figures = _information(request)
    rows = [
        [line.letter, str(line.title), line.number, str(line.remark)]
        for line in information_report.lines(figures)
    ]
    title = _("Right to information: report of %(year)s") % {"year": figures.year}
    return sheet(title, [_("4982 m.30"), _("What is counted"), _("Count"), _("Remark")], rows, whose())
