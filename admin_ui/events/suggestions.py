"""A citizen's suggestion about an event of the public calendar, or for one to come: no account, no script."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admin_ui.core.dates import day_text
from admin_ui.core.fields import model_choice
from admin_ui.core.forms import OfficeForm
from admin_ui.retention.privacy_notices import ShownNoticeField, shown
from backend.complaints.choices import Kind
from backend.configuration.office import configured
from backend.contacts.models import Purpose
from backend.events.models import PublishedEvent
from permissions.core import scope
from permissions.events import public_suggestions
from permissions.submissions import public as submissions


class _EventField(forms.ModelChoiceField):
    def label_from_instance(self, obj: PublishedEvent) -> str:
        return f"{day_text(timezone.localtime(obj.starts_at))} {obj.title}"


class SuggestionForm(OfficeForm):
    text = forms.CharField(
        label=_("Your suggestion"),
        max_length=public_suggestions.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    event = _EventField(
        label=_("Which event it is about"),
        queryset=PublishedEvent.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("none of these, or a new one"),
        error_messages={"invalid_choice": _("This event is no longer announced: choose one of the list.")},
    )
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("A telephone number or an e-mail address is enough."),
    )

    privacy_notice = ShownNoticeField(Purpose.SUGGESTION)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        rows = scope.visible(PublishedEvent).filter(ends_at__gt=timezone.now()).order_by("starts_at", "id")
        model_choice(self, "event").queryset = rows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST receives what waits for its code; what is refused keeps what was typed."""
    asked = {"event": request.GET.get("etkinlik", "")}
    form = SuggestionForm(request.POST if request.method == "POST" else None, initial=asked)
    received = None
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            values = dict(form.cleaned_data)
            received = submissions.receive(
                kind=Kind.SUGGESTION,
                subject=public_suggestions.subject_of(values.pop("event")),
                body=values.pop("text"),
                **values,
            )
    context = {
        "form": form,
        "notice": shown(form),
        "received": received,
        "municipality": configured.MUNICIPALITY_NAME,
        "phone": configured.MUNICIPALITY_PHONE,
    }
    return render(request, "admin_ui/suggestion.html", context)
