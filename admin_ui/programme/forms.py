"""What the forms of the programme's verbs have besides what their actions declare. Field names are the parameters of
the actions, so that a refusal finds its field.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from admin_ui.core.fields import (
    DayField,
    MinutesField,
    MomentField,
    PeopleField,
    model_choice,
)
from admin_ui.core.forms import ActionForm, optional, text_area
from admin_ui.programme.reading import local, slot_text
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import User
from backend.programme.choices import Frequency, Kind, OnHoliday, Reach, Weekday
from backend.programme.models import Entry, Participant, Principal, StandIn
from backend.programme.places import CollisionError
from backend.programme.recurrence import Pattern
from permissions.core import scope

BUFFERS = ("preparation_minutes", "travel_minutes", "follow_up_minutes")


class PlacedForm(ActionForm):
    """A form about a time. A collision offers the nearest free times, each a button that sends the form with it;
    an unusual time asks once, with the reason, whether it is meant.
    """

    above = "admin_ui/includes/programme_free.html"
    accept_unusual = forms.BooleanField(
        label=_("I know; at this time all the same"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, row: Any, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self.free: list[tuple[str, str]] = []
        """(value of the button `take`, text)"""
        if data is not None and data.get("take"):
            data = _with_time(data, data["take"])
        super().__init__(row, data, *args, **kwargs)
        if data is not None and data.get("accept_unusual") not in (None, "", "False"):
            self.fields["accept_unusual"].widget = forms.CheckboxInput()

    def refuse(self, error: DomainError) -> None:
        if error.code == ErrorCode.UNUSUAL:
            self.fields["accept_unusual"].widget = forms.CheckboxInput()
        if isinstance(error, CollisionError):
            self.free = [(f"{local(one.start)}/{local(one.end)}", slot_text(one)) for one in error.free]
        super().refuse(error)


def _with_time(data: Any, taken: str) -> Any:
    """What was typed, with the free time that was chosen instead."""
    data, (start, _slash, end) = data.copy(), taken.partition("/")
    if parse_datetime(start) and parse_datetime(end):
        data["starts_at"], data["ends_at"] = start, end
    return data


class SeriesForm(ActionForm):
    """A form that may reach further than the one entry, if it belongs to a series."""

    reach = forms.ChoiceField(
        label=_("How much of the series"), choices=Reach.choices, widget=forms.RadioSelect
    )

    def starting(self, entry: Entry) -> dict[str, object]:
        return {"reach": Reach.THIS}

    def prepare(self, entry: Entry) -> None:
        if entry.series is None:
            del self.fields["reach"]


class ExtendForm(ActionForm):
    def starting(self, entry: Entry) -> dict[str, object]:
        until = entry.hold_expires_at or timezone.now()
        return {"hold_until": until + dt.timedelta(days=1)}


class MoveForm(PlacedForm, SeriesForm):
    preparation_minutes = MinutesField(label=_("Preparation in minutes"))
    travel_minutes = MinutesField(label=_("Travel in minutes"))
    follow_up_minutes = MinutesField(label=_("Follow-up in minutes"))

    def starting(self, entry: Entry) -> dict[str, object]:
        kept = {name: getattr(entry, name) for name in ("starts_at", "ends_at", *BUFFERS)}
        return kept | super().starting(entry)

    def prepare(self, entry: Entry) -> None:
        super().prepare(entry)
        for name in ("starts_at", "ends_at"):
            self.fields[name].required = True


class OtherPrincipalField(forms.ModelChoiceField):
    """Another principal whose programme the viewer keeps too; the acting principal of the day comes first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Principal.objects.none(), to_field_name="key", label=_("Who attends instead"), **kwargs
        )

    def instead_of(self, principal: Principal, day: dt.date) -> None:
        rows = scope.visible(Principal, action=scope.Action.PLAN).filter(is_active=True)
        on_the_day = StandIn.objects.filter(principal=principal).between(day, day).values("deputy")
        stands_in = Case(When(pk__in=on_the_day, then=0), default=1)
        self.queryset = rows.exclude(pk=principal.pk).order_by(stands_in, "position", "id")


class HandOverForm(PlacedForm):
    to = OtherPrincipalField()

    def prepare(self, entry: Entry) -> None:
        field: Any = self.fields["to"]
        field.instead_of(entry.principal, timezone.localtime(entry.starts_at).date())

    def refuse(self, error: DomainError) -> None:
        """Show the other principal's free times as text, since the entry keeps its time here."""
        super().refuse(error)
        self.free = []


class CorrectForm(PlacedForm, SeriesForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)

    def starting(self, entry: Entry) -> dict[str, object]:
        kept = {name: getattr(entry, name) for name in ("kind", "title", "place", "description")}
        return kept | super().starting(entry)

    def prepare(self, entry: Entry) -> None:
        super().prepare(entry)
        self.fields["title"].required = True


class UninviteForm(ActionForm):
    participant = forms.ModelChoiceField(
        label=_("Who no longer takes part"),
        queryset=Participant.objects.none(),
        to_field_name="key",
        empty_label=None,
    )

    def prepare(self, entry: Entry) -> None:
        model_choice(self, "participant").queryset = entry.participants.select_related("user")


