"""A mail's text as HTML: the same words, its addresses as links."""

from __future__ import annotations

import re

from django import template
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def paragraphs(text: str) -> list[SafeString]:
    """Split a text at its blank lines; each part escaped, with links and line breaks."""
    parts = re.split(r"\n\s*\n", text.strip())
    return [mark_safe(urlize(part.strip(), autoescape=True).replace("\n", "<br>\n")) for part in parts]  # noqa: S308 - urlize escaped it
