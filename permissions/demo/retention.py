"""Retention in the demo: a hold on a case before the court, a list of what is due that waits for approval, and a
register of applications under KVKK m.11 with one that is late, one that is near, and answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import User
from backend.retention import actions
from backend.retention.choices import Kind
from backend.retention.models import LegalHold, RetentionRule, SubjectRequest
from backend.retention.subject_requests import actions as applications

LAWSUIT = "İstanbul 4. İdare Mahkemesi 2026/412 E. sayılı dava"
INSPECTION = "Sayıştay denetimi, 2026 yılı: okuma kayıtları denetim bitene kadar saklanır"

APPLICATIONS: tuple[tuple[int, dict[str, Any], dict[str, Any]], ...] = (
    (
        36,
        {"channel": "POST", "rights": ["KNOW", "INFORMATION"], "identity": "SIGNATURE"},
        {"text": "Belediyenizde hakkımda hangi bilgilerin tutulduğunu öğrenmek istiyorum."},
    ),
    (
        26,
        {"channel": "IN_PERSON", "rights": ["CORRECT", "NOTIFY"], "identity": "DOCUMENT"},
        {"text": "Taşındım; eski adresim düzeltilsin ve bildirdiğiniz kurumlara da iletilsin."},
    ),
    (
        3,
        {"channel": "KEP", "rights": ["ERASE"], "identity": ""},
        {"text": "Geçen yıl yaptığım başvurudaki kişisel bilgilerimin silinmesini talep ediyorum."},
    ),
    (
        60,
        {"channel": "EMAIL", "rights": ["THIRD_PARTIES"], "identity": "EMAIL"},
        {
            "text": "Verilerimin kimlere aktarıldığını bildiriniz.",
            "outcome": "GRANTED",
            "answer": "Verileriniz yalnız başvurunuzla görevli müdürlüğe iletilmiş, kurum dışına aktarılmamıştır.",
            "sent": {"way": "EMAIL"},
        },
    ),
    (
        47,
        {"channel": "KEP", "rights": ["PURPOSE"], "identity": "KEP"},
        {
            "text": "Telefon numaramı hangi amaçla kullandığınızı açıklayınız.",
            "outcome": "GRANTED",
            "answer": "Numaranız yalnız başvurunuzun sonucunu bildirmek için tutulmaktadır.",
            "sent": {"way": "KEP", "number": "KEP-2026-118402"},
        },
    ),
    (
        80,
        {"channel": "IN_PERSON", "rights": ["ERASE"], "identity": "DOCUMENT"},
        {
            "text": "Bütün kayıtlarımın silinmesini istiyorum.",
            "outcome": "PARTLY",
            "ground": "LAW",
            "answer": "Tebrik listesindeki kaydınız silinmiştir. Dilekçenizin kaydı, saklama süresi dolduğunda"
            " periyodik imhada anonim hâle getirilecektir.",
        },
    ),
)
"""(age in days, channel and content of the application, remark and answer)"""


def load_once() -> None:
    """Once, and only where the rules are loaded."""
    with system():
        if LegalHold.objects.exists() or not RetentionRule.objects.exists():
            return
        people = {user.username: user for user in User.objects.filter(username__in=("sekreter", "ozelkalem"))}
        case = (
            Complaint.objects.filter(closed_at__isnull=False, applicant__isnull=False).order_by("pk").first()
        )
        if case is not None:
            actions.place_hold(by=people.get("ozelkalem"), kind=Kind.CASE, on=case, reason=LAWSUIT)
        actions.place_hold(by=people.get("ozelkalem"), kind=Kind.READ_LOG, reason=INSPECTION)
        _applications(people)
        try:
            actions.prepare(by=people.get("sekreter"))
        except DomainError:
            return  # a small demo has nothing that old


def _applications(people: dict[str, User]) -> None:
    if SubjectRequest.objects.exists():
        return
    persons = Citizen.objects.standing().exclude(last_name="").order_by("-pk")[: len(APPLICATIONS)]
    for person, (days, facts, values) in zip(persons, APPLICATIONS, strict=False):
        row = applications.register(
            by=people.get("sekreter"),
            citizen=person,
            text=values["text"],
            received_on=today() - dt.timedelta(days=days),
            **facts,
        )
        if "outcome" in values:
            applications.answer(
                row,
                by=people.get("ozelkalem"),
                outcome=values["outcome"],
                ground=values.get("ground", ""),
                answer=values["answer"],
                answer_channel=facts["channel"],
                answered_on=row.due_on - dt.timedelta(days=12),
            )
        if "sent" in values:
            day = row.due_on - dt.timedelta(days=11)
            applications.send(row, by=people.get("sekreter"), sent_on=day, **values["sent"])
