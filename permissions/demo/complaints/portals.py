"""What citizens brought in through the portal of the demo: cases that were rated, taken up again, withdrawn or asked
about, and requests to be received."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.complaints import actions
from backend.complaints.choices import DeliveryMethod, WaitingFor
from backend.complaints.models import Complaint
from backend.contacts import privacy
from backend.contacts.models import Purpose
from backend.core.session import system
from backend.organization.models import Category, Department, User
from backend.programme.models import Principal
from permissions.appointments import portal as portal_appointments
from permissions.complaints import portal as public_cases
from permissions.demo.clock import MoveTo, moved_clock
from permissions.demo.complaints.stickers import scanned
from permissions.demo.names import PHONE_PREFIX
from permissions.demo.world import in_office_hours

# (days ago, kind, category, subject, text, department or None, what became of it, rating, remark)
Scene = tuple[int, str, str, str, str, str | None, str, int | None, str]
SCENES: list[Scene] = [
    (
        21,
        "COMPLAINT",
        "cukur",
        "Okul önünde çukur",
        "İki haftadır kapatılmadı, çocuklar düşüyor.",
        "fen-isleri",
        "answered",
        5,
        "Ertesi gün kapatıldı, teşekkür ederiz.",
    ),
    (
        19,
        "REQUEST",
        "",
        "Parka bank konulması",
        "Yaşlılar için gölgede iki bank rica ediyoruz.",
        "park-ve-bahceler",
        "answered",
        4,
        "",
    ),
    (
        17,
        "COMPLAINT",
        "",
        "Çöp konteyneri devrik",
        "Cumartesiden beri yolun ortasında.",
        "temizlik-isleri",
        "answered",
        2,
        "Konteyner değişti ama çevresi temizlenmedi.",
    ),
    (
        16,
        "COMPLAINT",
        "",
        "Kaldırım taşları oynuyor",
        "Yağmurda su sıçrıyor.",
        "fen-isleri",
        "reopened",
        1,
        "İki gün sonra yine söküldü.",
    ),
    (
        12,
        "REQUEST",
        "",
        "Ağaç budaması",
        "Dallar elektrik teline değiyor.",
        "park-ve-bahceler",
        "answered",
        5,
        "",
    ),
    (11, "THANKS", "", "Etkinlik için teşekkür", "Çocuk şenliği çok güzeldi.", None, "new", None, ""),
    (
        9,
        "COMPLAINT",
        "",
        "Gürültülü inşaat",
        "Akşam dokuzdan sonra da çalışıyorlar.",
        "zabita",
        "working",
        None,
        "",
    ),
    (
        8,
        "REQUEST",
        "",
        "Rampa yapılması",
        "Sağlık ocağının girişine tekerlekli sandalye çıkamıyor.",
        "fen-isleri",
        "asked",
        None,
        "",
    ),
    (
        6,
        "COMPLAINT",
        "",
        "Sokak lambası",
        "Köşedeki lamba yanmıyor; yanlışlıkla iki kez yazmışım.",
        None,
        "withdrawn",
        None,
        "",
    ),
    (
        5,
        "REQUEST",
        "",
        "İlaçlama",
        "Dere kenarında sivrisinek çok arttı. Dere yatağındaki çöplerin alınmasını da rica ediyorum.",
        "park-ve-bahceler",
        "working",
        None,
        "",
    ),
    (
        3,
        "INFORMATION_REQUEST",
        "",
        "Park projesi bilgisi",
        "Yeni parkın açılış tarihini öğrenmek istiyorum.",
        None,
        "new",
        None,
        "",
    ),
    (1, "COMPLAINT", "", "Rögar kapağı kırık", "Taksi durağının önünde, tehlikeli.", None, "new", None, ""),
]
PEOPLE = [
    ("Nurşen", "Ilgaz"),
    ("İsmail", "Özdemir"),
    ("Çiğdem", "Uysal"),
    ("Şükrü", "Ağaoğlu"),
    ("Gülay", "İnce"),
    ("Ünal", "Işıkçı"),
]
LATER = dt.timedelta(hours=20)
HOW: dict[str, Any] = {"means": "PHONE", "proof": "Telefonla bildirildi."}


# (days ago, kind, subject, what became of it)
VISITS = [
    (12, "REQUEST", "Mahallemize spor alanı yapılması hakkında görüşme", "redirected"),
    (6, "PROJECT", "Geri dönüşüm projesinin sunumu", "declined"),
    (2, "COURTESY", "Muhtarlar derneğinin nezaket ziyareti", "new"),
]


def load_once() -> None:
    """Also into a database with the older demo; nothing without the portal's account or a privacy notice."""
    now = timezone.now()
    with system():
        account = User.objects.filter(username="portal").first()
        by = User.objects.filter(username="sekreter").first()
        of_cases, of_visits = (
            privacy.in_force(purpose, "tr") for purpose in (Purpose.CASE, Purpose.APPOINTMENT)
        )
        if account is None or by is None:
            return
        if of_cases and not Complaint.objects.filter(registered_by=account, source=account.username).exists():
            with moved_clock() as move_to:
                for number, scene in enumerate(SCENES):
                    move_to(now - dt.timedelta(days=scene[0]))
                    _play(number, scene, account, by, of_cases.code, move_to, now)
        whose = portal_appointments.principals().first()
        if of_visits and whose and not portal_appointments.brought_by(account).exists():
            with moved_clock() as move_to:
                for number, visit in enumerate(VISITS):
                    move_to(now - dt.timedelta(days=visit[0]))
                    _ask(number, visit, account, by, whose, of_visits.code, move_to, now)


