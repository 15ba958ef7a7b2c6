"""Invented mails that came in: six believable ones on the desks of two units, one of them set aside."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from django.utils import timezone

from backend.contacts.models import Citizen
from backend.core.session import system
from backend.mailboxes import actions, intake
from backend.mailboxes.models import Mailbox
from backend.organization.models import Department, User

HOST = "imap.belediye.example"
OFFICE, WORKS = "baskanlik@belediye.example", "fen.isleri@belediye.example"
# (hours ago, mailbox, name, address, subject, text); without an address: a citizen who is on record
SENT = [
    (52, OFFICE, "Nurten Özgül", "nurten.ozgul@vatandas.example", "Okul önündeki yaya geçidi",
     "Sayın Başkanım,\n\nYunus Emre İlkokulu'nun önündeki yaya geçidinin çizgileri tamamen silinmiş. Çocuklarımız "
     "sabahları karşıya geçerken araçlar durmuyor. Çizgilerin yenilenmesini ve bir hız kesici konulmasını rica "
     "ediyorum.\n\nSaygılarımla,\nNurten Özgül\n0532 000 00 11"),
    (27, OFFICE, "", "", "Sokak lambaları yanmıyor",
     "Merhaba,\n\nBarış Sokak'ta üç gecedir lambaların hiçbiri yanmıyor, akşam eve yürümeye çekiniyoruz. İlgilenmenizi "
     "rica ederim."),
    (20, OFFICE, "Sancaktepe Gençlik Derneği", "iletisim@genclikdernegi.example", "Randevu talebi",
     "Sayın Özel Kalem Müdürlüğü,\n\nDerneğimizin yeni yönetim kurulu olarak Sayın Başkanımıza nezaket ziyaretinde "
     "bulunmak istiyoruz. Beş kişi olacağız; önümüzdeki iki hafta içinde uygun göreceğiniz bir gün bizim için de "
     "uygundur.\n\nSaygılarımızla,\nDernek Sekreterliği"),
    (6, WORKS, "Kemal Usta", "kemal.usta@vatandas.example", "Asfalt çalışmasından sonra kalan çukur",
     "Kolay gelsin,\n\nGeçen hafta kazılan yer kapatılmadı, fotoğrafı ekte. Dün bir motosikletli düştü.\n\nKemal Usta"),
    (3, OFFICE, "Ayten Işıklı", "ayten.isikli@vatandas.example", "Teşekkür",
     "Parktaki salıncakların iki günde onarılmasını sağlayan herkese teşekkür ederiz. Çocuklar çok mutlu oldu 🙏\n\n"
     "12 Kas 2026 Per 10:15 tarihinde Özel Kalem <baskanlik@belediye.example> şunu yazdı:\n\n"
     "> Sayın Işıklı,\n> Başvurunuz Park ve Bahçeler Müdürlüğüne iletilmiştir."),
    (30, OFFICE, "Reklam Ofisi", "kampanya@reklam.example", "Belediyelere özel pano kampanyası",
     "Dijital panolarda yılın son fırsatı! Teklif almak için bu iletiyi yanıtlayınız."),
]  # fmt: skip
ADVERTISEMENT = "Belediyelere özel pano kampanyası"
WITH_FILE = "Asfalt çalışmasından sonra kalan çukur"


def load_once() -> None:
    """Also into a database with the older demo. The mailboxes are not read: nothing answers at their server."""
    with system():
        by = User.objects.filter(username="sekreter").first()
        if by is None or Mailbox.objects.exists():
            return
        mailboxes = _mailboxes(by)
        citizen = Citizen.objects.standing().exclude(email="").order_by("pk").first()
        for number, (hours, to, name, address, subject, text) in enumerate(SENT, 1):
            if not address and citizen is not None:
                name, address = citizen.full_name, citizen.email
            at = timezone.now() - dt.timedelta(hours=hours)
            mail = intake.keep(
                mailboxes[to],
                _raw(number, to, name, address, subject, text, at),
                uid_validity=1,
                uid=number,
                received_at=at,
            )
            if mail is not None and subject == ADVERTISEMENT:
                actions.set_aside(mail, by=by, reason="Reklam; başvuru değil.")


def _mailboxes(by: User) -> dict[str, Mailbox]:
    private = Department.objects.filter(is_private_office=True).order_by("pk").first()
    works = Department.objects.filter(code="fen-isleri").first() or private
    names = {OFFICE: ("Başkanlık", private), WORKS: ("Fen İşleri", works)}
    return {
        address: actions.save_mailbox(
            None,
            by=by,
            name=name,
            address=address,
            host=HOST,
            port=993,
            security="SSL",
            sign_in="PASSWORD",
            login=address,
            secret="demo",  # noqa: S106 - of a server that is not there
            department=unit,
            purpose="COMPLAINTS",
            is_active=False,
        )
        for address, (name, unit) in names.items()
        if unit is not None
    }


def _raw(number: int, to: str, name: str, address: str, subject: str, text: str, at: dt.datetime) -> bytes:
    message = EmailMessage()
    message["From"] = formataddr((name, address))
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<demo-{number}@vatandas.example>"
    message["Authentication-Results"] = f"{HOST}; spf=pass; dkim=pass; dmarc=pass"
    message.set_content(text)
    if subject == WITH_FILE:
        where = "Çukurun yeri: Fatih Mahallesi, Barış Sokak ile Enderun Caddesi'nin köşesi.\n"
        message.add_attachment(where, filename="yeri.txt")
    return message.as_bytes()
