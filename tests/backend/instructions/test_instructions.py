"""Instructions: given, acknowledged, reported, accepted; asked, refused, given to others; each move once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.instructions import actions, jobs
from backend.instructions.choices import Status
from backend.instructions.models import Instruction, InstructionAttachment, InstructionLine
from backend.instructions.moves import Verb, instruction_action
from backend.journal.models import AuditLog
from backend.organization.models import User
from backend.outbox.models import Message
from permissions.core import scope
from tests.cast import Cast
from tests.factories import PDF, make_instruction, refetch
from tests.harness.notifications import deliver_notifications

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def addresses(cast: Cast) -> None:
    with system():
        for person in (cast.fen_head, cast.park_head, cast.secretary):
            User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
            person.email = f"{person.username}@example.org"


def _mails() -> list[tuple[str, str]]:
    deliver_notifications()
    with system():
        rows = Message.objects.order_by("created_at", "id").values_list("address", "purpose")
        return [(address.split("@")[0], purpose) for address, purpose in rows]


def _words(row: Instruction) -> list[str]:
    with system():
        return list(row.lines.order_by("id").values_list("verb", flat=True))


def _refused(code: ErrorCode, act: Any, row: Instruction, field: str | None = None, **said: Any) -> None:
    with system(), pytest.raises(DomainError) as refusal:
        act(row, **said)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_call_of_the_mayor_needs_a_text_and_a_department(cast: Cast) -> None:
    row = make_instruction(
        cast.mayors, cast.fen, "Okul önündeki çukur bugün kapatılsın.\nAyrıntı.", by=cast.secretary
    )
    assert row.reference == f"TL-{today().year}/1"
    assert (row.subject, row.heard_by) == ("Okul önündeki çukur bugün kapatılsın.", cast.secretary)
    assert abs(timezone.now() - row.said_at) < dt.timedelta(minutes=1)
    assert row.due_on > today()
    assert row.confirmed_at is None
    assert _words(row) == ["given"]
    deliver_notifications()
    with system():
        mail = Message.objects.get()
    assert (mail.address, mail.subject) == ("fen.mudur@example.org", f"Talimat {row.reference}: yeni talimat")
    assert "çukur" not in mail.body


def test_numbers_have_no_gaps_where_one_is_refused(cast: Cast) -> None:
    make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    for facts, field in (
        ({"text": " "}, "text"),
        ({"due_on": today() - DAY}, "due_on"),
        ({"said_at": timezone.now() + DAY}, "said_at"),
        ({"priority": "ÇOK"}, "priority"),
        ({"subject": "a" * 201}, "subject"),
    ):
        with pytest.raises(DomainError) as refusal:
            make_instruction(cast.mayors, cast.fen, by=cast.secretary, **facts)
        assert refusal.value.field == field
    assert make_instruction(cast.mayors, cast.fen, by=cast.secretary).number == 2
    assert len(_mails()) == 2


def test_what_the_principal_writes_down_needs_no_confirmation(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.mayor, form="WRITTEN")
    assert (row.confirmed_by, row.heard_by) == (cast.mayor, None)


def test_a_text_is_confirmed_once_and_a_new_text_again(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, "İki lamba", by=cast.secretary)
    with system():
        actions.confirm(row, by=cast.secretary, text="Üç lamba")
    assert (row.text, row.confirmed_by) == ("Üç lamba", cast.secretary)
    _refused(ErrorCode.WRONG_STATE, actions.confirm, row, by=cast.secretary)
    with system():
        actions.correct(row, by=cast.secretary, text="Dört lamba")
        assert row.lines.latest("id").details["before"] == {"text": "Üç lamba"}
    assert refetch(row).confirmed_at is None
    assert _mails()[-1] == ("fen.mudur", "staff_correct")


def test_acknowledged_reported_with_evidence_sent_back_and_accepted(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with system():
        actions.acknowledge(row, by=cast.fen_clerk)
        actions.note(row, by=cast.fen_clerk, note="Malzeme geldi.")
        photo = SimpleUploadedFile("kroki.pdf", PDF)
        actions.report(row, by=cast.fen_clerk, result="Lambalar takıldı.", evidence=[photo])
        actions.send_back(row, by=cast.secretary, reason="Biri yanmıyor.")
        assert (row.status, row.done_at) == (Status.ACKNOWLEDGED, None)
        actions.report(row, by=cast.fen_clerk, result="Hepsi yanıyor.")
        actions.accept(row, by=cast.secretary)
        assert InstructionAttachment.objects.get().uploaded_by == cast.fen_clerk
    found = refetch(row)
    assert (found.status, found.result, found.acknowledged_by) == (
        Status.ACCEPTED,
        "Hepsi yanıyor.",
        cast.fen_clerk,
    )
    assert found.ended_at is not None
    assert _words(row) == ["given", "acknowledged", "noted", "reported", "sent_back", "reported", "accepted"]
    told = [p.removeprefix("staff_") for _who, p in _mails()]
    # What neither danger nor duty demands is one mail for each: of the note and the decision to the department's head,
    # of the note and both reports to who recorded it.
    assert sorted(told) == ["give", "news", "news", "send_back"]


def test_a_wrong_file_leaves_nothing_reported(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    files = [SimpleUploadedFile("kroki.pdf", PDF), SimpleUploadedFile("virus.pdf", b"MZ\x90")]
    with system(), pytest.raises(DomainError):
        actions.report(row, by=cast.fen_clerk, result="Bitti.", evidence=files)
    assert refetch(row).status == Status.GIVEN
    with system():
        assert not InstructionAttachment.objects.exists()


def test_reporting_at_once_acknowledges(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with system():
        actions.report(row, by=cast.fen_clerk, result="Bitti.")
    assert row.acknowledged_by == cast.fen_clerk


def test_more_time_is_asked_for_and_decided(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    due = row.due_on
    _refused(
        ErrorCode.INVALID, actions.request_extension, row, "until", by=cast.fen_head, until=due, reason="Kış"
    )
    _refused(
        ErrorCode.REQUIRED,
        actions.request_extension,
        row,
        "reason",
        by=cast.fen_head,
        until=due + DAY,
        reason="",
    )
    with system():
        actions.request_extension(row, by=cast.fen_head, until=due + 9 * DAY, reason="İhale sürüyor.")
        actions.reject_extension(row, by=cast.secretary, reason="Tören var.")
        assert (row.due_on, row.asked_until, row.status) == (due, None, Status.ACKNOWLEDGED)
        Instruction.objects.filter(pk=row.pk).update(warned=1)
        actions.request_extension(row, by=cast.fen_head, until=due + 9 * DAY, reason="İhale sürüyor.")
        actions.grant_extension(row, by=cast.secretary, due_on=due + 5 * DAY)
    found = refetch(row)
    assert (found.due_on, found.asked_until, found.warned) == (due + 5 * DAY, None, 0)
    # One mail of both requests to who recorded it, one of both decisions to the department.
    assert sorted(p for _who, p in _mails()) == ["staff_give", "staff_news", "staff_news"]


def test_who_reports_while_time_is_asked_for_asks_no_longer(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with system():
        actions.request_extension(row, by=cast.fen_head, until=row.due_on + DAY, reason="Yağmur")
        actions.report(row, by=cast.fen_head, result="Yetişti.")
    assert refetch(row).asked_until is None


def test_a_refusal_is_insisted_on_withdrawn_or_given_to_others(cast: Cast) -> None:
    rows = [make_instruction(cast.mayors, cast.fen, by=cast.secretary) for _each in range(3)]
    with system():
        for row in rows:
            actions.refuse(row, by=cast.fen_head, reason="Büyükşehrin yolu.")
        actions.insist(rows[0], by=cast.secretary, reason="Ara sokak kısmı bizim.")
        actions.withdraw(rows[1], by=cast.secretary, reason="Büyükşehre yazılacak.")
        actions.reassign(rows[2], by=cast.secretary, department=cast.park)
    assert [refetch(row).status for row in rows] == [Status.GIVEN, Status.WITHDRAWN, Status.GIVEN]
    assert refetch(rows[0]).acknowledged_at is None
    with scope.session(cast.fen_head):
        assert set(scope.visible(Instruction)) == {rows[0], rows[1]}
    with scope.session(cast.park_clerk):
        assert set(scope.visible(Instruction)) == {rows[2]}
    assert {("fen.mudur", "staff_reassign"), ("park.mudur", "staff_give")} < set(_mails())


def test_a_helper_that_becomes_responsible_helps_no_longer(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, collaborators=[cast.park, cast.fen], by=cast.secretary)
    assert refetch(row).collaborators == [cast.park.pk]
    row = refetch(row)
    with system():
        actions.reassign(row, by=cast.secretary, department=cast.park)
    assert refetch(row).collaborators == []
    row = refetch(row)
    with system():
        actions.add_collaborator(row, by=cast.secretary, department=cast.cleaning)
    row = refetch(row)
    _refused(
        ErrorCode.DUPLICATE,
        actions.add_collaborator,
        row,
        "department",
        by=cast.secretary,
        department=cast.cleaning,
    )
    with system():
        actions.release_collaborator(row, by=cast.secretary, department=cast.cleaning)
    assert refetch(row).collaborators == []


def test_an_ended_one_is_opened_again_with_a_date_to_come(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with system():
        actions.report(row, by=cast.fen_clerk, result="Bitti.")
        actions.accept(row, by=cast.secretary)
        Instruction.objects.filter(pk=row.pk).update(due_on=today() - DAY)
    row = refetch(row)
    _refused(ErrorCode.REQUIRED, actions.reopen, row, "due_on", by=cast.secretary, reason="Yine sönmüş.")
    with system():
        actions.reopen(row, by=cast.secretary, reason="Yine sönmüş.", due_on=today() + DAY)
    found = refetch(row)
    assert (found.status, found.ended_at, found.acknowledged_at) == (Status.GIVEN, None, None)


@pytest.mark.parametrize("verb", Verb)
def test_no_verb_is_said_in_a_state_that_does_not_allow_it(verb: Verb, cast: Cast) -> None:
    act = getattr(actions, verb.value.lower())
    said: dict[str, Any] = {
        "reason": "x", "note": "x", "result": "x", "until": today() + 90 * DAY, "department": cast.park,
        "user": cast.fen_head, "file": SimpleUploadedFile("a.pdf", PDF), "subject": "x",
    }  # fmt: skip
    names = {
        Verb.REPORT: ["result"], Verb.NOTE: ["note"], Verb.REQUEST_EXTENSION: ["until", "reason"],
        Verb.REFUSE: ["reason"], Verb.SEND_BACK: ["reason"], Verb.REJECT_EXTENSION: ["reason"],
        Verb.INSIST: ["reason"], Verb.CORRECT: ["subject"],
        Verb.REASSIGN: ["department"], Verb.ADD_COLLABORATOR: ["department"],
        Verb.RELEASE_COLLABORATOR: ["department"], Verb.ATTACH: ["file"], Verb.WITHDRAW: ["reason"],
        Verb.REOPEN: ["reason"], Verb.NAME_READER: ["user"], Verb.UNNAME_READER: ["user"],
    }  # fmt: skip
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    ended = timezone.now()
    for status in Status:
        if status in instruction_action[verb].sources:
            continue
        with system():
            Instruction.objects.filter(pk=row.pk).update(
                status=status,
                result="x",
                asked_until=today() if status == Status.TIME_ASKED else None,
                ended_at=ended if status in (Status.ACCEPTED, Status.WITHDRAWN) else None,
            )
        _refused(
            ErrorCode.WRONG_STATE,
            act,
            refetch(row),
            by=cast.secretary,
            **{n: said[n] for n in names.get(verb, [])},
        )


def test_confidential_from_the_first_moment_and_until_a_reader_says_otherwise(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.park, by=cast.secretary, is_confidential=True)
    with scope.session(cast.office_head):
        assert not scope.visible(Instruction).exists()
    with scope.session(cast.park_clerk), elevated():
        actions.acknowledge(Instruction.objects.get(), by=cast.park_clerk)
    with scope.session(cast.secretary), elevated():
        mine = Instruction.objects.get()
        assert mine.readers == [cast.secretary.pk, cast.mayor.pk]
        with pytest.raises(DomainError):
            actions.unname_reader(mine, by=cast.secretary, user=cast.secretary)
        actions.name_reader(mine, by=cast.secretary, user=cast.outsider)
    with scope.session(cast.outsider), elevated():
        assert scope.visible(Instruction).get() == row
    with scope.session(cast.secretary), elevated():
        actions.unname_reader(Instruction.objects.get(), by=cast.secretary, user=cast.outsider)
        actions.disclose(Instruction.objects.get(), by=cast.secretary)
    with scope.session(cast.office_head):
        assert scope.visible(Instruction).get().readers == []
    with scope.session(cast.office_head), elevated():
        actions.conceal(Instruction.objects.get(), by=cast.office_head)
    with scope.session(cast.secretary):
        assert not scope.visible(Instruction).exists()


def test_it_is_found_by_number_subject_and_text_as_turks_write(cast: Cast) -> None:
    row = make_instruction(
        cast.mayors, cast.fen, "IĞDIR sokağındaki ışıklar", subject="İSTASYON", by=cast.secretary
    )
    make_instruction(cast.mayors, cast.fen, "Başka", by=cast.secretary)
    with system():
        for words in ("ığdır ışık", "istasyon", row.reference, row.reference.lower(), "Igdir"):
            assert list(Instruction.objects.search(words)) == [row], words
        assert not Instruction.objects.search("%").exists()


# -- what happens by itself --------------------------------------------------------------------------------
def _aged(row: Instruction, due: int, since: int = 0, by: User | None = None) -> None:
    """As if it were due in so many days, and had lain there for so many."""
    with scope.session(by) if by else system(), elevated():
        Instruction.objects.filter(pk=row.pk).update(
            due_on=today() + due * DAY, addressed_at=timezone.now() - since * DAY
        )


def _warned(row: Instruction, by: User) -> list[str]:
    with scope.session(by):
        rows = InstructionLine.objects.filter(instruction=row, verb="warned").order_by("id")
        return [line.details["level"] for line in rows]


def test_each_level_is_told_once_and_what_is_late_goes_further_up(cast: Cast) -> None:
    with system():
        for person in (cast.deputy_mayor, cast.office_head):
            User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    near = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    late = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    unseen = make_instruction(cast.mayors, cast.park, by=cast.secretary, due_on=today() + 60 * DAY)
    fresh = make_instruction(cast.mayors, cast.park, by=cast.secretary, due_on=today() + 60 * DAY)
    with system():
        actions.acknowledge(near, by=cast.fen_clerk)
        actions.acknowledge(late, by=cast.fen_clerk)
        deliver_notifications()
        Message.objects.all().delete()
    _aged(near, 1)
    _aged(late, -1)
    _aged(unseen, 60, since=10)
    assert jobs.warn() == 3
    assert jobs.warn() == 0
    assert [_warned(row, cast.secretary) for row in (near, late, unseen, fresh)] == [
        ["NEAR"],
        ["LATE"],
        ["UNSEEN"],
        [],
    ]
    deliver_notifications()
    with system():
        mails = {mail.address.split("@")[0]: mail.body for mail in Message.objects.all()}
    assert set(mails) == {
        "fen.mudur",
        "park.mudur",
        "baskan.yardimcisi",
        "ozelkalem.mudur",
        "ozelkalem.memur",
    }
    assert near.reference in mails["fen.mudur"]
    assert late.reference in mails["fen.mudur"]
    assert near.reference not in mails["baskan.yardimcisi"]
    assert f"{late.reference} · Fen İşleri" in mails["ozelkalem.mudur"]
    assert "aydınlatma" not in "".join(mails.values())
    _aged(near, -1)
    assert jobs.warn() == 1, "the next level is told too"


def test_a_new_date_and_a_new_department_are_warned_of_anew(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with system():
        actions.acknowledge(row, by=cast.fen_clerk)
    _aged(row, 0)
    assert jobs.warn() == 1
    row = refetch(row)
    with system():
        actions.request_extension(row, by=cast.fen_head, until=today() + DAY, reason="Yağmur")
        actions.grant_extension(row, by=cast.secretary)
    assert jobs.warn() == 1
    with system():
        actions.report(refetch(row), by=cast.fen_head, result="Bitti.")
    _aged(row, -5)
    assert jobs.warn() == 0, "what waits for the office is not late"


def test_a_confidential_one_is_warned_of_once_and_the_office_is_not_told(cast: Cast) -> None:
    with system():
        for person in (cast.office_head, cast.mayor):
            User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    row = make_instruction(cast.mayors, cast.park, "Gizli iş", by=cast.secretary, is_confidential=True)
    with scope.session(cast.park_clerk), elevated():
        actions.acknowledge(Instruction.objects.get(), by=cast.park_clerk)
    _aged(row, -1, by=cast.secretary)
    with system():
        deliver_notifications()
        Message.objects.all().delete()
    assert jobs.warn() == 1
    assert jobs.warn() == 0
    assert {who for who, _purpose in _mails()} == {"park.mudur", "ozelkalem.memur", "baskan"}
    assert _warned(row, cast.park_head) == ["LATE"]


def test_what_the_database_tells_the_house_of_confidential_ones_it_tells_nobody_who_asks(cast: Cast) -> None:
    make_instruction(cast.mayors, cast.park, by=cast.secretary, is_confidential=True)
    for user in (cast.office_head, cast.administrator, cast.secretary, None):
        with scope.session(user), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM app.confidential_instructions()")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT app.confidential_warned(1, 1, 'NEAR')")
            assert cursor.fetchone() == (False,)


def test_what_was_dictated_goes_when_it_is_discarded_and_the_journal_keeps_no_word_of_it(cast: Cast) -> None:
    with scope.session(cast.mayor), elevated():
        row = actions.dictate(cast.mayors, by=cast.mayor, text="  Park kapısı onarılsın.  ")
        assert row.text == "Park kapısı onarılsın."
        for text, code in ((" ", ErrorCode.REQUIRED), ("a" * 4001, ErrorCode.TOO_LARGE)):
            with pytest.raises(DomainError) as refused:
                actions.dictate(cast.mayors, by=cast.mayor, text=text)
            assert refused.value.code == code
        actions.discard(row, by=cast.mayor, reference="TL-2027/1")
    with system():
        lines = list(AuditLog.objects.filter(subject_kind="instructions.dictation").order_by("id"))
        assert [line.verb for line in lines] == ["instruction_dictated", "dictation_recorded"]
        assert not any("Park" in f"{line.subject_label}{line.note}" for line in lines)
