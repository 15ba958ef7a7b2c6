"""A user's saved filters: links next to the tabs of a list, saved and removed with one click."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.listing import Listing, Screen, name_of
from admin_ui.core.page_access import StaffRequest
from backend.core.errors import DomainError
from backend.organization import actions
from backend.organization.models import SavedFilter
from permissions.core import scope
from permissions.core.filters import Action


def list_context(screen: Screen, listing: Listing) -> dict[str, object]:
    """What the template of a list needs; one query, whatever is kept."""
    if not screen.filters:
        return {}
    name = name_of(screen)
    rows = scope.visible(SavedFilter.objects.filter(list_name=name)).order_by("pk")
    return {
        "save_url": reverse("admin:saved_filter_save", args=[name]),
        "saved": [
            {
                "title": row.title,
                "url": f"?{row.parameters}",
                "remove": reverse("admin:saved_filter_remove", args=[row.key]),
                "active": row.parameters == listing.kept and not listing.query,
            }
            for row in rows
        ],
    }


def save(request: StaffRequest, name: str) -> HttpResponse:
    """Keep the tab and the filters of the address under the title that was sent."""
    screen = _screen(name)
    if screen is None or not type(screen).gate():
        raise scope.not_found()
    listing = screen.listing(request)
    if request.method == "POST":
        try:
            with scope.elevated_for(SavedFilter, Action.REGISTER):
                saved = actions.save_filter(
                    by=request.user,
                    list_name=name,
                    title=request.POST.get("title", ""),
                    parameters=listing.offered,
                )
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("The filter is saved: %(title)s") % {"title": saved.title})
    return HttpResponseRedirect(f"{screen.url('changelist')}?{listing.kept}")


def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """Forget one's own; another's is not there."""
    saved = scope.get(SavedFilter, key)
    if request.method == "POST":
        with scope.authorized(Action.CHANGE, SavedFilter, key) as row:
            actions.remove_filter(row)
        messages.success(request, _("The filter is removed: %(title)s") % {"title": saved.title})
    screen = _screen(saved.list_name)
    return HttpResponseRedirect(screen.url("changelist") if screen else reverse("admin:index"))


def _screen(name: str) -> Screen | None:
    """The list of this name, if it has filters."""
    screens: list[Any] = list(admin.site._registry.values())
    return next((screen for screen in screens if screen.filters and name_of(screen) == name), None)
