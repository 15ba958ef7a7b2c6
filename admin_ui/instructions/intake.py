"""“The mayor just called”: an instruction written down in a minute, by keyboard; and one that comes of a meeting, a
request, an invitation, a promise or a case, linked with it in the same step.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.actions import explained_by
from admin_ui.core.dates import day_text
from admin_ui.core.fields import DayField, DepartmentField, FilesField, PeopleField, PrincipalField
from admin_ui.core.forms import OfficeForm, explained, text_area
from admin_ui.core.once import once
from admin_ui.core.screen import page
from admin_ui.instructions.forms import FactsFields
from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.words.until import until_named
from backend.events.models import Event
from backend.instructions import actions
from backend.instructions.choices import Priority, Setting
from backend.instructions.models import Dictation
from backend.instructions.moves import Verb, instruction_action
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.organization.models import Department, User
from backend.programme.models import Entry, Principal
from permissions.core import scope
from permissions.core.scope import Action

SOURCES: dict[str, tuple[type[Any], Setting]] = {
    "entry": (Entry, Setting.MEETING),
    "request": (AppointmentRequest, Setting.APPOINTMENT),
    "promise": (Promise, Setting.APPOINTMENT),
    "invitation": (Invitation, Setting.INVITATION),
    "event": (Event, Setting.EVENT),
    "complaint": (Complaint, Setting.COMPLAINT),
    "letter": (Letter, Setting.LETTER),
    "dictation": (Dictation, Setting.PASSING),
}
"""Of what an instruction may come, by the name in the address."""


ASKS_UNTIL = {
    "hx-post": reverse_lazy("admin:instructions_instruction_until"),
    "hx-target": "#until",
    "hx-select": "#until-named",
    "hx-trigger": "load, input changed delay:400ms",
    "hx-push-url": "false",
}
"""While the text is typed, the last day that it names is shown below the field of the last day."""


@explained_by(instruction_action[Verb.CORRECT])
class NewInstructionForm(FactsFields, OfficeForm):
    """Required fields first; the others have defaults."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    principal = PrincipalField(label=gettext_lazy("Who gave it?"))
    text = forms.CharField(
        label=gettext_lazy("What is to be done?"), widget=text_area(4, autofocus=True, **ASKS_UNTIL)
    )
    department = DepartmentField(label=gettext_lazy("Which department?"))
    due_on = DayField(
        label=gettext_lazy("Until when?"),
        required=False,
        help_text=gettext_lazy("Empty: the day that the text names, else the usual one of its priority."),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        choices=Priority.choices,
        initial=Priority.NORMAL,
        widget=forms.RadioSelect,
    )
    confirmed = explained(
        forms.BooleanField(label=gettext_lazy("I read the text back, and it was confirmed"), required=False),
        gettext_lazy(
            "What is misheard is found before the department begins. It can be confirmed later, on the page of the"
            " instruction."
        ),
    )
    collaborators = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Collaborating departments"),
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    attached = FilesField(label=gettext_lazy("Files"))
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Confidential"),
        required=False,
        help_text=gettext_lazy(
            "Only you, who gave it, the readers you name and the departments addressed see it."
        ),
    )
    readers = PeopleField(label=gettext_lazy("Who else may read it, where it is confidential"))

    FIRST = ("principal", "text", "department", "due_on", "priority", "confirmed")
    MORE = ("setting", "said_at", "place", "heard_by", "form", "subject", "person")
    WIDE = ("collaborators", "attached", "is_confidential", "readers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = scope.visible(Principal, action=Action.INSTRUCT).values("pk")
        principal, helpers = cast(Any, self.fields["principal"]), cast(Any, self.fields["collaborators"])
        principal.queryset = principal.queryset.filter(pk__in=allowed)
        helpers.queryset = Department.objects.open().in_order()

    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    def wide_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WIDE]

    def more_is_wrong(self) -> bool:
        return any(name in self.errors for name in (*self.MORE, *self.WIDE))

    def facts(self) -> dict[str, Any]:
        left_out = ("once", "principal", "attached")
        values = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        if not values["is_confidential"]:
            values["readers"] = []
        return values


def new(request: HttpRequest) -> HttpResponse:
    """The form; `?request=KEY` and the like begins it with what it comes of, which is linked when it is recorded."""
    if not page_access.may_record_instructions():
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    source = _source(request)
    if request.method != "POST":
        return _page(request, NewInstructionForm(initial=_start(source)), source)
    form = NewInstructionForm(request.POST, request.FILES)
    if form.is_valid():
        with form.refusals():
            made = once(request, form, lambda: _record(request, form, source))
            text = _("%(reference)s is recorded, to be done by %(day)s; the department has been written to.")
            messages.success(request, text % made)
            return HttpResponseRedirect(reverse("admin:instructions_instruction_change", args=[made["key"]]))
    return _page(request, form, source)


