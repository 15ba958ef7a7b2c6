"""Invented conversations: what was written about a request, a letter and to a partner, what came back, and what only
the house knows of it."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from django.utils import timezone

from backend.appointments import actions as appointments
from backend.appointments.choices import OPEN, DeliveryMethod
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.core.session import system
from backend.letters.choices import Register, Status
from backend.letters.models import Letter
from backend.mailboxes import actions, intake
from backend.mailboxes.models import EDGES, Mailbox, Matter, WrittenMessage
from backend.organization.models import User
from backend.partners.choices import Status as OrganisationStatus
from backend.partners.models import Organisation

HOST = "imap.belediye.example"
FIRST = 9_000
"""Numbers of these mails in their mailbox, behind those of the desk."""


def load_once() -> None:
    """Also into a database with the older demo."""
    with system():
        by = User.objects.filter(username="sekreter").first()
        box = Mailbox.objects.order_by("pk").first()
        if by is None or box is None or WrittenMessage.objects.exists():
            return
        _of_request(by, box)
        _of_letter(by, box)
        _of_partner(by, box)


def _of_request(by: User, box: Mailbox) -> None:
    rows = AppointmentRequest.objects.filter(status__in=OPEN, applicant__isnull=False).exclude(
        applicant__email=""
    )
    request = rows.select_related("applicant", "principal").order_by("-pk").first()
    if request is None or request.applicant is None:
        return
    text = "Görüşmenin konusunu ve kaç kişi geleceğinizi bildirmenizi rica ederiz."
    appointments.message(request, by=by, body=text, means=DeliveryMethod.EMAIL)
    asked = RequestNotice.objects.filter(request=request).order_by("-pk")[:1].values("pk")
    RequestNotice.objects.filter(pk__in=asked).update(notified_at=_ago(29), held_until=None)
    person = request.applicant
    _came(
        box, request, 26, (person.full_name, person.email), "Re: Randevu talebiniz",
        "Merhaba,\n\nÜç kişi geleceğiz; konu mahallemizdeki kreş ihtiyacıdır. Perşembe öğleden sonra bizim için daha "
        "uygundur.\n\nSaygılarımla", by,
    )  # fmt: skip
    note = "Kreş konusunu Emlak ve İstimlak Müdürlüğünden de sordum, cuma günü bilgi verecekler."
    _noted(request, actions.note_on_request(request, by=by, body=note), 25)


def _of_letter(by: User, box: Mailbox) -> None:
    rows = Letter.objects.filter(register=Register.INCOMING, status=Status.RECEIVED, confidentiality="NONE")
    letter = rows.select_related("department").order_by("-pk").first()
    if letter is None:
        return
    address = "evrak@kurum.example"
    written = actions.write_about_letter(
        letter,
        by=by,
        body="Yazınızın ekindeki ikinci sayfa okunamıyor. Ekin okunaklı bir örneğini bu iletiyi cevaplayarak "
        "gönderebilir misiniz?",
        to=address,
    )
    _sent(written, 50)
    _came(
        box, letter, 47, (letter.sender, address), f"Re: {written.subject}",
        "İyi günler,\n\nEkin okunaklı örneği ilişiktedir; yazımızın sayısı ve tarihi değişmemiştir.\n\nEvrak Birimi",
        by, "ek-2.txt",
    )  # fmt: skip
    note = "Okunaklı ek geldi; yazı ilgili müdürlüğe havale edilebilir."
    _noted(letter, actions.note_on_letter(letter, by=by, body=note), 46)


def _of_partner(by: User, box: Mailbox) -> None:
    rows = Organisation.objects.filter(status=OrganisationStatus.ACTIVE, is_membership=False).exclude(
        email=""
    )
    partner = rows.order_by("pk").first()
    if partner is None:
        return
    written = actions.write_to_organisation(
        partner,
        by=by,
        subject="Kış yardımları toplantısı",
        body="Kış yardımlarının eşgüdümü için salı günü saat 10.00'da Başkanlık toplantı salonunda bir araya "
        "geliyoruz. Katılacak temsilcinizin adını bildirmenizi rica ederiz.",
    )
    _sent(written, 74)
    _came(
        box, partner, 70, (partner.title, partner.email), "Re: Kış yardımları toplantısı",
        "Sayın Yetkili,\n\nToplantıya kurumumuzu temsilen iki arkadaşımız katılacaktır. Gündemi önceden iletebilir "
        "misiniz?\n\nSaygılarımızla", by,
    )  # fmt: skip
    answer = actions.write_to_organisation(
        partner, by=by, body="Gündemi toplantıdan bir gün önce göndereceğiz. İlginize teşekkür ederiz."
    )
    _sent(answer, 69)
    note = "Gündemi pazartesi günü gönder; Başkan Yardımcısı da katılmak istiyor."
    _noted(partner, actions.note_on_organisation(partner, by=by, body=note), 68)


def _ago(hours: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(hours=hours)


def _sent(written: WrittenMessage, hours: int) -> None:
    WrittenMessage.objects.filter(pk=written.pk).update(at=_ago(hours), held_until=None)


def _noted(matter: Matter, note: WrittenMessage, hours: int) -> None:
    WrittenMessage.objects.filter(pk=note.pk, **{EDGES[type(matter)]: matter}).update(at=_ago(hours))


def _came(
    box: Mailbox,
    matter: Matter,
    hours: int,
    sender: tuple[str, str],
    subject: str,
    text: str,
    by: User,
    file: str = "",
) -> None:
    """A mail of theirs comes in and is joined to the matter at the desk."""
    at = _ago(hours)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = formataddr(sender), box.address, subject
    message["Date"], message["Message-ID"] = format_datetime(at), f"<demo-{FIRST + hours}@yazisma.example>"
    message["Authentication-Results"] = f"{HOST}; spf=pass; dkim=pass; dmarc=pass"
    message.set_content(text)
    if file:
        message.add_attachment("Ek 2: çalışma günleri ve sorumlu birimler.\n", filename=file)
    mail = intake.keep(box, message.as_bytes(), uid_validity=1, uid=FIRST + hours, received_at=at)
    if mail is not None and mail.matter is None:
        named: dict[str, Any] = {EDGES[type(matter)]: type(matter)._default_manager.get(pk=matter.pk)}
        actions.join(mail, by=by, **named)
