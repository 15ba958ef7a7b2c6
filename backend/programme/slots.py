"""Free times: working hours by the calendar, less what is taken. Knows no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from backend.core.calendar import WorkingCalendar
from backend.core.localtime import ISTANBUL

if TYPE_CHECKING:
    pass


class Span(NamedTuple):
    """From a moment until before another: two spans that touch do not overlap."""

    start: dt.datetime
    end: dt.datetime

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Slots:
    """One principal's working time between two moments. A half day ends at 13:00, a day of leave has none."""

    hours: list[tuple[int, dt.time, dt.time]]
    calendar: WorkingCalendar
    busy: list[Span]
    full_days: set[dt.date]
    start: dt.datetime
    end: dt.datetime
    step: dt.timedelta

    def windows(self) -> Iterator[Span]:
        """The working time itself, day by day."""
        day, last = self.start.astimezone(ISTANBUL).date(), self.end.astimezone(ISTANBUL).date()
        while day <= last:
            if day not in self.full_days and self.calendar.is_working_day(day, with_leave=True):
                yield from self._of_day(day)
            day += dt.timedelta(days=1)

    def _of_day(self, day: dt.date) -> Iterator[Span]:
        ends_early = self.calendar.half_day_from(day)
        for weekday, starts, ends in sorted(self.hours):
            until = min(ends, ends_early) if ends_early else ends
            if weekday == day.weekday() and starts < until:
                yield Span(
                    dt.datetime.combine(day, starts, ISTANBUL), dt.datetime.combine(day, until, ISTANBUL)
                )

    def taken(self) -> Iterator[Span]:
        """What is taken of the working time, in whole steps: no exact moment, and nothing that lies outside of it."""
        taken = iter(self.busy)
        current = next(taken, None)
        for window in self.windows():
            at, since = window.start, None
            while at < window.end:
                part = Span(at, min(at + self.step, window.end))
                while current is not None and current.end <= part.start:
                    current = next(taken, None)
                if current is not None and current.overlaps(part):
                    since = since or part.start
                elif since is not None:
                    yield Span(since, part.start)
                    since = None
                at += self.step
            if since is not None:
                yield Span(since, window.end)

    def free(self, time: Time) -> Iterator[Span]:
        """Where something of this length and with these buffers fits, in ascending order, one a step.

        What is free is the whole with its buffers; only the thing itself must lie in the working hours.
        """
        taken = iter(self.busy)
        current = next(taken, None)
        for window in self.windows():
            at = window.start
            while at + time.length <= min(window.end, self.end):
                moved = time.moved(at)
                while current is not None and current.end <= moved.blocks.start:
                    current = next(taken, None)
                if at >= self.start and (current is None or not current.overlaps(moved.blocks)):
                    yield Span(moved.starts_at, moved.ends_at)
                at += self.step

    def nearest(self, time: Time, count: int) -> list[Span]:
        """The `count` of them nearest to the wanted one that do not overlap one another, in ascending order."""
        by_distance = sorted(self.free(time), key=lambda span: (abs(span.start - time.starts_at), span.start))
        items: list[Span] = []
        for span in by_distance:
            if len(items) == count:
                break
            if not any(span.overlaps(other) for other in items):
                items.append(span)
        return sorted(items)


@dataclass(frozen=True)
class Time:
    """When something is to be, and the minutes that belong to it before and after."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    preparation_minutes: int = 0
    travel_minutes: int = 0
    follow_up_minutes: int = 0

    @property
    def blocks(self) -> Span:
        before = dt.timedelta(minutes=self.preparation_minutes + self.travel_minutes)
        return Span(self.starts_at - before, self.ends_at + dt.timedelta(minutes=self.follow_up_minutes))

    @property
    def length(self) -> dt.timedelta:
        return self.ends_at - self.starts_at

    def moved(self, to: dt.datetime) -> Time:
        """The same, beginning at another moment."""
        return Time(
            to, to + self.length, self.preparation_minutes, self.travel_minutes, self.follow_up_minutes
        )
