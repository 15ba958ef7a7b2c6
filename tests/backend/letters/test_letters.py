"""The way of a letter: written, initialled, signed, registered, sent, delivered; and of one that came in."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from freezegun import freeze_time

from backend.contacts import actions as contacts
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.core.words.text import official_name
from backend.letters import actions, drafts
from backend.letters.actions.writing import Enclosed, Initialling, Recipient, Referred
from backend.letters.choices import Confidentiality, Kind, Register, Status
from backend.letters.models import Letter
from backend.organization.actions import record_detsis
from backend.outbox.models import Message
from backend.programme import actions as programme
from backend.programme.choices import Office
from permissions.core import scope
from tests.cast import Cast
from tests.factories import (
    issue_letter,
    make_body,
    make_citizen,
    make_file_code,
    make_letter,
    make_principal,
    receive_letter,
    refetch,
)


def _as(user: Any, act: Any, letter: Letter, **facts: Any) -> Any:
    with scope.session(user), elevated():
        return act(reread_here(letter), by=user, **facts)


def reread_here(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def _issued(cast: Cast, **facts: Any) -> Letter:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, **facts)
    return issue_letter(letter, by=cast.secretary, signatory=cast.mayor)


def test_a_letter_goes_its_way_to_the_delivery(cast: Cast) -> None:
    steps = [Initialling(cast.office_head)]
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, steps=steps)
    assert (letter.status, letter.register, letter.reference) == (Status.DRAFT, Register.OUTGOING, "")
    letter = _as(cast.secretary, actions.submit, letter)
    assert (letter.status, letter.turn_of) == (Status.INITIALS, cast.office_head)
    letter = _as(cast.office_head, actions.initial, letter)
    assert (letter.status, letter.turn_of_id) == (Status.SIGNATURE, cast.mayor.pk)
    letter = _as(cast.mayor, actions.sign, letter)
    assert (letter.status, letter.signed_by, letter.number) == (Status.SIGNED, cast.mayor, None)
    letter = _as(cast.secretary, actions.register, letter)
    assert letter.document_number == ""
    assert letter.reference == f"GD-{letter.year}/{letter.number}"
    with system():
        stored = reread_here(letter)
        with stored.paper.open() as paper:
            content = paper.read()
        (addressee,) = letter.addressees.all()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == letter.paper_sha256
    assert letter.verification == "", "nothing signed or sealed stands behind a code"
    number = {"number": "E-24312041-752-9912", "on": letter.registered_on}
    letter = _as(cast.secretary, actions.record_number, letter, **number)
    assert letter.paper_sha256 != stored.paper_sha256
    letter = _as(
        cast.secretary,
        actions.dispatch,
        letter,
        addressee=addressee,
        means="HAND",
        proof="Zimmet 12",
    )
    assert letter.status == Status.SENT
    day = {"delivered_on": letter.registered_on}
    letter = _as(cast.secretary, actions.confirm, letter, addressee=addressee, **day)
    assert letter.status == Status.DELIVERED
    with system():
        told = list(letter.lines.order_by("pk").values_list("verb", flat=True))
    assert told == [
        "drafted",
        "submitted",
        "initialled",
        "signed",
        "registered",
        "number_recorded",
        "dispatched",
        "confirmed",
    ]


def test_a_letter_with_a_fault_is_not_put_forward(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, closing="Gereğini rica ederim.")
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.submit, letter)
    assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "closing")
    assert "Arz ederim." in str(refused.value)


@pytest.mark.parametrize(("without", "field"), [("file_code", "file_code"), ("signatory", "signatory")])
def test_what_a_letter_cannot_do_without_is_asked_for(cast: Cast, without: str, field: str) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    with system():
        Letter.objects.filter(pk=letter.pk).update(**{without: None})
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.submit, letter)
    assert (refused.value.code, refused.value.field) == (ErrorCode.REQUIRED, field)


def test_nobody_congratulates_the_dead(cast: Cast) -> None:
    """A death recorded after the letter was put forward stops the signature, and one after that the post."""
    living = make_citizen("Gül", "Şen")
    for stage in (Status.DRAFT, Status.SIGNATURE, Status.REGISTERED):
        person = make_citizen("Nur", "Şen")
        letter = make_letter(
            cast.office,
            cast.mayor,
            by=cast.secretary,
            kind="CONGRATULATION",
            salutation="Sayın Nur ŞEN,",
            body="Bayramınızı en içten dileklerimle kutlarım.",
            closing="Saygılarımla.",
            addressees=[Recipient(citizen=person)],
        )
        if stage != Status.DRAFT:
            letter = _as(cast.secretary, actions.submit, letter)
        if stage == Status.REGISTERED:
            letter = _as(cast.mayor, actions.sign, letter)
            letter = _as(cast.secretary, actions.register, letter)
        with system():
            contacts.record_bereavement(living, by=None, on=today(), who="kardeşi", deceased=person)
            (addressee,) = letter.addressees.all()
        act, by, more = {
            Status.DRAFT: (actions.submit, cast.secretary, {}),
            Status.SIGNATURE: (actions.sign, cast.mayor, {}),
            Status.REGISTERED: (actions.dispatch, cast.secretary, {"addressee": addressee, "means": "POST"}),
        }[stage]
        with pytest.raises(DomainError) as refused:
            _as(by, act, letter, **more)
        assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "addressees")


def test_nobody_signs_but_whose_turn_it_is(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    letter = _as(cast.secretary, actions.submit, letter)
    for user in (cast.secretary, cast.office_head):
        with pytest.raises(DomainError) as refused:
            _as(user, actions.sign, letter)
        assert refused.value.code == ErrorCode.FORBIDDEN


@freeze_time("2026-11-25 10:00")
def test_a_substitute_of_today_signs_as_acting(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    letter = _as(cast.secretary, actions.submit, letter)
    days = {"valid_from": dt.date(2026, 11, 20), "valid_until": dt.date(2026, 11, 24)}
    with scope.session(cast.office_head), elevated():
        actions.substitute(cast.mayor, substitute=cast.deputy_mayor, by=cast.office_head, **days)
    with pytest.raises(DomainError):
        _as(cast.deputy_mayor, actions.sign, letter)
    days["valid_until"] = dt.date(2026, 11, 25)
    with scope.session(cast.office_head), elevated():
        actions.substitute(cast.mayor, substitute=cast.deputy_mayor, by=cast.office_head, **days)
    letter = _as(cast.deputy_mayor, actions.sign, letter)
    assert (letter.signatory_name, letter.signatory_title) == ("İlker ÜNAL", "Belediye Başkanı V.")
    assert (letter.capacity, letter.office) == ("ACTING", "MAYOR")


def test_a_member_of_the_council_who_acts_as_mayor_signs_so(cast: Cast) -> None:
    """5393 m.40: the mayor names a member of the council, who has the mayor's powers for that time."""
    letter = _as(cast.secretary, actions.submit, make_letter(cast.office, cast.mayor, by=cast.secretary))
    member = make_principal("Meclis Üyesi", cast.outsider, Office.COUNCIL_MEMBER)
    other = make_principal("Başkan Yardımcısı", cast.fen_head, Office.DEPUTY_MAYOR)
    with system():
        appoint = {"by": cast.office_head, "valid_from": today(), "valid_until": today()}
        programme.appoint_stand_in(other, deputy=member, **appoint)
    with scope.session(cast.outsider):
        assert not scope.visible(Letter).exists()
    with system():
        programme.appoint_stand_in(cast.mayors, deputy=member, **appoint)
    with scope.session(cast.outsider):
        assert scope.visible(Letter).get() == letter
        assert Letter.objects.get() == letter
    letter = _as(cast.outsider, actions.sign, letter)
    name = official_name(cast.outsider.first_name, cast.outsider.last_name)
    assert (letter.signatory_name, letter.signatory_title) == (name, "Belediye Başkanı V.")
    assert (letter.capacity, letter.office) == ("ACTING", "MAYOR")


