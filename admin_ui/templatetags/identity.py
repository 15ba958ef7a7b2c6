"""The municipality in templates: who writes, its crest and its colours."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from admin_ui.core import display
from admin_ui.shell.middleware import FIRST_STEPS
from backend.configuration import memory
from backend.configuration.office import Office, configured, dialled
from permissions.core.account_setup import missing_step

register = template.Library()


@register.simple_tag
def municipality_settings() -> Office:
    """The settings in force: name, telephone and what else pages for everybody say."""
    return configured


@register.simple_tag
def crest_url() -> str:
    """The address of the crest; empty where there is none."""
    return f"{reverse('crest')}?v={memory.revision()}" if configured.MUNICIPALITY_CREST else ""


@register.simple_tag
def colours_url() -> str:
    return f"{reverse('colours')}?v={memory.revision()}"


@register.filter
def tel(value: Any) -> object:
    """A telephone number that one can press, of a record or as the office wrote it; or a dash."""
    number = f"tel:{value.as_e164}" if getattr(value, "as_e164", "") else ""
    number = number or (dialled(value) if value and isinstance(value, str) else "")
    shown = display.phone(value) if isinstance(value, str) else value
    pressed = format_html('<a class="ok-link ok-nowrap" href="{}">{}</a>', number, shown)
    return pressed if number else display.or_dash(value)


@register.simple_tag(takes_context=True)
def first_step(context: template.Context) -> int:
    """Which step of setting up the account is next: 1 the password, 2 the second factor, 3 the desk; 0: none is."""
    request = context.get("request")
    if request is None or not settings.MFA_REQUIRED_FOR_STAFF:
        return 0
    if not request.user.is_authenticated:
        return 1
    if FIRST_STEPS not in request.session:
        return 0
    return 2 if missing_step(request.user, request.session) else 3
