"""Availability of a principal: busy times, collisions, and warnings.

Call `lock` first: changes of a programme wait for its lock, so a free time stays free until the commit. The table's
exclusion constraint catches other ways.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import WorkingCalendar
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, clock_text, local_date
from backend.organization.calendar import working_calendar
from backend.programme.choices import COUNTED, IN_OFFICE_HOURS, Caution
from backend.programme.locks import lock
from backend.programme.models import Entry, Principal, StandIn
from backend.programme.slots import Slots, Span, Time

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ALTERNATIVES = 3

__all__ = [
    "CollisionError",
    "Time",
    "UnusualError",
    "busy",
    "cautions",
    "lock",
    "nearest_free",
    "of_the_day",
    "require_free",
    "require_usual",
    "slots_of",
    "time_of",
]


def time_of(entry: Entry) -> Time:
    return Time(
        entry.starts_at,
        entry.ends_at,
        entry.preparation_minutes,
        entry.travel_minutes,
        entry.follow_up_minutes,
    )


class CollisionError(DomainError):
    """The time is taken. `free` are the nearest free times, as far as the working hours reach."""

    def __init__(self, message: str | _StrPromise, free: list[Span]) -> None:
        super().__init__(ErrorCode.CONFLICT, message, "starts_at")
        self.free = free


class UnusualError(DomainError):
    """The time is free, but needs confirmation (`accept_unusual`)."""

    def __init__(self, cautions: list[tuple[Caution, str]]) -> None:
        text = " ".join(sentence for _caution, sentence in cautions)
        super().__init__(ErrorCode.UNUSUAL, text, "accept_unusual")
        self.cautions = cautions


def busy(
    principal_id: int, from_: dt.datetime, until: dt.datetime, leaving_out: Iterable[int] = ()
) -> list[Span]:
    """When the principal is not free, buffers included, in ascending order and joined where they touch.

    Says nothing of what it is, and counts what the asker may not see: free/busy is for everybody.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower(r), upper(r) FROM app.busy(%s, %s, %s, %s) r",
            [principal_id, from_, until, list(leaving_out)],
        )
        return [Span(*row) for row in cursor.fetchall()]


def busy_in_public(principal: Principal, first: dt.date, last: dt.date) -> list[Span]:
    """Public busy times of these local days, in half hours of the working time. Exact minutes, or times at night,
    would reveal where the principal is."""
    start, end = (dt.datetime.combine(day, dt.time(), ISTANBUL) for day in (first, last))
    slots = Slots(
        hours=[(row.weekday, row.starts, row.ends) for row in principal.working_hours.all()],
        calendar=working_calendar(),
        busy=busy(principal.pk, start, end + dt.timedelta(days=1)),
        full_days=set(),
        start=start,
        end=end,
        step=dt.timedelta(minutes=30),
    )
    return list(slots.taken())


def require_free(principal: Principal, time: Time, leaving_out: Iterable[int] = ()) -> None:
    """Raise CollisionError, naming what it collides with as far as the asker may see, and the nearest free times."""
    span, leaving_out, day = time.blocks, list(leaving_out), dt.timedelta(days=1)
    # The busy time as a whole, also outside of the range: the end of a hidden entry must stay hidden.
    taken = [
        one for one in busy(principal.pk, span.start - day, span.end + day, leaving_out) if one.overlaps(span)
    ]
    if not taken:
        return
    seen = Entry.objects.taking(span.start, span.end).exclude(pk__in=leaving_out).filter(principal=principal)
    first = seen.order_by("starts_at").first()
    free = nearest_free(principal, time, leaving_out)
    raise CollisionError(_sentence(first, taken[0], free), free)


def _sentence(entry: Entry | None, taken: Span, free: list[Span]) -> str:
    if entry is None:
        text = _("This time is taken: %(day)s, busy %(from)s–%(until)s.") % {
            "day": _day(taken.start),
            "from": clock_text(taken.start),
            "until": clock_text(taken.end),
        }
    else:
        text = _("This time collides with “%(title)s” (%(day)s %(from)s–%(until)s%(buffers)s).") % {
            "title": entry.title,
            "day": _day(entry.starts_at),
            "from": clock_text(entry.starts_at),
            "until": clock_text(entry.ends_at),
            "buffers": _buffers(entry),
        }
    if not free:
        return str(text)
    times = ", ".join(f"{_day(span.start)} {clock_text(span.start)}" for span in free)
    return f"{text} " + str(_("The nearest free times: %(times)s.") % {"times": times})


def _buffers(entry: Entry) -> str:
    """“, with preparation and follow-up 13:45–15:00” where there are any."""
    if (entry.blocks_from, entry.blocks_until) == (entry.starts_at, entry.ends_at):
        return ""
    span = {"from": clock_text(entry.blocks_from), "until": clock_text(entry.blocks_until)}
    return str(_(", with its buffers %(from)s–%(until)s") % span)


def _day(moment: dt.datetime) -> str:
    return f"{moment.astimezone(ISTANBUL):%d.%m.%Y}"


def nearest_free(principal: Principal, time: Time, leaving_out: Iterable[int] = ()) -> list[Span]:
    """The three free times nearest to the wanted one, within two weeks of it, from now on, in ascending order."""
    wanted, fortnight = time.starts_at, dt.timedelta(days=14)
    slots = slots_of(principal, wanted - fortnight, wanted + fortnight, leaving_out)
    return slots.nearest(time, ALTERNATIVES)


