"""The forms of events, their tasks and their guests. Field names are the parameters of the actions."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from admin_ui.contacts.picker import OrganisationField
from admin_ui.core.actions import MODEL_FIELDS, explained_by
from admin_ui.core.dates import date_text
from admin_ui.core.fields import ClockField, DayField, PrincipalField, model_choice, offer
from admin_ui.core.forms import ActionForm, OfficeForm, text_area
from backend.core.errors import DomainError, ErrorCode
from backend.events import blueprints, elections
from backend.events.choices import Answer, Kind, TaskKind
from backend.events.models import (
    AgendaItem,
    Event,
    EventPart,
    EventPartner,
    EventPicture,
    Guest,
    GuestGroup,
    TeamMember,
)
from backend.events.moves import Verb, event_action
from backend.letters.models import Letter
from backend.outbox.models import Message
from backend.outbox.plan import Plan
from backend.partners.choices import ListStatus
from backend.partners.models import ContactList
from permissions.core import scope
from permissions.events import access as events

MOST_SHOWN = 200

OVERRIDE: dict[str, Any] = {
    "label": _("Reason for holding it within an election period"),
    "help_text": _("Only where openings are forbidden (298 m.64); with the note of the legal department."),
}


class RowField(forms.ModelChoiceField):
    """One of the rows that hang on an event, named by its key."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model._default_manager.none(), to_field_name="key", **kwargs)

    def of(self, event: Event) -> None:
        self.queryset = self.model._default_manager.filter(event=event)


class StepRowField(RowField):
    def label_from_instance(self, obj: AgendaItem) -> str:
        who = f" · {obj.who}" if obj.who else ""
        return f"{date_text(obj.starts_at, 'd.m. H:i')} {obj.title}{who}"


class MemberRowField(RowField):
    def label_from_instance(self, obj: TeamMember) -> str:
        return f"{obj.user} · {obj.get_duty_display()}"


class PartnerRowField(RowField):
    """Only those that the viewer sees."""

    def of(self, event: Event) -> None:
        self.queryset = scope.visible(EventPartner).filter(event=event).select_related("organisation")

    def label_from_instance(self, obj: EventPartner) -> str:
        return f"{obj.organisation.title} · {obj.get_role_display()}"


class PictureRowField(RowField):
    def of(self, event: Event) -> None:
        self.queryset = scope.visible(EventPicture).filter(published__event=event).order_by("pk")

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.alternative_text)


MODEL_FIELDS.update(
    {
        EventPart: partial(RowField, EventPart),
        AgendaItem: partial(StepRowField, AgendaItem),
        TeamMember: partial(MemberRowField, TeamMember),
        EventPartner: partial(PartnerRowField, EventPartner),
        EventPicture: partial(PictureRowField, EventPicture),
        GuestGroup: partial(RowField, GuestGroup),
    }
)


class OfEventForm(ActionForm):
    """A form of which some fields choose rows of the event."""

    def prepare(self, event: Event) -> None:
        for field in self.fields.values():
            if isinstance(field, RowField):
                field.of(event)

    def values(self) -> dict[str, object]:
        return {name: value for name, value in super().values().items() if value not in (None, "")}


def as_it_is(row: object, form: type[ActionForm] | ActionForm) -> dict[str, object]:
    """What the row says, for the fields of the form that are named as its columns."""
    return {name: getattr(row, name) for name in form.base_fields if name != "version"}


class InviteForm(ActionForm):
    """What would be sent stands above it: the numbers, three messages, and whom none reaches."""

    above = "admin_ui/includes/invitations_plan.html"
    is_read_first = True

    @cached_property
    def plan(self) -> Plan[Guest]:
        carrier = self.data.get("carrier", "") if self.is_bound else ""
        return events.invitations(self.row, carrier if carrier in Message.Channel.values else "")

    @property
    def without_link(self) -> list[tuple[Guest, bool]]:
        """Those whom no message reaches, as many as are shown, and whether they can be called."""
        rows = [*self.plan.unreachable, *self.plan.on_paper]
        return [(guest, bool(guest.person.phone)) for guest in rows[:MOST_SHOWN]]


class GatherForm(ActionForm):
    def values(self) -> dict[str, object]:
        return {"lists": events.lists_of(self.row)}


