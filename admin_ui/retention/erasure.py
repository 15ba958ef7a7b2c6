"""Anonymising a person (KVKK m.7, m.11/1-e): what would become of them, giving it to the worker, how far it is."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.listing import Column
from admin_ui.core.panels import PAGES
from admin_ui.core.screen import ScopedAdmin, page
from backend.contacts.models import Citizen
from backend.core.operation.worker import worker_lives
from backend.retention import erasure
from backend.retention.anonymising import weigh
from backend.retention.choices import Against, ErasureJobStatus
from backend.retention.models import OPEN_ERASURES, ErasureJob, SubjectRequest
from permissions.core import scope
from permissions.core.filters import Action

FOLLOWED_SECONDS = 2


class AnonymiseForm(OfficeForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=text_area(2),
        help_text=gettext_lazy("The application (KVKK art. 11) with its date and number."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I know that this cannot be undone."))


def anonymise_citizen(request: HttpRequest, key: UUID) -> HttpResponse:
    """What would become of a person, and giving it to the worker; while that is under way, how far it is. `?request=`
    names the application because of which it is done."""
    row = scope.get(Citizen, key, action=Action.ANONYMISE)
    if under_way := scope.visible(ErasureJob).filter(citizen=row, status__in=OPEN_ERASURES).first():
        return HttpResponseRedirect(reverse("admin:retention_erasurejob_change", args=[under_way.key]))
    scope.log_access([row.pk], "admin: anonymise")
    because = scope.get(SubjectRequest, request.GET["request"]) if request.GET.get("request") else None
    start = {"reason": f"{because.reference}, {day_text(because.received_on)}"} if because else None
    form = AnonymiseForm(request.POST or None, initial=start)
    here = reverse("admin:contacts_citizen_change", args=[key])
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            with scope.authorized(Action.ANONYMISE, Citizen, key) as citizen:
                by, reason = scope.current_viewer().user, form.cleaned_data["reason"]
                asked = erasure.ask(citizen, by=by, reason=reason, request=because)
            return HttpResponseRedirect(reverse("admin:retention_erasurejob_change", args=[asked.key]))
    with scope.authorized_to_create(Action.ANONYMISE, Citizen, key, field="id") as citizen:
        weighed = weigh(citizen)
    context = {
        "title": _("Anonymise"),
        "parents": [(_("Citizens"), reverse("admin:contacts_citizen_changelist")), (row.full_name, here)],
        "row": row,
        "form": form,
        "against": [(Against(what).label, count) for what, count in sorted(weighed.against.items())],
        "is_alone": weighed.is_alone,
        "kept": weighed.kept,
        "hold_url": reverse("admin:retention_legalhold_on", args=["citizen", key]),
    }
    return page(admin.site, request, "admin_ui/anonymise.html", context)


PAGES[Citizen].append(("<uuid:key>/anonymise/", anonymise_citizen, "anonymise"))


# -- what was asked for, how far it is, what came of it -----------------------------------------------------------
ERASURE_TONES = {
    ErasureJobStatus.WAITING: "blue",
    ErasureJobStatus.RUNNING: "blue",
    ErasureJobStatus.DONE: "green",
    ErasureJobStatus.FAILED: "red",
}


def _erasure_status(row: ErasureJob) -> str:
    return badge(row.get_status_display(), ERASURE_TONES[ErasureJobStatus(row.status)])


@admin.register(ErasureJob)
class ErasureJobAdmin(ScopedAdmin):
    searches = True
    finds_in = ("reason", "status")
    gate = staticmethod(lambda: page_access.sees_some(ErasureJob))
    detail_template = "admin_ui/erasure.html"
    columns = (
        Column(gettext_lazy("Asked for"), lambda row: row.asked_at, ("asked_at",), "ok-nowrap"),
        Column(gettext_lazy("Status"), _erasure_status),
        Column(gettext_lazy("Reason"), lambda row: row.reason, css="ok-wide"),
        Column(gettext_lazy("By"), lambda row: or_dash(row.asked_by)),
        Column(
            gettext_lazy("Application"),
            lambda row: row.request.reference if row.request else "–",
            css="ok-nowrap",
        ),
    )
    order = ("-asked_at", "-pk")
    intro = gettext_lazy(
        "Persons who were anonymised on request, and on what ground. The list names no person, and no user can"
        " change or delete it; the periodic destruction has its own."
    )
    empty = gettext_lazy(
        "Nobody was anonymised yet. It is asked for on the page of a citizen, or of an application under KVKK art. 11."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ErasureJob]:
        return scope.visible(ErasureJob).select_related("asked_by", "request")

    def details(self, request: HttpRequest, row: ErasureJob) -> dict[str, object]:
        return {
            "title": _("Anonymising"),
            "status": _erasure_status(row),
            "follow": FOLLOWED_SECONDS if row.is_open else 0,
            "is_without_worker": row.status == ErasureJobStatus.WAITING and not worker_lives(),
            "citizen": scope.visible(Citizen).filter(pk=row.citizen_id).first() if row.citizen_id else None,
            "imports": reverse("admin:complaints_fileimport_changelist") if page_access.office() else "",
        }
