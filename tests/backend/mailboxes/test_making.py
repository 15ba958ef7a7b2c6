"""A mail becomes a request for an appointment, or an incoming letter."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from backend.appointments.models import AppointmentRequest, RequestAttachment
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.session import system
from backend.letters.choices import AnswerKind, Register
from backend.letters.models import Letter, LetterAttachment
from backend.mailboxes import actions, intake
from backend.mailboxes.choices import Purpose, Status
from backend.mailboxes.models import InboundMessage, Mailbox
from backend.mailboxes.moves import MAKES
from backend.outbox.models import Message
from tests.backend.mailboxes.corpus import PICTURE, TEXT, multipart
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast
from tests.factories import make_citizen

DAYS = 9


def came(mailbox: Mailbox, subject: str) -> InboundMessage:
    """A mail with a picture, which our server had nine days ago."""
    raw = multipart("multipart/mixed", TEXT, PICTURE, subject=subject)
    at = timezone.now() - dt.timedelta(days=DAYS)
    with system():
        row = intake.keep(mailbox, raw, uid_validity=1, uid=1, received_at=at)
    assert row is not None
    return row


def test_each_purpose_of_a_mailbox_has_its_verb() -> None:
    assert set(MAKES) == set(Purpose)


def test_a_request_counts_from_the_receipt_and_has_the_files(cast: Cast) -> None:
    mail = came(make_mailbox(cast.office), "Nezaket ziyareti")
    with system():
        actions.make_request(
            mail, by=cast.secretary, principal=cast.mayors, kind="COURTESY", party_size=5, wish="Sabah"
        )
        request = AppointmentRequest.objects.select_related("applicant").get()
        assert (request.registered_at, request.channel, request.subject, request.body) == (
            mail.received_at,
            "EMAIL",
            "Nezaket ziyareti",
            "Merhaba",
        )
        assert (request.party_size, request.wish, str(request.applicant)) == (5, "Sabah", "Ayse YİLMAZ")
        assert [file.name for file in RequestAttachment.objects.filter(request=request)] == ["foto.png"]
        row = InboundMessage.objects.get()
        assert (row.status, row.appointment_request, row.decided_by) == (Status.MADE, request, cast.secretary)
        assert Message.objects.filter(address="ayse@posta.example").count() == 1  # the receipt


def test_the_record_that_was_chosen_asks_for_the_appointment(cast: Cast) -> None:
    person, mail = make_citizen(), make_mail(make_mailbox(cast.office))
    with system():
        before = Citizen.objects.count()
        actions.make_request(mail, by=cast.secretary, principal=cast.mayors, kind="PROJECT", applicant=person)
        assert (AppointmentRequest.objects.get().applicant, Citizen.objects.count()) == (person, before)


def test_what_the_request_refuses_leaves_the_mail_at_the_desk(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office))
    with pytest.raises(DomainError) as refused, system():
        actions.make_request(mail, by=cast.secretary, principal=cast.mayors, kind="COURTESY", party_size=900)
    assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "party_size")
    with system():
        assert InboundMessage.objects.get().status == Status.WAITING
        assert not AppointmentRequest.objects.exists()


def test_a_letter_bears_the_day_of_receipt_the_sender_and_the_files(cast: Cast) -> None:
    mail = came(make_mailbox(cast.fen), "Dilekçem")
    with system():
        actions.make_letter(mail, by=cast.fen_clerk, asks_for=AnswerKind.DOCUMENT)
        letter = Letter.objects.get()
        assert (letter.register, letter.department, letter.subject, letter.body) == (
            Register.INCOMING,
            cast.fen,
            "Dilekçem",
            "Merhaba",
        )
        assert letter.sender == mail.from_name
        received_on = local_date(mail.received_at)
        assert letter.sent_on is not None
        assert letter.sent_on <= received_on
        assert letter.answer_by is not None
        assert received_on + dt.timedelta(days=5) <= letter.answer_by
        assert letter.answer_by < local_date(timezone.now()) + dt.timedelta(days=DAYS)
        assert letter.reference.startswith("GL")
        assert [file.name for file in LetterAttachment.objects.filter(letter=letter)] == ["foto.png"]
        row = InboundMessage.objects.get()
        assert (row.status, row.letter) == (Status.MADE, letter)


def test_a_petition_has_its_last_day_and_a_date_of_the_future_is_not_its_date(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office), sent_at=timezone.now() + dt.timedelta(days=400))
    by = local_date(mail.received_at) + dt.timedelta(days=30)
    with system():
        actions.make_letter(mail, by=cast.secretary, answer_by=by)
        letter = Letter.objects.get()
    assert (letter.answer_kind, letter.answer_by) == (AnswerKind.DATED, by)
    assert letter.sent_on == local_date(mail.received_at)


def test_a_letter_without_a_name_has_the_address_as_its_sender(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office), "", from_name="", text="Ruhsat hakkında")
    with system():
        actions.make_letter(mail, by=cast.secretary)
        letter = Letter.objects.get()
    assert (letter.sender, letter.subject) == (mail.from_address, "Ruhsat hakkında")


def test_a_mail_becomes_one_thing_only(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office))
    with system():
        same = InboundMessage.objects.get(pk=mail.pk)
        actions.make_letter(mail, by=cast.secretary)
    with pytest.raises(DomainError) as refused, system():
        actions.make_request(same, by=cast.office_head, principal=cast.mayors, kind="COURTESY")
    assert refused.value.code == ErrorCode.WRONG_STATE
    with system():
        assert not AppointmentRequest.objects.exists()