def test_sent_back_it_is_initialled_anew(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, steps=[Initialling(cast.office_head)])
    letter = _as(cast.secretary, actions.submit, letter)
    letter = _as(cast.office_head, actions.initial, letter)
    letter = _as(cast.mayor, actions.send_back, letter, reason="Ek eksik.")
    assert (letter.status, letter.turn_of_id) == (Status.DRAFT, None)
    with system():
        assert not letter.steps.filter(done_at__isnull=False).exists()
    with pytest.raises(DomainError):
        _as(cast.mayor, actions.send_back, letter, reason="")


def test_a_signed_letter_is_never_edited(cast: Cast) -> None:
    """Case 19: neither by an action nor by SQL."""
    letter = _issued(cast)
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.write, letter, body="Başka metin.")
    assert refused.value.code == ErrorCode.WRONG_STATE
    with system(), pytest.raises(ProgrammingError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(body="Başka metin.")
    with system(), pytest.raises(ProgrammingError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).delete()


def test_what_was_changed_behind_the_signature_is_not_registered(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    letter = _as(cast.secretary, actions.submit, letter)
    letter = _as(cast.mayor, actions.sign, letter)
    with system():
        letter.addressees.update(name="Başka Kaymakamlık")
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.register, letter)
    assert refused.value.code == ErrorCode.WRONG_STATE


@freeze_time("2026-12-31 21:05")
def test_numbers_are_gapless_in_the_local_year_and_a_register_each(cast: Cast) -> None:
    first, second = _issued(cast), _issued(cast)
    assert (first.reference, second.reference) == ("GD-2027/1", "GD-2027/2")
    assert first.registered_on == dt.date(2027, 1, 1)
    assert _issued(cast, to=cast.fen).reference == "İÇ-2027/1"
    assert receive_letter(cast.office, by=cast.secretary).reference == "GL-2027/1"


def test_a_number_of_a_registration_that_failed_is_given_again(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    letter = _as(cast.secretary, actions.submit, letter)
    letter = _as(cast.mayor, actions.sign, letter)
    with scope.session(cast.secretary), elevated():
        point = transaction.savepoint()
        number = actions.register(reread_here(letter), by=cast.secretary).number
        transaction.savepoint_rollback(point)
    assert _as(cast.secretary, actions.register, letter).number == number


def test_the_number_of_the_ebys_is_recorded_and_shown(cast: Cast) -> None:
    letter = _issued(cast)
    facts = {"number": "E-24312041-752-9912", "on": letter.registered_on}
    letter = _as(cast.secretary, actions.record_number, letter, **facts)
    assert (letter.shown_number, letter.shown_date) == ("E-24312041-752-9912", letter.registered_on)
    tomorrow = today() + dt.timedelta(days=1)
    for wrong in ({"number": "24312041-752-9912"}, {"number": "E-24312041-752-9912\n1"}, {"on": tomorrow}):
        with pytest.raises(DomainError) as refused:
            _as(cast.secretary, actions.record_number, letter, **facts | wrong)
        assert refused.value.field == next(iter(wrong))
    assert refetch(letter).document_number == "E-24312041-752-9912"


def test_the_number_stays_once_the_letter_was_sent(cast: Cast) -> None:
    letter = _issued(cast)
    with system():
        (addressee,) = letter.addressees.all()
    _as(cast.secretary, actions.dispatch, letter, addressee=addressee, means="POST", proof="RR 12")
    facts = {"number": "E-24312041-752-4", "on": letter.registered_on}
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.record_number, letter, **facts)
    assert refused.value.code == ErrorCode.WRONG_STATE
    assert refetch(letter).document_number == letter.document_number


def test_no_two_letters_have_the_same_number(cast: Cast) -> None:
    """m.11; the database refuses it too."""
    first, second = _issued(cast), _issued(cast, to=cast.fen)
    facts = {"number": first.document_number, "on": first.registered_on}
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.record_number, second, **facts)
    assert (refused.value.code, refused.value.field) == (ErrorCode.DUPLICATE, "number")
    assert first.reference not in str(refused.value), "it may be hidden from who asks"
    with system(), pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=second.pk).update(document_number=first.document_number)


