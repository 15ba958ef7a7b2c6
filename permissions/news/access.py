"""What sending a press release would do, and leaving the lists of the press by the link of a mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated, system
from backend.news import mailing
from backend.news.models import Release
from backend.news.moves import Verb
from backend.outbox.plan import Plan
from backend.partners.lists import Recipient
from backend.partners.models import ContactList
from permissions.core import scope


def planned(release: Release, contact_list: ContactList) -> Plan[Recipient]:
    """`mailing.plan_mailing` for who may send it, FORBIDDEN for others. Whom it names is noted."""
    if not scope.can(Verb.SEND, release):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    with elevated():
        plan = mailing.plan_mailing(release, contact_list)
    named = [one.person.pk for one in plan.unreachable if one.person]
    scope.log_access([*named, *plan.shown], "media list")
    return plan


def leave(token: str) -> None:
    """`mailing.leave`, for who has the link."""
    with system():
        mailing.leave(token)
