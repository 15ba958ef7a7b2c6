"""Every address of the site and every parameter of its lists, made from the resolver and the screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from admin_ui.base import ScopedAdmin
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb as RequestVerb
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from tests.permissions.worlds import Ask

NO_PAGES = ("/accounts/", "/admin/logout/", "/admin/login/", "/metrics", "/health/", "/graphql/")
"""Addresses that show no row: sign-in, counters; GraphQL has a sweep of its own."""


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every address pattern of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path


def pages(keys: list[str]) -> list[Ask]:
    """Every address, with each of the keys where it takes one; without its catch-all."""
    found = []
    for address in addresses():
        if address.startswith(NO_PAGES) or "(?P" in address:
            continue
        if "<uuid:key>" in address:
            filled = [address.replace("<uuid:key>", key) for key in keys]
            found += [re.sub(r"<slug:\w+>", "comment", path) for path in filled]
        elif "<" not in address:
            found.append(address)
    return [Ask(path) for path in found]


def lists(words: list[str]) -> list[Ask]:
    """Every list's second page and search; of cases and requests each tab, each filter and each order."""
    return [
        Ask(f"{page.url('changelist')}?{urlencode({name: value})}")
        for page in admin.site._registry.values()
        if isinstance(page, ScopedAdmin)
        for name, value in _parameters(page, words)
        if page.model in (Complaint, AppointmentRequest) or name in {"page", "q"}
    ]


def _parameters(page: ScopedAdmin, words: list[str]) -> Iterator[tuple[str, str]]:
    yield "page", "2"
    yield from (("tab", tab.name) for tab in page.tabs)
    for item in page.filters:
        if item.kind == "dates":
            yield from ((f"{item.name}_{end}", "2026-11-20") for end in ("from", "to"))
        else:
            yield from ((item.name, value) for value, _text in item.options())  # type: ignore[union-attr]
    for number, column in enumerate(page.columns):
        if column.order:
            yield from (("sort", f"{sign}{number}") for sign in ("", "-"))
    if page.searches:
        yield from (("q", word) for word in words)


def forms_of_a_case(key: str) -> list[Ask]:
    """The page of a case with the form of each verb open in it."""
    return [Ask(f"/admin/complaints/complaint/{key}/change/?do={verb.value}") for verb in Verb]


def searches(words: list[str]) -> list[Ask]:
    """The palette, the telephone form and its look-ups, the tracking page."""
    return [
        *(Ask(f"/admin/search/?{urlencode({'s': word})}") for word in words),
        *(Ask("/admin/intake/who/", form=(("phone", word),)) for word in words),
        *(
            Ask("/admin/intake/", form=(("step", "look"), ("phone", word), ("subject", word)))
            for word in words
        ),
        *(Ask("/admin/appointments/call/", form=(("step", "look"), ("phone", word))) for word in words),
        *(Ask("/admin/intake/suggest/", form=(("subject", word),)) for word in words),
        *(Ask("/takip/", form=(("code", code),)) for code in ("7G2K-0QXM-4TBN", "x")),
    ]


def deeds(hidden: list[str], ids: list[str]) -> list[Ask]:
    """Everything that can be done to a case in the admin, and a form sent to every address of a row, said to hidden
    ones."""
    typed = (("body", "…"), ("reason", "…"), ("note", "…"))
    return [
        *(Ask(page.path, form=typed) for page in pages(hidden) if any(key in page.path for key in hidden)),
        *(
            Ask(f"/admin/complaints/complaint/{key}/{verb.value.lower()}/", form=typed)
            for key in hidden
            for verb in Verb
        ),
        *(
            Ask(f"/admin/appointments/appointmentrequest/{key}/{verb.value.lower()}/", form=typed)
            for key in hidden
            for verb in RequestVerb
        ),
        *(
            Ask("/admin/appointments/call/", form=(("phone", ""), ("citizen", key), ("subject", "…")))
            for key in hidden
        ),
        *(
            Ask("/admin/complaints/complaint/bulk/", form=(("verb", verb), ("key", key), ("step", step)))
            for key in hidden
            for verb in ("ROUTE", "CLOSE", "TAG")
            for step in ("", "preview", "do")
        ),
        *(Ask("/admin/intake/", form=(("phone", ""), ("citizen", key), ("subject", "…"))) for key in hidden),
        *(Ask(f"/files/complaints/{key}/", form=typed) for key in ids),
    ]
