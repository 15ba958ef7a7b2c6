"""On the page of an organisation: what and who was written with its name and is not linked with its record, and linking
them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_ui.core.panels import PAGES, panel
from backend.core.validation import is_key
from backend.partners.models import Organisation
from permissions.contacts import written, written_people
from permissions.core import scope


@panel("admin_ui/includes/written.html", "top", Organisation)
def not_linked(row: Organisation) -> dict[str, object]:
    """The rows that name it and are missing on its page; nothing where there are none."""
    rows = written.unlinked(row)
    if not rows:
        return {}
    return {
        "written": [(one, _address(one)) for one in rows],
        "link_url": reverse("admin:partners_organisation_link_written", args=[row.key]),
        "may_link_some": any(one.may_link for one in rows),
    }


@panel("admin_ui/includes/written_people.html", "top", Organisation)
def people_not_linked(row: Organisation) -> dict[str, object]:
    """Whom lists name with it and who have no role there; nothing where there are none."""
    people = written_people.unlinked_people(row)
    if not people:
        return {}
    return {
        "people": people,
        "link_url": reverse("admin:partners_organisation_link_people", args=[row.key]),
        "may_link_some": any(one.may_link for one in people),
    }


def link_people(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record those that were ticked as people of the organisation."""
    row = scope.get(Organisation, key)
    if request.method == "POST":
        keys = {UUID(one) for one in request.POST.getlist("row") if is_key(one)}
        count = written_people.link_people(row, keys)
        text = ngettext(
            "%(count)s person is recorded at %(name)s.", "%(count)s people are recorded at %(name)s.", count
        )
        messages.success(request, text % {"count": count, "name": row.title}) if count else messages.warning(
            request, _("Nothing was linked: choose what belongs to it.")
        )
    return HttpResponseRedirect(reverse("admin:partners_organisation_change", args=[row.key]))


def _address(one: written.Written) -> str:
    return reverse(f"admin:{one.row._meta.app_label}_{one.row._meta.model_name}_change", args=[one.row.key])


def link(request: HttpRequest, key: UUID) -> HttpResponse:
    """Link those that were ticked."""
    row = scope.get(Organisation, key)
    if request.method == "POST":
        keys = {UUID(one) for one in request.POST.getlist("row") if is_key(one)}
        count = written.link(row, keys)
        text = ngettext(
            "%(count)s record is linked with %(name)s.", "%(count)s records are linked with %(name)s.", count
        )
        messages.success(request, text % {"count": count, "name": row.title}) if count else messages.warning(
            request, _("Nothing was linked: choose what belongs to it.")
        )
    return HttpResponseRedirect(reverse("admin:partners_organisation_change", args=[row.key]))


PAGES[Organisation].append(("<uuid:key>/link-written/", link, "link_written"))
PAGES[Organisation].append(("<uuid:key>/link-people/", link_people, "link_people"))