def _contact(number: int) -> dict[str, str]:
    first, last = PEOPLE[number % len(PEOPLE)]
    return {
        "first_name": first,
        "last_name": last,
        "phone": f"{PHONE_PREFIX}701{number:04d}",
        "address": f"Örnek Mahallesi, Deneme Sokak No: {number + 1}",
    }


def _ask(
    number: int,
    visit: tuple[int, str, str, str],
    account: User,
    by: User,
    whose: Principal,
    notice: str,
    move_to: MoveTo,
    now: dt.datetime,
) -> None:
    _ago, kind, subject, course = visit
    asked = portal_appointments.submit(
        by=account,
        principal=whose.key,
        kind=kind,
        subject=subject,
        contact=_contact(number),
        privacy_notice=notice,
    )
    request = AppointmentRequest.objects.get(reference=asked.reference)
    move_to(in_office_hours(request.registered_at + LATER, request.registered_at, now))
    if course == "declined":
        reason = "Aynı konu geçen ay Temizlik İşleri Müdürlüğü ile görüşüldü."
        appointments.decline(request, by=by, ground="ANSWERED", reason=reason, means="PHONE")
    elif course == "redirected":
        sports = Department.objects.open().filter(code="park-ve-bahceler").first()
        appointments.redirect(request, by=by, department=sports, means="PHONE")


def _play(
    number: int, scene: Scene, account: User, by: User, notice: str, move_to: MoveTo, now: dt.datetime
) -> None:
    _ago, kind, category, subject, text, where, course, rating, remark = scene
    taken = public_cases.submit(
        by=account,
        kind=kind,
        subject=subject,
        text=text,
        category=category if Category.objects.filter(code=category, is_active=True).exists() else "",
        contact=_contact(number),
        privacy_notice=notice,
        channel="E_MUNICIPALITY",
        signature_given=True,
        source_number=f"EB-{1001 + number}",
        place_code=scanned(subject),
    )
    case = Complaint.objects.get(tracking_code=taken.code)
    move_to(in_office_hours(case.registered_at + LATER, case.registered_at, now))
    department = Department.objects.open().filter(code=where).first() if where else None
    if department is not None:
        actions.route(case, to=department, by=by)
        actions.accept(case, by=by)
        actions.start(case, by=by)
    if course == "working" and where == "park-ve-bahceler":
        asked = "Dere yatağındaki çöplerin alınmasını da rica ediyorum."
        cleaning = Department.objects.open().filter(code="temizlik-isleri").first()
        actions.split(case, by=by, subject="Dere yatağında çöp", body=asked, department=cleaning)
    if course == "asked":
        body = "Rampanın yapılacağı girişin fotoğrafını gönderir misiniz?"
        actions.message(case, by=by, body=body, **HOW)
        actions.put_on_hold(case, by=by, for_=WaitingFor.CITIZEN)
    elif course == "withdrawn":
        public_cases.withdraw(taken.code, by=account, reason="Sorun giderildi.")
    elif course in ("answered", "reopened"):
        actions.draft(
            case,
            by=by,
            body="Bildirdiğiniz yerde ekiplerimiz gerekli çalışmayı yapmıştır.",
            means=DeliveryMethod.PHONE,
        )
        actions.submit(case, by=by)
        actions.approve(case, by=by)
        actions.send(case, by=by, **HOW)
        if rating is not None:
            public_cases.rate(taken.code, by=account, rating=rating, remark=remark)
        if course == "reopened":
            public_cases.reopen(
                taken.code, by=account, reason="Taşlar yeniden söküldü, çalışma yetersiz kaldı."
            )
