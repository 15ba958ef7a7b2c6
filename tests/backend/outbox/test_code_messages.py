"""What a text message to somebody who applied costs: one part, or two where the words are their own or the office's."""

from __future__ import annotations

import datetime as dt

import pytest

from backend.configuration.office import shown_with
from backend.outbox import actions as outbox
from backend.outbox.models import Message
from backend.outbox.sms import parts_with_turkish
from tests.days import DAY
from tests.factories import at

URL = "https://ozelkalem.sancaktepe.bel.tr"
TEXTS: dict[str, tuple[dict[str, object], int]] = {
    "code": ({"code": "123 456"}, 1),
    "confirm": ({"code": "7G2K-0QXM-4TRP", "url": f"{URL}/basvuru/onay/#7G2K-0QXM-4TRP"}, 1),
    "rejected": ({"received_at": at(DAY, "14:00"), "reason": "Aynı konuda bir başvurunuz işlem görüyor."}, 2),
    "affected": ({"about": "Yol ve kaldırım onarımı", "is_solved": True, "url": f"{URL}/islerim/"}, 2),
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "is_english"), [*((name, False) for name in TEXTS), ("code", True), ("confirm", True)]
)
def test_a_text_message_to_an_applicant_is_short(name: str, is_english: bool) -> None:
    facts, most = TEXTS[name]
    context = facts | {"language": "en" if is_english else "tr"}
    with shown_with({"MUNICIPALITY_NAME": "Sancaktepe Belediyesi", "MUNICIPALITY_PHONE": "0216 311 11 11"}):
        subject, text = outbox.render_for(Message.Channel.SMS, f"submissions/mail/{name}.txt", context)
        assert subject == outbox.render_for(Message.Channel.EMAIL, f"submissions/mail/{name}.txt", context)[0]
    assert text.startswith("Sancaktepe Belediyesi")
    assert parts_with_turkish(text.strip()) <= most, text
    assert ("kod" in text and "code" not in text) is not is_english or name not in ("code", "confirm")
    for said in facts.values():
        assert isinstance(said, bool | dt.datetime) or str(said) in text
