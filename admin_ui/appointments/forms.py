"""What the forms of the verbs of a request have besides what their actions declare. Field names are the parameters of
the actions, so that a refusal finds its field.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Count, F, Model
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from admin_ui.appointments.times import (
    OFFERED,
    answered_before,
    buttons,
    free_days,
    free_times,
    next_morning,
)
from admin_ui.contacts.picker import NamedOrganisationField
from admin_ui.core.dates import moment_text, weekday_text
from admin_ui.core.fields import ClockInput, DayField, DepartmentField, MomentField, PersonField, model_choice
from admin_ui.core.forms import ActionForm, OfficeForm, optional, text_area
from admin_ui.core.forms import AttachForm as AnyAttachForm
from admin_ui.core.parts.messages import MessageForm as AnyMessageForm
from admin_ui.partners import choice as partner_choice
from admin_ui.programme.forms import OtherPrincipalField
from backend.appointments.actions.notices import way_back
from backend.appointments.actions.parameters import AUTOMATIC
from backend.appointments.choices import (
    Channel,
    DeclineGround,
    DeliveryMethod,
    Kind,
    Outcome,
    SessionStatus,
    Status,
)
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.appointments.moves import Verb
from backend.complaints.choices import Kind as ComplaintKind
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, today
from backend.core.words.dates import clock_meant
from backend.programme.models import Principal
from backend.programme.places import CollisionError
from permissions.appointments.outcomes import Promised
from permissions.appointments.rules import knows_applicant
from permissions.core import scope

NOT_AGAIN = [(way.value, way.label) for way in DeliveryMethod if way is not DeliveryMethod.UNTOLD]


class RequestForm(ActionForm):
    row: AppointmentRequest


class UnusualForm(RequestForm):
    """That a time is unusual is written next to the box by which one means it; before, the box is not there."""

    def prepare(self, request: AppointmentRequest) -> None:
        if self.data.get("accept_unusual") in (None, "", "False"):
            self.fields["accept_unusual"].widget = forms.HiddenInput()

    def refuse(self, error: DomainError) -> None:
        if error.code == ErrorCode.UNUSUAL:
            self.fields["accept_unusual"].widget = forms.CheckboxInput()
        super().refuse(error)


class TimeForm(UnusualForm):
    """A time in words; the free ones stand below as buttons: one of them takes it and shows the message first."""

    below = "admin_ui/includes/appointment_times.html"
    starts_at = MomentField(label=_("Day and time"), help_text=_("For example: Thursday 10:30"))
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=5, max_value=480)
    field_order = ("starts_at", "minutes", "place", "accept_unusual", "hold_until", "means", "body")

    def starting(self, row: AppointmentRequest) -> dict[str, object]:
        if (entry := row.entry) is None:
            return {"minutes": row.principal.slot_minutes}
        length = int((entry.ends_at - entry.starts_at).total_seconds() // 60)
        chosen = {"starts_at": entry.starts_at} if row.status == Status.NEW else {}
        return {"minutes": length, "place": entry.place, **chosen}

    def prepare(self, request: AppointmentRequest) -> None:
        super().prepare(request)
        if taken := self.data.get("at"):
            self.replace(starts_at=taken)

    @property
    def wants_preview(self) -> bool:
        return bool(self.data.get("at")) or super().wants_preview

    def refuse(self, error: DomainError) -> None:
        if isinstance(error, CollisionError):
            self.free = buttons(error.free)
        super().refuse(error)

    @cached_property
    def free(self) -> list[dict[str, str]]:
        """The free times nearest to the entered or current time, else of the first days from the wished one on."""
        row, typed = self.row, getattr(self, "cleaned_data", {})
        minutes = typed.get("minutes") or self.initial.get("minutes")
        near = typed.get("starts_at") or (row.entry.starts_at if row.entry else None)
        own = (row.entry_id,) if row.entry_id else ()
        if near:
            return free_times(row.principal, near, minutes, count=OFFERED, leaving_out=own)
        return free_days(row.principal, next_morning(row.wished_from), minutes, leaving_out=own)

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = super().values()
        values["ends_at"] = values["starts_at"] + dt.timedelta(minutes=values.pop("minutes"))
        return values


class ProposeForm(TimeForm):
    hold_until = MomentField(
        label=_("Keep the time until"),
        help_text=_("By then the applicant must have answered; afterwards the time is free again."),
    )

    def starting(self, request: AppointmentRequest) -> dict[str, object]:
        evening = dt.datetime.combine(today() + dt.timedelta(days=2), dt.time(17), ISTANBUL)
        return super().starting(request) | {"hold_until": evening}

    def clean(self) -> dict[str, object]:
        """Where the time is nearer than the proposed end of the hold, left as it was, that ends earlier."""
        values = super().clean() or {}
        starts_at, until = values.get("starts_at"), values.get("hold_until")
        if (
            starts_at
            and until
            and until >= starts_at > timezone.now()
            and "hold_until" not in self.changed_data
        ):
            values["hold_until"] = answered_before(starts_at)
            self.replace(hold_until=weekday_text(values["hold_until"]))
        return values


class DeclineForm(RequestForm):
    ground = forms.ChoiceField(
        label=_("Reason that the applicant reads"), choices=DeclineGround.choices, widget=forms.RadioSelect
    )
    field_order = ("ground", "body", "reason", "means")


class HandOverForm(UnusualForm):
    to = OtherPrincipalField()

    def prepare(self, row: AppointmentRequest) -> None:
        super().prepare(row)
        day = timezone.localtime(row.entry.starts_at).date() if row.entry else today()
        self.fields["to"].instead_of(row.principal, day)  # type: ignore[attr-defined]


class RedirectForm(RequestForm):
    principal = forms.ModelChoiceField(
        label=_("To another principal"),
        queryset=Principal.objects.none(),
        to_field_name="key",
        required=False,
        empty_label="–",
    )

    def prepare(self, request: AppointmentRequest) -> None:
        others: Any = Principal.objects.filter(is_active=True).exclude(pk=request.principal_id)
        model_choice(self, "principal").queryset = others.in_order()


class TurnForm(RequestForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ComplaintKind.choices)

    def prepare(self, request: AppointmentRequest) -> None:
        self.fields["subject"].required = True

    def starting(self, row: AppointmentRequest) -> dict[str, object]:
        kind = ComplaintKind.COMPLAINT if row.kind == Kind.COMPLAINT else ComplaintKind.REQUEST
        return {"subject": row.subject, "body": row.outcome_note or row.body, "kind": kind}


class SessionField(forms.ModelChoiceField):
    """A halk günü that is to come, with how many places are left."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=PublicDaySession.objects.none(),
            to_field_name="key",
            empty_label=_("Choose a public day"),
            **kwargs,
        )

    def of(self, row: AppointmentRequest) -> PublicDaySession | None:
        """Offer what is to come; the next one with a place."""
        sessions = scope.visible(PublicDaySession).filter(
            principal=row.principal_id, status=SessionStatus.PLANNED, day__gte=today()
        )
        counted = sessions.annotate(taken=Count("visits")).order_by("starts_at", "id")
        self.queryset = counted
        return counted.filter(taken__lt=F("capacity")).first()

    def label_from_instance(self, obj: Any) -> str:
        left = max(0, obj.capacity - obj.taken)
        moment = timezone.localtime(obj.starts_at)
        return str(_("%(day)s, %(left)s places free") % {"day": moment_text(moment), "left": left})


