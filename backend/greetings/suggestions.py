"""What the office may write in the coming days: suggested from the calendar, from days that it has a right to keep, and
from bereavements; each becomes a batch or a draft in one press, once.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.contacts.models import Bereavement, Citizen
from backend.core.localtime import today
from backend.greetings import days as calendar_days
from backend.greetings.choices import KeptKind, OccasionKind, Wish
from backend.greetings.models import KeptDay, Occasion
from backend.letters.choices import ISSUED, ON_THE_WAY, Kind, Status
from backend.letters.models import Addressee

AHEAD, MOST_AHEAD = 7, 31
CONDOLED_WITHIN = 7
"""So many days after a death a condolence is still suggested; it belongs on the same day."""


NO_PERSONS = gettext_lazy(
    "No list of persons is made for this day: it would choose them by health data (KVKK m.6). Add associations,"
    " foundations and institutions; it goes to those who represent them."
)


@dataclass(frozen=True)
class Suggestion:
    """One letter, or one batch, that could be written. `why`: by what right or for what reason it is known."""

    code: str
    kind: OccasionKind
    name: str
    on: dt.date
    letter_kind: Kind
    why: str
    audience: str = ""
    citizen: Citizen | None = None
    of_what: str = ""
    caution: str = ""
    occasion: Occasion | None = None

    @property
    def is_for_one(self) -> bool:
        """A letter to one person; otherwise a batch to many."""
        return self.citizen is not None


def coming(first: dt.date | None = None, count: int = AHEAD, *, people: bool = True) -> list[Suggestion]:
    """Those of `count` days from `first` (default: today) on, the nearest first, with the occasion that was made of
    one already. Without `people` only days of the calendar."""
    first = first or today()
    last = first + dt.timedelta(days=min(max(count, 1), MOST_AHEAD) - 1)
    result = list(_days(first, last))
    if people:
        result += [*_bereaved(first), *_kept(first, last)]
    made = {row.code: row for row in Occasion.objects.filter(code__in=[one.code for one in result])}
    result = [replace(one, occasion=made.get(one.code)) for one in result]
    return sorted(result, key=lambda one: (one.on, one.kind, one.name))


def find(code: str, *, people: bool = True) -> Suggestion | None:
    """The suggestion with this code, within the longest time that can be asked for."""
    return next((one for one in coming(count=MOST_AHEAD, people=people) if one.code == code), None)


def _days(first: dt.date, last: dt.date) -> Iterator[Suggestion]:
    for day in calendar_days.between(first, last):
        caution = str(NO_PERSONS) if day.health_data else ""
        facts = (day.code, day.kind, day.name, day.on, day.letter_kind, day.source, day.audience)
        yield Suggestion(*facts, caution=caution)


def _kept(first: dt.date, last: dt.date) -> Iterator[Suggestion]:
    """Birthdays and anniversaries that fall into these days, of people who live and want to be greeted."""
    span = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    wanted = Q(pk__in=[])
    for day in span:
        wanted |= Q(month=day.month, day=day.day)
        if _is_last_of_short_february(day):
            wanted |= Q(month=2, day=29)
    rows = KeptDay.objects.filter(wanted, citizen__deceased_on=None, citizen__merged_into=None)
    rows = rows.exclude(citizen__greeting_preference__wish=Wish.OBJECTION).select_related("citizen")
    for row in rows[:200]:
        on = next(day for day in span if _falls_on(row, day))
        yield _of_kept(row, on)


def _is_last_of_short_february(day: dt.date) -> bool:
    return (day.month, day.day) == (2, 28) and not calendar.isleap(day.year)


def _falls_on(row: KeptDay, day: dt.date) -> bool:
    own = (row.month, row.day)
    return own == (day.month, day.day) or (own == (2, 29) and _is_last_of_short_february(day))


def _of_kept(row: KeptDay, on: dt.date) -> Suggestion:
    is_birthday = row.kind == KeptKind.BIRTHDAY
    what = str(row.get_kind_display()) if is_birthday else row.of_what or str(row.get_kind_display())
    if row.since and on.year > row.since:
        what = _("%(what)s, year %(count)d") % {"what": what, "count": on.year - row.since}
    return Suggestion(
        code=f"kept:{row.key}:{on.year}",
        kind=OccasionKind.BIRTHDAY if is_birthday else OccasionKind.ANNIVERSARY,
        name=f"{what}: {row.citizen.full_name}",
        on=on,
        letter_kind=Kind.CONGRATULATION,
        why=f"{row.get_basis_display()} · {row.basis_note}",
        citizen=row.citizen,
        of_what=what,
    )


def _bereaved(first: dt.date) -> Iterator[Suggestion]:
    """Losses of the last days for which no condolence is written."""
    since = first - dt.timedelta(days=CONDOLED_WITHIN)
    rows = Bereavement.objects.filter(on__gte=since, on__lte=first, citizen__deceased_on=None)
    rows = rows.filter(citizen__merged_into=None).select_related("citizen").order_by("-on", "-pk")
    losses = list(rows[:200])
    known = (*ISSUED, *ON_THE_WAY, Status.DRAFT, Status.SIGNED)
    written = Addressee.objects.filter(
        citizen__in=[row.citizen_id for row in losses],
        letter__kind=Kind.CONDOLENCE,
        letter__status__in=known,
        letter__drafted_at__date__gte=since,
        letter__occasion=None,
    )
    condoled = set(written.values_list("citizen", flat=True))
    for row in losses:
        if row.citizen_id not in condoled:
            yield Suggestion(
                code=f"bereavement:{row.key}",
                kind=OccasionKind.BEREAVEMENT,
                name=_("Condolence: %(name)s") % {"name": row.citizen.full_name},
                on=row.on,
                letter_kind=Kind.CONDOLENCE,
                why=row.who or str(_("Bereavement recorded")),
                citizen=row.citizen,
                of_what=row.who,
            )
