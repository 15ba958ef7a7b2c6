"""What a member of staff pinned to the side bar: lists with their filters, and rows, as they see them now."""

from __future__ import annotations

import copy
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from admin_ui.core.listing import Choice, Listing, name_of
from admin_ui.core.screen import ScopedAdmin, page
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.words.text import first_capital
from backend.guidance import actions
from backend.guidance.models import Pin
from backend.notifications.words import SUBJECTS
from backend.organization.models import User
from permissions.core import scope
from permissions.core.filters import Action
from permissions.plans import querysets as plans

LIST, ROW = "changelist", "change"
PERSONS: tuple[type[Any], ...] = (Citizen, User)
"""Rows that are no pins: the name of a person would stand on every page that others look at, too."""
_CACHE = "ozelkalem.pins"
NOTHING_MORE: dict[str, object] = dict.fromkeys(("items", "link_callback", "link_attrs", "icon_template"))
"""What Unfold asks of each line of the side bar besides: to find that a key is missing, Django raises three times."""


@dataclass(frozen=True)
class Target:
    """The screen that an address leads to, and the row if it is the page of one."""

    screen: ScopedAdmin
    row: UUID | None

    @classmethod
    def of(cls, address: str) -> Target | None:
        """None for what is no list and no row, and for what the viewer is not offered."""
        try:
            return cls.at(resolve(address.partition("?")[0]))
        except Resolver404:
            return None

    @classmethod
    def at(cls, match: ResolverMatch | None) -> Target | None:
        """The same of an address that is resolved already, as that of the request is."""
        if match is None:
            return None
        table, _sign, kind = (match.url_name or "").rpartition("_")
        screen = next((one for one in _screens() if name_of(one) == table), None)
        if screen is None or kind not in (LIST, ROW) or not type(screen).gate():
            return None
        if kind == ROW and (screen.model in PERSONS or not screen.detail_template):
            return None
        return cls(screen, match.kwargs.get("key"))

    @property
    def list_title(self) -> str:
        return first_capital(str(self.screen.opts.verbose_name_plural))


@dataclass(frozen=True)
class Line:
    """A pin as it stands in the side bar."""

    pin: Pin
    title: str
    url: str


def _screens() -> list[ScopedAdmin]:
    return [one for one in admin.site._registry.values() if isinstance(one, ScopedAdmin)]


def of_viewer(request: HttpRequest) -> list[Pin]:
    """The viewer's pins in their order, read once a request."""
    if _CACHE not in request.META:
        rows = scope.visible(Pin).order_by("position", "pk") if scope.current_viewer().user else ()
        request.META[_CACHE] = list(rows)
    return list(request.META[_CACHE])


def lines(request: HttpRequest) -> list[Line]:
    """What stands in the side bar: a row only as long as it is seen; one statement for the pins, one for each table."""
    pins = [(pin, target) for pin in of_viewer(request) if (target := Target.of(pin.page)) is not None]
    wanted: dict[type[Any], list[UUID]] = defaultdict(list)
    for _pin, target in pins:
        if target.row is not None:
            wanted[target.screen.model].append(target.row)
    found = {
        (model, row.key): row
        for model, keys in wanted.items()
        for row in plans.rows(f"pins: {model._meta.label}", partial(_pinned, model), plans.padded(keys))
    }
    result = []
    for pin, target in pins:
        if target.row is None:
            title = ": ".join(filter(None, [target.list_title, pin.title]))
        elif (row := found.get((target.screen.model, target.row))) is not None:
            title = row_title(row)
        else:
            continue
        result.append(Line(pin, title, pin.page))
    return result


def _pinned(model: type[Any], keys: list[UUID]) -> QuerySet[Any]:
    return scope.with_relations(scope.visible(model)).filter(key__in=keys)


def row_title(row: Any) -> str:
    """What a row is called on a page that others may look at: its subject, but the number alone of what is secret or of
    a person whose identity is hidden."""
    subject = next((one for one in SUBJECTS.values() if one.page == _address(row)), None)
    if getattr(row, "identity_hidden", False) or (subject is not None and subject.is_secret(row)):
        return str(row)
    return str(getattr(row, "subject", "") or row)


def _address(row: Any) -> str:
    return f"{row._meta.app_label}/{row._meta.model_name}"


