"""The forms of a principal: what is usual, the week, who keeps the programme, who stands in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.display import PROGRAMME_PERMISSIONS
from admin_ui.core.fields import DayField, PersonField, model_choice
from admin_ui.core.forms import OfficeForm
from admin_ui.programme.public_day_rules import RuleForm
from backend.core.localtime import clock_text, today
from backend.programme.choices import Office, Weekday
from backend.programme.models import Principal
from permissions.core.viewer import KEEP

_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})")


class PrincipalForm(OfficeForm):
    """A form about a principal. `values` are the parameters of its action, by the same names."""

    def __init__(self, principal: Principal | None, *args: Any, **kwargs: Any) -> None:
        if principal is not None:
            kwargs["initial"] = {**self.starting(principal), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if principal is not None:
            self.prepare(principal)

    def starting(self, principal: Principal) -> dict[str, object]:
        return {}

    def prepare(self, principal: Principal) -> None: ...

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NewForm(PrincipalForm):
    office = forms.ChoiceField(
        label=gettext_lazy("Office"), choices=Office.choices, initial=Office.DEPUTY_MAYOR
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, help_text=gettext_lazy("As it is shown everywhere.")
    )
    person = PersonField(
        label=gettext_lazy("Account"), required=False, empty_label=gettext_lazy("does not sign in")
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place in the order"), min_value=0, max_value=99, initial=0
    )


class FactsForm(NewForm):
    slot_minutes = forms.IntegerField(
        label=gettext_lazy("Usual length of an appointment, in minutes"), min_value=5, max_value=480
    )
    preparation_minutes = forms.IntegerField(
        label=gettext_lazy("Usual preparation, in minutes"), min_value=0, max_value=240
    )
    follow_up_minutes = forms.IntegerField(
        label=gettext_lazy("Usual follow-up, in minutes"), min_value=0, max_value=240
    )
    daily_maximum = forms.IntegerField(
        label=gettext_lazy("Appointments and meetings a day at most"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=gettext_lazy("Empty: no limit. What goes beyond must be confirmed."),
    )
    applicants_move = forms.BooleanField(
        label=gettext_lazy("Applicants move their appointment themselves"),
        required=False,
        help_text=gettext_lazy(
            "A free time that is chosen by the link of our message is booked at once; otherwise you confirm it."
        ),
    )
    publishes_busy = forms.BooleanField(
        label=gettext_lazy("Publish when the principal is busy"),
        required=False,
        help_text=gettext_lazy(
            "Anybody sees which half hours of the working hours of the next weeks are taken, by confidential entries"
            " too, and nothing else. Think of the principal's safety."
        ),
    )
    is_active = forms.BooleanField(label=gettext_lazy("In office"), required=False)

    def starting(self, principal: Principal) -> dict[str, object]:
        facts = {name: getattr(principal, name) for name in self.base_fields if name != "office"}
        return facts | {"person": principal.person and principal.person.username}

    def prepare(self, principal: Principal) -> None:
        del self.fields["office"]


class HoursForm(PrincipalForm):
    """One line a weekday: “08.30-12.00, 13.00-17.00”. An empty line: no working day."""

    def __init__(self, principal: Principal | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(None, *args, **kwargs)
        for number, label in Weekday.choices:
            self.fields[f"day_{number}"] = forms.CharField(
                label=label,
                required=False,
                max_length=100,
                initial=spans_text(principal, number) if principal else "",
            )
        self.fields["day_0"].help_text = _("For example: 08:30-12:00, 13:00-17:00. Empty: not worked.")

    def clean(self) -> dict[str, object]:
        result = super().clean() or {}
        result["hours"] = []
        for number, _label in Weekday.choices:
            text = result.get(f"day_{number}", "").strip()
            try:
                result["hours"] += [(number, *span) for span in _spans(text)]
            except ValueError:
                self.add_error(f"day_{number}", _("Write times like 08:30-12:00, 13:00-17:00."))
        return result

    def values(self) -> dict[str, Any]:
        return {"hours": self.cleaned_data["hours"]}


def spans_text(principal: Principal, weekday: int) -> str:
    rows = [row for row in principal.working_hours.all() if row.weekday == weekday]
    return ", ".join(
        f"{clock_text(row.starts)}-{clock_text(row.ends)}" for row in sorted(rows, key=lambda r: r.starts)
    )


def _spans(text: str) -> list[tuple[dt.time, dt.time]]:
    items = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError(part)
        hour, minute, until_hour, until_minute = map(int, match.groups())
        items.append((dt.time(hour, minute), dt.time(until_hour, until_minute)))
    return items


class GiveForm(PrincipalForm):
    user = PersonField(label=gettext_lazy("Person"), programs=True)
    permission = forms.ChoiceField(
        label=gettext_lazy("Permission"),
        widget=forms.RadioSelect,
        choices=list(PROGRAMME_PERMISSIONS.items()),
        initial=KEEP,
    )
    valid_from = DayField(label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Empty: today."))
    valid_until = DayField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: without end.")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


class StandInForm(PrincipalForm):
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"),
        queryset=Principal.objects.none(),
        to_field_name="key",
        empty_label=gettext_lazy("Choose a principal"),
        help_text=gettext_lazy(
            "A member of the council acts as mayor, with the mayor's powers (5393 m.40). Who is not listed is"
            " recorded first as a principal."
        ),
    )
    valid_from = DayField(label=gettext_lazy("From day"), initial=today)
    valid_until = DayField(label=gettext_lazy("Until day"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Stands in the journal alone; no other person reads it."),
    )

    def prepare(self, principal: Principal) -> None:
        others = Principal.objects.filter(is_active=True).exclude(pk=principal.pk)
        model_choice(self, "deputy").queryset = others.in_order()


class PublicDayForm(PrincipalForm, RuleForm):
    """The rule of one principal's halk günü."""

    def prepare(self, principal: Principal) -> None:
        del self.fields["principal"]
