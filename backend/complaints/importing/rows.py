"""From a row of the file to a case that may be registered: the same rules as at the counter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from backend.complaints.actions.registering import default_regime, named_number
from backend.complaints.choices import ENDS, Channel, Kind, Outcome, Priority, Status
from backend.complaints.importing import cells
from backend.complaints.importing.cells import CellError
from backend.complaints.importing.columns import Layout, profile_of
from backend.complaints.law import clock
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.law.deadlines import Matter, Regime
from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL
from backend.core.validation import is_email_address
from backend.core.words.text import tr_fold, tr_tokens
from backend.organization.models import Category, Neighbourhood

_SUBJECT, _PLACE, _NAME, _ADDRESS = 200, 300, 80, 300
_MAHALLE = {"mahallesi", "mahalle", "mah", "mh"}


@dataclass(slots=True)
class Person:
    """The citizen of a row. Two rows with equal `key` are the same person."""

    first_name: str
    last_name: str
    phone: str
    email: str
    address: str
    neighbourhood: int | None
    note: str
    at: dt.datetime

    @property
    def name_fold(self) -> str:
        return tr_fold(f"{self.first_name} {self.last_name}").strip()

    @property
    def key(self) -> tuple[str, str]:
        """How to reach them, and the folded name."""
        return self.phone or self.email or self.address, self.name_fold


@dataclass(frozen=True, slots=True)
class Ending:
    """How and when a case of the past ended. `note`: what the file says of it in words that are none of ours."""

    status: Status
    closed_at: dt.datetime
    replied_at: dt.datetime | None
    outcome: str
    note: str


@dataclass(slots=True)
class Case:
    """A row that can be registered."""

    row: int
    source_number: str
    registered_at: dt.datetime
    kind: str
    channel: str
    regime: str
    matter: str
    priority: str
    category: int | None
    target_days: int
    subject: str
    body: str
    neighbourhood: int | None
    place: str
    identity_hidden: bool
    signature_given: bool
    cimer_due_on: dt.date | None
    person: Person | None
    ending: Ending | None = None
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list, compare=False)
    """Remarks for later rows with this number."""

    @property
    def came_through_cimer(self) -> bool:
        return THROUGH_CIMER(channel=self.channel, regime=self.regime)

    def agrees_with(self, other: Case) -> bool:
        """Whether both rows say the same, wherever they stand."""
        return replace(self, row=0) == replace(other, row=0)


class RowError(ValueError):
    """The row cannot be registered; `messages` name every cell at fault."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(*messages)
        self.messages = messages


class Reader:
    """Reads the rows of one file of a source. `now` is the latest moment a case can have been received."""

    def __init__(self, layout: Layout, source: str, now: dt.datetime) -> None:
        self.layout, self.source, self.now = layout, source, now
        self.profile = profile_of(source)
        self.categories: dict[str, Category] = {}
        for category in Category.objects.filter(is_active=True).order_by("parent_id"):
            self.categories |= {tr_tokens(category.name): category, tr_tokens(category.code): category}
        self.places = {tr_tokens(row.name): row.pk for row in Neighbourhood.objects.all()}

    def read(self, row: int, values: list[Any]) -> Case:
        """The case of a row; RowError names everything that is wrong with it at once."""
        return _Row(self, row, values).case()