def slots_of(
    principal: Principal, from_: dt.datetime, until: dt.datetime, leaving_out: Iterable[int] = ()
) -> Slots:
    """The principal's working hours of these days, by the common calendar, and what is taken of them: from now on."""
    day = dt.timedelta(days=1)
    start = max(from_, timezone.now())
    until = max(start, until)
    return Slots(
        hours=[(row.weekday, row.starts, row.ends) for row in principal.working_hours.all()],
        calendar=working_calendar(),
        busy=busy(principal.pk, start - day, until + day, leaving_out),
        full_days=full_days(principal, start, until, leaving_out) | days_away(principal, start, until),
        start=start,
        end=until,
        step=dt.timedelta(minutes=15),
    )


def full_days(
    principal: Principal, from_: dt.datetime, until: dt.datetime, leaving_out: Iterable[int] = ()
) -> set[dt.date]:
    """The local days on which the daily maximum is reached. What is confidential is not counted: the number of
    what one sees must tell nothing of what one does not see."""
    if principal.daily_maximum is None:
        return set()
    day = dt.timedelta(days=1)
    rows = Entry.objects.blocking().filter(principal=principal, kind__in=COUNTED, is_confidential=False)
    counted: dict[dt.date, int] = {}
    for (moment,) in (
        rows.between(from_ - day, until + day).exclude(pk__in=list(leaving_out)).values_list("starts_at")
    ):
        counted[local_date(moment)] = counted.get(local_date(moment), 0) + 1
    return {day for day, count in counted.items() if count >= principal.daily_maximum}


def days_away(principal: Principal, from_: dt.datetime, until: dt.datetime) -> set[dt.date]:
    """The local days on which the principal is replaced and receives no visitors."""
    first, last = local_date(from_), local_date(until)
    result: set[dt.date] = set()
    for row in StandIn.objects.filter(principal=principal).between(first, last):
        start, end = max(first, row.valid_from), min(last, row.valid_until)
        result |= {start + dt.timedelta(days=n) for n in range((end - start).days + 1)}
    return result


def cautions(
    principal: Principal,
    kind: str,
    time: Time,
    *,
    leaving_out: Iterable[int] = (),
    calendar: WorkingCalendar | None = None,
) -> list[tuple[Caution, str]]:
    """What is unusual about the time, each with a sentence. Nothing of it forbids: the mayor works on holidays."""
    items: list[tuple[Caution, str]] = []
    if time.ends_at <= timezone.now():
        items.append((Caution.PAST, str(_("This time lies in the past."))))
    if kind not in IN_OFFICE_HOURS:
        return items
    calendar = calendar or working_calendar()
    items += of_the_day(principal, time, calendar)
    items += _of_absence(principal, time)
    day = local_date(time.starts_at)
    if kind in COUNTED and day in full_days(principal, time.starts_at, time.ends_at, leaving_out):
        sentence = _("There are already %(count)s appointments on %(day)s, the daily maximum.")
        items.append(
            (
                Caution.DAILY_MAXIMUM,
                str(sentence % {"count": principal.daily_maximum, "day": f"{day:%d.%m.%Y}"}),
            )
        )
    return items


def of_the_day(principal: Principal, time: Time, calendar: WorkingCalendar) -> list[tuple[Caution, str]]:
    start, end = time.starts_at.astimezone(ISTANBUL), time.ends_at.astimezone(ISTANBUL)
    day = start.date()
    named = {"day": f"{day:%d.%m.%Y}", "name": ", ".join(calendar.holiday_names(day))}
    if not calendar.is_working_day(day, with_leave=True):
        if calendar.is_full_leave(day):
            sentence = _("%(day)s is administrative leave.")
        elif calendar.is_public_holiday(day):
            sentence = _("%(day)s is a public holiday: %(name)s.")
        else:
            sentence = _("%(day)s is a weekend day.")
        return [(Caution.NOT_WORKED, str(sentence % named))]
    ends_early = calendar.half_day_from(day)
    if ends_early and (end.date() > day or end.time() > ends_early):
        sentence = _("%(day)s is the eve of a holiday (arife), work ends at %(time)s.")
        if not named["name"]:
            sentence = _("%(day)s is administrative leave from %(time)s on.")
        return [(Caution.HALF_DAY, str(sentence % {**named, "time": clock_text(ends_early)}))]
    hours = [row for row in principal.working_hours.all() if row.weekday == day.weekday()]
    if end.date() == day and any(row.starts <= start.time() and end.time() <= row.ends for row in hours):
        return []
    if not hours and not principal.working_hours.exists():
        return []
    return [(Caution.OUTSIDE_HOURS, str(_("This time lies outside the working hours.")))]


def _of_absence(principal: Principal, time: Time) -> list[tuple[Caution, str]]:
    rows = StandIn.objects.filter(principal=principal).select_related("deputy")
    row = rows.between(local_date(time.starts_at), local_date(time.ends_at)).first()
    if row is None:
        return []
    named = {
        "deputy": row.deputy.name,
        "from": f"{row.valid_from:%d.%m.%Y}",
        "until": f"{row.valid_until:%d.%m.%Y}",
    }
    sentence = _("From %(from)s to %(until)s %(deputy)s stands in.")
    return [(Caution.AWAY, str(sentence % named))]


def require_usual(principal: Principal, kind: str, time: Time, leaving_out: Iterable[int] = ()) -> None:
    """Raise UnusualError if there is anything to be careful about."""
    if result := cautions(principal, kind, time, leaving_out=leaving_out):
        raise UnusualError(result)