class PublicDayForm(RequestForm):
    session = SessionField(label=_("Public day"))
    at = forms.CharField(
        label=_("At (hour and minute)"),
        max_length=5,
        required=False,
        help_text=_("Empty: the first free time."),
        widget=ClockInput,
    )

    def prepare(self, request: AppointmentRequest) -> None:
        free = self.fields["session"].of(request)  # type: ignore[attr-defined]
        if visit := getattr(request, "visit", None):
            self.initial["session"] = visit.session.key
        elif free is not None:
            self.initial["session"] = free.key

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = super().values()
        values["at"] = moment_of(values["session"], values["at"])
        return values


def moment_of(session: PublicDaySession | None, clock: str) -> dt.datetime | None:
    """The moment of a session with this clock time; one that it does not have is left for the action to refuse."""
    if session is None or not clock:
        return None
    meant = clock_meant(clock)
    return session.ends_at if meant is None else dt.datetime.combine(session.day, meant, ISTANBUL)


class PromisedForm(OfficeForm):
    """A promise made in a conversation, for users who may record one: text, due date, responsible party."""

    promised = forms.CharField(
        label=_("What was promised, if anything"), max_length=500, widget=text_area(2), required=False
    )
    promised_until = DayField(label=_("Until when"), required=False)
    promised_department = DepartmentField(
        label=_("Responsible department"), required=False, empty_label=_("the private office itself")
    )
    promised_person = PersonField(label=_("Responsible person"), required=False, empty_label=_("none"))

    def refuse(self, error: DomainError) -> None:
        """Show errors of the promise at its fields."""
        value = (error.field or "").rpartition(".")
        if value[0].startswith("promises"):
            error.field = PROMISED.get(value[2], error.field)
        super().refuse(error)

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        if values.get("promised") and not values.get("promised_until"):
            self.add_error("promised_until", _("Enter until when it is to be kept."))
        others = ("promised_until", "promised_department", "promised_person")
        if any(values.get(name) for name in others) and not values.get("promised"):
            self.add_error("promised", _("Write what was promised."))
        return values

    def with_promises(self, values: dict[str, object]) -> dict[str, object]:
        """The same values, with the promise as the action takes it."""
        mapping = {name: value for name, value in values.items() if name not in PROMISED.values()}
        cleaned = self.cleaned_data
        if cleaned.get("promised"):
            mapping["promises"] = [Promised(**{field: cleaned[name] for field, name in PROMISED.items()})]
        return mapping