class _Row:
    def __init__(self, reader: Reader, row: int, values: list[Any]) -> None:
        self.reader, self.row, self.values = reader, row, values
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.tags: list[str] = []

    def _cell(self, name: str) -> Any:
        position = self.reader.layout.positions.get(name)
        return self.values[position] if position is not None and position < len(self.values) else None

    def _read(self, name: str, reading: Callable[[Any], Any], otherwise: Any) -> Any:
        try:
            return reading(self._cell(name))
        except CellError as problem:
            self.problems.append(f"{self.reader.layout.headers.get(name, name)}: {problem}")
            return otherwise

    def _text(self, name: str) -> str:
        result: str = self._read(name, cells.text, "")
        return result

    def case(self) -> Case:
        at = self._moment()
        kind = self._read("kind", lambda value: cells.word(Kind, value), "") or Kind.COMPLAINT
        channel = (
            self._read("channel", lambda value: cells.word(Channel, value), "") or self.reader.profile.channel
        )
        regime = self._regime(kind, channel)
        number = self._number(channel, regime)
        priority = self._read("priority", lambda value: cells.word(Priority, value), "") or Priority.NORMAL
        category = self._category()
        subject, body = self._said()
        neighbourhood, place = self._place()
        case = Case(
            row=self.row,
            source_number=number,
            registered_at=at,
            kind=str(kind),
            channel=str(channel),
            regime=str(regime),
            matter=self._matter(regime, kind),
            priority=str(priority),
            category=category.pk if category else None,
            target_days=clock.target_days(category, priority),
            subject=subject,
            body=body,
            neighbourhood=neighbourhood,
            place=place,
            identity_hidden=self._read("identity_hidden", cells.flag, False),
            signature_given=self._read("signature_given", cells.flag, False),
            cimer_due_on=self._shown_by_cimer(regime),
            person=self._person(at, neighbourhood),
            ending=self._ending(at),
            tags=self.tags,
            notes=self.notes,
        )
        if self.problems:
            raise RowError(self.problems)
        return case

    def _number(self, channel: str, regime: Regime) -> str:
        source = self.reader.source

        def reading(value: Any) -> str:
            number = cells.number_of_source(value)
            return cells.filled(named_number(number, source=source, channel=channel, regime=regime))

        result: str = self._read("source_number", reading, "")
        return result

    def _moment(self) -> dt.datetime:
        now = self.reader.now
        if "registered_at" not in self.reader.layout.positions:
            return now
        at: dt.datetime = self._read(
            "registered_at", lambda value: cells.moment(value, self._cell("registered_time")), now
        )
        if at > now:
            self.problems.append(_("The moment of receipt cannot lie in the future."))
        return at

    def _ending(self, received: dt.datetime) -> Ending | None:
        """The end of a case that is closed in its source; None of an open one.

        Where the file does not say how it stands, an end or an answer closes it.
        """
        word = self._read("status", lambda value: cells.word(Status, value), "")
        status = Status(word) if word else None
        closed = self._read("closed_at", cells.moment_or_none, None)
        replied = self._read("replied_at", cells.moment_or_none, None)
        end = closed or replied
        if status is None and end is None:
            return None
        if status is not None and status not in ENDS:
            if end is not None:
                self.problems.append(
                    _("It is open, but has a date of its end or answer. Correct one of them.")
                )
            return None
        if end is None:
            message = _(
                "It is closed, but the date on which it was closed is missing. Add it in a column “Kapanış Tarihi”."
            )
            self.problems.append(message)
            return None
        end, replied = _not_before(end, received), replied and _not_before(replied, received)
        if end < received or (replied and not received <= replied <= end) or end > self.reader.now:
            message = _(
                "Receipt, answer and end do not follow each other, or lie in the future. Correct the dates."
            )
            self.problems.append(message)
        status = Status.CLOSED if status in (None, Status.DUPLICATE) else status
        return Ending(status, end, replied, *self._outcome(status))

    def _outcome(self, status: Status) -> tuple[str, str]:
        """(the outcome, what was written in words that are none): of the column, or as the status names it."""
        if status in Outcome.values:  # withdrawn, rejected, not examinable
            return str(status), self._text("outcome")
        for name in ("outcome", "status"):
            value = self._text(name)
            try:
                if known := cells.word(Outcome, value):
                    return known, ""
            except CellError:
                if name == "outcome":
                    return "", value
        return "", ""

    def _regime(self, kind: str, channel: str) -> Regime:
        values = self._read("regime", lambda value: cells.word(Regime, value), "")
        return Regime(values) if values else default_regime(kind, channel)

    def _shown_by_cimer(self, regime: Regime) -> dt.date | None:
        result: dt.date | None = self._read("cimer_due_on", cells.day, None)
        if result is None and regime is Regime.CIMER:
            message = _("The last day that CİMER shows is missing. Add it in a column “Son Cevap Tarihi”.")
            self.problems.append(message)
        return result

    def _matter(self, regime: Regime, kind: str) -> str:
        asks = regime is Regime.CIMER and kind == Kind.INFORMATION_REQUEST
        try:
            return str(clock.matter_of(regime, Matter.INFORMATION if asks else None))
        except DomainError as error:
            self.problems.append(str(error))
            return ""

    def _category(self) -> Category | None:
        value = self._text("category")
        result = self.reader.categories.get(tr_tokens(value)) if value else None
        if value and result is None:
            self.notes.append(_("Category “%(name)s” is not known; kept as a tag.") % {"name": value[:60]})
            self.tags = [value[:40]]
        return result

    def _said(self) -> tuple[str, str]:
        subject, body = self._text("subject"), self._text("body")
        if not subject and not body:
            self.problems.append(_("The row has neither subject nor text."))
        subject = " ".join(subject.split()) or _shortened(" ".join(body.split()))
        if len(subject) > _SUBJECT:
            body = f"{subject}\n\n{body}".strip()
            subject = _shortened(subject)
        return subject, body

    def _place(self) -> tuple[int | None, str]:
        value, place = self._text("neighbourhood"), " ".join(self._text("place").split())
        words = [word for word in tr_tokens(value).split() if word not in _MAHALLE]
        result = self.reader.places.get(" ".join(words)) if words else None
        if value and result is None:
            self.notes.append(_("Mahalle “%(name)s” is not known; kept in the place.") % {"name": value[:60]})
            place = f"{value}, {place}".strip(", ")
        return result, place[:_PLACE]

    def _person(self, at: dt.datetime, neighbourhood: int | None) -> Person | None:
        first, last = self._text("first_name"), self._text("last_name")
        # A whole name is never split at a blank: a second name looks like a surname.
        first = first or ("" if last else self._text("full_name")) or last
        last = "" if first == last else last
        left_out: list[str] = []
        phone, email = self._phone(left_out), self._email(left_out)
        address = " ".join(self._text("address").split())[:_ADDRESS]
        if not (first or phone or email):
            return None
        if self.reader.profile.channel != Channel.CIMER and "address" not in self.reader.layout.positions:
            neighbourhood = None
        return Person(
            first_name=" ".join(first.split())[:_NAME] or _("Unnamed"),
            last_name=" ".join(last.split())[:_NAME],
            phone=phone,
            email=email,
            address=address,
            neighbourhood=neighbourhood,
            note="; ".join(left_out)[:300],
            at=at,
        )

    def _phone(self, left_out: list[str]) -> str:
        value = self._text("phone")
        try:
            return cells.phone(value)
        except CellError as problem:
            self.notes.append(_("Telephone kept as a note: %(problem)s") % {"problem": problem})
            left_out.append(_("Telephone in the file: %s") % value)
            return ""

    def _email(self, left_out: list[str]) -> str:
        value = self._text("email")
        if value and not is_email_address(value):
            self.notes.append(_("E-mail kept as a note: it is no valid address."))
            left_out.append(_("E-mail in the file: %s") % value)
            return ""
        return value[:254]


def _not_before(moment: dt.datetime, received: dt.datetime) -> dt.datetime:
    """A date without a time on the day of receipt is no earlier than that."""
    same_day = moment.astimezone(ISTANBUL).date() == received.astimezone(ISTANBUL).date()
    is_date = moment.astimezone(ISTANBUL).time() == dt.time()
    return max(moment, received) if same_day and is_date else moment


def _shortened(text: str) -> str:
    """At most as long as a subject may be, cut between two words."""
    if len(text) <= _SUBJECT:
        return text
    return text[: _SUBJECT - 1].rsplit(" ", 1)[0] + "…"
