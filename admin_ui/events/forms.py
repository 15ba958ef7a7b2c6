"""The forms of events, their tasks and their guests. Field names are the parameters of the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from admin_ui.core.dates import date_text
from admin_ui.core.fields import DayField, DepartmentField, MomentField, PersonField, PrincipalField
from admin_ui.core.forms import DeedForm, OfficeForm, text_area
from admin_ui.partners.choice import OrganisationField
from backend.events import blueprints
from backend.events.choices import Answer, Audience, Call, Duty, ItemKind, Kind, PartnerRole, Source, TaskKind
from backend.events.models import AgendaItem, Event, EventPart, EventPartner, GuestGroup, TeamMember
from backend.letters.models import Letter
from backend.outbox.models import Message
from backend.partners.choices import ListStatus
from backend.partners.models import ContactList
from permissions.core import scope

OVERRIDE: dict[str, Any] = {
    "label": _("Reason for holding it within an election period"),
    "help_text": _("Only where openings are forbidden (298 m.64); with the note of the legal department."),
}


class RowField(forms.ModelChoiceField):
    """One of the rows that hang on an event, named by its key: the action gets the key."""

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model.objects.none(), to_field_name="key", **kwargs)

    def of(self, event: Event) -> None:
        self.queryset = self.model._default_manager.filter(event=event)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else str(found.key)


class StepRowField(RowField):
    def label_from_instance(self, obj: Any) -> str:
        who = f" · {obj.who}" if obj.who else ""
        return f"{date_text(obj.starts_at, 'd.m. H:i')} {obj.title}{who}"


class MemberRowField(RowField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user} · {obj.get_duty_display()}"


class OfEventForm(DeedForm):
    """A form of which some fields choose rows of the event."""

    def prepare(self, complaint: Any) -> None:
        for field in self.fields.values():
            if isinstance(field, RowField):
                field.of(complaint)

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if value not in (None, "")}


class PlainForm(DeedForm):
    """Nothing more to say."""


class InviteForm(DeedForm):
    carrier = forms.ChoiceField(label=_("By what?"), choices=Message.Channel.choices)


class RemarkForm(DeedForm):
    note = forms.CharField(label=_("Note"), widget=text_area(2), required=False)


class ReasonForm(DeedForm):
    reason = forms.CharField(label=_("Reason"), widget=text_area(2))


class ReportForm(DeedForm):
    report = forms.CharField(label=_("What is to be remembered"), widget=text_area(5))


class EventFields(forms.Form):
    title = forms.CharField(label=_("Name of the event"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    weather_place = forms.CharField(label=_("Place in bad weather"), max_length=200, required=False)
    description = forms.CharField(label=_("Description"), widget=text_area(3), required=False)
    invitation_text = forms.CharField(label=_("Text of the invitation"), widget=text_area(3), required=False)
    dress_code = forms.CharField(label=_("Dress code"), max_length=120, required=False)
    capacity = forms.IntegerField(
        label=_("Places"), min_value=1, required=False, help_text=_("Empty: nobody counts them.")
    )
    answer_by = DayField(label=_("Answers by"), required=False)
    answer_to = forms.CharField(label=_("Who takes answers"), max_length=120, required=False)
    answer_phone = forms.CharField(label=_("Telephone for answers"), max_length=40, required=False)


class CorrectForm(EventFields, DeedForm):
    def starting(self, complaint: Any) -> dict[str, Any]:
        return {name: getattr(complaint, name) for name in EventFields.base_fields}


class PartForm(OfEventForm):
    part = RowField(EventPart, label=_("Part"), required=False, empty_label=_("a new part"))
    title = forms.CharField(label=_("Name of the part"), max_length=200, required=False)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    starts_at = MomentField(label=_("Begins"), required=False)
    ends_at = MomentField(label=_("Ends"), required=False)
    attends = forms.NullBooleanField(label=_("The principal attends"), required=False)
    is_main = forms.BooleanField(label=_("Stands on the invitation"), required=False)
    override_reason = forms.CharField(max_length=300, required=False, **OVERRIDE)
    legal_note = forms.CharField(label=_("Legal note"), widget=text_area(2), required=False)
    accept_unusual = forms.BooleanField(label=_("The time is meant, though it is unusual"), required=False)


class DropPartForm(OfEventForm):
    part = RowField(EventPart, label=_("Part"))
    reason = forms.CharField(label=_("Reason"), widget=text_area(2), required=False)


class ItemForm(OfEventForm):
    item = StepRowField(AgendaItem, label=_("Step"), required=False, empty_label=_("a new step"))
    part = RowField(EventPart, label=_("Part"), required=False, empty_label=_("Choose the part."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *ItemKind.choices], required=False)
    title = forms.CharField(label=_("Name of the step"), max_length=200, required=False)
    starts_at = MomentField(label=_("At"), required=False, help_text=_("Empty: after the last step."))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=600, required=False)
    who = forms.CharField(label=_("By whom"), max_length=160, required=False)
    rank = forms.IntegerField(
        label=_("Place in the order of precedence"),
        min_value=1,
        required=False,
        help_text=_("1 is the highest."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class DropItemForm(OfEventForm):
    item = StepRowField(AgendaItem, label=_("Step"))


class TaskFields(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=TaskKind.choices)
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    department = DepartmentField(label=_("Department"), required=False, empty_label=_("none"))
    person = PersonField(label=_("Responsible person"), required=False, empty_label=_("none"))
    supplier = forms.CharField(label=_("Supplier"), max_length=160, required=False)
    due_on = DayField(
        label=_("To be done by"), required=False, help_text=_("Empty: the day before the event.")
    )
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, required=False)
    planned_cost = forms.DecimalField(
        label=_("Planned cost (TL)"), min_value=0, decimal_places=2, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AddTaskForm(TaskFields, DeedForm):
    pass


class CorrectTaskForm(TaskFields, DeedForm):
    actual_cost = forms.DecimalField(
        label=_("Actual cost (TL)"), min_value=0, decimal_places=2, required=False
    )

    def starting(self, complaint: Any) -> dict[str, Any]:
        found = {name: getattr(complaint, name) for name in CorrectTaskForm.base_fields if name != "version"}
        found["department"] = complaint.department.code if complaint.department else None
        found["person"] = complaint.person.username if complaint.person else None
        return found


class FinishTaskForm(DeedForm):
    actual_cost = forms.DecimalField(
        label=_("Actual cost (TL)"), min_value=0, decimal_places=2, required=False
    )
    note = forms.CharField(label=_("Note"), widget=text_area(2), required=False)


class MemberForm(DeedForm):
    user = PersonField(label=_("Who?"))
    duty = forms.ChoiceField(label=_("Duty"), choices=Duty.choices)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class DropMemberForm(OfEventForm):
    member = MemberRowField(TeamMember, label=_("Duty"))


class PartnerRowField(RowField):
    """Only those that the viewer sees."""

    def of(self, event: Event) -> None:
        self.queryset = scope.visible(EventPartner).filter(event=event).select_related("organisation")

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.organisation.title} · {obj.get_role_display()}"


class PartnerForm(DeedForm):
    organisation = OrganisationField(
        label=_("Which organisation?"),
        required=True,
        help_text=_("Its full or short name, as it is recorded."),
    )
    role = forms.ChoiceField(label=_("What is it to the event?"), choices=PartnerRole.choices)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class DropPartnerForm(OfEventForm):
    partner = PartnerRowField(EventPartner, label=_("Organisation"))


class LetterField(forms.CharField):
    """A letter that the viewer sees, by one of its numbers."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        numbers = (
            Q(reference=text) | Q(document_number=text) | Q(official_number=text) | Q(sender_number=text)
        )
        found = list(scope.visible(Letter).filter(numbers)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                _("This is the number of none or of several letters. Write its register number.")
            )
        return found[0]


