"""The menu “Export” of a table inside a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse

from admin_ui.core.page_tables import OF, TABLES
from backend.documents import table_writer
from backend.documents.table_writer import TableFormat
from permissions.core import scope

register = template.Library()


@register.inclusion_tag("admin_ui/includes/export_table.html", takes_context=True)
def export_table(
    context: Any, name: str, row: Any = None, asked: Mapping[str, str] | None = None
) -> dict[str, object]:
    """`row`: whose page it is; `asked`: what narrows the table on it."""
    if scope.current_viewer().user is None:
        return {}
    values = {key: value for key, value in (asked or {}).items() if value}
    return {
        "title": TABLES[name].title,
        "most": table_writer.number(most) if (most := TABLES[name].most) else "",
        "export_url": reverse("admin:export", args=[name]),
        "asked": ({OF: str(row.key)} if row is not None else {}) | values,
        "formats": TableFormat.choices,
        "csrf_token": context.get("csrf_token"),
    }
