"""Danger rises: words propose urgency, a person decides, and what is urgent stands before everything else."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from backend.complaints import actions
from backend.complaints.choices import Channel, Kind, Priority
from backend.complaints.danger import danger_in
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.notifications.models import Notification
from backend.organization import reference
from backend.organization.danger import save_sign
from backend.organization.models import DangerSign
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint

DANGERS = (
    "Okulun önünde açık rögar",
    "açık rögar kapağı, çocuk düşebilir, acil",
    "ACIK ROGAR VAR",
    "Rögarın kapağı açık kalmış",
    "Telefon direği devrilmek üzere",
    "elektrik direği eğildi",
    "Parkta göçük oluştu",
    "Apartmanda doğalgaz kokusu var",
    "Ormanda yangın çıktı",
    "Direkten kablolar sarkıyor",
    "Köpekler çocuklara saldırıyor",
)
HARMLESS = (
    "Yangın merdiveni kapalı",
    "Sokak lambaları gündüz yanıyor",
    "Direk boyansın",
    "Rögar kokuyor",
    "Selam, çöp konteyneri dolu",
    "İmar durumu sorusu",
    "🚧",
    "",
)


@pytest.fixture(autouse=True)
def signs(cast: Cast, tmp_path: Path) -> None:
    """The signs of the office's file."""
    copy(reference.DEFAULT_DIRECTORY / "danger_signs.csv", tmp_path)
    assert not reference.load(tmp_path).problems


def _register(subject: str, **more: object) -> Complaint:
    with system():
        return actions.register(
            kind=Kind.COMPLAINT, channel=Channel.WEB, subject=subject, applicant=None, by=None, **more
        )


def test_danger_is_found_with_any_ending_and_without_marks(cast: Cast) -> None:
    assert [text for text in DANGERS if not danger_in(text)] == []


def test_what_only_sounds_alike_is_no_danger(cast: Cast) -> None:
    assert [text for text in HARMLESS if danger_in(text)] == []


def test_danger_is_proposed_and_the_office_is_notified_while_the_priority_stays(cast: Cast) -> None:
    row = _register("Okulun önünde açık rögar")
    assert (row.priority, row.danger) == (Priority.NORMAL, "Açık rögar veya kuyu")
    with as_viewer(cast.office_head):
        told = Notification.objects.filter(complaint=row, text="complaints/danger")
        assert [(one.user_id, one.is_urgent) for one in told] == [(cast.office_head.pk, True)]


def test_words_from_outside_wake_nobody_without_a_limit(cast: Cast) -> None:
    """Three within the hour ring at night; the next ones are in the bell and wait for the morning. What the house takes
    down rings whenever it does."""
    for number in range(5):
        _register(f"Yangın çıktı {number}")
    with system():
        taken = actions.register(
            kind=Kind.COMPLAINT,
            channel=Channel.PHONE,
            subject="Yangın çıktı",
            applicant=None,
            by=cast.secretary,
        )
    with as_viewer(cast.office_head):
        told = Notification.objects.filter(text="complaints/danger").order_by("pk")
        assert [one.is_urgent for one in told] == [True, True, True, False, False, True]
        assert told.reverse()[0].complaint_id == taken.pk


def test_what_somebody_decided_is_proposed_no_more(cast: Cast) -> None:
    assert _register("Okulun önünde açık rögar", priority=Priority.NORMAL).danger == ""


def test_treating_it_as_urgent_leaves_the_legal_date(cast: Cast) -> None:
    row = make_complaint("Açık rögar", channel=Channel.PETITION, priority=None)
    legal = row.legal_due_on
    with system():
        actions.mark_urgent(row, by=cast.secretary)
        row.refresh_from_db()
        assert (row.priority, row.danger, row.legal_due_on) == (Priority.URGENT, "", legal)
        with pytest.raises(DomainError) as refusal:
            actions.mark_urgent(row, by=cast.secretary)
    assert refusal.value.code == ErrorCode.WRONG_STATE


def test_a_declined_proposal_stands_in_the_story(cast: Cast) -> None:
    row = _register("Okulun önünde açık rögar")
    with system():
        actions.dismiss_danger(row, by=cast.secretary, note="kapak yerinde")
        row.refresh_from_db()
        assert row.danger == ""
        line = row.lines.get(verb="danger_dismissed")
        assert line.details == {"danger": "Açık rögar veya kuyu"}


def test_the_order_of_work_is_urgent_then_date_then_closed(cast: Cast) -> None:
    late = _register("Kaldırım taşı kırık", category=None)
    urgent = _register("Park aydınlatması", priority=Priority.URGENT)
    proposed = _register("Gaz kokusu")
    closed = _register("Gaz kaçağı")
    with system():
        Complaint.objects.filter(pk=late.pk).update(target_on="2020-01-01")
        actions.withdraw(closed, by=cast.secretary)
        order = Complaint.objects.filter(pk__in=[late.pk, urgent.pk, proposed.pk, closed.pk])
        keys = list(order.order_by("rises_on", "pk").values_list("pk", flat=True))
    assert set(keys[:2]) == {urgent.pk, proposed.pk}
    assert keys[2:] == [late.pk, closed.pk]


def test_a_collaboration_keeps_the_order_of_its_case(cast: Cast) -> None:
    row = _register("Gaz kokusu")
    with system():
        actions.route(row, to=cast.fen, by=None)
        actions.add_collaborator(row, department=cast.park, by=None)
        actions.dismiss_danger(row, by=None)
        row.refresh_from_db()
        assert row.routings.get(department=cast.park).case_rises_on == row.target_on


def test_signs_are_kept_by_the_office(cast: Cast) -> None:
    with system():
        sign = save_sign(by=cast.secretary, name="Arı kovanı", keywords=["arı kovan"], source="Özel Kalem")
        assert danger_in("Bahçede arı kovanı devrildi") == "Arı kovanı"
        save_sign(
            sign, by=cast.secretary, name="Arı kovanı", keywords=["arı kovan"], source="x", is_active=False
        )
        assert danger_in("Bahçede arı kovanı devrildi") == ""
        for wrong, code in (
            ({"name": "arı KOVANI"}, ErrorCode.DUPLICATE),
            ({"keywords": ["a"]}, ErrorCode.INVALID),
            ({"keywords": [" "]}, ErrorCode.REQUIRED),
        ):
            values = {"name": "Sel", "keywords": ["sel geldi"], "source": "x"} | wrong
            with pytest.raises(DomainError) as refusal:
                save_sign(by=None, **values)
            assert refusal.value.code == code


def test_every_sign_of_the_files_says_where_it_comes_from(cast: Cast) -> None:
    assert all(sign.source and not sign.is_verified for sign in DangerSign.objects.all())
