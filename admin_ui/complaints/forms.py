"""The forms of the verbs. Field names are the parameters of the actions, so that a refusal finds its
field.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from admin_ui.complaints.replies.enclosures import EnclosedForm, EnclosuresForm
from admin_ui.complaints.replies.phrases import NotePhrasesForm, PhrasesForm
from admin_ui.core.actions import MODEL_FIELDS
from admin_ui.core.fields import DayField, model_choice
from admin_ui.core.forms import ActionForm, ConfirmedForm, text_area
from backend.complaints.actions.notices import pending_reply, text_to_enter
from backend.complaints.choices import (
    Channel,
    ContestedAt,
    DeliveryMethod,
    Kind,
    NotExaminable,
    NoticeKind,
    Outcome,
    Priority,
    RoutingRole,
    Status,
    WaitingFor,
)
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.law.refusals import is_refused
from backend.complaints.models import Complaint
from backend.complaints.teamwork.assigning import members
from backend.core.localtime import today
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody, User
from permissions.complaints import persons
from permissions.core import scope
from permissions.models import ComplaintGrant
from permissions.routing import access as routing
from permissions.triage import suggestions


class CategoryField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        rows = Category.objects.filter(is_active=True, parent__isnull=False).order_by("name_sort", "id")
        kwargs.setdefault("label", _("Category"))
        super().__init__(queryset=rows, to_field_name="code", **kwargs)


MODEL_FIELDS[Category] = CategoryField


def _keep_category(form: ActionForm, complaint: Complaint) -> None:
    """The case's own category is offered even if it is no longer in use: saving must not take it away."""
    field: Any = form.fields["category"]
    offered = Q(is_active=True, parent__isnull=False) | Q(pk=complaint.category_id)
    field.queryset = Category.objects.filter(offered).order_by("name_sort", "id")


class TriageForm(ActionForm):
    """What the case is now stands in it; an empty category leaves it as it is."""

    def starting(self, complaint: Complaint) -> dict[str, object]:
        category = complaint.category.code if complaint.category else ""
        return {
            "kind": complaint.kind,
            "category": category,
            "regime": complaint.regime,
            "matter": complaint.matter,
            "priority": complaint.priority,
        }

    def prepare(self, complaint: Complaint) -> None:
        _keep_category(self, complaint)


class CommentForm(NotePhrasesForm):
    """Proposes whom it may mention, and approved phrases."""

    def prepare(self, complaint: Complaint) -> None:
        super().prepare(complaint)
        attributes = self.fields["body"].widget.attrs
        attributes["data-mentions"] = reverse("admin:complaints_complaint_mentions", args=[complaint.key])
        attributes["data-mentions-label"] = _("People who can be mentioned")


class AssignForm(ActionForm):
    """The people of the unit that has the case."""

    def prepare(self, complaint: Complaint) -> None:
        field: Any = self.fields["person"]
        people = [person.pk for person in members(complaint) if person.pk != complaint.assignee_id]
        field.queryset = field.queryset.filter(pk__in=people)


class RecordPostForm(ActionForm):
    file = forms.FileField(label=_("Picture of the post"), required=False)


class CorrectForm(ActionForm):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Text"), widget=text_area(8), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    regime = forms.ChoiceField(label=_("Legal regime"), choices=Regime.choices)
    matter = forms.ChoiceField(label=_("Matter"), choices=Matter.choices)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    category = CategoryField(required=False, empty_label=_("none"))
    neighbourhood = forms.ModelChoiceField(
        label=_("Neighbourhood"),
        queryset=Neighbourhood.objects.order_by("name_sort"),
        to_field_name="code",
        required=False,
        empty_label=_("none"),
    )
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    source_number = forms.CharField(label=_("Number in the source"), max_length=60, required=False)
    cimer_due_on = DayField(label=_("CİMER's date"), required=False)
    identity_hidden = forms.BooleanField(label=_("Identity hidden"), required=False)
    signature_given = forms.BooleanField(label=_("Signed"), required=False)
    note = forms.CharField(label=_("Why it is corrected"), widget=text_area(2), required=False)

    PLAIN = (
        "subject",
        "body",
        "kind",
        "channel",
        "regime",
        "matter",
        "priority",
        "place",
        "source_number",
        "cimer_due_on",
        "identity_hidden",
        "signature_given",
    )

    def starting(self, complaint: Complaint) -> dict[str, object]:
        values = {name: getattr(complaint, name) for name in self.PLAIN}
        values["category"] = complaint.category.code if complaint.category else ""
        values["neighbourhood"] = complaint.neighbourhood.code if complaint.neighbourhood else ""
        values |= {
            "applicant": persons.applicant_of(complaint),
            "on_behalf_of": persons.represented_on(complaint),
        }
        values["registered_at"] = complaint.registered_at.replace(second=0, microsecond=0)
        return values

    def values(self) -> dict[str, object]:
        """Only the fields changed in this form, so that concurrent corrections of others stay. What was not sent at
        all is not changed."""
        left = {"version"} | {"applicant", "on_behalf_of", "registered_at"}.difference(self.data)
        return {name: self.cleaned_data[name] for name in (*self.changed_data, "note") if name not in left}

    def prepare(self, complaint: Complaint) -> None:
        _keep_category(self, complaint)


