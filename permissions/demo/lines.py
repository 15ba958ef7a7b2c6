"""Invented messages by SMS and WhatsApp: some wait at the desk, one joined its matter, one refuses messages."""

from __future__ import annotations

import datetime as dt
import json

from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.mailboxes import actions
from backend.mailboxes.choices import Channel
from backend.mailboxes.lines import intake
from backend.mailboxes.models import MessageLine
from backend.organization.models import Department, User

SECRET = "yalnızca-deneme-verisi"  # noqa: S105 - of a gateway that is not there
# (hours ago, channel, telephone, name, text)
SENT = [
    (9, Channel.SMS, "+905320000014", "", "Enderun Cad. 14 önünde rögar kapağı kırık, çok tehlikeli. Akşama doğru"
     " çocuklar oynuyor."),
    (4, Channel.WHATSAPP, "+905320000015", "Gülşen İyigün", "Merhaba, hafta sonu pazarından sonra sokağımız hiç"
     " temizlenmiyor 😔 Barış Sokak ile Işık Sokak arası. Teşekkür ederim."),
    (2, Channel.SMS, "+905320000016", "", "Sayın Başkanımızdan randevu almak istiyorum, kimi aramam gerekir? Halil"),
    (26, Channel.SMS, "+905320000017", "", "RET"),
]  # fmt: skip
ANSWER = "{reference} için: evet, sorun devam ediyor, akşamları daha kötü oluyor."


def load_once() -> None:
    """Also into a database with the older demo. Nothing answers at the gateways."""
    with system():
        by = User.objects.filter(username="sekreter").first()
        private = Department.objects.filter(is_private_office=True).order_by("pk").first()
        if by is None or private is None or MessageLine.objects.exists():
            return
        lines = {
            channel: actions.save_line(
                None,
                by=by,
                name=name,
                channel=channel,
                number=number,
                account=account,
                department=private,
                purpose="COMPLAINTS",
                secret=SECRET,
            )
            for channel, name, number, account in (
                (Channel.SMS, "Belediye SMS hattı", "3050", ""),
                (Channel.WHATSAPP, "WhatsApp hattı", "+908500000153", "100000000000153"),
            )
        }
        for number, (hours, channel, phone, name, text) in enumerate(SENT, 1):
            _bring(lines[channel], number, hours, phone, name, text)
        rows = Complaint.objects.open().filter(identity_hidden=False, applicant__merged_into=None)
        case = rows.filter(applicant__phone__startswith="+905").order_by("-registered_at", "-pk").first()
        if case is not None and case.applicant is not None:
            text = ANSWER.format(reference=case.reference)
            phone = case.applicant.phone.as_e164
            _bring(lines[Channel.WHATSAPP], len(SENT) + 1, 1, phone, case.applicant.full_name, text)


def _bring(line: MessageLine, number: int, hours: int, phone: str, name: str, text: str) -> None:
    at = timezone.now() - dt.timedelta(hours=hours)
    facts = {"id": f"demo-{number}", "from": phone, "text": text, "receivedAt": at.isoformat()}
    raw = json.dumps(facts, ensure_ascii=False).encode()
    intake.keep(line, intake.Incoming(f"demo-{number}", phone, text, raw, at, name))