def group(request: HttpRequest) -> dict[str, object] | None:
    """The group of the side bar; None where nothing is pinned."""
    shown = lines(request)
    if not shown:
        return None
    here = request.get_full_path()
    items = [
        {
            # Unfold writes titles as they are: what people typed is escaped here.
            "title": format_html('<span class="ok-pinned" title="{0}">{0}</span>', line.title),
            "icon": "push_pin",
            "link": line.url,
            "active": here == line.url,
            "has_permission": True,
            **NOTHING_MORE,
        }
        for line in shown
    ]
    order = reverse("admin:pins")
    last = {"title": _("Order the pins"), "icon": "tune", "link": order, "active": request.path == order}
    return {
        "title": _("Pinned"),
        "items": [*items, last | {"has_permission": True} | NOTHING_MORE],
        "separator": False,
    }


def here(request: HttpRequest) -> dict[str, object] | None:
    """The button of the page that is open: what it pins, or the pin that it takes away; None where there is neither."""
    if request.method != "GET" or scope.current_viewer().user is None:
        return None
    target = Target.at(request.resolver_match)
    if target is None:
        return None
    address = _canonical(request, target)
    pin = next((one for one in of_viewer(request) if one.page == address), None)
    return {"page": request.get_full_path(), "pin": pin, "is_row": target.row is not None}


def _listing(request: HttpRequest, target: Target, query: str) -> Listing:
    inner = copy.copy(request)
    inner.method, inner.GET = "GET", QueryDict(query)
    return target.screen.listing(inner)


def _canonical(request: HttpRequest, target: Target, query: str | None = None) -> str:
    """The address that is kept: the row's, or the list's with the tab and filters that it offers, and nothing else."""
    if target.row is not None:
        return target.screen.url(ROW, target.row)
    asked = request.META.get("QUERY_STRING", "") if query is None else query
    url = target.screen.url(LIST)
    kept = _listing(request, target, asked).offered if asked else ""
    return f"{url}?{kept}" if kept else url


def _narrowed_to(listing: Listing) -> str:
    """Tab and filters in words; dates stand in the list itself."""
    tab = [str(listing.tab.title)] if listing.tab and listing.is_tab_chosen else []
    asked = listing.active_parameters
    chosen = [
        str(text)
        for item in listing.filters
        if isinstance(item, Choice)
        for value, text in item.options()
        if str(value) == asked.get(item.name)
    ]
    return " · ".join([*tab, *chosen])[:80]


def add(request: HttpRequest) -> HttpResponse:
    """Pin the page whose address was sent, if the viewer sees it."""
    address = request.POST.get("page", "")
    target = Target.of(address)
    if request.method != "POST" or target is None:
        raise scope.not_found()
    query = address.partition("?")[2]
    if target.row is not None:
        target.screen.get_object(request, str(target.row))  # NOT_FOUND where it is hidden
    kept = _canonical(request, target, query)
    title = "" if target.row is not None else _narrowed_to(_listing(request, target, query))
    try:
        with scope.elevated_for(Pin, Action.REGISTER):
            actions.pin(by=scope.require_user(), page=kept, title=title)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The page is pinned: it stands in the side bar."))
    back = QueryDict(query, mutable=True)
    url = kept.partition("?")[0]
    return HttpResponseRedirect(f"{url}?{back.urlencode()}" if back else url)


def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a pin away; a second press finds it gone already."""
    row = scope.visible(Pin).filter(key=key).first()
    back = request.POST.get("back", "")
    if request.method == "POST" and row is not None:
        with scope.authorized(Action.CHANGE, Pin, key) as locked:
            actions.unpin(locked)
        messages.success(request, _("The pin is taken away."))
    return HttpResponseRedirect(back if Target.of(back) is not None else reverse("admin:pins"))


def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a pin one place higher or lower."""
    if request.method == "POST":
        places = [line.pin.key for line in lines(request)]
        every = [pin.key for pin in of_viewer(request)]
        with scope.authorized(Action.CHANGE, Pin, key) as row:
            at = places.index(key) if key in places else 0
            beyond = places[max(min(at + (1 if "down" in request.POST else -1), len(places) - 1), 0)]
            actions.move(row, by=scope.require_user(), place=every.index(beyond) + 1)
    return HttpResponseRedirect(reverse("admin:pins"))


def show(request: HttpRequest) -> HttpResponse:
    """The viewer's pins, to be ordered and taken away."""
    shown = lines(request)
    return page(admin.site, request, "admin_ui/pins.html", {"title": _("Pinned"), "lines": shown})
