"""Messages of citizens in the stories of what they belong to."""

from __future__ import annotations

from collections import defaultdict

from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.stories import StoryItem, adds_to_story
from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.mailboxes.choices import Kind
from backend.mailboxes.models import InboundFile, InboundMessage
from permissions.core import scope


@adds_to_story(Complaint, AppointmentRequest)
def mails(row: Complaint | AppointmentRequest) -> list[StoryItem]:
    """What they wrote by e-mail, SMS or WhatsApp, with its files, as far as the viewer sees it."""
    rows = scope.visible(InboundMessage)
    rows = rows.filter(complaint=row) if isinstance(row, Complaint) else rows.filter(appointment_request=row)
    found = list(rows.order_by("received_at", "pk"))
    files: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for file in scope.visible(InboundFile).filter(mail__in=found).order_by("pk") if found else ():
        files[file.mail_id].append((file.name, reverse("file", args=[file.key])))
    return [_item(mail, files[mail.pk]) for mail in found]


def _item(mail: InboundMessage, files: list[tuple[str, str]]) -> StoryItem:
    is_automatic = mail.kind != Kind.MESSAGE
    channel = mail.get_channel_display()
    way = _("by e-mail") if mail.is_mail else _("by %(channel)s") % {"channel": channel}
    return StoryItem(
        mail.received_at,
        "heard",
        (mail.subject or _("E-mail")) if mail.is_mail else channel,
        mail.from_name or mail.from_address,
        mail.written,
        [way, *mail.sentences],
        (str(mail.get_kind_display()), "grey") if is_automatic else None,
        files=files,
        key=str(mail.key),
    )
