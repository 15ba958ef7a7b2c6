"""What a person had typed, for a page that can do nothing else with it."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

register = template.Library()

TEXT_FROM = 20
"""So many letters, in more than one word, are a text worth copying."""


@register.filter
def typed_texts(request: HttpRequest) -> list[str]:
    """The texts of the form that was sent with this request, to be copied; a password is none."""
    if request.method != "POST" or not request.user.is_authenticated:
        return []
    values = (str(value).strip() for name, value in request.POST.items() if "password" not in name)
    return [text for text in values if len(text) >= TEXT_FROM and len(text.split()) > 1]
