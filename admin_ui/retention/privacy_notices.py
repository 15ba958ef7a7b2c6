"""Aydınlatma: the versions in the admin, and what a form shows. Everybody reads them on the citizens' site."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge
from admin_ui.core.fields import DayField
from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.listing import Choice, Column, Listing, Tab
from admin_ui.core.screen import ScopedAdmin, page
from backend.contacts import privacy
from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.localtime import today
from backend.core.words.languages import Language
from permissions.core import scope
from permissions.core.filters import Action


class ShownNoticeField(forms.ModelChoiceField):
    """Which version a form shows: it comes back with the form, so that the record keeps what was really read."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        super().__init__(
            queryset=PrivacyNotice.objects.filter(purpose=purpose),
            to_field_name="key",
            required=False,
            widget=forms.HiddenInput,
            error_messages={
                "invalid_choice": gettext_lazy(
                    "This is not the privacy notice that belongs here. Reload the page."
                )
            },
        )

    def to_python(self, value: object) -> Any:
        """Parse the version; a future version is refused, since it cannot have been read."""
        result = super().to_python(value)
        if result is not None and result.valid_from > today():
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return result


def shown(form: forms.BaseForm, language: str | None = None) -> PrivacyNotice | None:
    """The text to show with a form: the one that was shown before a refusal, otherwise the one in force, in a language
    (default: that of the page). What staff read out to a caller is Turkish, whatever their own pages are in."""
    field = form.fields["privacy_notice"]
    value = form.data.get("privacy_notice") or form.initial.get("privacy_notice")
    try:
        result = field.clean(value) if value else None
    except forms.ValidationError:
        result = None
    result = result or privacy.in_force(field.purpose, language)  # type: ignore[attr-defined]
    if result is not None:
        form.initial["privacy_notice"] = result.key
    return result


def posted(request: HttpRequest, purpose: str) -> PrivacyNotice | None:
    """The version that a page without a form of Django's says it showed; None where it says none of ours."""
    field = ShownNoticeField(purpose)
    try:
        return field.clean(request.POST.get("privacy_notice", ""))
    except forms.ValidationError:
        return None


# -- in the admin --------------------------------------------------------------------------------------------
class VersionForm(OfficeForm):
    purpose = forms.ChoiceField(label=gettext_lazy("For what"), choices=Purpose.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices, initial="TR")
    valid_from = DayField(label=gettext_lazy("Valid from"), initial=today)
    source = forms.CharField(
        label=gettext_lazy("Approved by"),
        max_length=300,
        help_text=gettext_lazy("Who approved it, with date and number."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=text_area(24),
        max_length=privacy.LONGEST,
        help_text=gettext_lazy(
            "Who the controller is, the purpose, to whom it is passed on, how it is collected and on which ground,"
            " and the rights of art. 11 (KVKK art. 10). Leave a line empty between paragraphs."
        ),
    )


def _standing(row: PrivacyNotice) -> str:
    if row.valid_from > today():
        return badge(_("to come"), "orange")
    return badge(_("in force"), "green") if row.is_in_force else badge(_("former"), "grey")  # type: ignore[attr-defined]


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(ScopedAdmin):
    searches = True
    finds_in = ("purpose", "code", "language")
    gate = page_access.members
    columns = (
        Column(gettext_lazy("For what"), lambda row: row.get_purpose_display(), css="ok-wide"),
        Column(gettext_lazy("Language"), lambda row: row.get_language_display()),
        Column(gettext_lazy("Version"), lambda row: row.version, css="ok-number"),
        Column(
            gettext_lazy("Valid from"),
            lambda row: row.valid_from,
            ("valid_from",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("Status"), _standing, css="ok-nowrap"),
        Column(gettext_lazy("Approved by"), lambda row: row.source),
    )
    filters = (
        Choice(
            "purpose",
            gettext_lazy("For what"),
            lambda: Purpose.choices,
            lambda rows, purpose: rows.filter(purpose=purpose),
        ),
    )
    tabs = (
        Tab("force", gettext_lazy("In force"), lambda rows: rows.in_force()),
        Tab("all", gettext_lazy("All versions"), lambda rows: rows, is_everything=True),
    )
    order = ("-valid_from", "-pk")
    intro = gettext_lazy(
        "The notice that citizens get before their data is taken (KVKK art. 10). A version never changes: each record"
        " keeps the one that was shown. To correct a text, write a new version."
    )
    empty = gettext_lazy(
        "No privacy notice is kept yet: forms show none. They come with the reference data, or are written here."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrivacyNotice]:
        current = PrivacyNotice.objects.in_force().filter(pk=OuterRef("pk"))
        return scope.visible(PrivacyNotice).annotate(is_in_force=Exists(current))

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.url_of = lambda row: self.url("version", row.key)
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(PrivacyNotice, Action.REGISTER):
            return []
        return [{"title": _("New version"), "url": self.url("new"), "icon": "note_add"}]

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("", self.changelist_view, "changelist"),
            self.route("new/", self.write, "new"),
            self.route("<uuid:key>/", self.show, "version"),
        ]

    def show(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """One version, with its permanent public address."""
        row = scope.get(PrivacyNotice, key)
        context = {
            "title": str(row),
            "parents": [self.crumb()],
            "notice": row,
            "can_write": page_access.holds(PrivacyNotice, Action.REGISTER),
            "again": f"{self.url('new')}?from={row.key}",
        }
        return page(self.admin_site, request, "admin_ui/privacy_version.html", context)

    def write(self, request: HttpRequest) -> HttpResponse:
        """A new version; `?from=KEY` begins with the text of an older one."""
        page_access.require(PrivacyNotice, Action.REGISTER)
        initial: dict[str, object] = {}
        if key := request.GET.get("from"):
            old = scope.get(PrivacyNotice, key)
            initial = {name: getattr(old, name) for name in ("purpose", "language", "text")}
        form = VersionForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(PrivacyNotice, Action.REGISTER) as viewer:
                    row = privacy.new_version(by=viewer.user, **form.cleaned_data)
                messages.success(request, _("Version %(version)s is kept.") % {"version": row.version})
                return HttpResponseRedirect(self.url("version", row.key))
        context = {
            "title": _("New version"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Keep for good"),
            "intro": self.intro,
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)
