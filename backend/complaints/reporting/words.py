"""A report in words, charts and tables: the same on the page, on paper and in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.complaints.reporting.reports import Bucket, Division, Part, Report
from backend.documents import charts
from backend.documents.charts import Bar, Column

MOST_BARS = 12
"""More is nothing to look at: the rest is one bar, and stands in the table."""

TITLES: dict[Division, Promise] = {
    Division.DEPARTMENT: gettext_lazy("By department"),
    Division.CATEGORY: gettext_lazy("By subject"),
    Division.NEIGHBOURHOOD: gettext_lazy("By neighbourhood"),
    Division.CHANNEL: gettext_lazy("By channel"),
    Division.REGIME: gettext_lazy("By legal basis"),
}
NONE: dict[Division, Promise] = {
    Division.DEPARTMENT: gettext_lazy("Not routed"),
    Division.CATEGORY: gettext_lazy("Without a subject"),
    Division.NEIGHBOURHOOD: gettext_lazy("Without a neighbourhood"),
}
DEPARTMENTS_NOTE = gettext_lazy(
    "Each application counts once, at the department that is responsible for it, so the lines come to the total."
    " “Contributing” says how many of those received a department works on with another; it is in no sum."
)


def part_name(division: Division, part: Part) -> str:
    """What stands in the table for these cases."""
    return str(part.name if part.key is not None else NONE.get(division, "–"))


def number(value: float | None, digits: int = 1) -> str:
    """12,5 — or a dash of nothing."""
    return "–" if value is None else f"{value:.{digits}f}".replace(".", ",")


def percent(share: float | None) -> str:
    """% 83,3 — or a dash of nothing."""
    return "–" if share is None else f"% {number(share * 100)}"


def period_words(found: Report) -> str:
    """01.01.2026 – 31.12.2026, and as of when where it is not over."""
    first, last = found.period.first, found.period.last
    begin, end, now = (date_format(day, "SHORT_DATE_FORMAT") for day in (first, last, found.on))
    return f"{begin} – {end}" + ("" if found.period.is_over else f" ({_('as of')} {now})")


def open_title(found: Report) -> str:
    return _("Open at the end") if found.period.is_over else _("Open now")


def late_title(found: Report) -> str:
    return _("Late at the end") if found.period.is_over else _("Late now")


def bucket_label(found: Report, bucket: Bucket) -> str:
    """Short, as it stands below a column."""
    if found.period.unit == "month":
        name = date_format(bucket.first, "M")
        return name if _within_a_year(found) else f"{name} {bucket.first:%y}"
    return f"{bucket.first:%d.%m}"


def bucket_name(found: Report, bucket: Bucket) -> str:
    """In full, as it stands in the table."""
    match found.period.unit:
        case "month":
            return date_format(bucket.first, "F Y")
        case "week":
            return f"{bucket.first:%d.%m.%Y} – {bucket.last:%d.%m.%Y}"
        case _:
            return f"{bucket.first:%d.%m.%Y}"


def _within_a_year(found: Report) -> bool:
    return found.period.first.year == found.period.last.year


# -- charts ----------------------------------------------------------------------------------------------------------
def time_chart(found: Report, width: int | None = None) -> str:
    """Received and closed as columns, open as a line."""
    rows = [
        Column(bucket_label(found, bucket), bucket.received, bucket.closed, bucket.open)
        for bucket in found.buckets
    ]
    words = _("Received %(received)s, closed %(closed)s; %(open)s open on %(day)s.") % {
        "received": charts.thousands(found.total.received),
        "closed": charts.thousands(found.total.closed),
        "open": charts.thousands(found.total.open),
        "day": f"{found.on:%d.%m.%Y}",
    }
    return charts.columns("chart-time", _("Received, closed and open over time"), words, rows, width)


def counts_open(division: Division) -> bool:
    """Of departments one looks at what lies there and how much of it is late; of the rest at what came."""
    return division is Division.DEPARTMENT


def bar_chart(found: Report, division: Division, width: int | None = None) -> str:
    """The largest parts of a division, the rest as one; departments by what is open there, with what is late of it."""
    is_open = counts_open(division)
    bars = [
        Bar(part_name(division, one), one.open if is_open else one.received, one.late if is_open else 0)
        for one in found.parts[division]
    ]
    bars = sorted((bar for bar in bars if bar.value), key=lambda bar: -bar.value)
    if len(bars) > MOST_BARS:
        rest = bars[MOST_BARS - 1 :]
        name = _("Others (%(n)s)") % {"n": len(rest)}
        together = (sum(one.value for one in rest), sum(one.part for one in rest))
        bars = [*bars[: MOST_BARS - 1], Bar(name, *together, is_drawn=False)]
    shown = [replace(bar, shown=_open_and_late(bar)) for bar in bars]
    words = "; ".join(f"{bar.label}: {bar.shown}" for bar in shown)
    title = f"{TITLES[division]}: {open_title(found) if is_open else _('Incoming')}"
    return charts.bars(f"chart-{division.value}", title, words, shown, width)


def _open_and_late(bar: Bar) -> str:
    total = charts.thousands(bar.value)
    return (
        _("%(total)s, %(late)s late") % {"total": total, "late": charts.thousands(bar.part)}
        if bar.part
        else total
    )


# -- tables ----------------------------------------------------------------------------------------------------------
def headings(found: Report) -> list[str]:
    """Of the figures of a part, in the order of `figures`."""
    return [
        _("Incoming"),
        _("Concluded"),
        open_title(found),
        late_title(found),
        _("Solved share"),
        _("Median working days"),
        _("Mean working days"),
    ]


def figures(part: Part) -> list[str]:
    """What a table shows of a part, as text."""
    counts = [charts.thousands(count) for count in (part.received, part.closed, part.open, part.late)]
    return [
        *counts,
        percent(part.solved_share),
        number(part.median_working_days),
        number(part.mean_working_days),
    ]


def spreadsheet(found: Report) -> tuple[list[str], list[Sequence[Any]]]:
    """(headings, rows) of everything: the total, then each part of each division, then each stretch of time."""
    names = [
        _("Divided by"),
        _("Part of it"),
        _("Incoming"),
        _("Concluded"),
        _("Solved ones"),
        _("Counted for the share"),
        _("Solved share (%)"),
        open_title(found),
        late_title(found),
        _("Answered ones"),
        _("Answered late"),
        _("Median working days"),
        _("Mean working days"),
        _("Median days"),
        _("Mean days"),
        _("Contributing"),
    ]
    rows: list[Sequence[Any]] = [[_("Total"), _("Total"), *_values(found.total), None]]
    for division, parts in found.parts.items():
        along = division is Division.DEPARTMENT
        rows += [
            [
                str(TITLES[division]),
                part_name(division, part),
                *_values(part),
                part.contributing if along else None,
            ]
            for part in parts
        ]
    blank = [None] * 2
    rows += [
        [
            _("Over time"),
            bucket_name(found, bucket),
            bucket.received,
            bucket.closed,
            *blank,
            None,
            bucket.open,
            *[None] * 8,
        ]
        for bucket in found.buckets
    ]
    return names, rows


def _values(part: Part) -> list[Any]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 1)

    share = part.solved_share
    return [
        part.received,
        part.closed,
        part.solved,
        part.countable,
        None if share is None else round(share * 100, 1),
        part.open,
        part.late,
        part.answered,
        part.answered_late,
        rounded(part.median_working_days),
        rounded(part.mean_working_days),
        rounded(part.median_days),
        rounded(part.mean_days),
    ]


MOST_NAMED = 3
"""Of the largest parts, so many stand in a sentence of the summary."""


def summary(found: Report) -> list[str]:
    """The period in a few sentences, for who reads nothing else; what there is none of is left out."""
    total = found.total
    counts = {
        name: charts.thousands(getattr(total, name))
        for name in ("received", "closed", "open", "late", "answered")
    }
    sentences = [
        _(
            "%(received)s applications came in and %(closed)s were concluded; %(open)s are open, %(late)s of them late."
        )
        % counts
    ]
    if total.answered:
        sentences.append(
            _("%(answered)s were answered, half of them within %(median)s working days; late: %(late)s.")
            % {**counts, "median": number(total.median_working_days), "late": percent(total.late_share)}
        )
    for title, division, count in (
        (_("Most came on"), Division.CATEGORY, "received"),
        (_("Most came from"), Division.NEIGHBOURHOOD, "received"),
        (_("Most that is late lies with"), Division.DEPARTMENT, "late"),
    ):
        if named := _largest(found, division, count):
            sentences.append(f"{title}: {named}.")
    return sentences


def _largest(found: Report, division: Division, count: str) -> str:
    """The parts with most of it, with their numbers; what belongs to none is no answer."""
    parts = [one for one in found.parts[division] if one.key is not None and getattr(one, count)]
    largest = sorted(parts, key=lambda one: -getattr(one, count))[:MOST_NAMED]
    return ", ".join(
        f"{part_name(division, one)} ({charts.thousands(getattr(one, count))})" for one in largest
    )


def times_words(part: Part) -> str:
    """Median and mean, in working and in calendar days, in one sentence."""
    return _(
        "To the answer: median %(median)s, mean %(mean)s working days (median %(median_days)s, mean %(mean_days)s"
        " calendar days), of %(answered)s answered applications, %(late)s of them after their target date."
    ) % {
        "median": number(part.median_working_days),
        "mean": number(part.mean_working_days),
        "median_days": number(part.median_days),
        "mean_days": number(part.mean_days),
        "answered": charts.thousands(part.answered),
        "late": charts.thousands(part.answered_late),
    }