@freeze_time("2026-12-31 21:05")
def test_what_is_signed_by_hand_has_one_sequence_of_its_unit_a_year_and_no_e(cast: Cast) -> None:
    """m.11: Z and O, for where the original lives; letters that go out and that stay share the sequence."""
    out, inside = _issued(cast, medium="Z"), _issued(cast, medium="O", to=cast.fen)
    numbers = ["Z-24312041-752-1", "O-24312041-752-2"]
    assert [out.document_number, inside.document_number] == numbers
    assert (out.reference, inside.reference) == ("GD-2027/1", "İÇ-2027/1")
    assert out.document_on == dt.date(2027, 1, 1)
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.record_number, out, number="E-24312041-752-9", on=out.registered_on)
    assert refused.value.code == ErrorCode.WRONG_STATE


def test_a_unit_without_its_detsis_number_numbers_nothing(cast: Cast) -> None:
    letter = make_letter(cast.fen, cast.mayor, by=cast.fen_clerk, medium="Z")
    letter = _as(cast.fen_clerk, actions.submit, letter)
    letter = _as(cast.mayor, actions.sign, letter)
    with pytest.raises(DomainError) as refused:
        _as(cast.fen_clerk, actions.register, letter)
    assert refused.value.code == ErrorCode.REQUIRED
    assert "Fen İşleri Müdürlüğü" in str(refused.value)
    with scope.session(cast.administrator), elevated():
        record_detsis(cast.fen, by=cast.administrator, detsis="24312050")
    letter = _as(cast.fen_clerk, actions.register, letter)
    assert letter.document_number == "Z-24312050-752-1"