class CorrectForm(ActionForm):
    """What an event cannot be without is required, though a program may leave it out."""

    title = forms.CharField(label=_("Name of the event"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)

    def starting(self, row: Event) -> dict[str, object]:
        return as_it_is(row, self)


class PartForm(OfEventForm):
    attends = forms.NullBooleanField(label=_("The principal attends"), required=False)


class TaskForm(ActionForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=TaskKind.choices)


class CorrectTaskForm(TaskForm):
    title = forms.CharField(label=_("What is to be done"), max_length=200)

    def starting(self, row: Any) -> dict[str, object]:
        return as_it_is(row, self) | {
            "department": row.department.code if row.department else None,
            "person": row.person.username if row.person else None,
        }


class PartnerForm(ActionForm):
    organisation = OrganisationField(
        label=_("Which organisation?"),
        required=True,
    )


class LetterField(forms.CharField):
    """A letter that the viewer sees, by one of its numbers."""

    def clean(self, value: object) -> object:
        text = super().clean(value)
        numbers = Q(reference=text) | Q(document_number=text) | Q(sender_number=text)
        rows = list(scope.visible(Letter).filter(numbers)[:2])
        if len(rows) != 1:
            raise forms.ValidationError(
                _("This is the number of none or of several letters. Write its register number.")
            )
        return rows[0]


class LinkLetterForm(ActionForm):
    letter = LetterField(
        label=_("Number of the letter"),
        max_length=60,
        help_text=_("Its number in the register, or that of its sender."),
    )

    def values(self) -> dict[str, Any]:
        values: dict[str, Any] = super().values()
        events.require_in_no_other_file(values["letter"], self.row)
        return values


class UnlinkLetterForm(ActionForm):
    letter = forms.ModelChoiceField(label=_("Letter"), queryset=Letter.objects.none(), to_field_name="key")

    def prepare(self, event: Event) -> None:
        rows = scope.visible(Letter).filter(event=event).defer("body", "words")
        offer(self, "letter", rows, lambda row: f"{row.reference or row.get_kind_display()} · {row.subject}")


class NoteForm(ActionForm):
    """An empty text takes the note away."""

    def prepare(self, row: Any) -> None:
        self.fields["text"].required = False


class PublishForm(ActionForm):
    title = forms.CharField(label=_("Title in the public calendar"), max_length=200)

    def starting(self, event: Event) -> dict[str, object]:
        shown = getattr(event, "published", None)
        return {
            "title": shown.title if shown else event.title,
            "text": shown.text if shown else event.description,
            "takes_sign_ups": bool(shown and shown.takes_sign_ups),
            "most_people": shown.most_people if shown else 4,
        }


class PictureForm(ActionForm):
    file = forms.FileField(
        label=_("Picture"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    field_order = ("file", "alternative_text", "permission")

    def values(self) -> dict[str, object]:
        return {**super().values(), "name": self.cleaned_data["file"].name}


class PictureWordsForm(OfEventForm):
    """The words of the first picture stand there: most events have one."""

    def starting(self, event: Event) -> dict[str, object]:
        first = (
            scope.visible(EventPicture)
            .filter(published__event=event)
            .select_related("granted")
            .order_by("pk")
            .first()
        )
        if first is None:
            return {}
        return {
            "picture": first.key,
            "alternative_text": first.alternative_text,
            "permission": first.granted.text,
        }


class GroupForm(OfEventForm):
    contact_list = forms.ModelChoiceField(
        label=_("List of partners"),
        queryset=ContactList.objects.none(),
        to_field_name="key",
        required=False,
        empty_label="–",
        help_text=_("Only for a list of partners: persons with a role at one of its organisations today."),
    )

    def prepare(self, event: Event) -> None:
        super().prepare(event)
        in_use = scope.visible(ContactList).filter(status=ListStatus.IN_USE)
        model_choice(self, "contact_list").queryset = in_use.order_by("title_sort", "pk")


@explained_by(event_action[Verb.CORRECT], event_action[Verb.PUT_PART])
class NewEventForm(OfficeForm):
    """An event from a template, or of one part."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    principal = PrincipalField(label=_("Principal"))
    template = forms.ChoiceField(label=_("Template"), required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Name of the event"),
        max_length=200,
        required=False,
        help_text=_("Empty: that of the template."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("as the template says")), *Kind.choices], required=False
    )
    place = forms.CharField(
        label=_("Place"), max_length=200, required=False, help_text=_("Empty: that of the template.")
    )
    day = DayField(
        label=_("Day"), required=False, help_text=_("Empty: the next such day, for a national day.")
    )
    starts = ClockField(label=_("Begins"), required=False, help_text=_("Without a template."))
    minutes = forms.IntegerField(label=_("Minutes"), initial=90, min_value=5, max_value=1440, required=False)
    letters = forms.BooleanField(label=_("Begin the letters of the template"), required=False)
    override_reason = forms.CharField(max_length=300, required=False, **OVERRIDE)
    legal_note = forms.CharField(label=_("Legal note"), widget=text_area(2), required=False)
    accept_unusual = forms.BooleanField(
        label=_("The time is meant, though it is unusual"), required=False, widget=forms.HiddenInput
    )
    LAW = ("override_reason", "legal_note")
    asks_law = False
    """Whether an election period is near: only then a reason for an opening is asked for."""

    def refuse(self, error: DomainError) -> None:
        self.asks_law = self.asks_law or error.field in self.LAW
        if error.code == ErrorCode.UNUSUAL:
            self.fields["accept_unusual"].widget = forms.CheckboxInput()
        super().refuse(error)

    def shown_fields(self) -> list[forms.BoundField]:
        """What is asked: of a template what it says already stands there."""
        without = set() if self.asks_law else set(self.LAW)
        if self["template"].value():
            without |= {"starts", "minutes", "kind"}
        else:
            without |= {"letters"}
        return [field for field in self.visible_fields() if field.name not in without]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["template"]
        field.choices = [
            ("", _("none")),
            *((template.code, template.title) for template in blueprints.templates().values()),
        ]
        self.asks_law = elections.is_near() or any(self.data.get(name) for name in self.LAW)
        principal: Any = self.fields["principal"]
        allowed = scope.visible(principal.queryset.model, action=scope.Action.PLAN).values("pk")
        principal.queryset = principal.queryset.filter(pk__in=allowed)


class AnswerForm(ActionForm):
    answer = forms.ChoiceField(label=_("Answer"), choices=Answer.choices, widget=forms.RadioSelect)

    def starting(self, row: Any) -> dict[str, object]:
        return as_it_is(row, self)


class ReasonForm(ActionForm):
    """Nobody takes an arrival back here without saying why, though a program may."""

    def prepare(self, row: Any) -> None:
        self.fields["reason"].required = True


class CorrectGuestForm(ActionForm):
    def starting(self, row: Any) -> dict[str, object]:
        return as_it_is(row, self)
