"""Every address of the site and every parameter of its lists, made from the resolver and the screens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model, TextChoices
from django.urls import URLPattern, URLResolver, get_resolver

from admin_ui.complaints.admin import TABS
from admin_ui.core.listing import name_of
from admin_ui.core.page_tables import OF, TABLES
from admin_ui.core.screen import ScopedAdmin
from backend.agreements.models import Agreement
from backend.agreements.moves import Verb as AgreementVerb
from backend.appointments.models import AppointmentRequest, Promise
from backend.appointments.moves import Verb as RequestVerb
from backend.appointments.promise_moves import PromiseVerb
from backend.complaints.models import Attachment, Complaint
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen
from backend.engagements.models import Engagement
from backend.engagements.moves import Verb as EngagementVerb
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb as InstructionVerb
from backend.invitations.models import Invitation
from backend.invitations.moves import Verb as InvitationVerb
from backend.letters.models import Letter
from backend.letters.moves import Verb as LetterVerb
from backend.mailboxes.models import InboundMessage
from backend.mailboxes.moves import Verb as InboundMessageVerb
from backend.partners.models import ContactList, Organisation
from backend.partners.moves import ListVerb
from backend.partners.moves import Verb as OrganisationVerb
from backend.programme.models import DepartmentNote, Entry
from backend.programme.moves import Verb as EntryVerb
from backend.programme.note_moves import NoteVerb
from backend.submissions.models import Submission
from backend.submissions.moves import Verb as SubmissionVerb
from tests.permissions.walls.asking import Ask

WORKBOOKS = ("/admin/reports/xlsx/", "/admin/reports/work/xlsx/", "/admin/reports/information/xlsx/")
"""A workbook bears the moment at which it was written; its figures are those of the page and of the PDF beside it."""
TOLD_APART = (Complaint, Citizen, Attachment)
NO_PAGES = (
    "/accounts/",
    "/admin/logout/",
    "/admin/login/",
    "/metrics",
    "/health/",
    "/graphql/",
    "/gelistirici/",
    "/open311/",
    *WORKBOOKS,
)
"""Addresses that show no row, or rows by a token alone: sign-in, counters, what developers read; GraphQL has a sweep of
its own, Open311 shows a client what it brought (`tests/schema/open311/test_open311.py`)."""


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every address pattern of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path


def pages(rows: Sequence[Model | str]) -> list[Ask]:
    """Every address, with the keys that `tried_at` gives where it takes one; without its catch-all."""
    found = []
    for address in addresses():
        if address.startswith(NO_PAGES) or "(?P" in address:
            continue
        if "<uuid:key>" in address:
            filled = [address.replace("<uuid:key>", key) for key in tried_at(address, rows)]
            found += [re.sub(r"<slug:\w+>", "comment", path) for path in filled]
        elif "<" not in address:
            found.append(address)
    return [Ask(path) for path in found]


def tried_at(address: str, rows: Sequence[Model | str]) -> list[str]:
    """The keys to try: below the list of a table those of its rows and one of another's (no table has the keys of
    another); elsewhere one of each table, and all of those of which a viewer sees some rows and not others."""
    below = re.match(r"/admin/(\w+)/(\w+)/<uuid:key>", address)
    if below is None or below.groups() not in _TABLES:
        return [_key(row) for row in one_of_each(rows)]
    own = [row for row in rows if isinstance(row, Model) and _table(type(row)) == below.groups()]
    return [_key(row) for row in [*own, *[row for row in rows if row not in own][:1]]]


def one_of_each[T](rows: Sequence[T]) -> list[T]:
    """Of the hidden rows of a table the first: what is said of it is said of the next."""
    found = {id(row) if isinstance(row, TOLD_APART) else type(row): row for row in reversed(rows)}
    return [*reversed(found.values())]


def _table(model: type[Model]) -> tuple[str, str]:
    return model._meta.app_label, str(model._meta.model_name)


def _key(row: Model | str) -> str:
    return row if isinstance(row, str) else str(row.key)  # type: ignore[attr-defined]


_TABLES = {_table(model) for model in admin.site._registry}


def lists(words: list[str]) -> list[Ask]:
    """Every list's second page and search; of cases and requests each tab, each filter and each order, of cases on the
    map too."""
    return [
        *maps(),
        *_pages_of_lists(words),
    ]


def maps() -> Iterator[Ask]:
    """The parts of the map of cases: each tab of their list."""
    part = {"bbox": "29.1,40.9,29.4,41.1", "zoom": "14"}
    for tab in TABS:
        yield Ask(f"/admin/complaints/complaint/map/cells/?{urlencode(part | {'tab': tab.name})}")
    yield Ask(f"/admin/reports/map/cells/?{urlencode(part)}")


def _pages_of_lists(words: list[str]) -> list[Ask]:
    return [
        Ask(f"{page.url('changelist')}?{urlencode({name: value})}", is_content=True)
        for page in admin.site._registry.values()
        if isinstance(page, ScopedAdmin)
        for name, value in _parameters(page, words)
        if page.model
        in (
            Complaint,
            AppointmentRequest,
            Invitation,
            Letter,
            Instruction,
            Organisation,
            Engagement,
            Agreement,
            InboundMessage,
        )
        or name in {"page", "q"}
    ]


def exports(words: list[str]) -> list[Ask]:
    """Every list as a file, whole and searched."""
    return [
        Ask(f"/admin/export/{name_of(page)}/", form=(("format", "CSV"), *asked))
        for page in admin.site._registry.values()
        if isinstance(page, ScopedAdmin) and page.can_be_exported
        for asked in [
            (),
            *((("tab", tab.name),) for tab in page.tabs if tab.is_everything),
            *((("q", word),) for word in words if page.searches),
        ]
    ]


def tables() -> list[Ask]:
    """Every table inside a page as a file: of the first and the last row of its page's table, and whole."""
    found = []
    for name, table in TABLES.items():
        rows = list(table.of._default_manager.order_by("pk")) if table.of else []
        asked = [((OF, _key(row)),) for row in [*rows[:2], *rows[-2:]]] if table.of else [()]
        found += [Ask(f"/admin/export/{name}/", form=(("format", "CSV"), *one)) for one in asked]
    return found


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
    return [
        Ask(f"/admin/complaints/complaint/{key}/change/?do={verb.value}", is_content=True) for verb in Verb
    ]


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