def test_a_code_that_was_not_compared_with_its_source_is_refused(cast: Cast) -> None:
    code = make_file_code("622.02", "Dilekçe ve Şikâyetler")
    with system():
        type(code).objects.filter(pk=code.pk).update(checked_on=None)
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, file_code=code)
    assert str(refetch(code)).endswith("(DOĞRULANMADI)")
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.submit, letter)
    assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "file_code")


def test_an_old_file_plan_code_is_refused(cast: Cast) -> None:
    code = make_file_code("902", "Çeşitli")
    with system():
        type(code).objects.filter(pk=code.pk).update(valid_to=dt.date(2021, 1, 1))
    with pytest.raises(DomainError) as refused:
        make_letter(cast.office, cast.mayor, by=cast.secretary, file_code=code)
    assert refused.value.field == "file_code"


def test_writing_on_changes_what_is_named_and_keeps_the_rest(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, annexes=[Enclosed("Kroki", "1 sayfa")])
    letter = _as(
        cast.secretary,
        actions.write,
        letter,
        subject="Park Yeri",
        addressees=[Recipient(department=cast.fen)],
    )
    with system():
        sheet = drafts.sheet_of(reread_here(letter))
    assert (sheet.letter.subject, sheet.letter.register) == ("Park Yeri", Register.INTERNAL)
    assert [str(one) for one in sheet.addressees] == [cast.fen.name]
    assert [one.title for one in sheet.annexes] == ["Kroki"]
    assert sheet.letter.to_names == cast.fen.name


def test_a_draft_is_given_up_with_a_reason(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    assert _as(cast.secretary, actions.cancel, letter, reason="Gerek kalmadı.").status == Status.CANCELLED


# -- incoming ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asks_for", "day"), [("DOCUMENT", "2026-12-02"), ("OPINION", "2026-12-16"), ("NONE", None)]
)
@freeze_time("2026-11-25 10:00")
def test_the_answer_is_due_in_working_days(cast: Cast, asks_for: str, day: str | None) -> None:
    letter = receive_letter(cast.office, by=cast.secretary, asks_for=asks_for)
    assert letter.answer_by == (dt.date.fromisoformat(day) if day else None)


def test_the_same_letter_is_registered_once(cast: Cast) -> None:
    facts = {"sender_number": "E-11111111-010-5", "sent_on": dt.date(2026, 11, 2)}
    receive_letter(cast.office, by=cast.secretary, **facts)
    with pytest.raises(DomainError) as refused:
        receive_letter(cast.office, by=cast.secretary, **facts)
    assert refused.value.code == ErrorCode.DUPLICATE


def test_it_is_answered_when_its_answer_is_registered(cast: Cast) -> None:
    body = make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True)
    facts = {"sender_number": "E-11111111-010-5", "sent_on": dt.date(2026, 11, 2)}
    came = receive_letter(cast.office, by=cast.secretary, body_of_sender=body, **facts)
    with scope.session(cast.secretary), elevated():
        answer = actions.reply(
            came,
            by=cast.secretary,
            body="İlgi yazınız incelenmiş ve gereği yapılmıştır.",
            closing="Bilgilerinize arz ederim.",
            signatory=cast.mayor,
            signatory_title="Belediye Başkanı",
            file_code=make_file_code(),
        )
    assert (answer.kind, answer.subject, answer.answers_id) == (Kind.REPLY, came.subject, came.pk)
    assert refetch(came).status == Status.RECEIVED
    issue_letter(answer, by=cast.secretary, signatory=cast.mayor)
    assert refetch(came).status == Status.ANSWERED


def test_it_is_referred_to_a_department_once(cast: Cast) -> None:
    letter = receive_letter(cast.office, by=cast.secretary)
    letter = _as(cast.secretary, actions.refer, letter, to=cast.park)
    assert cast.park.pk in letter.departments
    with pytest.raises(DomainError):
        _as(cast.secretary, actions.refer, letter, to=cast.park)