class LinkLetterForm(DeedForm):
    letter = LetterField(
        label=_("Number of the letter"),
        max_length=60,
        help_text=_("Its number in the register, or that of its sender."),
    )


class UnlinkLetterForm(DeedForm):
    letter = forms.ModelChoiceField(label=_("Letter"), queryset=Letter.objects.none(), to_field_name="key")

    def prepare(self, complaint: Any) -> None:
        field: Any = self.fields["letter"]
        field.queryset = scope.visible(Letter).filter(event=complaint).defer("body", "words")
        field.label_from_instance = lambda one: f"{one.reference or one.get_kind_display()} · {one.subject}"


class NoteForm(DeedForm):
    audience = forms.ChoiceField(label=_("For whom?"), choices=Audience.choices)
    text = forms.CharField(
        label=_("Text"), widget=text_area(5), required=False, help_text=_("Empty: the note is taken away.")
    )


class AttachForm(DeedForm):
    file = forms.FileField(label=_("File"))


class PublishForm(DeedForm):
    title = forms.CharField(label=_("Title in the public calendar"), max_length=200)
    text = forms.CharField(label=_("What everybody may know"), widget=text_area(4), required=False)

    def starting(self, complaint: Any) -> dict[str, Any]:
        shown = getattr(complaint, "published", None)
        return {
            "title": shown.title if shown else complaint.title,
            "text": shown.text if shown else complaint.description,
        }


