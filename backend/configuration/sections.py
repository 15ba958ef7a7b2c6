"""The sections of the page of settings, and what may be chosen where several things may."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SECTIONS = {
    "identity": (_("Identity"), _("The name in letters, mails, cards, pages and the API.")),
    "look": (_("Crest and colours"), _("On prestige sheets, in mails and on the pages for citizens.")),
    "contact": (_("Where we are reached"), _("The foot of letters and mails, and the pages for citizens.")),
    "map": (_("Map"), ""),
    "messages": (_("Mails and text messages"), ""),
    "reminders": (_("Reminders and warnings"), _("Days are working days.")),
    "work": (
        _("Applications and instructions"),
        _("Days are working days; they hold for what is done from then on."),
    ),
    "router": (
        _("Proposals that are learned"),
        _("From closed applications the house learns whose a new one may be. A person decides."),
    ),
    "greetings": (_("Greetings"), ""),
}
"""The sections of the page, in order: title and what it is about."""

MOMENTS = (
    ("DAY_BEFORE", _("The day before")),
    ("MORNING", _("In the morning of the day")),
    ("HOUR_BEFORE", _("An hour before")),
)
CHANNELS = (("EMAIL", _("E-mail")), ("SMS", _("SMS")))