VERBS: dict[type[Model], type[TextChoices]] = {
    Complaint: Verb,
    AppointmentRequest: RequestVerb,
    Entry: EntryVerb,
    Invitation: InvitationVerb,
    Promise: PromiseVerb,
    DepartmentNote: NoteVerb,
    Letter: LetterVerb,
    Instruction: InstructionVerb,
    Organisation: OrganisationVerb,
    Agreement: AgreementVerb,
    Engagement: EngagementVerb,
    ContactList: ListVerb,
    Submission: SubmissionVerb,
    InboundMessage: InboundMessageVerb,
}


def deeds(hidden: list[Model], ids: list[str]) -> list[Ask]:
    """Everything that can be done to a row in the admin, and a form sent to every address of a row, said to hidden
    ones."""
    typed = (("body", "…"), ("reason", "…"), ("note", "…"), ("text", "…"))
    keys = [_key(row) for row in hidden]
    tried = [_key(row) for row in one_of_each(hidden)]
    return [
        *(Ask(page.path, form=typed) for page in pages(hidden) if any(key in page.path for key in keys)),
        *(
            Ask(f"{address}{key}/{verb.value.lower()}/", form=typed)
            for model, verbs in VERBS.items()
            for address in ["/admin/{}/{}/".format(*_table(model))]
            for key in tried_at(f"{address}<uuid:key>", hidden)
            for verb in verbs
        ),
        *(
            Ask(f"/admin/instructions/instruction/new/?{of}={key}", form=typed)
            for key in tried
            for of in ("entry", "request", "promise", "invitation", "complaint", "letter")
        ),
        *(
            Ask(f"/admin/letters/letter/of/{of}/{key}/", form=typed)
            for key in tried
            for of in ("entry", "request", "invitation", "complaint", "instruction", "citizen")
        ),
        *(
            Ask("/admin/appointments/call/", form=(("phone", ""), ("citizen", key), ("subject", "…")))
            for key in tried
        ),
        *(
            Ask("/admin/complaints/complaint/bulk/", form=(("verb", verb), ("key", key), ("step", step)))
            for key in keys[:3]
            for verb in ("ROUTE", "ASSIGN", "CLOSE", "TAG")
            for step in ("", "preview", "do")
        ),
        *(Ask("/admin/intake/", form=(("phone", ""), ("citizen", key), ("subject", "…"))) for key in tried),
        *(Ask(f"/files/complaints/{key}/", form=typed) for key in ids),
    ]
