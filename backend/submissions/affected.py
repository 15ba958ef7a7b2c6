"""Open cases that affect others too: who joins one is informed when it has ended, and brings no case of their own.

Nothing of a case is shown but its topic, since when it is open and where it stands; and only of topics whose cases say
nothing of a person (`Category.others_may_join`). Which ones are at a place, `permissions.similarity` says.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import ENDS, Kind, Outcome, Status
from backend.complaints.law.applicable import STEP_UNDO
from backend.complaints.models import SENT_REPLY, Complaint, Notice
from backend.configuration.office import configured
from backend.contacts import privacy
from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import is_key
from backend.core.words.text import clean
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.holding import HELD
from backend.submissions.actions import are_left, way_to
from backend.submissions.models import AffectedPerson
from backend.submissions.proofs import Holder

MOST_OF_CONTACT, HOUR = 20, dt.timedelta(hours=1)
SHOWN, SHOWN_FOR = "submissions.open_case", dt.timedelta(days=1)
KINDS = (Kind.COMPLAINT, Kind.REQUEST)
OVER = (Status.REPLIED, *ENDS)
INFORMED_AT_ONCE = 500
IS_HELD = Exists(Notice.objects.filter(SENT_REPLY, HELD, complaint=OuterRef("complaint")))
"""Of an affected person: the reply of the case still waits for its moment."""
STAYS = dt.timedelta(days=30)
"""So long after they were informed the contact is kept: a case that is taken up again informs them again."""


# -- what can be joined --------------------------------------------------------------------------------------
def joinable() -> QuerySet[Complaint]:
    """The open cases whose mere existence reveals nothing of a person."""
    rows = Complaint.objects.open().filter(kind__in=KINDS, category__others_may_join=True)
    return rows.filter(identity_hidden=False).exclude(status=Status.REPLIED)


def ticket_of(complaint: Complaint) -> str:
    """What a portal names the case by for a day: it says nothing of it."""
    return signing.dumps(str(complaint.key), salt=SHOWN)


# -- joining and leaving -------------------------------------------------------------------------------------
@transaction.atomic
def join(ticket: str, holder: Holder, *, by: User, privacy_notice: PrivacyNotice) -> AffectedPerson:
    """Note that the case affects this person too; the same twice is the same row.

    NOT_FOUND for another ticket; WRONG_STATE for a case that has ended meanwhile; OVER_LIMIT above twenty an hour.
    """
    complaint = _of_ticket(ticket)
    notice = privacy.checked(privacy_notice, Purpose.CASE)
    theirs = AffectedPerson.objects.filter(email=holder.email.lower(), phone=holder.phone)
    lately = theirs.filter(joined_at__gt=timezone.now() - HOUR)
    row, is_new = AffectedPerson.objects.get_or_create(
        complaint=complaint,
        email=holder.email.lower(),
        phone=holder.phone,
        person=holder.person,
        defaults={"account": by, "privacy_notice": notice},
    )
    if is_new:
        if not are_left([(lately.exclude(pk=row.pk), MOST_OF_CONTACT)]):
            message = _("Too much was written within the hour. Try again later, or call %(phone)s.")
            raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE})
        _count(complaint.pk, 1)
    return row


def _of_ticket(ticket: str) -> Complaint:
    try:
        key = signing.loads(ticket, salt=SHOWN, max_age=SHOWN_FOR)
    except signing.BadSignature:
        message = _("This application is no longer shown. Look for it again.")
        raise DomainError(ErrorCode.NOT_FOUND, message, "case") from None
    row = joinable().filter(key=key).first()
    if row is None:
        message = _("This application has ended in the meantime. Make an application of your own.")
        raise DomainError(ErrorCode.WRONG_STATE, message, "case")
    return row


@transaction.atomic
def leave(key: str, holder: Holder) -> None:
    """Forget that a case affects this person; one that is not theirs, or no longer there, changes nothing."""
    if not is_key(key):
        return
    row = of_holder(holder).select_for_update(of=("self",)).filter(key=key).first()
    if row is not None:
        row.delete()
        _count(row.complaint_id, -1)


def of_holder(holder: Holder) -> QuerySet[AffectedPerson]:
    """What affects the person who proved this contact, under the name that they proved it with."""
    return AffectedPerson.objects.filter(email=holder.email.lower(), phone=holder.phone, person=holder.person)


def _count(complaint: int, more: int) -> None:
    Complaint.objects.filter(pk=complaint).update(affected=F("affected") + more)


# -- when it has ended ---------------------------------------------------------------------------------------
@transaction.atomic
def inform() -> int:
    """Write to whom an ended case affects, each once; how many. Who joined a duplicate goes on with its original.

    A reply that still waits for its moment has not ended the case, nor has a closing that can be taken back. One that
    was taken up again informs them again.
    """
    taken_up = AffectedPerson.objects.filter(informed_at__isnull=False).exclude(complaint__status__in=OVER)
    taken_up.update(informed_at=None)
    rows = AffectedPerson.objects.filter(informed_at__isnull=True, complaint__status__in=OVER)
    just_closed = Q(complaint__status=Status.CLOSED, complaint__closed_at__gt=timezone.now() - STEP_UNDO)
    rows = rows.exclude(IS_HELD).exclude(just_closed)
    rows = rows.select_related("complaint__category").order_by("id")
    count = 0
    for row in rows.select_for_update(of=("self",), skip_locked=True)[:INFORMED_AT_ONCE]:
        if not _goes_on(row):
            _send(row)
            AffectedPerson.objects.filter(pk=row.pk).update(informed_at=timezone.now())
            count += 1
    return count


def _goes_on(row: AffectedPerson) -> bool:
    """Put who joined a duplicate to its original, if that is open; whether they are there now."""
    original = row.complaint.duplicate_of
    if original is None or not original.is_open:
        return False
    mine = Q(complaint=original, email=row.email, phone=row.phone, person=row.person)
    if AffectedPerson.objects.filter(mine).exists():
        row.delete()
    else:
        AffectedPerson.objects.filter(pk=row.pk).update(complaint=original)
        _count(original.pk, 1)
    _count(row.complaint.pk, -1)
    return True


def _send(row: AffectedPerson) -> None:
    if (way := way_to(row.email, row.phone)) is None:
        return
    case = row.complaint
    facts = {
        "joined_at": timezone.localtime(row.joined_at),
        "about": case.category.name if case.category else "",
        "is_solved": case.outcome == Outcome.SOLVED,
        "url": f"{settings.PUBLIC_URL.rstrip('/')}/islerim/",
    }
    channel, address = way
    subject, body = outbox.render_for(channel, "submissions/mail/affected.txt", facts)
    outbox.post(
        channel=channel,
        address=address,
        subject=subject,
        body=clean(body),
        purpose="affected_person_informed",
    )


def forget() -> int:
    """Delete whom the end of a case was written to more than thirty days ago (KVKK m.7); how many."""
    return AffectedPerson.objects.filter(informed_at__lt=timezone.now() - STAYS).delete()[0]