PROMISED = {
    "text": "promised",
    "due_on": "promised_until",
    "department": "promised_department",
    "person": "promised_person",
}


class SettleForm(PromisedForm, RequestForm):
    """The outcome, together with a promise for users who may record one."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)

    def prepare(self, request: AppointmentRequest) -> None:
        if not scope.can(Verb.PROMISE, request):
            for name in PROMISED.values():
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        return self.with_promises(super().values())


class MessageForm(AnyMessageForm, RequestForm):
    means = forms.ChoiceField(
        label=_("How they are notified"), choices=lambda: optional(NOT_AGAIN, AUTOMATIC), required=False
    )

    def way_back(self, row: Model) -> str:
        return way_back(row) if isinstance(row, AppointmentRequest) else ""


class AttachForm(AnyAttachForm, RequestForm):
    pass


class AcceptForm(RequestForm):
    means = forms.ChoiceField(
        label=_("How they are notified"), choices=DeliveryMethod.choices, initial=DeliveryMethod.PHONE
    )


class CorrectForm(RequestForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(way.value, way.label) for way in Channel if way is not Channel.INTERNAL]
    )
    organisation = None  # both are one field
    partner = NamedOrganisationField(label=_("Institution"))
    party_size = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=500)

    def starting(self, row: AppointmentRequest) -> dict[str, object]:
        mapping = {
            name: getattr(row, name) for name in self.base_fields if name not in ("version", "partner")
        }
        return mapping | {"partner": partner_choice.seen(row.partner_id) or row.organisation}

    def prepare(self, request: AppointmentRequest) -> None:
        self.fields["subject"].required = True
        if request.requested_by_id:
            del self.fields["channel"]
        if not knows_applicant(scope.current_viewer(), request):
            del self.fields["companion_names"]

    def values(self) -> dict[str, Any]:
        return partner_choice.written(super().values(), "partner", "organisation", self.row.partner_id)
