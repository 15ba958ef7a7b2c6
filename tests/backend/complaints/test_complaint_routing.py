"""Whose business a case is: one responsible department, several collaborating, returns that rise."""

from __future__ import annotations

import datetime as dt
import io

from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.choices import NoticeStatus, Priority, RoutingEnd, RoutingRole, Status
from backend.complaints.models import Attachment, Comment, Complaint, Routing
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.organization import actions as organization
from backend.organization.models import Department, User
from backend.outbox.models import Message
from permissions.core import grants
from permissions.core.viewer import HEAD
from tests.backend.stories import code, refusal, say
from tests.cast import Cast, as_viewer
from tests.factories import LONG_AGO, make_complaint, make_department, refetch
from tests.harness.notifications import deliver_notifications

ISO = dt.date.fromisoformat


def live(complaint: Complaint) -> dict[int, str]:
    with system():
        return dict(complaint.routings.live().values_list("department_id", "role"))


def mails(purpose: str) -> list[Message]:
    deliver_notifications()
    with system():
        return list(Message.objects.filter(purpose=purpose))


def with_address(user: User, address: str) -> None:
    with system():
        User.objects.filter(pk=user.pk).update(email=address)


def test_routing_elsewhere_ends_the_former_routing_and_sets_its_draft_aside(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    notice = say(complaint, "draft", by=cast.fen_clerk, body="Bizde değil.")
    say(complaint, "route", by=cast.secretary, to=cast.park, note="Park lambası")
    assert live(complaint) == {cast.park.pk: RoutingRole.RESPONSIBLE}
    with system():
        former = Routing.objects.get(complaint=complaint, department=cast.fen)
    assert (former.end, former.ended_at is not None) == (RoutingEnd.REROUTED, True)
    assert refetch(notice).status == NoticeStatus.SET_ASIDE
    assert refetch(complaint).responsible_department_id == cast.park.pk


def test_case_14_routed_returned_and_routed_again_only_the_last_department_sees_it(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen)
    with as_viewer(cast.fen_clerk):
        assert Complaint.objects.filter(pk=complaint.pk).exists()
    say(complaint, "return_", by=cast.fen_clerk, reason="Temizlik işi.")
    with as_viewer(cast.fen_clerk):
        assert not Complaint.objects.filter(pk=complaint.pk).exists()
    say(complaint, "route", by=cast.secretary, to=cast.cleaning)
    with as_viewer(cast.fen_clerk):
        assert not Complaint.objects.filter(pk=complaint.pk).exists()
        own = Routing.objects.get()  # their own past event
    assert (own.department_id, own.end, own.reason) == (cast.fen.pk, RoutingEnd.RETURNED, "Temizlik işi.")
    with as_viewer(cast.deputy_mayor):
        assert Complaint.objects.filter(pk=complaint.pk).exists()


def test_a_collaborator_that_becomes_responsible_is_no_longer_a_collaborator(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen, collaborators=(cast.park, cast.cleaning))
    say(complaint, "route", by=cast.secretary, to=cast.park)
    assert live(complaint) == {
        cast.park.pk: RoutingRole.RESPONSIBLE,
        cast.cleaning.pk: RoutingRole.COLLABORATING,
    }


def test_a_department_works_on_a_case_once_at_a_time(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen, collaborators=(cast.park,))
    for department in (cast.fen, cast.park):
        add = code(lambda d=department: actions.add_collaborator(refetch(complaint), by=None, department=d))
        assert add is ErrorCode.DUPLICATE
    assert code(lambda: actions.route(refetch(complaint), by=None, to=cast.fen)) is ErrorCode.CONFLICT
    released = code(
        lambda: actions.release_collaborator(refetch(complaint), by=None, department=cast.fen, reason="")
    )
    assert released is ErrorCode.NOT_FOUND


def test_a_collaboration_keeps_copies_of_what_orders_its_case(cast: Cast) -> None:
    def copies() -> list[tuple[object, ...]]:
        with system():
            rows = Routing.objects.filter(complaint=complaint).order_by("pk")
            return list(rows.values_list("role", "case_target_on", "case_registered_at", "case_is_open"))

    complaint = make_complaint(to=cast.fen, collaborators=(cast.park,))
    (_role, *responsible), (_also, *collaborating) = copies()
    assert responsible == [None, None, None]
    assert collaborating == [complaint.target_on, complaint.registered_at, True]
    with system():
        Complaint.objects.filter(pk=complaint.pk).update(target_on=ISO("2027-01-04"))
    assert copies()[1][1] == ISO("2027-01-04")
    say(complaint, "withdraw", by=cast.secretary, note="Vazgeçti")
    assert copies()[1][3] is False
    say(complaint, "reopen", by=cast.secretary, reason="Yanlışlıkla kapatıldı")
    assert copies()[1][3] is True


def test_a_released_collaborator_sees_the_case_no_longer_and_may_come_back(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen, collaborators=(cast.park,))
    say(complaint, "release_collaborator", by=cast.secretary, department=cast.park, reason="Bitti")
    with as_viewer(cast.park_clerk):
        assert not Complaint.objects.exists()
    say(complaint, "add_collaborator", by=cast.secretary, department=cast.park)
    with as_viewer(cast.park_clerk):
        assert Complaint.objects.exists()


def test_accepting_remembers_who_and_when(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    with system():
        routing = complaint.routings.get()
    assert routing.accepted_by_id == cast.fen_clerk.pk
    assert routing.accepted_at is not None


def test_returns_are_counted_and_the_office_is_told_from_the_set_number_on(
    cast: Cast, settings: object
) -> None:
    settings.RETURNS_BEFORE_OFFICE = 2  # type: ignore[attr-defined]
    with_address(cast.office_head, "mudur@belediye.example")
    complaint = make_complaint(to=cast.fen)
    say(complaint, "return_", by=cast.fen_clerk, reason="Değil")
    assert mails("staff_returned_often") == []
    say(complaint, "route", by=cast.secretary, to=cast.park)
    say(complaint, "return_", by=cast.park_clerk, reason="Değil")
    (mail,) = mails("staff_returned_often")
    assert mail.address == "mudur@belediye.example"
    assert mail.subject == f"{complaint.reference} sayılı başvuru 2 kez iade edildi"
    with system():
        assert list(Complaint.objects.returned_often()) == [complaint]
    after = refetch(complaint)
    assert (after.return_count, after.status, after.responsible_department_id) == (2, Status.RETURNED, None)


def test_a_return_needs_its_reason(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen)
    found = refusal(lambda: actions.return_(complaint, by=cast.fen_clerk, reason=" \n"))
    assert (found.code, found.field) == (ErrorCode.REQUIRED, "reason")


def test_an_urgent_case_is_announced_to_the_head_without_a_word_of_its_content(cast: Cast) -> None:
    with_address(cast.fen_head, "fen@belediye.example")
    make_complaint(to=cast.fen)
    assert mails("staff_urgent") == []
    complaint = make_complaint(
        "Gizli konu", to=refetch(cast.fen), priority=Priority.URGENT, body="Kişisel ayrıntı"
    )
    (mail,) = mails("staff_urgent")
    assert mail.address == "fen@belediye.example"
    assert complaint.reference in mail.subject
    assert "Gizli" not in mail.subject + mail.body
    assert "Kişisel" not in mail.body


def test_the_acting_head_is_told_within_their_dates(cast: Cast) -> None:
    with_address(cast.fen_head, "asil@belediye.example")
    with_address(cast.park_head, "vekil@belediye.example")
    with system():
        organization.appoint_acting_head(
            cast.fen, by=None, acting=cast.park_head, from_=ISO("2026-11-01"), until=ISO("2026-11-30")
        )
        grants.give(cast.park_head, HEAD, cast.fen, by=None, valid_from=LONG_AGO)
    told_first = []
    for day in ("2026-11-30", "2026-12-01"):
        with freeze_time(f"{day}T09:00:00Z"):
            make_complaint(to=refetch(cast.fen), priority=Priority.URGENT)
            (mail,) = mails("staff_urgent")
            told_first.append(mail.address)
            with system():
                Message.objects.all().delete()
    assert told_first == ["vekil@belediye.example", "asil@belediye.example"]


def test_case_14_a_closed_department_gets_no_case_and_its_successor_has_its_cases(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen)
    with freeze_time("2027-03-01T09:00:00Z"):
        with system():
            organization.close_into(cast.fen, by=None, successor=cast.park, last_day=ISO("2027-02-28"))
        found = refusal(lambda: actions.route(make_complaint(), by=None, to=refetch(cast.fen)))
        assert (found.code, found.field) == (ErrorCode.INVALID, "to")
        assert cast.park.name in str(found)
        assert refetch(complaint).responsible_department.current() == cast.park
    with system():
        Department.objects.filter(pk=cast.fen.pk).update(valid_to=ISO("2026-01-01"))
    with as_viewer(cast.park_clerk):
        assert Complaint.objects.filter(pk=complaint.pk).exists()


def test_a_department_that_does_not_exist_yet_gets_no_case(cast: Cast) -> None:
    future = make_department("gelecek", valid_from=ISO("2999-01-01"))
    assert code(lambda: actions.route(make_complaint(), by=None, to=future)) is ErrorCode.INVALID


def test_notes_and_files_are_children_with_a_line_each(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen)
    note = say(complaint, "comment", by=cast.fen_clerk, body="Ekip yolda.")
    file = say(complaint, "attach", by=cast.fen_clerk, file=io.BytesIO(b"Tutanak"), name="tutanak.txt")
    assert isinstance(note, Comment)
    assert isinstance(file, Attachment)
    assert (file.name, file.content_type, file.size) == ("tutanak.txt", "text/plain", 7)
    with system():
        verbs = list(complaint.lines.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["registered", "routed", "commented", "attached"]
    assert refetch(complaint).version == complaint.version


def test_tags_are_put_on_and_taken_off_and_nothing_new_writes_nothing(cast: Cast) -> None:
    complaint = make_complaint()
    say(complaint, "tag", by=cast.secretary, add=["kış", "acil"])
    say(complaint, "tag", by=cast.secretary, add=["kış"], remove=["yaz"])
    say(complaint, "tag", by=cast.secretary, add=["meclis"], remove=["acil"])
    assert refetch(complaint).tags == ["kış", "meclis"]
    with system():
        assert complaint.lines.filter(verb="tagged").count() == 2


def test_a_duplicate_names_its_original_and_no_duplicate_is_an_original(cast: Cast) -> None:
    first, second, third = make_complaint(), make_complaint(), make_complaint()
    say(second, "mark_duplicate", by=cast.secretary, of=first)
    assert refetch(second).duplicate_of_id == first.pk
    for original in (second, third):
        found = code(lambda of=original: actions.mark_duplicate(refetch(third), by=None, of=refetch(of)))
        assert found is ErrorCode.INVALID
    say(second, "reopen", by=cast.secretary, reason="Ayrı sokak")
    assert refetch(second).duplicate_of_id is None