def _learned(complaint: Complaint, others: list[Department]) -> list[Department]:
    """The unit that was learned from past cases, before the others."""
    found = suggestions.on_case(complaint)
    first = [one.row for one in found.units[:1] if found.is_learned and isinstance(one.row, Department)]
    return [*first, *(row for row in others if row not in first)]


class RouteForm(ActionForm):
    """The departments that the category proposes are one press away, each with the others to work along."""

    collaborators = forms.ModelMultipleChoiceField(
        label=_("Works along"),
        queryset=Department.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def prepare(self, complaint: Complaint) -> None:
        rule = routing.proposal_for(complaint)
        proposed = [rule.department] if rule.department else []
        if rule.department:
            self.fields["to"].help_text = _("The routing rule “%(name)s” proposes %(department)s.") % {
                "name": rule.department_rule,
                "department": rule.department.short_name,
            }
        at = complaint.sticker.department if complaint.sticker else None
        if at and at.is_open() and at not in proposed:
            proposed.append(at)
        if complaint.category:
            rows = complaint.category.candidate_rows.select_related("department")
            others = [row.department for row in rows if row.department.valid_to is None]
            proposed += [one for one in others if one not in proposed]
        if not rule.department:  # a rule of the house goes before what was learned
            proposed = _learned(complaint, proposed)
        self.fields["to"].propose([row.code for row in proposed])  # type: ignore[attr-defined]
        self.shortcuts = [("to", row.code, row.short_name) for row in proposed]
        if len(proposed) < 2:
            del self.fields["collaborators"]
            return
        along = model_choice(self, "collaborators")
        along.queryset = Department.objects.filter(pk__in=[row.pk for row in proposed]).in_order()


class ReleaseForm(ActionForm):
    def prepare(self, complaint: Complaint) -> None:
        live = complaint.routings.live().filter(role=RoutingRole.COLLABORATING).values("department")
        field = model_choice(self, "department")
        field.queryset = Department.objects.filter(pk__in=live).in_order()


class WaitForm(ActionForm):
    for_ = forms.ChoiceField(label=_("Waiting for"), choices=WaitingFor.choices, widget=forms.RadioSelect)


class DraftForm(EnclosuresForm, PhrasesForm):
    """What was sent back is started from: the former text stands in it, the reason above it."""

    field_order = ("body", "enclosures", "accept_internal", "new_files", "is_refusal", "means")

    def starting(self, complaint: Complaint) -> dict[str, object]:
        reply = pending_reply(complaint)
        if reply is None:
            return {}
        started = {"body": reply.body, "means": reply.means, "is_refusal": reply.is_refusal}
        return super().starting(complaint) | started

    def prepare(self, complaint: Complaint) -> None:
        super().prepare(complaint)
        if complaint.came_through_cimer:  # it is answered there
            del self.fields["means"]


class SendForm(EnclosedForm):
    """What the approved reply will look like stands above it from the beginning."""

    @cached_property
    def preview(self) -> tuple[str, str] | None:  # type: ignore[override]
        reply = pending_reply(self.row)
        if reply is None:
            return None
        means = reply.means or DeliveryMethod.EMAIL
        return persons.message_preview(
            self.row, NoticeKind.RESULT, reply.body, means=means, is_refusal=reply.is_refusal
        )

    def starting(self, complaint: Complaint) -> dict[str, object]:
        reply = pending_reply(complaint)
        return {"means": reply.means} if reply else {}


class CorrectReplyForm(EnclosedForm, PhrasesForm):
    """The reply as the department handed it in stands in it."""

    def starting(self, complaint: Complaint) -> dict[str, object]:
        reply = pending_reply(complaint)
        return {"body": reply.body, "means": reply.means} if reply else {}


class ApproveAndSendForm(SendForm, CorrectReplyForm):
    """The reply to be read, and corrected where it needs it; what it will look like stands above it."""

    field_order = ("body", "means", "proof")

    def starting(self, complaint: Complaint) -> dict[str, object]:
        return CorrectReplyForm.starting(self, complaint)


class EntryForm(ActionForm):
    """The text that is to be entered stands above it, with the number under which CİMER knows the application."""

    above = "admin_ui/includes/cimer_entry.html"

    @cached_property
    def reply_text(self) -> str:
        reply = pending_reply(self.row)
        return text_to_enter(self.row, reply) if reply else ""


class FeeForm(ActionForm):
    amount = forms.DecimalField(label=_("Amount in lira"), max_digits=10, decimal_places=2, localize=True)


class PaymentForm(ActionForm):
    paid_on = DayField(past=True, label=_("Paid on"))

    def starting(self, complaint: Complaint) -> dict[str, object]:
        return {"paid_on": today()}


class ForwardForm(ActionForm):
    to = forms.ModelChoiceField(
        label=_("Body"),
        queryset=OutsideBody.objects.filter(serves_here=True).order_by("name_sort"),
        to_field_name="code",
        empty_label=_("Choose a body"),
    )
    on = DayField(past=True, label=_("Forwarded on"))

    def starting(self, complaint: Complaint) -> dict[str, object]:
        body = complaint.category.body if complaint.category else None
        return {"on": today(), "to": body.code if body else None}


class CloseForm(ActionForm):
    outcome = forms.ChoiceField(label=_("Outcome"))
    field_order = ("outcome", "is_partial", "grounds", "note")

    def starting(self, complaint: Complaint) -> dict[str, object]:
        """A reply that refuses what is asked ends as not possible, unless a part was granted."""
        return {"outcome": Outcome.NOT_POSSIBLE} if is_refused(complaint) else {}

    def prepare(self, complaint: Complaint) -> None:
        if not complaint.asks_information or complaint.status == Status.FORWARDED:
            del self.fields["is_partial"], self.fields["grounds"]
        ways = (Outcome.SOLVED, Outcome.INFORMED, Outcome.NOT_POSSIBLE)
        if complaint.status == Status.FORWARDED:
            ways = (Outcome.FORWARDED,)  # type: ignore[assignment]
        field = model_choice(self, "outcome")
        field.choices = [(way.value, way.label) for way in ways]


class OtherForm(ActionForm):
    """A form that names another application by its number."""

    of = forms.CharField(
        label=_("Number of the other application"), max_length=16, help_text=_("For example 2027/15")
    )

    def clean_of(self) -> Complaint:
        match = scope.visible(Complaint).filter(reference=self.cleaned_data["of"].replace(" ", "")).first()
        if match is None:
            raise forms.ValidationError(_("There is no such record, or you may not see it."))
        return match


class DuplicateForm(ConfirmedForm, OtherForm):
    other_field = "of"
    question = _(
        "Are these the same matter? The application on the left ends as a duplicate; “Reopen” takes it back."
    )
    of = forms.CharField(
        label=_("Number of the earlier application"), max_length=16, help_text=_("For example 2027/15")
    )


class LinkForm(ConfirmedForm, OtherForm):
    other_field = "of"
    question = _("Are these the same matter? Both applications stay open, and one reply can be sent to both.")


class SplitForm(ActionForm):
    def starting(self, complaint: Complaint) -> dict[str, object]:
        return {"body": complaint.body}


class NotExaminableForm(ActionForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=NotExaminable.choices, widget=forms.RadioSelect)


class RejectForm(ActionForm):
    field_order = ("reason", "grounds", "means", "proof", "notified_on", "not_notified_reason")

    def prepare(self, complaint: Complaint) -> None:
        if not complaint.asks_information:
            del self.fields["grounds"]


class ContestForm(ActionForm):
    contested_at = forms.ChoiceField(
        label=_("Where"), choices=ContestedAt.choices, widget=forms.RadioSelect, initial=ContestedAt.BOARD
    )

    def starting(self, complaint: Complaint) -> dict[str, object]:
        if complaint.contested_on is None:
            return {"contested_on": today()}
        items = ("contested_on", "contested_at", "contest_result", "contest_ended_on")
        return {name: getattr(complaint, name) for name in items}


class TagForm(ActionForm):
    tags = forms.CharField(label=_("Tags"), required=False, help_text=_("Separated by commas."))

    def starting(self, complaint: Complaint) -> dict[str, object]:
        return {"tags": ", ".join(complaint.tags)}

    def clean_tags(self) -> list[str]:
        return [word.strip() for word in self.cleaned_data["tags"].split(",") if word.strip()]

    def values(self) -> dict[str, object]:
        now, wanted = set(self.row.tags), set(self.cleaned_data["tags"])
        return {"add": sorted(wanted - now), "remove": sorted(now - wanted)}


class UnshareForm(ActionForm):
    def prepare(self, complaint: Complaint) -> None:
        shared = scope.visible(ComplaintGrant).filter(content_object=complaint).values("user")
        field = model_choice(self, "user")
        field.queryset = User.objects.filter(pk__in=shared).order_by("first_name", "last_name")
        if not field.queryset.exists():
            field.help_text = _("It is not shared with anyone.")
