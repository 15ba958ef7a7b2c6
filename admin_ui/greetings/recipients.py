"""To whom a batch goes: citizens found by name or number, a saved filter of them, departments and bodies, holders of
offices, lists of partners, a file.

A file is looked at first; between the look and the press the page itself keeps it (`held_file`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.contacts.admin import search
from admin_ui.core import page_access
from admin_ui.core.forms import OfficeForm
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.core.signed_upload import held, hold
from admin_ui.greetings.forms import FileForm, HousesForm, ListsForm, OfficesForm, SelectionForm
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.greetings import actions, importing, lists
from backend.greetings.actions import Named
from backend.greetings.actions.preparing import MOST, Added
from backend.greetings.choices import Source, Status
from backend.greetings.models import Batch, Recipient
from backend.greetings.moves import Verb
from backend.organization.models import Neighbourhood, SavedFilter
from backend.protocol.models import Holding
from permissions.core import scope
from permissions.greetings import access

SALT = "greetings.recipients"
FOUND, SHOWN = 50, 100
CITIZENS = "contacts_citizen"


def count(**which: Any) -> Any:
    """Number of the batch's recipients in this row's category."""
    rows = Recipient.objects.filter(batch=OuterRef("pk"), **which).order_by()
    counted = rows.values("batch").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def add(request: StaffRequest, key: UUID) -> HttpResponse:
    """Ways to add recipients; each is a form."""
    batch = scope.get(Batch, key, action=Verb.ADD)
    if batch.status != Status.PREPARING:
        messages.warning(request, _("Recipients are added while a batch is being prepared."))
        return HttpResponseRedirect(_batch(key))
    forms = _forms(request)
    shown: dict[str, object] = {}
    way = request.POST.get("way", "") if request.method == "POST" else ""
    if way in _WAYS:
        form = forms.get(way)
        try:
            done = None if form is not None and not form.is_valid() else _WAYS[way](request, key, form)
        except DomainError as error:
            if error.code in (ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND) and error.field in (None, "id"):
                raise
            if form is not None:
                form.refuse(error)
            else:
                messages.warning(request, str(error))
        else:
            if isinstance(done, Added):
                messages.success(request, _said(done))
                return HttpResponseRedirect(request.get_full_path())
            shown = done or {}
    context = {
        "title": _("Add recipients"),
        "parents": [
            (_("Greetings"), reverse("admin:greetings_batch_changelist")),
            (batch.title, _batch(key)),
        ],
        "batch": batch,
        "on_the_list": batch.recipients.count(),
        "batch_url": _batch(key),
        "forms": forms,
        "opened": way,
        **_search(request),
        **shown,
    }
    return page(admin.site, request, "admin_ui/greeting_recipients.html", context)


def _batch(key: UUID) -> str:
    return reverse("admin:greetings_batch_change", args=[key])


def _forms(request: HttpRequest) -> dict[str, OfficeForm]:
    way = request.POST.get("way", "")
    data = {
        name: (request.POST, request.FILES) if way == name else ()
        for name in ("houses", "offices", "lists", "selection", "file")
    }
    return {
        "houses": HousesForm(*data["houses"]),
        "offices": OfficesForm(*data["offices"]),
        "lists": ListsForm(*data["lists"][:1]),
        "selection": SelectionForm(_selections(), *data["selection"][:1]),
        "file": FileForm(*data["file"]),
    }


def _search(request: HttpRequest) -> dict[str, object]:
    """Citizens by name or number, to be chosen."""
    text = request.GET.get("q", "").strip()[:200]
    if not text or not page_access.sees_all(Citizen):
        return {"query": "", "may_search": page_access.sees_all(Citizen)}
    rows = search(scope.visible(Citizen.objects.standing()), text).select_related("neighbourhood")
    matches = list(rows.order_by("name_fold", "pk")[:FOUND])
    scope.log_access([one.pk for one in matches], "admin: recipients of a greeting")
    return {"query": text, "found": matches, "may_search": True}


def _selections() -> list[tuple[str, Any]]:
    """One's own saved filters of the citizens, and the neighbourhoods."""
    if not page_access.sees_all(Citizen):
        return []
    saved = scope.visible(SavedFilter.objects.filter(list_name=CITIZENS)).order_by("pk")
    places = Neighbourhood.objects.order_by("name_sort")
    return [
        *((f"filter:{one.key}", one.title) for one in saved),
        *(
            (f"neighbourhood:{place.code}", _("Neighbourhood: %(name)s") % {"name": place.name})
            for place in places
        ),
    ]


def _chosen(request: StaffRequest, key: UUID, form: None) -> Added:
    keys = []
    for text in request.POST.getlist("who"):
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    people = list(scope.visible(Citizen).filter(key__in=keys))
    if not people:
        raise DomainError(ErrorCode.REQUIRED, _("Choose at least one person."), "who")
    return _put(request, key, [Named(person) for person in people], Source.CITIZENS)