@require_POST
def until(request: HttpRequest) -> HttpResponse:
    """The last day that the text names: it stands unless another one is written."""
    day = until_named(request.POST.get("text", ""))
    return render(request, "admin_ui/includes/until.html", {"day": day})


def _source(request: HttpRequest) -> tuple[str, object] | None:
    """What it comes of, as the viewer sees it. NOT_FOUND for what they may not see."""
    name = next((name for name in SOURCES if request.GET.get(name)), None)
    if name is None:
        return None
    try:
        return name, scope.get(SOURCES[name][0], request.GET[name])
    except DomainError:
        if name == "dictation" and request.method == "POST":  # it is gone once it is recorded: `_record` asks
            return name, None
        raise


def _start(source: tuple[str, Any] | None) -> dict[str, object]:
    """What is known already."""
    start: dict[str, object] = {"once": uuid.uuid4()}
    if source is None:
        return start
    name, row = source
    start["setting"] = SOURCES[name][1]
    principal = getattr(row, "principal", None)
    if principal is not None:
        start["principal"] = str(principal.key)
    if _is_secret(row):
        start["is_confidential"] = True
    elif name == "entry":
        start |= {"subject": row.title, "place": row.place}
    elif name in ("request", "letter"):
        start |= {"subject": row.subject}
    elif name in ("invitation", "event"):
        start |= {"subject": row.title}
    elif name == "dictation":
        start |= {"text": row.text, "said_at": row.said_at, "confirmed": True}
    elif name == "complaint":
        department = row.responsible_department
        start |= {"subject": row.subject, "department": department.code if department else None}
    else:
        start |= {
            "text": row.text,
            "due_on": row.due_on if row.due_on >= today() else None,
            "department": row.department.code if row.department else None,
            "person": row.person.username if row.person else None,
        }
        asked = _seen(AppointmentRequest, row.request_id) or _seen(Entry, row.entry_id)
        if asked is not None:
            start["principal"] = str(asked.principal.key)
    return start


def _seen(model: type[Any], pk: int | None) -> Any:
    return scope.visible(model).filter(pk=pk).select_related("principal").first() if pk else None


def _is_secret(row: object) -> bool:
    """What comes of something confidential is proposed as confidential, and repeats none of its words."""
    if isinstance(row, Entry | Letter):
        return row.is_confidential
    entry = getattr(row, "entry_id", None)
    return entry is not None and scope.visible(Entry).filter(pk=entry, is_confidential=True).exists()


def _record(request: HttpRequest, form: NewInstructionForm, source: tuple[str, Any] | None) -> dict[str, str]:
    by = cast(User, request.user)
    is_dictated, dictation = source is not None and source[0] == "dictation", source[1] if source else None
    if is_dictated and dictation is None:
        raise DomainError(ErrorCode.CONFLICT, _("What was dictated was recorded or discarded already."))
    comes_of = {source[0]: source[1]} if source and not is_dictated else {}
    key = form.cleaned_data["principal"].key
    with scope.authorized_to_create(Action.INSTRUCT, Principal, key, field="principal") as principal:
        row = actions.give(principal, by=by, **form.facts(), **comes_of)
        for file in form.cleaned_data["attached"]:
            actions.attach(row, by=by, file=file, name=file.name or "")
    if is_dictated and dictation is not None:
        with scope.authorized(Action.CHANGE, Dictation, dictation.key) as dictated:
            actions.discard(dictated, by=by, reference=row.reference)
    return {"key": str(row.key), "reference": row.reference, "day": day_text(row.due_on)}


def _page(request: HttpRequest, form: NewInstructionForm, source: tuple[str, object] | None) -> HttpResponse:
    context = {
        "title": _("Record an instruction"),
        "parents": [(_("Instructions"), reverse("admin:instructions_instruction_changelist"))],
        "form": form,
        "comes_of": _named(source),
    }
    return page(admin.site, request, "admin_ui/instruction_new.html", context)


def _named(source: tuple[str, Any] | None) -> str:
    """What it comes of, in a line."""
    if source is None or source[1] is None:
        return ""
    _name, row = source
    title = next((str(getattr(row, name)) for name in ("subject", "title", "text") if hasattr(row, name)), "")
    return f"{row._meta.verbose_name}: {title}"
