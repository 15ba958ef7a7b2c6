"""The signature folder: letters that wait for the viewer, one after the other as paper, signed or returned below it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Case, Value, When
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from admin_ui.core.actions import ActionAdmin, RowAction
from admin_ui.core.forms import ActionForm
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from admin_ui.letters import compose
from backend.letters import drafts
from backend.letters.choices import Urgency
from backend.letters.law import checker
from backend.letters.models import Letter, LetterQuerySet
from backend.letters.moves import Verb
from permissions.core import scope
from permissions.letters import access

FORWARD = (Verb.SIGN, Verb.APPROVE, Verb.INITIAL)
"""What lets a letter go on; the first that is possible is the large button."""
BACK = (Verb.SEND_BACK, Verb.REFUSE)
PURPOSE = "admin: letter"


def waiting() -> LetterQuerySet:
    """The letters whose next step is the viewer's, the urgent ones first, then the oldest."""
    mine = scope.visible(Letter, action=Verb.SIGN).filter(turn_of__isnull=False)
    rank = Case(When(urgency=Urgency.URGENT, then=Value(0)), default=Value(1))
    rows = scope.visible(Letter.objects.all()).filter(pk__in=mine.values("pk"))
    return rows.order_by(rank, "drafted_at", "pk")


def show(request: StaffRequest) -> HttpResponse:
    """One letter of the folder, named by `at`; a POST does what its button says, and the next letter follows."""
    keys = [str(key) for key in waiting().values_list("key", flat=True)]
    wanted = request.GET.get("at", "")
    place = keys.index(wanted) if wanted in keys else 0
    if not keys:
        return page(admin.site, request, "admin_ui/letter_folder.html", {"title": _("Signature folder")})
    if wanted and wanted not in keys and request.method == "POST":
        messages.warning(request, _("This letter does not wait for you any more."))
        return HttpResponseRedirect(reverse("admin:letter_folder"))
    letters: ActionAdmin[Letter] = admin.site._registry[Letter]  # type: ignore[assignment]
    row = (
        scope.with_relations(scope.visible(Letter))
        .select_related("department", "drafted_by")
        .get(key=keys[place])
    )
    offered = letters.offered(row)
    forward = next((step for verb in FORWARD for step in offered if step.verb == verb), None)
    back = next((step for verb in BACK for step in offered if step.verb == verb), None)
    chosen = next((step for step in (forward, back) if step and step.slug == request.POST.get("do")), None)
    form = chosen.form(row, request.POST) if chosen and request.method == "POST" else None
    if chosen is not None and form is not None and form.is_valid():
        with form.refusals():
            _do(request, row, chosen, form)
            following = keys[place + 1] if place + 1 < len(keys) else (keys[0] if place else "")
            return HttpResponseRedirect(_at(following))
    sheet = drafts.sheet_of(row)
    access.log_access([row], PURPOSE)
    context = {
        "title": _("Signature folder"),
        "row": row,
        "number": place + 1,
        "count": len(keys),
        "previous": _at(keys[place - 1]) if place else "",
        "following": _at(keys[place + 1]) if place + 1 < len(keys) else "",
        "here": _at(keys[place]),
        "forward": forward,
        "back": back,
        "back_form": form if chosen is not None and chosen is back else back.form(row) if back else None,
        "forward_form": form if chosen is not None and chosen is forward else None,
        "is_back_open": chosen is not None and chosen is back,
        "sheets": compose.sheets(sheet),
        "faults": [fault for fault in checker.faults(drafts.as_draft(sheet)) if fault.is_error],
    }
    return page(admin.site, request, "admin_ui/letter_folder.html", context)


def _do(request: StaffRequest, row: Letter, step: RowAction, form: ActionForm) -> None:
    """Do one step, by the rules of its button on the letter's own page."""
    values = form.values()
    version = form.cleaned_data.get("version")
    with scope.authorized(step.verb, Letter, row.key, version=version, named=values.values()) as locked:
        step.action(locked, by=request.user, **values)
    subject = row.subject or row.get_kind_display()
    messages.success(request, f"{subject}: {step.past or step.verb.label}")


def _at(key: str) -> str:
    url = reverse("admin:letter_folder")
    return f"{url}?{urlencode({'at': key})}" if key else url
