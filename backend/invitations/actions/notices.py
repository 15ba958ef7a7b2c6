"""Telling the host what was decided, and the representative where to go."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.validation import finished
from backend.core.words.text import clean
from backend.invitations.choices import DeliveryMethod, NoticeKind, Occasion
from backend.invitations.models import Invitation, InvitationNotice
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.models import Message

CARRIED = {DeliveryMethod.EMAIL: Message.Channel.EMAIL, DeliveryMethod.SMS: Message.Channel.SMS}


def _context(invitation: Invitation, **more: Any) -> dict[str, Any]:
    return {
        "title": invitation.title,
        "host": invitation.host,
        "place": invitation.place,
        "wish": invitation.wish,
        "principal": invitation.principal.name,
        "ground": invitation.ground,
        "representative": invitation.who_represents,
        "at": invitation.starts_at.astimezone(ISTANBUL),
        "sorrow": invitation.occasion == Occasion.FUNERAL,
        "name": invitation.contact or invitation.host,
        **more,
    }


def default_means(invitation: Invitation) -> str:
    """E-mail where there is an address, otherwise nothing: then a person must say how."""
    return DeliveryMethod.EMAIL if invitation.email else ""


def notify(
    invitation: Invitation, kind: NoticeKind, *, by: User | None, means: str, body: str = ""
) -> InvitationNotice | None:
    """Tell the host, with a line of what and how; UNTOLD writes nothing. Raises REQUIRED, UNSUPPORTED,
    INVALID for an open place."""
    way = means or default_means(invitation)
    if way not in DeliveryMethod.values:
        raise DomainError(ErrorCode.REQUIRED, _("Choose how the host is notified."), "means")
    if way == DeliveryMethod.UNTOLD:
        return None
    context = _context(invitation, body=finished(clean(body)))
    subject, core = outbox.render(f"invitations/mail/{kind.value.lower()}.txt", context)
    core, message = core.strip(), None
    if way in CARRIED:
        outbox.require_channel(CARRIED[DeliveryMethod(way)])
        address = (
            invitation.email
            if way == DeliveryMethod.EMAIL
            else invitation.phone.as_e164
            if invitation.phone
            else ""
        )
        if not address:
            message_text = _("There is no address for this means. Choose another.")
            raise DomainError(ErrorCode.REQUIRED, message_text, "means")
        envelope = "sms" if way == DeliveryMethod.SMS else "letter"
        _subject, whole = outbox.render(f"invitations/mail/{envelope}.txt", context | {"core": core})
        message = outbox.post(
            channel=CARRIED[DeliveryMethod(way)],
            address=address,
            subject=subject,
            body=whole.strip() if way == DeliveryMethod.SMS else whole,
            purpose=f"invitation_{kind.value.lower()}",
        )
    return InvitationNotice.objects.create(
        invitation=invitation, kind=kind, body=core, means=way, notified_by=by, message=message
    )


def notify_representative(invitation: Invitation, note: str) -> bool:
    """Notify the representative if they have an account with an e-mail address; returns whether it was sent."""
    person = invitation.deputy.person if invitation.deputy else invitation.representative
    if person is None or not person.email:
        return False
    subject, body = outbox.render(
        "invitations/mail/representative.txt", _context(invitation, note=clean(note))
    )
    outbox.post(
        channel=Message.Channel.EMAIL,
        address=person.email,
        subject=subject,
        body=body,
        purpose="invitation_representative",
    )
    return True
