"""A published press release by e-mail to a list of the press: each address once, and none that left the lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.journal.action_table import Field, Trait
from backend.news import moves
from backend.news.actions import move
from backend.news.choices import Status
from backend.news.models import PressOptOut, Release, ReleaseMailing
from backend.news.moves import Verb, release_action
from backend.news.story import EventType
from backend.news.writing import digest_of, mail_facts, signer, written
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.outbox.models import LISTED, Message
from backend.outbox.plan import Draft, Plan, planned
from backend.partners.lists import Recipient, on_list
from backend.partners.models import ContactList, Organisation, Role

IS_PUBLIC = Q(published_at__lte=Now())
WAITS = Q(Exists(ReleaseMailing.objects.filter(holding.HELD, release=OuterRef("pk"))))
KEPT = dt.timedelta(days=90)
"""So long it is known to which addresses a release went; that an address left the lists is known for good."""


def plan_mailing(release: Release, contact_list: ContactList) -> Plan[Recipient]:
    """Tell what SEND would do, to how many, and whom it would not reach. It changes nothing."""
    facts = mail_facts(release)

    def draft(one: Recipient, channel: str, address: str) -> Draft:
        return written(facts, one.name, address)

    return planned(
        _recipients(release, contact_list),
        reach=lambda one: (Message.Channel.EMAIL, one.email) if one.email else ("", ""),
        draft=draft,
        post=lambda one: "",
        person=lambda one: one.person.pk if one.person else None,
    )


@release_action(
    Verb.SEND,
    event=EventType.SENT,
    source=Status.APPROVED,
    applies=IS_PUBLIC,
    hint=_(
        "Each address of the list gets it once, and once more after a correction, with the links of its photographs"
        " and a link to leave the list."
    ),
)
def send(
    release: Release,
    *,
    by: User | None,
    contact_list: Annotated[
        ContactList,
        Field(_("Media list"), api="To which list: of `contactLists`; those on it who have an e-mail."),
    ],
) -> Release:
    """Send it by e-mail to a list of the press.

    It waits for a minute, and can be taken back until then (`RECALL`). Whom this edition went to in the last ninety
    days, and who left the list, gets nothing; once it was corrected, the correction can go to all of them.
    WRONG_STATE before it is public; INVALID where it would reach no one.
    """
    moves.require(Verb.SEND, release.status)
    _require_public(release)
    Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    facts, held = mail_facts(release), holding.until(many=True)
    sent = without = 0
    for one in _recipients(release, contact_list):
        if not one.email:
            without += 1
            continue
        draft = written(facts, one.name, one.email)
        message = outbox.post(
            channel=draft.channel,
            address=draft.address,
            subject=draft.subject,
            body=draft.body,
            purpose=LISTED,
            not_before=held,
        )
        ReleaseMailing.objects.create(
            release=release,
            digest=digest_of(one.email),
            corrected_at=release.corrected_at,
            message=message,
            held_until=held,
        )
        sent += 1
    if not sent:
        message_text = _("Everybody on this list has it already, left the list, or has no e-mail address.")
        raise DomainError(ErrorCode.INVALID, message_text, "contact_list")
    move(release, Verb.SEND, by=by, details={"sent": sent, "without": without})
    return release


@release_action(
    Verb.SEND_TEST,
    event=EventType.TESTED,
    source=(Status.DRAFT, Status.APPROVED),
    traits=Trait.CONCURRENT,
    hint=_("It comes to your own e-mail address, is marked as a test and counts nothing."),
)
def send_test(release: Release, *, by: User) -> Release:
    """Send it to oneself, marked as a test. REQUIRED without an address."""
    moves.require(Verb.SEND_TEST, release.status)
    if not by.email:
        raise DomainError(
            ErrorCode.REQUIRED, _("Your account has no e-mail address. Bilgi İşlem can record one.")
        )
    draft = written(mail_facts(release), str(by), by.email)
    subject, body = outbox.marked_as_test(draft.subject, draft.body)
    outbox.post(
        channel=draft.channel, address=by.email, subject=subject, body=body, purpose="press_release_test"
    )
    move(release, Verb.SEND_TEST, by=by)
    return release


@release_action(
    Verb.RECALL,
    event=EventType.RECALLED,
    source=Status.APPROVED,
    applies=WAITS,
    traits=Trait.PRIMARY,
    takes_back=(Verb.SEND,),
)
def recall(release: Release, *, by: User | None) -> Release:
    """Take back the mails that have not left yet: all that wait. WRONG_STATE once they have left."""
    moves.require(Verb.RECALL, release.status)
    rows = ReleaseMailing.objects.filter(holding.HELD, release=release).select_for_update(of=("self",))
    waiting = list(rows.select_related("message"))
    holding.recall(one.message for one in waiting)
    ReleaseMailing.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    move(release, Verb.RECALL, by=by, details={"count": len(waiting)})
    return release


@transaction.atomic
def leave(token: str) -> None:
    """No press release goes to the address of this link any more; a second time nothing more is done. NOT_FOUND."""
    try:
        digest = signer().unsign(token.strip())
    except signing.BadSignature:
        raise DomainError(ErrorCode.NOT_FOUND, _("This link is not complete."), "token") from None
    PressOptOut.objects.get_or_create(digest=digest)


def _recipients(release: Release, contact_list: ContactList) -> Iterator[Recipient]:
    """Who is on the list today and is still to get this edition, each address once; who has none too."""
    left = set(PressOptOut.objects.values_list("digest", flat=True))
    left |= set(of_edition(release).values_list("digest", flat=True))
    rows = on_list(
        contact_list,
        organisations=Organisation.objects.all(),
        roles=Role.objects.all(),
        people=Citizen.objects.all(),
        whole=True,
    )
    for one in rows:
        if one.person is not None and one.person.deceased_on is not None:
            continue
        if one.email:
            digest = digest_of(one.email)
            if digest in left:
                continue
            left.add(digest)
        yield one


def of_edition(release: Release) -> QuerySet[ReleaseMailing]:
    """The mailings of a release as it reads now: a correction begins an edition."""
    mailings = ReleaseMailing.objects.filter(release=release)
    at = release.corrected_at
    return mailings.filter(corrected_at=at) if at else mailings.filter(corrected_at__isnull=True)


def _require_public(release: Release) -> None:
    if release.published_at is None or release.published_at > timezone.now():
        message = _("It is not public yet. Send it to the press once it is.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