def _selected(request: StaffRequest, key: UUID, form: OfficeForm) -> Added:
    what, _colon, name = form.cleaned_data["selection"].partition(":")
    rows = scope.visible(Citizen.objects.standing())
    if what == "neighbourhood":
        rows = rows.filter(neighbourhood__code=name)
    else:
        saved = scope.get(SavedFilter, name, field="selection")
        data = QueryDict(saved.parameters)
        for item in admin.site._registry[Citizen].filters:  # type: ignore[attr-defined]
            rows = item.narrow(rows, item.read(data))
    return _put(request, key, [Named(row) for row in rows.order_by("pk")[: MOST + 1]], Source.CITIZENS)


def _houses(request: StaffRequest, key: UUID, form: OfficeForm) -> Added:
    departments, bodies = form.cleaned_data["departments"], form.cleaned_data["bodies"]
    if not departments and not bodies:
        raise DomainError(ErrorCode.REQUIRED, _("Choose at least one."), "departments")
    return _sum(
        [
            _put(
                request, key, [Named(department=department) for department in departments], Source.DEPARTMENTS
            ),
            _put(request, key, [Named(body=body) for body in bodies], Source.BODIES),
        ]
    )


def _said(done: Added) -> str:
    """Report duplicates only to viewers of the whole list: for others this would reveal memberships."""
    if scope.current_viewer().sees_all_memberships:
        text = _("%(added)d added, %(there)d were on the list already.")
        return text % {"added": done.added, "there": done.already_there}
    count = done.added + done.already_there
    return _("%(count)d named. Each is on the list once, earlier entries included.") % {"count": count}


def _sum(parts: Iterable[Added]) -> Added:
    counts = list(parts)
    return Added(sum(one.added for one in counts), sum(one.already_there for one in counts))


def _put(request: StaffRequest, key: UUID, named: list[Named], source: Source) -> Added:
    if not named:
        return Added(0, 0)
    with scope.authorized(Verb.ADD, Batch, key) as batch:
        return actions.add(batch, by=request.user, recipients=named, source=source)


def _look(request: StaffRequest, key: UUID, form: OfficeForm) -> dict[str, object]:
    """What a file would bring, and nothing of it."""
    data = form.cleaned_data["file"].read()
    with scope.authorized(Verb.ADD, Batch, key) as batch:
        report = importing.bring(batch, io.BytesIO(data), by=request.user, dry_run=True)
    ticket = hold(SALT, request.user, data, str(key))
    return {**_told(report), "ticket": ticket if report.to_do else ""}


def _bring(request: StaffRequest, key: UUID, form: None) -> dict[str, object] | Added:
    """The file that was looked at, for good."""
    result = held(SALT, request.user, request.POST.get("ticket", ""))
    if result is None or result[1] != [str(key)]:
        return {"gone": True}
    with scope.authorized(Verb.ADD, Batch, key) as batch:
        report = importing.bring(batch, io.BytesIO(result[0]), by=request.user)
    return Added(report.added, report.already_there)


def _told(report: importing.Report) -> dict[str, object]:
    counts = report.counts
    return {
        "report": report,
        "counts": [
            (counts[importing.Verdict.NEW], _("new persons"), "green"),
            (counts[importing.Verdict.KNOWN], _("on record already"), "blue"),
            (counts[importing.Verdict.REPEATED], _("twice in the file"), "grey"),
            (counts[importing.Verdict.REFUSED], _("cannot be taken"), "red"),
        ],
        "refused": report.refused[:SHOWN],
        "more": max(0, len(report.refused) - SHOWN),
    }


def _offices(request: StaffRequest, key: UUID, form: OfficeForm) -> Added:
    """Holders of these offices on the day of the occasion; vacant offices are reported."""
    batch = scope.get(Batch, key)
    seen = scope.visible(Holding.objects.all())
    named, vacant = lists.of_offices(form.cleaned_data["offices"], batch.occasion.on, seen)
    if vacant:
        text = _("Nobody holds these on the day: %(offices)s.")
        messages.warning(request, text % {"offices": ", ".join(one.short_title for one in vacant)})
    return _put(request, key, named, Source.PROTOCOL)


def _lists(request: StaffRequest, key: UUID, form: OfficeForm) -> Added:
    """People on these partner lists today; organisations without a known contact are reported."""
    items = [access.of_partners(one) for one in form.cleaned_data["lists"]]
    if missing := sorted({one.title for _named, unknown in items for one in unknown}):
        text = _("Nobody is known here whom you could write to: %(organisations)s.")
        messages.warning(request, text % {"organisations": ", ".join(missing)})
    return _sum(_put(request, key, named, Source.PARTNERS) for named, _unknown in items)


_WAYS: dict[str, Callable[[StaffRequest, UUID, Any], Any]] = {
    "chosen": _chosen,
    "selection": _selected,
    "houses": _houses,
    "offices": _offices,
    "lists": _lists,
    "file": _look,
    "ticket": _bring,
}
