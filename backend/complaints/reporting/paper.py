"""Reports on paper: the figures of a period, its first page for who reads no other, and the yearly one of 4982 m.30.
Numbers alone, no personal data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from backend.complaints.reporting import words
from backend.complaints.reporting.information_report import InformationReport, lines
from backend.complaints.reporting.reports import Division, Report
from backend.configuration.office import configured
from backend.core.localtime import today
from backend.documents import charts, typesetting

TEMPLATE = "complaints/print/report.typ"
WIDTH = 700
"""Of a chart, in points; the paper shows it at some two thirds of that, letters as small as the table's."""


def report_pdf(found: Report, *, title: str, of: Sequence[str]) -> bytes:
    """The report as PDF. `of`: lines that say of which cases it is."""
    over_time, *divided = [_over_time(found), *(_divided(found, division) for division in Division)]
    sections = [section for section in (over_time, *divided) if section["rows"]]
    front = [section for section in (over_time, divided[0]) if section["chart"]]
    total = found.total
    numbers = [
        (total.received, _("Incoming")),
        (total.closed, _("Concluded")),
        (total.open, words.open_title(found)),
        (total.late, words.late_title(found)),
    ]
    return _pdf(
        title=title,
        period=words.period_words(found),
        lines=list(of),
        numbers=[{"number": charts.thousands(count), "title": name} for count, name in numbers],
        summary=words.summary(found),
        front=[dict(section) for section in front],
        said=[
            f"{_('Solved share')}: {words.percent(total.solved_share)}. {found.formula}",
            words.times_words(total),
        ],
        sections=[section | ({"chart": ""} if section in front else {}) for section in sections],
    )


def information_pdf(found: InformationReport, *, of: Sequence[str]) -> bytes:
    """The yearly report of 4982 m.30 as PDF, with blanks for what the cases cannot tell."""
    table = {
        "title": _("Figures (4982 m.30)"),
        "chart": "",
        "legend": [],
        "says": "",
        "notes": [],
        "headings": ["", _("What is counted"), _("Count"), _("Remark")],
        "texts": [0, 1, 3],
        "widths": [1, 8, 3, 8],
        "rows": [
            [line.letter, str(line.title), charts.thousands(line.number), str(line.remark)]
            for line in lines(found)
        ],
        "total": [],
    }
    return _pdf(
        title=_("Right to information: report of %(year)s") % {"year": found.year},
        period=_("As of %(day)s; to the Board by %(due)s")
        % {"day": f"{found.as_of:%d.%m.%Y}", "due": f"{found.due_on:%d.%m.%Y}"},
        lines=list(of),
        numbers=[],
        summary=[],
        front=[],
        said=[],
        sections=[table],
    )


def _pdf(**values: Any) -> bytes:
    return typesetting.pdf(
        TEMPLATE,
        {
            "municipality": configured.MUNICIPALITY_NAME,
            "office": _("Private office"),
            "footer": f"{values['title']} · {today():%d.%m.%Y}",
            **values,
        },
    )


def _over_time(found: Report) -> dict[str, Any]:
    rows = [
        [
            words.bucket_name(found, bucket),
            *(charts.thousands(n) for n in (bucket.received, bucket.closed, bucket.open)),
        ]
        for bucket in found.buckets
    ]
    return {
        "title": _("Over time"),
        "chart": words.time_chart(found, WIDTH) if found.buckets else "",
        "says": _("Received, closed and open over time"),
        "legend": _legend(first=_("Incoming"), second=_("Concluded"), line=_("Open")),
        "notes": [],
        "headings": ["", _("Incoming"), _("Concluded"), _("Open on the last day")],
        "texts": [0],
        "widths": [3, 1, 1, 1],
        "rows": rows,
        "total": [],
    }


def _divided(found: Report, division: Division) -> dict[str, Any]:
    parts, title = found.parts[division], str(words.TITLES[division])
    along = division is Division.DEPARTMENT
    legend = _legend(first=words.open_title(found), second=words.late_title(found)) if along else []
    more = [_("Contributing")] if along else []
    return {
        "title": title,
        "chart": words.bar_chart(found, division, WIDTH) if _is_drawn(found, division) else "",
        "says": title,
        "legend": legend,
        "notes": [str(words.DEPARTMENTS_NOTE)] if along else [],
        "headings": ["", *words.headings(found), *more],
        "texts": [0],
        "widths": [5, *[2] * (7 + len(more))],
        "rows": [
            [
                words.part_name(division, part),
                *words.figures(part),
                *([str(part.contributing)] if along else []),
            ]
            for part in parts
        ],
        "total": [_("Total"), *words.figures(found.total), *([""] if along else [])],
    }


def _is_drawn(found: Report, division: Division) -> bool:
    return any(one.open if words.counts_open(division) else one.received for one in found.parts[division])


def _legend(**texts: str) -> list[dict[str, str]]:
    return [{"colour": charts.COLOURS[name], "text": text} for name, text in texts.items()]
