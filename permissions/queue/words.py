"""Why a row stands where it stands, in words that both interfaces show."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permissions.queue.kinds import Basis
from permissions.queue.reading import Item


def reason(item: Item) -> str:
    """The reason of a row's place: danger, whom else it affects, its day or how long it waits."""
    parts = [
        _danger(item),
        _affected(item),
        waited(item.days_waited) if item.source.basis is Basis.AGE else _day(item),
    ]
    return " · ".join(filter(None, parts))


def _danger(item: Item) -> str:
    if item.danger:
        return _("danger: %(danger)s") % {"danger": item.danger}
    return _("urgent") if item.is_pressing else ""


def _affected(item: Item) -> str:
    count = int(getattr(item.row, "affected", 0))
    if not count:
        return ""
    return ngettext("it affects %(n)d other person", "it affects %(n)d others", count) % {"n": count}


def _day(item: Item) -> str:
    left = item.days_left
    words = {"n": abs(left)}
    if item.source.basis is Basis.PROMISE:
        if left < 0:
            return ngettext("promised %(n)d day ago", "promised %(n)d days ago", -left) % words
        if left == 0:
            return _("promised for today")
        return ngettext("promised, %(n)d day left", "promised, %(n)d days left", left) % words
    if left < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -left) % words
    if left == 0:
        return _("last day today")
    return ngettext("%(n)d day left", "%(n)d days left", left) % words


def waited(days: int) -> str:
    """For how long something has been waiting."""
    return (
        ngettext("waiting for %(n)d day", "waiting for %(n)d days", days) % {"n": days}
        if days
        else _("since today")
    )