class GroupForm(OfEventForm):
    group = RowField(GuestGroup, label=_("Group"), required=False, empty_label=_("a new group"))
    title = forms.CharField(label=_("Name of the group"), max_length=120, required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    until_place = forms.IntegerField(
        label=_("Up to which place of the order"),
        min_value=1,
        max_value=30_000,
        required=False,
        help_text=_("Only for offices of the order of precedence; empty: all of them."),
    )
    contact_list = forms.ModelChoiceField(
        label=_("List of partners"),
        queryset=ContactList.objects.none(),
        to_field_name="key",
        required=False,
        empty_label="–",
        help_text=_("Only for a list of partners: whoever has a role at an organisation of it today."),
    )
    with_spouse = forms.BooleanField(label=_("With their spouses"), required=False)
    companions_allowed = forms.IntegerField(
        label=_("Companions at most"), min_value=0, max_value=50, required=False
    )
    is_vip = forms.BooleanField(label=_("Received by the protocol"), required=False)
    is_reserve = forms.BooleanField(label=_("Put on the reserve list"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [("", "–"), *Source.choices]
        lists: Any = self.fields["contact_list"]
        in_use = scope.visible(ContactList).filter(status=ListStatus.IN_USE)
        lists.queryset = in_use.order_by("title_sort", "pk")


class DropGroupForm(OfEventForm):
    group = RowField(GuestGroup, label=_("Group"))


class NewEventForm(OfficeForm):
    """An event from a template, or of one part."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    principal = PrincipalField(label=_("Principal"))
    template = forms.ChoiceField(label=_("Template"), required=False)
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
    starts = forms.TimeField(
        label=_("Begins"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Without a template."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), initial=90, min_value=5, max_value=1440, required=False)
    letters = forms.BooleanField(label=_("Begin the letters of the template"), required=False)
    override_reason = forms.CharField(max_length=300, required=False, **OVERRIDE)
    legal_note = forms.CharField(label=_("Legal note"), widget=text_area(2), required=False)
    accept_unusual = forms.BooleanField(label=_("The time is meant, though it is unusual"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["template"]
        field.choices = [
            ("", _("none")),
            *((one.code, one.title) for one in blueprints.templates().values()),
        ]
        principal: Any = self.fields["principal"]
        allowed = scope.visible(principal.queryset.model, action=scope.Action.PLAN).values("pk")
        principal.queryset = principal.queryset.filter(pk__in=allowed)


class AnswerForm(DeedForm):
    answer = forms.ChoiceField(label=_("Answer"), choices=Answer.choices, widget=forms.RadioSelect)
    companions = forms.IntegerField(label=_("Companions"), min_value=0, required=False)
    companion_names = forms.CharField(label=_("Names of companions"), max_length=300, required=False)
    representative = forms.CharField(label=_("Represented by"), max_length=160, required=False)
    plate = forms.CharField(label=_("Number plate"), max_length=20, required=False)
    diet = forms.CharField(label=_("Diet"), max_length=120, required=False)
    note = forms.CharField(label=_("Note of the guest"), max_length=500, required=False)

    def starting(self, complaint: Any) -> dict[str, Any]:
        return {name: getattr(complaint, name) for name in AnswerForm.base_fields if name != "version"}


class CallForm(DeedForm):
    result = forms.ChoiceField(label=_("What came of it"), choices=Call.choices)
    note = forms.CharField(label=_("Note"), widget=text_area(2), required=False)


class CorrectGuestForm(DeedForm):
    title = forms.CharField(label=_("Office or title"), max_length=160, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=160, required=False)
    delegation = forms.CharField(label=_("Delegation"), max_length=120, required=False)
    rank = forms.IntegerField(label=_("Place in the order of precedence"), min_value=1, required=False)
    is_vip = forms.BooleanField(label=_("Received by the protocol"), required=False)
    with_spouse = forms.BooleanField(label=_("With spouse"), required=False)
    companions_allowed = forms.IntegerField(
        label=_("Companions at most"), min_value=0, max_value=50, required=False
    )
    office_note = forms.CharField(label=_("Note of the office"), max_length=300, required=False)

    def starting(self, complaint: Any) -> dict[str, Any]:
        return {name: getattr(complaint, name) for name in CorrectGuestForm.base_fields if name != "version"}
