"""What a citizen proposes about an event, or for one to come, through a portal that vouches for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backend.complaints import actions
from backend.complaints.choices import Channel, Kind
from backend.complaints.models import Complaint, ComplaintQuerySet
from backend.configuration.office import configured
from backend.contacts import actions as contacts
from backend.contacts.models import PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import below, refuse
from backend.core.words.text import clean
from backend.events.models import PublishedEvent
from backend.organization.models import User

LONGEST = 4000
AN_HOUR = dt.timedelta(hours=1)
MOST_OF_ONE, MOST_OF_ALL = 3, 120
"""So many are taken in an hour that name one telephone or e-mail address, and of everybody together."""


@dataclass(frozen=True)
class Taken:
    """What the citizen keeps: the number, and the code by which they follow it."""

    reference: str
    code: str


@transaction.atomic
def suggest(
    *,
    text: str,
    first_name: str,
    last_name: str,
    phone: str,
    email: str,
    event: PublishedEvent | None,
    privacy_notice: PrivacyNotice | None = None,
    by: User,
) -> Taken:
    """Register a suggestion as an unrouted case of the web form; a repetition within an hour is the same case.

    Name and telephone or e-mail address are required, since the sender is owed an answer (3071 m.4, m.7). The
    identity is unverified: a new record is created, which the office merges. `by`: the account of the portal, each
    counted separately. What comes without a portal waits (`permissions.submissions.public`). REQUIRED, INVALID;
    OVER_LIMIT for more than people could write.
    """
    value = clean(text)
    with below("contact"):
        facts = contacts.checked_facts(
            {"first_name": first_name, "last_name": last_name, "phone": phone, "email": email}
        )
        if not (facts["phone"] or facts["email"]):
            message = _("Write a telephone number or an e-mail address: you are owed an answer.")
            refuse(ErrorCode.REQUIRED, message, "phone")
    if not value:
        refuse(ErrorCode.REQUIRED, _("Write your suggestion."), "text")
    if len(value) > LONGEST:
        message = _("At most %(length)s letters.") % {"length": LONGEST}
        refuse(ErrorCode.INVALID, message, "text")
    with system():
        _one_after_the_other()
        subject, lately = subject_of(event), _of_the_hour(by)
        mine = _of(lately, facts["phone"], facts["email"])
        if there := mine.filter(body=value, subject=subject).first():
            return Taken(there.reference, there.tracking_code)
        if mine.count() >= MOST_OF_ONE or lately.count() >= MOST_OF_ALL:
            message = _("Too much was written within the hour. Try again later, or call %(phone)s.")
            raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE})
        with below("contact"):
            person = contacts.record(by=by, **facts)
        case = actions.register(
            kind=Kind.SUGGESTION,
            channel=Channel.WEB,
            subject=subject,
            body=value,
            applicant=person,
            privacy_notice=privacy_notice,
            by=by,
        )
        return Taken(case.reference, case.tracking_code)


def _one_after_the_other() -> None:
    """Two clicks at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('suggestions', 4))")


def _of_the_hour(by: User) -> ComplaintQuerySet:
    return Complaint.objects.filter(
        channel=Channel.WEB,
        kind=Kind.SUGGESTION,
        registered_by=by,
        registered_at__gt=timezone.now() - AN_HOUR,
    )


def _of(rows: ComplaintQuerySet, phone: str, email: str) -> ComplaintQuerySet:
    """Those that name this telephone or this e-mail address: neither brings more by changing the other."""
    by_phone = Q(applicant__phone=phone) if phone else Q()
    by_email = Q(applicant__email__iexact=email) if email else Q()
    return rows.filter(by_phone | by_email)


def subject_of(event: PublishedEvent | None) -> str:
    """The subject of a suggestion, in Turkish."""
    with translation.override(settings.LANGUAGE_CODE):
        if event is None:
            return _("Suggestion for an event")
        return (_("Suggestion about the event: %(title)s") % {"title": event.title})[:200]
