"""Everything about a person (KVKK m.11), on the screen and on paper, with who of the house looked."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_text, moment_text
from admin_ui.core.panels import PAGES
from admin_ui.core.screen import page, pdf_answer
from admin_ui.journal.admin import purpose_text
from backend.configuration.office import configured
from backend.contacts.models import Citizen
from backend.documents import typesetting
from backend.retention.choices import Part
from permissions.retention import subjects


def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the report, collected now; the view itself is written to the read log."""
    result = subjects.report(key)
    here = reverse("admin:contacts_citizen_change", args=[key])
    context = {
        "title": _("Everything about this person"),
        "parents": [
            (_("Citizens"), reverse("admin:contacts_citizen_changelist")),
            (result.citizen.full_name, here),
        ],
        "row": result.citizen,
        "facts": facts(result),
        "parts": parts(result),
        "named": result.named,
        "withheld": sum(one.withheld for one in result.named),
        "looked": [(one.at, one.reader, purpose_text(one.purpose)) for one in result.looked],
        "pdf_url": reverse("admin:contacts_citizen_report_pdf", args=[key]),
    }
    return page(admin.site, request, "admin_ui/subject_report.html", context)


def as_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The report as PDF, in Turkish, to be handed to the person; its file name is neutral."""
    result = subjects.report(key)
    with translation.override("tr"):
        values = {
            "document_title": "Kişisel veri raporu (KVKK m.11)",
            "municipality": configured.MUNICIPALITY_NAME,
            "made": moment_text(timezone.now()),
            "facts": [[str(name), str(value)] for name, value in facts(result)],
            "parts": [
                {"title": str(title), "rows": [[day, one.reference, one.text] for day, one in rows]}
                for title, rows in parts(result)
            ],
            "named": [[str(one.kind), str(one.count), str(one.withheld or "–")] for one in result.named],
            "looked": [
                [
                    moment_text(one.at),
                    str(one.reader or "–"),
                    str(purpose_text(one.purpose)),
                ]
                for one in result.looked
            ],
        }
        content = typesetting.pdf("retention/print/subject.typ", values)
    return pdf_answer(content, "Kişisel veri raporu")


PAGES[Citizen] += [
    ("<uuid:key>/report/", show, "report"),
    ("<uuid:key>/report/pdf/", as_pdf, "report_pdf"),
]


def facts(found: subjects.Report) -> list[tuple[str, str]]:
    """What the records themselves say, of each record that was merged too; nothing empty."""
    items: list[tuple[str, str]] = []
    for row in found.records:
        kept = (
            (_("Name"), row.titled_name),
            (_("Phone"), str(row.phone)),
            (_("E-mail"), row.email),
            (_("Neighbourhood"), row.neighbourhood.name if row.neighbourhood else ""),
            (_("Address"), row.address),
            (_("T.C. kimlik no"), row.national_id_masked),
            (_("Note"), row.note),
            (_("Recorded"), day_text(row.created_at)),
        )
        items += [(name, value) for name, value in kept if value]
    return items


def parts(found: subjects.Report) -> list[tuple[str | Promise, list[tuple[str, subjects.DisclosedFact]]]]:
    """(title, [(day, what is kept)]) of every part that has something."""
    return [
        (Part(part).label, [(day_text(row.on) if row.on else "", row) for row in rows])
        for part, rows in groupby(found.facts, key=lambda one: one.part)
    ]
