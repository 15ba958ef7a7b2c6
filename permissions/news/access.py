"""What sending a press release would do, and leaving the lists of the press by the link of a mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated, system
from backend.news import mailing
from backend.news.models import Release, ReleaseMailing
from backend.news.moves import Verb
from backend.outbox.plan import Plan
from backend.partners.lists import Recipient
from backend.partners.models import ContactList, Role
from permissions.core import scope

MOST_SHOWN = 100


def planned(release: Release, contact_list: ContactList) -> Plan[Recipient]:
    """`mailing.plan_mailing` for who may send it, FORBIDDEN for others. Whom it names is noted."""
    if not scope.can(Verb.SEND, release):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    with elevated():
        plan = mailing.plan_mailing(release, contact_list)
    named = [one.person.pk for one in plan.unreachable if one.person]
    scope.log_access([*named, *plan.shown], "media list")
    return plan


@dataclass(frozen=True)
class Mailed:
    """An address that a release went to, or is about to; empty once its message is deleted. `is_current`: as it reads
    now."""

    address: str
    state: str
    at: dt.datetime
    is_current: bool


def mailed(release: Release) -> tuple[list[Mailed], int] | None:
    """To whom a release went within ninety days, the newest first and at most a hundred, and to how many in all.
    None for who may not send it. Those whose addresses they are, in the records today, are noted."""
    if not scope.can(Verb.SEND, release):
        return None
    with elevated():
        rows = ReleaseMailing.objects.filter(release=release)
        newest = list(rows.select_related("message").order_by("-sent_at", "-pk")[:MOST_SHOWN])
        count = rows.count() if len(newest) == MOST_SHOWN else len(newest)
        shown = {one.message.address for one in newest if one.message}
        people = list(Citizen.objects.filter(email__in=shown).exclude(email="").values_list("pk", flat=True))
        roles = list(Role.objects.filter(email__in=shown).exclude(email="").values_list("pk", flat=True))
    scope.log_access(people, "media list")
    scope.log_access(roles, "media list", kind="partners.role")
    return [
        Mailed(
            one.message.address if one.message else "",
            one.message.get_status_display() if one.message else "",
            one.sent_at,
            one.corrected_at == release.corrected_at,
        )
        for one in newest
    ], count


def leave(token: str) -> None:
    """`mailing.leave`, for who has the link."""
    with system():
        mailing.leave(token)