class UnnameReaderForm(ActionForm):
    def prepare(self, entry: Entry) -> None:
        field = model_choice(self, "user")
        field.queryset = User.objects.filter(pk__in=entry.readers).order_by("first_name", "last_name")


class PressForm(ActionForm):
    def prepare(self, entry: Entry) -> None:
        self.fields["title"].required = True

    def starting(self, entry: Entry) -> dict[str, object]:
        shown = getattr(entry, "press_item", None)
        source = shown or entry
        return {"title": source.title, "place": source.place, "note": shown.note if shown else ""}


class PrepareForm(ActionForm):
    def starting(self, entry: Entry) -> dict[str, object]:
        kept = getattr(entry, "preparation", None)
        return {name: getattr(kept, name, "") for name in ("talking_points", "logistics")}


class PromiseForm(ActionForm):
    def prepare(self, entry: Entry) -> None:
        """Remove the responsible fields for a confidential meeting, since only its readers may know of it."""
        if entry.is_confidential:
            for name in ("department", "person"):
                del self.fields[name]


class AskNoteForm(ActionForm):
    def starting(self, entry: Entry) -> dict[str, object]:
        """By the end of the working day before, or an hour ahead."""
        evening = timezone.localtime(entry.starts_at) - dt.timedelta(days=1)
        evening = evening.replace(hour=17, minute=0, second=0, microsecond=0)
        return {"due_at": evening if evening > timezone.now() else entry.starts_at - dt.timedelta(hours=1)}


class _Blank:
    """What a form of something new is about: no row yet."""

    version = 0
    series = None


class NewEntryForm(PlacedForm):
    """A new entry, or a series of them. `of` is chosen before: whose hours and usual lengths count depends on it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    title = forms.CharField(
        label=_("Heading"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"), required=False, help_text=_("Empty: as long as is usual."))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    description = forms.CharField(label=_("Preparation and notes"), widget=text_area(3), required=False)
    hold_until = MomentField(
        label=_("Hold until"), required=False, help_text=_("Empty: it is confirmed at once.")
    )
    preparation_minutes = MinutesField(label=_("Preparation in minutes"), help_text=_("Empty: as is usual."))
    travel_minutes = MinutesField(label=_("Travel in minutes"))
    follow_up_minutes = MinutesField(label=_("Follow-up in minutes"), help_text=_("Empty: as is usual."))
    participants = PeopleField(label=_("Members of staff"))
    guests = forms.CharField(
        label=_("Guests"),
        widget=text_area(2),
        required=False,
        help_text=_("One a line: name, organisation."),
    )
    is_confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_("Only you and those named here see it; for everybody else the time is taken."),
    )
    readers = PeopleField(label=_("Who else may read it"))
    frequency = forms.ChoiceField(
        label=_("Repeats"), choices=lambda: optional(Frequency.choices, _("once")), required=False
    )
    until = DayField(label=_("Last day"), required=False)
    interval = forms.IntegerField(
        label=_("Every how many weeks or months"), min_value=1, max_value=52, required=False
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days of the week"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Empty: the day on which it begins. Counts for weekly series."),
    )
    on_holiday = forms.ChoiceField(
        label=_("On holidays"), choices=OnHoliday.choices, required=False, initial=OnHoliday.SKIP
    )

    GROUPS = {
        "what": ("kind", "title", "starts_at", "ends_at", "place", "hold_until", "description"),
        "who": ("participants", "guests"),
        "buffers": BUFFERS,
        "secrecy": ("is_confidential", "readers"),
        "series": ("frequency", "until", "interval", "weekdays", "on_holiday"),
    }

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(_Blank(), data, **kwargs)

    def refuse(self, error: DomainError) -> None:
        if error.field == "series":
            self.add_error("frequency", str(error))
        else:
            super().refuse(error)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("frequency") and not values.get("until"):
            self.add_error("until", _("Enter the last day of the series."))
        return values

    def planned(self) -> dict[str, Any]:
        """What the action `plan` is called with."""
        values = {
            name: self.cleaned_data[name] for group in ("what", "buffers") for name in self.GROUPS[group]
        }
        for name in ("participants", "is_confidential", "readers", "accept_unusual"):
            values[name] = self.cleaned_data[name]
        if frequency := self.cleaned_data["frequency"]:
            values["series"] = Pattern(
                frequency,
                self.cleaned_data["until"],
                self.cleaned_data["interval"] or 1,
                tuple(self.cleaned_data["weekdays"]) if frequency == Frequency.WEEKLY else (),
                self.cleaned_data["on_holiday"] or OnHoliday.SKIP,
            )
        return values

    def named_guests(self) -> list[dict[str, str]]:
        items = []
        for line in self.cleaned_data["guests"].splitlines():
            name, _comma, organisation = line.partition(",")
            if name.strip():
                items.append({"name": name.strip(), "organisation": organisation.strip()})
        return items

    def opened(self) -> dict[str, object]:
        """(heading, its fields) of the parts that are folded away, with whether one of them says something."""
        headings = {
            "who": _("Participants"),
            "series": _("Series"),
            "secrecy": _("Confidential"),
            "buffers": _("Buffers"),
        }
        value = {name for name in self.fields if self.is_bound and self.data.get(name)} - {"on_holiday"}
        return {
            name: (heading, [self[one] for one in self.GROUPS[name]], bool(value & set(self.GROUPS[name])))
            for name, heading in headings.items()
        }
