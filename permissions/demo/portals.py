"""Cases that citizens brought in through the portal of the demo: rated, taken up again, withdrawn, asked about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.contacts import privacy
from backend.contacts.models import Purpose
from backend.core.session import system
from backend.organization.models import Category, Department, User
from permissions import public_cases
from permissions.demo.names import PHONE_PREFIX

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
        "Dere kenarında sivrisinek çok arttı.",
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
HOW: dict[str, Any] = {"means": "PHONE", "proof": "Telefonla bildirildi."}


def load_once() -> None:
    """Also into a database with the older demo; nothing without the portal's account or a privacy notice."""
    with system():
        account = User.objects.filter(username="portal").first()
        by = User.objects.filter(username="sekreter").first()
        notice = privacy.in_force(Purpose.CASE, "tr")
        if account is None or by is None or notice is None or _is_there(account):
            return
        for number, scene in enumerate(SCENES):
            _play(number, scene, account, by, notice.code)


def _is_there(account: User) -> bool:
    return Complaint.objects.filter(registered_by=account, source=account.username).exists()


def _play(number: int, scene: Scene, account: User, by: User, notice: str) -> None:
    ago, kind, category, subject, text, where, course, rating, remark = scene
    first, last = PEOPLE[number % len(PEOPLE)]
    taken = public_cases.submit(
        by=account,
        kind=kind,
        subject=subject,
        text=text,
        category=category if Category.objects.filter(code=category, is_active=True).exists() else "",
        contact={
            "first_name": first,
            "last_name": last,
            "phone": f"{PHONE_PREFIX}701{number:04d}",
            "address": f"Örnek Mahallesi, Deneme Sokak No: {number + 1}",
        },
        privacy_notice=notice,
        channel="E_MUNICIPALITY",
        signature_given=True,
        source_number=f"EB-{1001 + number}",
        registered_at=timezone.now() - dt.timedelta(days=ago),
    )
    case = Complaint.objects.get(tracking_code=taken.code)
    department = Department.objects.open().filter(code=where).first() if where else None
    if department is not None:
        actions.route(case, to=department, by=by)
        actions.accept(case, by=by)
        actions.start(case, by=by)
    if course == "asked":
        body = "Rampanın yapılacağı girişin fotoğrafını gönderir misiniz?"
        actions.message(case, by=by, body=body, **HOW)
        actions.wait(case, by=by, for_="CITIZEN")
    elif course == "withdrawn":
        public_cases.withdraw(taken.code, by=account, reason="Sorun giderildi.")
    elif course in ("answered", "reopened"):
        actions.draft(
            case, by=by, body="Bildirdiğiniz yerde ekiplerimiz gerekli çalışmayı yapmıştır.", means="PHONE"
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
