"""What the pages for developers write with."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from schema.developers import markdown
from schema.developers.pages import Reference

register = template.Library()


@register.filter
def inline(text: str) -> SafeString:
    """A description: its `code` as code."""
    return mark_safe(markdown.inline(text))  # noqa: S308 - escaped by markdown


@register.filter
def typed(found: Reference) -> SafeString:
    """A type as it is written, its name leading to its page."""
    to = reverse("developer_type", args=[found.name])
    return format_html('<code>{}<a href="{}">{}</a>{}</code>', found.before, to, found.name, found.after)
