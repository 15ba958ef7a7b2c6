"""What a text message about an appointment costs: one part, or two with the link by which one answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.appointments import actions
from backend.appointments.actions.notices import ANSWERED_BY_LINK, compose
from backend.appointments.choices import DeclineGround, DeliveryMethod, NoticeKind
from backend.appointments.models import AppointmentRequest
from backend.configuration.office import shown_with
from backend.core.session import system
from backend.outbox.sms import parts
from tests.days import DAY
from tests.factories import at, make_complaint, make_principal, make_request


@pytest.fixture
def appointment(db: None, settings: Any) -> AppointmentRequest:
    """An appointment whose words are as long as they are in an office."""
    settings.PUBLIC_URL = "https://ozelkalem.sancaktepe.bel.tr"
    request = make_request(make_principal("Belediye Başkan Yardımcısı"))
    with system():
        actions.approve(request, by=None, starts_at=at(DAY, "14:00"), place="Başkanlık Makamı, 3. kat")
    return request


def _text(request: AppointmentRequest, kind: NoticeKind, **extra: Any) -> str:
    with system(), shown_with({"MUNICIPALITY_NAME": "Sancaktepe Belediyesi"}):
        return compose(request, kind, means=DeliveryMethod.SMS, **extra).body


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind != NoticeKind.MESSAGE])
def test_a_message_is_one_part_and_two_with_its_link(
    kind: NoticeKind, appointment: AppointmentRequest
) -> None:
    extra: dict[str, Any] = {
        "until": timezone.now() + dt.timedelta(days=2),
        "former": "Belediye Başkanı",
        "target": "Kültür ve Sosyal İşler Müdürlüğü",
        "complaint": make_complaint(),
    }
    text = _text(appointment, kind, **extra)
    has_link = "/randevu/" in text
    assert has_link == (kind in ANSWERED_BY_LINK)
    assert text.startswith("Sancaktepe Belediyesi: ")
    assert "\n" not in text
    assert parts(text) <= 1 + has_link, f"{len(text)} letters: {text}"


@pytest.mark.parametrize("ground", DeclineGround)
def test_every_reason_of_a_refusal_is_one_part(
    ground: DeclineGround, appointment: AppointmentRequest
) -> None:
    appointment.ground = ground
    assert parts(_text(appointment, NoticeKind.DECLINED)) == 1


def test_the_long_text_of_a_mail_is_as_it_was(appointment: AppointmentRequest) -> None:
    with system():
        mail = compose(appointment, NoticeKind.APPROVED, means=DeliveryMethod.EMAIL)
    assert "olarak belirlenmiştir." in mail.core
    assert "Süre: " in mail.core
    assert "rica ederiz." in mail.core


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ş" + "a" * 153, 1),
        ("ş" + "a" * 154, 2),
        ("ş" * 77, 1),
        ("ş" * 78, 2),
        ("öüÖÜÇ" * 32, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("“" * 70, 1),
        ("“" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_parts_are_counted_as_networks_do(text: str, number: int) -> None:
    assert parts(text) == number
