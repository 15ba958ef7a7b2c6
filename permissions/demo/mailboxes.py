"""Invented mails that came in: believable ones on the desks of two units, in a mailbox for each purpose; one of them is
formatted and one was set aside."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path

from django.utils import timezone

from backend.configuration import crest
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.mailboxes import actions, intake
from backend.mailboxes.choices import Purpose
from backend.mailboxes.models import Mailbox
from backend.organization.models import Department, User

HOST = "imap.belediye.example"
OFFICE, WORKS = "baskanlik@belediye.example", "fen.isleri@belediye.example"
MEETINGS, PETITIONS = "randevu@belediye.example", "dilekce@belediye.example"
BOXES = {
    OFFICE: ("Başkanlık", "", Purpose.COMPLAINTS),
    WORKS: ("Fen İşleri", "fen-isleri", Purpose.COMPLAINTS),
    MEETINGS: ("Randevu", "", Purpose.APPOINTMENTS),
    PETITIONS: ("Dilekçe", "", Purpose.LETTERS),
}
"""Name, unit ("" for the private office) and what its mails become."""
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
    (46, MEETINGS, "Hasan Karaçam", "hasan.karacam@vatandas.example", "Muhtarlık ziyareti",
     "Sayın Başkanım,\n\nAbdurrahmangazi Mahallesi muhtarı olarak mahallemizin yol ve park ihtiyaçlarını görüşmek "
     "üzere sizden randevu rica ediyorum. Öğleden sonraları uygunum; azalarımızdan iki kişi de gelecek.\n\n"
     "Saygılarımla,\nHasan Karaçam\n0533 000 00 21"),
    (22, MEETINGS, "Sarıgazi Kadın Kooperatifi", "bilgi@kadinkooperatifi.example", "Kooperatifimizi tanıtmak istiyoruz",
     "Merhaba,\n\nOtuz iki kadının kurduğu kooperatifimizin ürünlerini Sayın Başkanımıza tanıtmak, semt pazarında bir "
     "stant konusunu görüşmek istiyoruz. Dört kişi geleceğiz; çarşamba ve perşembe günleri bizim için uygundur.\n\n"
     "Sevgi Dalgıç\nKooperatif Başkanı"),
    (4, MEETINGS, "", "", "Görüşme talebi hk.",
     "İyi günler,\n\nDaha önce ilettiğim kira yardımı konusunda Sayın Başkanımızla beş dakika görüşebilir miyim? "
     "Ne zaman gelmem gerektiğini yazarsanız sevinirim."),
    (70, PETITIONS, "Zeliha Ünsal", "zeliha.unsal@vatandas.example", "Dilekçe: imar durum belgesi",
     "Sancaktepe Belediye Başkanlığına,\n\nMaliki olduğum, Osmangazi Mahallesi 214 ada 7 parsel için imar durum "
     "belgesinin tarafıma verilmesini arz ederim.\n\nZeliha Ünsal\nYunusemre Sokak 12/4 Sancaktepe"),
    (18, PETITIONS, "Mehmet Okçu", "mehmet.okcu@vatandas.example", "Bilgi edinme başvurusu",
     "4982 sayılı Kanun uyarınca, mahallemizdeki park yenileme işinin ihale tarihinin ve bitiş süresinin tarafıma "
     "e-posta ile bildirilmesini talep ediyorum.\n\nMehmet Okçu"),
]  # fmt: skip
ADVERTISEMENT = "Belediyelere özel pano kampanyası"
WITH_FILE = "Asfalt çalışmasından sonra kalan çukur"
FORMATTED = "Kooperatifimizi tanıtmak istiyoruz"
PAGE = """<p>Merhaba,</p><p>Otuz iki kadının kurduğu kooperatifimizin ürünlerini <b>Sayın Başkanımıza</b> tanıtmak, semt
pazarında bir stant konusunu görüşmek istiyoruz.</p><table><tr><th>Kaç kişi</th><td>4</td></tr><tr><th>Uygun günler</th>
<td>çarşamba, perşembe</td></tr></table><p><img src="cid:imza" alt="Kooperatifin amblemi" width="96"></p><p>Sevgi
Dalgıç<br>Kooperatif Başkanı · <a href="https://kadinkooperatifi.example/">kadinkooperatifi.example</a></p>"""


def load_once() -> None:
    """Also into a database with the older demo. The mailboxes are not read: nothing answers at their server."""
    with system():
        by = User.objects.filter(username="sekreter").first()
        if by is None:
            return
        mailboxes = _mailboxes(by)
        citizen = Citizen.objects.standing().exclude(email="").order_by("pk").first()
        for number, (hours, to, name, address, subject, text) in enumerate(SENT, 1):
            if to not in mailboxes:
                continue
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
    """Those that are not there yet, by their address."""
    private = Department.objects.filter(is_private_office=True).order_by("pk").first()
    there = set(Mailbox.objects.values_list("address", flat=True))
    found = {}
    for address, (name, code, purpose) in BOXES.items():
        unit = Department.objects.filter(code=code).first() or private
        if address in there or unit is None:
            continue
        found[address] = actions.save_mailbox(
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
            purpose=purpose,
            is_active=False,
        )
    return found


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
    if subject == FORMATTED:
        message.add_alternative(PAGE, "html")
        drawing = crest.png((Path(__file__).parent / "crest.svg").read_text(encoding="utf-8"))
        if (page := message.get_body(("html",))) is not None:
            page.add_related(drawing, "image", "png", cid="<imza>", filename="amblem.png")
    return message.as_bytes()
