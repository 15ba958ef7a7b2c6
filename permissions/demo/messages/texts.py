"""Invented messages whose delivery is known: a conversation of a case by SMS, and a letter whose e-mail came back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

from django.test import override_settings
from django.utils import timezone

from backend.complaints import actions as cases
from backend.complaints.choices import DeliveryMethod, Kind
from backend.complaints.models import Complaint, Notice
from backend.core.session import elevated, system
from backend.letters import actions as letters
from backend.letters.actions.writing import Recipient
from backend.letters.choices import AddresseeKind
from backend.letters.choices import DeliveryMethod as LetterMethod
from backend.letters.models import Addressee, Letter
from backend.mailboxes import actions
from backend.mailboxes.choices import Channel
from backend.mailboxes.lines import intake, reports
from backend.mailboxes.lines.reports import Outcome, Report
from backend.mailboxes.models import InboundMessage, MessageLine
from backend.organization.models import Category, Department, Neighbourhood, User
from backend.outbox.models import Message
from permissions.core import scope
from permissions.demo.clock import moved_clock

PHONE = "+905090009018"
FIRST, ANSWER = "demo-soru", "demo-cevap"
GATEWAY = "demo"
RETURNED = "tesekkur@vatandas.example"


def load_once() -> None:
    """Also into a database with the older demo."""
    with system():
        by = User.objects.filter(username="sekreter").first()
        line = MessageLine.objects.filter(channel=Channel.SMS).order_by("pk").first()
        if by is None or line is None or InboundMessage.objects.filter(message_id=FIRST).exists():
            return
        _by_sms(by, line)
    _returned(by)


def _by_sms(by: User, line: MessageLine) -> None:
    """Asked and answered by SMS: what was asked is delivered, what was written last never arrived."""
    start = timezone.now() - dt.timedelta(hours=28)
    with override_settings(SMS_GATEWAY_URL="https://sms.example/"), moved_clock() as move_to:
        move_to(start)
        text = "İyi akşamlar, Ihlamur Sokakta lambalar üç gecedir yanmıyor. Yaşlılar camiye gidemiyor."
        mail = _brought(line, FIRST, text)
        if mail is None:
            return
        move_to(start + dt.timedelta(minutes=6))
        actions.make_case(
            mail,
            by=by,
            kind=Kind.COMPLAINT,
            subject="Ihlamur Sokak’ta lambalar yanmıyor",
            first_name="Sevim",
            last_name="Işıldak",
            category=Category.objects.filter(code="sokak-aydinlatmasi").first(),
            neighbourhood=Neighbourhood.objects.filter(code="emek").first(),
            place="Ihlamur Sokak",
        )
        case = Complaint.objects.get(inbound_messages=mail)
        _leave(Outcome.DELIVERED)
        move_to(start + dt.timedelta(minutes=25))
        asked = "Bütün sokak mı karanlık, yoksa bir kısmı mı? Direğin numarasını biliyor musunuz?"
        cases.message(case, by=by, body=asked, means=DeliveryMethod.SMS)
        _leave(Outcome.DELIVERED)
        move_to(start + dt.timedelta(hours=2))
        _brought(line, ANSWER, f"{case.reference}: caminin önündeki 4 direk. Numaraları yok, silinmiş.")
        move_to(start + dt.timedelta(hours=2, minutes=20))
        answer = "Teşekkür ederiz. Dört direk elektrik dağıtım şirketine bildirildi; ekip bu akşam bakacak."
        cases.message(case, by=by, body=answer, means=DeliveryMethod.SMS)
        _leave(Outcome.FAILED, "EXPIRED 001")


def _leave(outcome: Outcome, reason: str = "") -> None:
    """What waits for this number left now, and the gateway reported of it."""
    for message in Message.objects.filter(address=PHONE, status=Message.Status.WAITING):
        _reported(message, outcome, reason)


def _reported(message: Message, outcome: Outcome, reason: str) -> None:
    Notice.objects.filter(message=message).update(held_until=None)
    Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), attempts=1, gateway=GATEWAY)
    report = Report(str(message.pk), outcome, reason=reason)
    reports.note(report, channel=message.channel, gateway=GATEWAY)


def _brought(line: MessageLine, key: str, text: str) -> InboundMessage | None:
    at = timezone.now()
    facts = {"id": key, "from": PHONE, "text": text, "receivedAt": at.isoformat()}
    raw = json.dumps(facts, ensure_ascii=False).encode()
    return intake.keep(line, intake.Incoming(key, PHONE, text, raw))


def _returned(by: User) -> None:
    """A letter of thanks whose e-mail the server of the addressee sent back: it waits to be sent anew."""
    with system():
        mayor = User.objects.filter(username="baskan").first()
        office = Department.objects.filter(is_private_office=True, valid_to=None).first()
    if mayor is None or office is None:
        return
    with scope.session(by), elevated():
        letter = letters.draft(
            office,
            by=by,
            kind="THANKS",
            salutation="Sayın Selma AYDIN,",
            body="Yaşlılarımız için yürüttüğünüz gönüllü çalışmalar adına, şahsım ve hemşehrilerim adına teşekkür"
            " ederim.",
            closing="Saygılarımla.",
            signatory=mayor,
            signatory_title="Belediye Başkanı",
            addressees=[Recipient(kind=AddresseeKind.PERSON, name="Selma", surname="Aydın", email=RETURNED)],
        )
        letters.submit(letter, by=by)
    _step(mayor, letter, letters.sign)
    _step(by, letter, letters.register)
    with scope.session(by), elevated():
        letter = Letter.objects.get(pk=letter.pk)
        letters.dispatch(letter, by=by, addressee=letter.addressees.get(), means=LetterMethod.EMAIL)
    with system():
        row = Addressee.objects.select_related("message").get(letter=letter)
        if row.message is not None:
            _reported(row.message, Outcome.FAILED, "550 mailbox not found")
        Addressee.objects.filter(pk=row.pk).update(held_until=None)
    letters.report_undelivered()


def _step(who: User, letter: Letter, act: Callable[..., Letter]) -> None:
    with scope.session(who), elevated():
        act(Letter.objects.get(pk=letter.pk), by=who)
