"""How guests are written on pages and cards."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.core.localtime import moment_text
from backend.events.actions import Invited
from backend.events.models import Event, Guest
from backend.outbox.models import Message


def name_of(row: Guest) -> str:
    """As a card writes it, with the spouse."""
    return f"{row}{_(' and spouse') if row.with_spouse else ''}"


def outcome_of(event: Event, made: Invited) -> str:
    """What sending the invitations did, in numbers, with the way to those whom none reaches."""
    mails, texts = made.counts[Message.Channel.EMAIL], made.counts[Message.Channel.SMS]
    if mails and texts:
        summary = _("%(mails)s e-mails and %(texts)s SMS wait to be sent.") % {"mails": mails, "texts": texts}
    elif texts:
        summary = ngettext("%(count)s SMS waits to be sent.", "%(count)s SMS wait to be sent.", texts)
        summary %= {"count": texts}
    else:
        summary = ngettext("%(count)s e-mail waits to be sent.", "%(count)s e-mails wait to be sent.", mails)
        summary %= {"count": mails}
    parts = [summary]
    if made.held_until:
        parts.append(_("They leave on %(moment)s.") % {"moment": moment_text(made.held_until)})
    if count := len(made.without_address):
        words = ngettext("%(count)s person is not reached:", "%(count)s people are not reached:", count) % {
            "count": count
        }
        url = reverse("admin:events_guest_calls", args=[event.key])
        link = '{} <a class="ok-link" href="{}">{}</a>.'
        parts.append(format_html(link, words, url, _("Calling list")))
    return format_html_join(" ", "{}", ((part,) for part in parts))
