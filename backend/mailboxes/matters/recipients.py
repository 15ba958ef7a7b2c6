"""To whom a message about a letter or to a partner goes: by the way the last one came, unless another is chosen."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, email_address, phone_number
from backend.letters.models import Letter
from backend.mailboxes.choices import Channel, Kind, MessageMethod
from backend.mailboxes.lines import cloud
from backend.mailboxes.models import EDGES, InboundMessage, Matter
from backend.outbox import actions as outbox
from backend.outbox import threads
from backend.outbox.carriers import carrier
from backend.outbox.sms import sms_port
from backend.partners.models import Organisation, Role

LONGEST_SUBJECT = 200
REPLY = "Ynt: "


def last_heard(matter: Matter) -> InboundMessage | None:
    """The newest message of a person that is part of a matter."""
    rows = InboundMessage.objects.filter(**{EDGES[type(matter)]: matter}, kind=Kind.MESSAGE)
    return rows.order_by("-received_at", "-pk").first()


def way_back(matter: Model) -> str:
    """The channel by which a message of theirs is answered now: as it came; what came by WhatsApp by SMS where WhatsApp
    takes it no more. "" where that cannot be, or they never wrote (`outbox.threads.HEARD`)."""
    heard = last_heard(matter) if isinstance(matter, Matter) else None
    if heard is None or heard.is_mail:
        return "" if heard is None else MessageMethod.EMAIL
    if heard.channel == Channel.WHATSAPP and carrier(MessageMethod.WHATSAPP) and cloud.takes(heard):
        return MessageMethod.WHATSAPP
    return MessageMethod.SMS if sms_port().is_configured and heard.from_phone else ""


def means_of(matter: Matter, role: Role | None = None) -> MessageMethod | None:
    """The way that is proposed: the one by which they wrote last, else the first by which they are reached."""
    if role is None and (back := way_back(matter)):
        return MessageMethod(back)
    for way in (MessageMethod.EMAIL, MessageMethod.SMS):
        if (way == MessageMethod.EMAIL or sms_port().is_configured) and known_address(matter, way, role):
            return way
    return None


def known_address(matter: Matter, way: MessageMethod, role: Role | None = None) -> str:
    """The address on record for this way, or ""."""
    if role is not None:
        return _of_role(role, way)
    heard = last_heard(matter)
    if heard is not None and heard.from_address and heard.is_mail and way == MessageMethod.EMAIL:
        return heard.from_address
    if heard is not None and heard.from_phone and way != MessageMethod.EMAIL:
        return heard.from_phone
    if isinstance(matter, Organisation):
        return matter.email if way == MessageMethod.EMAIL else _dialled(matter.phone)
    if isinstance(matter, Letter) and way == MessageMethod.EMAIL:
        to = matter.addressees.exclude(email="").values_list("email", flat=True)[:2]
        return to[0] if len(to) == 1 else ""
    return ""


def _of_role(role: Role, way: MessageMethod) -> str:
    if way == MessageMethod.EMAIL:
        return role.email or role.person.email
    return _dialled(role.phone) or _dialled(role.person.phone)


def _dialled(phone: PhoneNumber | str | None) -> str:
    return phone.as_e164 if isinstance(phone, PhoneNumber) and phone.is_valid() else ""


def recipient(matter: Matter, means: str, to: str, role: Role | None = None) -> tuple[MessageMethod, str]:
    """The way and the address, checked. REQUIRED, INVALID at `to`; UNSUPPORTED without a gateway for SMS."""
    way = choice(MessageMethod, means, "means") if means else (means_of(matter, role) or MessageMethod.EMAIL)
    outbox.require_channel(way)
    address = to.strip() or known_address(matter, way, role)
    if not address:
        message = _("No address is on record for this. Write one, or choose another way.")
        raise DomainError(ErrorCode.REQUIRED, message, "to")
    checked = email_address(address, "to") if way == MessageMethod.EMAIL else phone_number(address, "to")
    outbox.require_consent(way, checked)
    return way, checked


def subject_of(matter: Matter, subject: str) -> str:
    """The subject that was written; else that of what they wrote last, or what the matter is about."""
    if subject:
        return subject[:LONGEST_SUBJECT]
    heard = last_heard(matter)
    if heard is not None and heard.is_mail and heard.subject:
        is_reply = heard.subject[:4].lower() in ("ynt:", "re: ", "yan:", "cvp:")
        return (heard.subject if is_reply else f"{REPLY}{heard.subject}")[:LONGEST_SUBJECT]
    if isinstance(matter, Letter):
        number = matter.shown_number or matter.reference
        return f"{number} sayılı yazı: {matter.subject}"[:LONGEST_SUBJECT]
    return ""


def register() -> None:
    """Let cases and requests be answered as their applicants wrote last."""
    if way_back not in threads.HEARD:
        threads.HEARD.append(way_back)
