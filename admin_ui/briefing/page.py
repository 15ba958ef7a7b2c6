"""The briefing sheet of an entry: on the screen, and as PDF."""

from __future__ import annotations

from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.briefing.wording import as_values, sections, when
from admin_ui.core.screen import page, pdf_answer
from admin_ui.programme.reading import may_plan
from backend.core.localtime import local_date
from backend.documents import typesetting
from permissions.briefing import access as briefing


def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """The sheet, collected now, as far as the reader may see each part."""
    sheet = briefing.sheet(key)
    context = {
        "title": _("Briefing sheet"),
        "parents": [(sheet.entry.title, reverse("admin:programme_entry_change", args=[sheet.entry.key]))],
        "entry": sheet.entry,
        "when": when(sheet),
        "sections": sections(sheet),
        "may_edit": may_plan(sheet.entry.principal),
    }
    return page(admin.site, request, "admin_ui/briefing.html", context)


def as_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The sheet as PDF; never cached, like every page of the admin."""
    sheet = briefing.sheet(key)
    name = f"Bilgi föyü {local_date(sheet.entry.starts_at):%d.%m.%Y}"
    return pdf_answer(typesetting.pdf("programme/print/briefing.typ", as_values(sheet)), name)
