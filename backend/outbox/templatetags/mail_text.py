"""A mail's text as HTML: its addresses as links; an address of ours on a line of its own as a button."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import template
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

register = template.Library()

BUTTONS = {
    "/davet/": _("Say whether you come"),
    "/randevu/": _("Answer your appointment"),
    "/basvuru/takip/": _("See your application"),
    "/basvuru/onay/": _("Confirm your application"),
    "/takip/": _("See your application"),
    "/onay/": _("Confirm your application"),
    "/belge/": _("Verify the letter"),
    "/accounts/": _("Choose your password"),
    "/admin/": _("Open the page"),
}
"""How the paths of our pages begin -> what a button to them says."""
MOST_BUTTONS = 2
"""More of them are a list, and stay links."""
TICKET = "/davet/"


@dataclass(frozen=True)
class Part:
    """A paragraph, or a button."""

    text: str = ""
    url: str = ""
    button: str = ""

    @property
    def is_ticket(self) -> bool:
        return TICKET in self.url


@register.filter
def mail_parts(body: str, home: str) -> list[Part]:
    """Split a text at its blank lines and at the buttons; each part escaped, with links and line breaks."""
    lines = body.strip().splitlines()
    with_button = len([one for one in lines if _button(one, home)]) <= MOST_BUTTONS
    parts: list[Part] = []
    waiting: list[str] = []
    for one in [*lines, ""]:
        button = _button(one, home) if with_button else ""
        if button or not one.strip():
            if waiting:
                parts.append(Part(_html("\n".join(waiting))))
            waiting = []
        else:
            waiting.append(one)
        if button:
            parts.append(Part(url=one.strip(), button=button))
    return parts


def _button(text: str, home: str) -> str:
    """What the button of a line says; empty for any other line."""
    found = re.fullmatch(re.escape(home.rstrip("/")) + r"(/[^\s<>\"']+)", text.strip())
    if not found:
        return ""
    return next((str(says) for path, says in BUTTONS.items() if found[1].startswith(path)), "")


def _html(text: str) -> SafeString:
    return mark_safe(urlize(text.strip(), autoescape=True).replace("\n", "<br>\n"))  # noqa: S308 - urlize escaped it