def test_a_reminder_cites_the_first_letter_and_never_reminds_a_superior(cast: Cast) -> None:
    above = make_body(
        "kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True, is_superior=True
    )
    equal = make_body("iski", "İstanbul Su ve Kanalizasyon İdaresi Genel Müdürlüğü", "İSKİ", is_public=True)
    first = _issued(cast, to=equal)
    with system():
        Letter.objects.filter(pk=first.pk).update(status=Status.SENT)
    reminder = _as(cast.secretary, actions.remind, first)
    assert reminder.kind == Kind.REMINDER
    with system():
        (reference,) = reminder.references.all()
    assert (reference.to_id, reference.number) == (first.pk, first.document_number)
    other = _issued(cast, to=above)
    with system():
        Letter.objects.filter(pk=other.pk).update(status=Status.SENT)
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.remind, other)
    assert "Sancaktepe Kaymakamlığı" in str(refused.value)


# -- delivery ------------------------------------------------------------------------------------------------
def test_by_e_mail_a_link_to_the_sealed_paper_goes_through_the_outbox(cast: Cast, certificate: Path) -> None:
    citizen = make_citizen(email="ayse@example.org")
    letter = _issued(
        cast, addressees=[Recipient(citizen=citizen)], closing="Saygılarımla.", subject="Teşekkür"
    )
    with system():
        (addressee,) = letter.addressees.all()
    letter = _as(cast.secretary, actions.dispatch, letter, addressee=addressee, means="EMAIL")
    with system():
        message = Message.objects.get(purpose="letter_dispatch")
    assert message.address == "ayse@example.org"
    assert f"/belge/{letter.verification}/" in message.body


def test_an_unsealed_one_goes_by_e_mail_without_a_link(cast: Cast) -> None:
    letter = _issued(
        cast,
        kind="THANKS",
        salutation="Sayın Ayşe IŞIK,",
        addressees=[Recipient(citizen=make_citizen(email="ayse@example.org"))],
        body="Katılımınız için teşekkür ederim.",
        closing="Saygılarımla.",
    )
    assert letter.document_number == "", "a letter of the makam to a person has none"
    with system():
        (addressee,) = letter.addressees.all()
    _as(cast.secretary, actions.dispatch, letter, addressee=addressee, means="EMAIL")
    with system():
        assert "/belge/" not in Message.objects.get(purpose="letter_dispatch").body


def test_each_addressee_is_sent_to_once_and_kep_needs_its_proof(cast: Cast) -> None:
    letter = _issued(cast)
    with system():
        (addressee,) = letter.addressees.all()
    told: dict[str, Any] = {"addressee": addressee}
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.dispatch, letter, means="KEP", **told)
    assert refused.value.field == "proof"
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.dispatch, letter, means="SYSTEM", **told)
    assert refused.value.field == "means"
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.dispatch, letter, means="EMAIL", **told)
    assert refused.value.field == "email"
    _as(cast.secretary, actions.dispatch, letter, means="KEP", proof="hs01-77", **told)
    with pytest.raises(DomainError) as refused:
        _as(cast.secretary, actions.dispatch, letter, means="POST", **told)
    assert refused.value.code == ErrorCode.WRONG_STATE


def test_several_addressees_each_have_their_delivery(cast: Cast) -> None:
    to = [Recipient(department=one) for one in (cast.fen, cast.park, cast.cleaning)]
    letter = _issued(cast, addressees=to, closing="Gereğini rica ederim.")
    with system():
        addressees = list(letter.addressees.all())
    for n, addressee in enumerate(addressees):
        letter = _as(cast.secretary, actions.dispatch, letter, addressee=addressee, means="SYSTEM")
        assert letter.status == (Status.SENT if n == 2 else Status.REGISTERED)


def test_a_reference_to_a_letter_of_ours_takes_its_number_and_date(cast: Cast) -> None:
    first = _issued(cast)
    second = make_letter(cast.office, cast.mayor, by=cast.secretary, references=[Referred(to=first)])
    with system():
        (reference,) = second.references.all()
    assert (reference.number, reference.on, reference.is_ours) == (
        first.document_number,
        first.registered_on,
        True,
    )


def test_a_confidential_letter_has_its_people_as_readers(cast: Cast) -> None:
    letter = _issued(cast, to=cast.park, confidentiality=Confidentiality.SERVICE)
    assert {cast.secretary.pk, cast.mayor.pk, cast.park_head.pk} <= set(letter.readers)
