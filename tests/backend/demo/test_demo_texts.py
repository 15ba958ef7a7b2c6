"""The demo's double of an SMS gateway keeps each text, marked as a trial, and counts it as the gateway would."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from pytest_django.fixtures import Settings

from backend.outbox.sms import HttpGateway
from permissions.demo.parts import TRIAL, SmsSink


def test_a_text_is_kept_once_and_marked(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.SMS_SENDER = "DENEME"
    key, text = str(uuid4()), "Ekibimiz yarın öğleden sonra gelecek. İyi günler dileriz 🌧️"
    with SmsSink(tmp_path / "sms") as sink:
        settings.SMS_GATEWAY_URL = sink.url
        for _twice in range(2):
            HttpGateway().send(key=key, to="+905321112233", text=text)
    [kept] = (tmp_path / "sms").iterdir()
    assert kept.read_text(encoding="utf-8") == (
        f"{TRIAL}\nTo: +905321112233\nFrom: DENEME\nParts: {HttpGateway().parts(text)}\n\n{text}\n"
    )
