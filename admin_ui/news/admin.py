"""Press releases: the list, the page of one with its photographs and its story, and a new one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Model, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.display import badge
from admin_ui.core.fields import model_choice
from admin_ui.core.forms import ActionForm, OfficeForm, text_area
from admin_ui.core.listing import Column, Tab
from admin_ui.core.once import once
from admin_ui.core.screen import page
from admin_ui.core.stories import of_lines
from backend.engagements.models import Engagement
from backend.events.models import Event
from backend.news import actions
from backend.news.choices import Status
from backend.news.models import Release, ReleaseLine, ReleasePhoto
from backend.news.moves import Verb, release_action
from backend.news.story import EventType
from backend.organization.models import User
from backend.outbox.plan import Plan
from backend.partners.choices import Kind, ListStatus
from backend.partners.lists import Recipient
from backend.partners.models import ContactList
from permissions.core import scope
from permissions.core.filters import Action
from permissions.news import access

TONES = {Status.DRAFT: "blue", Status.APPROVED: "green", Status.WITHDRAWN: "grey"}
NAMED = 200
"""How many events and engagements are offered, those nearest to today."""
AROUND = dt.timedelta(days=400)


class AboutFields(forms.Form):
    event = forms.ModelChoiceField(
        label=gettext_lazy("Event it is about"),
        queryset=Event.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=gettext_lazy("none"),
    )
    engagement = forms.ModelChoiceField(
        label=gettext_lazy("Meeting or visit it is about"),
        queryset=Engagement.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=gettext_lazy("none"),
    )

    def offer(self, row: Release | None = None) -> None:
        """Offer what the viewer sees of this year and the last, and what was chosen before."""
        since = timezone.now() - AROUND
        kinds: tuple[tuple[str, Any], ...] = (("event", Event), ("engagement", Engagement))
        for name, model in kinds:
            field: Any = self.fields[name]
            near = scope.visible(model).filter(starts_at__gte=since).order_by("-starts_at", "-pk")
            keys = list(near.values_list("pk", flat=True)[:NAMED])
            chosen = getattr(row, f"{name}_id") if row else None
            field.queryset = (
                scope.visible(model)
                .filter(pk__in=[*keys, *([chosen] if chosen else [])])
                .order_by("-starts_at")
            )
            field.label_from_instance = lambda one: f"{one.reference} · {one.title}"


class WordsFields(forms.Form):
    title = forms.CharField(label=gettext_lazy("Heading"), max_length=actions.TITLE)
    lead = forms.CharField(
        label=gettext_lazy("Lead"),
        max_length=actions.LEAD,
        widget=text_area(3),
        required=False,
        help_text=gettext_lazy("One or two sentences that say the most: who, what, where, when."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=actions.LONGEST,
        widget=text_area(14),
        required=False,
        help_text=gettext_lazy("An empty line begins a paragraph."),
    )


class NewReleaseForm(AboutFields, WordsFields, OfficeForm):
    once = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ("title", "lead", "text", "event", "engagement")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer()

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_order}


class EditForm(AboutFields, WordsFields, ActionForm):
    field_order = ("title", "lead", "text", "event", "engagement")

    def starting(self, row: Release) -> dict[str, object]:
        about = {
            name: getattr(row, name).key if getattr(row, name) else None for name in ("event", "engagement")
        }
        return {name: getattr(row, name) for name in WordsFields.base_fields} | about

    def prepare(self, row: Release) -> None:
        self.offer(row)


class CorrectForm(WordsFields, ActionForm):
    field_order = ("correction", "title", "lead", "text")

    def starting(self, row: Release) -> dict[str, object]:
        return {name: getattr(row, name) for name in WordsFields.base_fields}


class PhotoForm(ActionForm):
    file = forms.FileField(
        label=gettext_lazy("Photograph"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    field_order = ("file", "caption", "alternative_text")

    def values(self) -> dict[str, object]:
        return {**super().values(), "name": self.cleaned_data["file"].name}


class SendForm(ActionForm):
    """What would be sent stands above it: how many, three mails, and whom none reaches."""

    contact_list = forms.ModelChoiceField(
        label=gettext_lazy("Media list"),
        queryset=ContactList.objects.none(),
        to_field_name="key",
        help_text=gettext_lazy(
            "Lists of partners; the press stands first. Choose one and look at what would be sent."
        ),
        empty_label=None,
    )
    above = "admin_ui/includes/release_plan.html"
    is_read_first = True

    def prepare(self, row: Release) -> None:
        rows = scope.visible(ContactList).filter(status=ListStatus.IN_USE)
        model_choice(self, "contact_list").queryset = rows.alias(
            is_press=Case(When(kinds__contains=[Kind.PRESS], then=0), default=1)
        ).order_by("is_press", "title_sort", "pk")

    def clean(self) -> dict[str, Any]:
        """Only what was looked at is sent: another list is shown first."""
        values: dict[str, Any] = super().clean() or {}
        if (chosen := values.get("contact_list")) and str(chosen.key) != self.data.get("shown"):
            self.add_error(
                "contact_list", _("This is what would be sent to this list. Look at it, and send it then.")
            )
        return values

    @cached_property
    def chosen(self) -> ContactList | None:
        """The list that was chosen, else the one that is offered first."""
        rows: Any = model_choice(self, "contact_list").queryset
        key = self.data.get("contact_list", "") if self.is_bound else ""
        try:
            found = rows.filter(key=key).first() if key else None
        except ValidationError:
            found = None
        return found or rows.first()

    @cached_property
    def plan(self) -> Plan[Recipient] | None:
        return access.planned(self.row, self.chosen) if self.chosen else None

    @property
    def without_address(self) -> list[Recipient]:
        return self.plan.unreachable[:NAMED] if self.plan else []


class OfPhotoForm(ActionForm):
    photo = forms.ModelChoiceField(
        label=gettext_lazy("Photograph"),
        queryset=ReleasePhoto.objects.none(),
        to_field_name="key",
        empty_label=None,
    )

    def prepare(self, row: Release) -> None:
        field = model_choice(self, "photo")
        field.queryset = scope.visible(ReleasePhoto).filter(release=row).order_by("pk")


class DescribeForm(OfPhotoForm):
    field_order = ("photo", "caption", "alternative_text")

    def starting(self, row: Release) -> dict[str, object]:
        waiting = scope.visible(ReleasePhoto).filter(release=row).order_by("alternative_text", "pk").first()
        if waiting is None:
            return {}
        words = {"caption": waiting.caption, "alternative_text": waiting.alternative_text}
        return {"photo": waiting.key, **words}


def may_see() -> bool:
    return page_access.sees_some(Release)


def standing(row: Release) -> str:
    """Where it stands, in a badge."""
    if row.status == Status.APPROVED and row.published_at is not None:
        if row.published_at > timezone.now():
            return badge(_("to be published"), "orange")
        return badge(_("published"), "green")
    return badge(row.get_status_display(), TONES[Status(row.status)])


def _title(row: Release) -> str:
    return format_html('<span class="ok-subject">{}</span>', row.title)


@admin.register(Release)
class ReleaseAdmin(ActionAdmin[Release]):
    gate = staticmethod(may_see)
    detail_template = "admin_ui/release.html"
    columns = (
        Column(gettext_lazy("Number"), lambda r: r.reference, ("drafted_at",), "ok-nowrap"),
        Column(gettext_lazy("Heading"), lambda r: r.title, css="ok-wide", html=_title),
        Column(gettext_lazy("Status"), lambda r: r.get_status_display(), css="ok-nowrap", html=standing),
        Column(gettext_lazy("Public from"), lambda r: r.published_at, ("published_at",), "ok-nowrap"),
        Column(gettext_lazy("Written by"), lambda r: r.drafted_by and str(r.drafted_by)),
    )
    tabs = (
        Tab("draft", gettext_lazy("Being written"), lambda rows: rows.filter(status=Status.DRAFT)),
        Tab("waiting", gettext_lazy("To be published"), lambda rows: rows.waiting()),
        Tab("published", gettext_lazy("Published"), lambda rows: rows.published(), is_counted=False),
        Tab("withdrawn", gettext_lazy("Taken back"), lambda rows: rows.filter(status=Status.WITHDRAWN)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    order = ("-drafted_at", "-pk")
    searches = True
    finds_in = ("reference", "title", "lead")
    intro = gettext_lazy(
        "News of ceremonies, events, meetings and projects for the web site. The private office writes them; its head"
        " approves what becomes public, and when."
    )
    empty = gettext_lazy(
        "No press release has been written yet. Begin one after a ceremony, an event or a meeting worth telling of."
    )
    page_relations = ("drafted_by", "approved_by")
    steps = steps_of(
        release_action,
        {
            Verb.EDIT: EditForm,
            Verb.ATTACH: PhotoForm,
            Verb.DESCRIBE: DescribeForm,
            Verb.DETACH: OfPhotoForm,
            Verb.SEND: SendForm,
            Verb.CORRECT: CorrectForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        return scope.visible(Release).select_related("drafted_by").defer("text")

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(Release, Action.REGISTER):
            return []
        return [{"title": _("Write a press release"), "url": self.url("new"), "icon": "newspaper"}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", new, "new")]

    def details(self, request: HttpRequest, row: Release) -> dict[str, object]:
        mailed, count = access.mailed(row) or ([], 0)
        lines = scope.visible(ReleaseLine).filter(release=row).select_related("actor").order_by("at", "pk")
        return {
            "title": row.reference,
            "status": standing(row),
            "photos": list(scope.visible(ReleasePhoto).filter(release=row).order_by("pk")),
            "event": _seen(Event, row.event_id),
            "engagement": _seen(Engagement, row.engagement_id),
            "mailed": mailed,
            "mailed_count": count,
            "story": of_lines(lines, EventType, _facts),
        }


def _seen(model: type[Model], pk: int | None) -> Any:
    """What it is about, if the viewer sees that."""
    return scope.visible(model).filter(pk=pk).first() if pk else None


def _facts(line: ReleaseLine) -> list[str]:
    """What stood in public before a correction."""
    before = line.details.get("before", {})
    if "sent" in line.details:
        words = {"sent": line.details["sent"], "without": line.details["without"]}
        return [_("sent to %(sent)s; %(without)s without an address") % words]
    return [str(text)[:300] for name, text in before.items() if name in ("title", "lead") and text]


def new(request: HttpRequest) -> HttpResponse:
    """Begin a press release, of an event where its page asks for one."""
    page_access.require(Release, Action.REGISTER)
    start = {"once": uuid.uuid4(), "event": request.GET.get("event", "")}
    form = NewReleaseForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            made = once(request, form, lambda: _draft(request, form))
            messages.success(request, _("%(reference)s is begun.") % {"reference": made["reference"]})
            return HttpResponseRedirect(reverse("admin:news_release_change", args=[made["key"]]))
    context = {
        "title": _("Write a press release"),
        "parents": [(_("Press releases"), reverse("admin:news_release_changelist"))],
        "form": form,
        "submit": _("Begin"),
    }
    return page(admin.site, request, "admin_ui/form.html", context)


def _draft(request: HttpRequest, form: NewReleaseForm) -> dict[str, str]:
    with scope.elevated_for(Release, Action.REGISTER):
        row = actions.draft(by=cast(User, request.user), **form.facts())
    return {"key": str(row.key), "reference": row.reference}
