"""The demo data: believable, lawful, and visible to whom it should be."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count, pairwise
from random import Random

import phonenumbers
import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext
from pytest_django import DjangoDbBlocker

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.choices import ENDS, DeliveryMethod, NoticeKind, NoticeStatus, Status
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint, ComplaintLine, Extension, Notice, Routing
from backend.complaints.story import EventType
from backend.contacts.models import Citizen
from backend.core.localtime import ISTANBUL, local_date, today
from backend.core.session import system
from backend.engagements.models import Engagement
from backend.events.models import Event
from backend.instructions.models import InstructionLine
from backend.notifications.models import Notification, Preference
from backend.organization.calendar import working_calendar
from backend.organization.models import Department, User
from backend.outbox.holding import HELD
from backend.outbox.models import Message
from backend.portals.models import ApiToken
from backend.programme.models import DepartmentNote, Entry, Principal
from permissions.core import scope
from permissions.demo import loading, names, notifications, people
from permissions.demo.complaints import cases, cluster, showcase
from permissions.demo.office import events, programme
from permissions.demo.users import demo_users
from permissions.management.commands import load_demo
from permissions.similarity import finding
from tests.cast import as_viewer

FEW, SMALLER, MANY = 250, 350, 400


@contextmanager
def no_bars(what: str, total: int) -> Iterator[Callable[[int], object]]:
    """Show nothing, and see at the end that a bar came to its end."""
    done: list[int] = []
    yield done.append
    assert sum(done) == total, what


def is_worked() -> bool:
    return working_calendar().is_working_day(today(), with_leave=True)


@dataclass(frozen=True)
class Loaded:
    """How many cases were asked for, what the command said, and how many an interruption had left before."""

    count: int
    said: str
    left: int


@pytest.fixture(scope="module", autouse=True)
def loaded(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Loaded]:
    """Loads the demo once for all tests of this file, in one transaction that is never committed.

    Where the tests of the full tier run too, a smaller loading is interrupted first, and all that is believed of
    the demo is believed of its continuation.
    """
    here = [item for item in request.session.items if item.path == request.path]
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        count, left, said = FEW, 0, io.StringIO()
        if any(item.get_closest_marker("full") for item in here):
            patch.setattr(loading, "CHUNK", SMALLER // 3)
            patch.setattr(load_demo, "_bar", _interrupting())
            with pytest.raises(CommandError):
                call_command("load_demo", complaints=SMALLER, seed=7)
            count, left = MANY, loading.already_there()
        patch.setattr(load_demo, "_bar", lambda quiet, what, total: no_bars(what, total))
        call_command("load_demo", complaints=count, seed=7, token=True, stdout=said)
        yield Loaded(count, said.getvalue(), left)
        transaction.set_rollback(True)


def _interrupting() -> Callable[..., AbstractContextManager[Callable[[int], object]]]:
    """A bar that hears Ctrl-C when the second chunk of cases is written."""
    chunks = count(1)

    def hear(done: int) -> None:
        if next(chunks) == 2:
            raise KeyboardInterrupt

    @contextmanager
    def bar(quiet: bool, what: str, total: int) -> Iterator[Callable[[int], object]]:
        yield hear if what == gettext("Applications") else lambda done: None

    return bar


@pytest.mark.full
def test_an_interrupted_run_is_continued_where_it_ended_by_a_larger_one(loaded: Loaded) -> None:
    assert loaded.left == 2 * (SMALLER // 3)
    with system():
        numbers = Complaint.objects.filter(source=cases.SOURCE).values_list("source_number", flat=True)
        assert sorted(int(number[-8:]) for number in numbers) == list(range(loaded.count))


@pytest.mark.full
def test_a_second_run_leaves_what_was_changed_and_ends_the_old_token(loaded: Loaded) -> None:
    assert "okm_" in loaded.said
    assert "sekreter" in loaded.said
    with transaction.atomic():
        with system():
            Department.objects.filter(code="zabita").update(short_name="Zabıta Md.")
            before, users = Complaint.objects.count(), User.objects.count()
        call_command("load_demo", complaints=loaded.count, seed=7, token=True, stdout=io.StringIO())
        assert Department.objects.get(code="zabita").short_name == "Zabıta Md."
        with system():
            assert (Complaint.objects.count(), User.objects.count()) == (before, users)
            tokens = ApiToken.objects.filter(name=people.TOKEN_NAME)
            assert (tokens.count(), ApiToken.objects.live().filter(name=people.TOKEN_NAME).count()) == (2, 1)
        transaction.set_rollback(True)


def test_every_copy_has_a_whole_history_that_ends_where_the_case_stands() -> None:
    stories: dict[int, list[ComplaintLine]] = defaultdict(list)
    with system():
        rows = {row.pk: row for row in Complaint.objects.all()}
        for line in ComplaintLine.objects.order_by("complaint_id", "at", "id"):
            stories[line.complaint_id].append(line)
        texts = list(Notice.objects.values_list("complaint_id", "body", "proof"))
    assert set(stories) == set(rows)
    for number, story in stories.items():
        assert story[0].verb == EventType.REGISTERED
        if rows[number].source == cases.SOURCE:
            assert story[0].at == rows[number].registered_at
        assert story[-1].to_status == rows[number].status
        assert all(line.from_status == before.to_status for before, line in pairwise(story))
        if rows[number].status == Status.DUPLICATE:
            assert story[-1].details["of"] == rows[number].duplicate_of_id
    for number, *words in texts:  # of its own case, and with nothing left to fill in
        named = {found for text in words for found in re.findall(r"\b20\d\d/\d+\b", text)}
        assert named <= {rows[number].reference}
        assert not any("{" in text for text in words)


def test_every_date_is_the_one_that_the_law_gives() -> None:
    with system():
        calendar = working_calendar()
        for row in Complaint.objects.select_related("category"):
            assert clock.changes(row, calendar) == ({}, {}), row


def test_numbers_have_no_gap_and_keys_are_unguessable() -> None:
    with system():
        for year in Complaint.objects.values_list("year", flat=True).distinct():
            of_year = Complaint.objects.filter(year=year)
            assert sorted(of_year.values_list("number", flat=True)) == list(range(1, of_year.count() + 1))
        assert not Complaint.objects.exclude(registered_on__year=F("year")).exists()


def test_the_rows_agree_with_each_other() -> None:
    with system():
        everything = Complaint.objects.annotate(
            live=Count("routings", filter=Q(routings__ended_at__isnull=True, routings__role="RESPONSIBLE"))
        )
        assert not everything.filter(live=0, responsible_department__isnull=False).exists()
        assert not everything.filter(live=1, responsible_department__isnull=True).exists()
        together = Routing.objects.live().filter(role="COLLABORATING")
        assert together.exists()
        for row in Complaint.objects.filter(pk__in=together.values("complaint")):
            assert row.collaborators == sorted(
                together.filter(complaint=row).values_list("department", flat=True)
            )
        assert not everything.filter(status=Status.RETURNED).exclude(responsible_department=None).exists()
        assert not everything.filter(status=Status.REPLIED, replied_at=None).exists()
        assert not everything.filter(status=Status.CLOSED, outcome="").exists()
        assert not everything.exclude(status__in=ENDS).exclude(outcome="").exists()
        told = Notice.objects.filter(status=NoticeStatus.SENT)
        carried = Q(means__in=[DeliveryMethod.EMAIL, DeliveryMethod.SMS])
        statutory = ~Q(complaint__regime=Regime.SERVICE_REQUEST)
        assert not told.filter(statutory & ~carried, proof="").exists()
        assert not Extension.objects.filter(notice__means=DeliveryMethod.PHONE).exists()
        late = Q(granted_on__gt=F("complaint__registered_on") + dt.timedelta(days=21))
        assert not Extension.objects.filter(late).exists()


def test_nothing_lies_in_the_future_and_there_is_work_to_do_today() -> None:
    now = timezone.now() + dt.timedelta(minutes=1)
    with system():
        assert not Complaint.objects.filter(registered_at__gt=now).exists()
        assert not ComplaintLine.objects.filter(at__gt=now).exists()
        assert not Routing.objects.filter(routed_at__gt=now).exists()
        generated = Complaint.objects.exclude(
            registered_by__username="portal"
        )  # a dozen told by hand, half of them open
        # A fifth wait on 29.02.2028, the day after Ramazan Bayramı.
        assert 0.05 < generated.open().count() / generated.count() < 0.25
        assert Complaint.objects.late().exists()
        assert Complaint.objects.due().exists() or not is_worked(), "on a Sunday nothing is due"
        assert Complaint.objects.unrouted().filter(status=Status.NEW).exists()
        assert Complaint.objects.returned_often().exists()
        recent = today() - dt.timedelta(days=30)
        share = Complaint.objects.filter(registered_on__gt=recent).count() / Complaint.objects.count()
    assert 0.25 < share < 0.5


def test_telephones_are_valid_and_belong_to_nobody() -> None:
    with system():
        phones = [phone for phone in Citizen.objects.values_list("phone", flat=True) if phone]
    assert len(phones) > 100
    for phone in phones:
        assert phone.as_e164.startswith(names.PHONE_PREFIX)
        assert phonenumbers.is_valid_number(phone)


def test_nobody_real_can_get_a_mail() -> None:
    with system():
        citizens = Citizen.objects.exclude(email="").exclude(email__endswith=".example")
        assert not citizens.exists()
        assert not User.objects.exclude(email="").exclude(email__endswith=".example").exists()


def test_everybody_signs_in_and_sees_what_their_role_sees() -> None:
    with system():
        everything = Complaint.objects.count()
        existing = set(Complaint.objects.values_list("responsible_department__code", flat=True))
        for username, password, _name, _role in demo_users():
            assert check_password(password, User.objects.get(username=username).password)
    seen = {}
    for username, *_rest in demo_users():
        with as_viewer(User.objects.get(username=username)):
            seen[username] = set(
                scope.visible(Complaint).values_list("responsible_department__code", flat=True)
            )
            if username in ("sekreter", "ozelkalem", "baskan"):
                assert scope.visible(Complaint).count() == everything
    assert "fen-isleri" in seen["fen"] == seen["fenmudur"]
    assert seen["park"] >= {"park-ve-bahceler"}
    # A small department need not have a case among so few.
    assert {"zabita", "ruhsat-ve-denetim"} & existing <= seen["ikimudurluk"]
    assert {"fen-isleri", "park-ve-bahceler", "temizlik-isleri"} & existing <= seen["baskanyrd"]
    assert seen["vekil"] >= {"temizlik-isleri"} & existing
    assert not seen["bilgiislem"]
    assert "fen-isleri" not in seen["park"]


def test_the_acting_head_stands_in_for_some_days_only() -> None:
    cleaning = Department.objects.get(code="temizlik-isleri")
    head = cleaning.head_on()
    assert head is not None
    assert head.username == "vekil"
    assert cleaning.head_on(today() + dt.timedelta(days=30)) == cleaning.head


def test_six_deputy_mayors_share_the_departments_and_each_sees_their_own_group() -> None:
    overseen = Department.objects.open().filter(deputy_mayor__isnull=False)
    deputies = User.objects.filter(pk__in=overseen.values("deputy_mayor"))
    assert deputies.count() == 6
    without = Department.objects.open().filter(deputy_mayor__isnull=True)
    assert set(without.values_list("code", flat=True)) == {"ozel-kalem", "teftis-kurulu"}
    for deputy in deputies:
        mine = set(overseen.filter(deputy_mayor=deputy).values_list("pk", flat=True))
        with as_viewer(deputy) as viewer:
            assert mine <= set(viewer.oversees)
            assert not viewer.sees_all


def test_the_showcase_holds_every_situation_and_a_whole_life_with_its_mails() -> None:
    with system():
        shown = Complaint.objects.filter(source=showcase.SOURCE)
        assert shown.count() == len(showcase.SCENES) + 1
        assert shown.filter(identity_hidden=True).exists()
        assert shown.filter(result_owed=True).exists()
        assert shown.filter(extension__isnull=False).exists()
        assert shown.filter(forwardings__isnull=False).exists()
        assert shown.returned_often().exists()
        assert shown.due().exists() or not is_worked()
        assert shown.late().exists()
        assert Complaint.objects.search("ışıklar").filter(source=showcase.SOURCE).exists()
        walked = shown.get(status=Status.CLOSED)
        assert walked.lines.count() == 10
        sent = Message.objects.filter(address=walked.applicant.email).values_list("purpose", flat=True)
        assert sorted(sent) == ["complaint_receipt", "complaint_result"]


def test_ten_reports_of_one_hole_have_ten_answers_and_three_more_are_proposed() -> None:
    with system():
        told = Complaint.objects.filter(source=cluster.SOURCE).order_by("pk")
        matter, later = told[: cluster.ONE_MATTER], told[cluster.ONE_MATTER :]
        leader = matter[0]
        assert [one.linked_to_id for one in matter] == [None] + [leader.pk] * 9
        assert {one.replied_at is not None for one in matter} == {True}
        replies = Notice.objects.filter(
            complaint__in=matter.values("pk"), kind=NoticeKind.RESULT, status=NoticeStatus.SENT
        )
        assert replies.count() == 10
        assert set(replies.values_list("body", flat=True)) == {cluster.REPLY}
        assert not replies.filter(HELD).exists()
        assert {one.status for one in later} == {Status.NEW}
    with as_viewer(User.objects.get(username="sekreter")):
        found = finding.similar_to(scope.get(Complaint, str(later[2].key)))
        assert {one.complaint for one in found} >= {leader, *later[:2]}


def test_names_are_two_fields_and_streets_are_turkish() -> None:
    random = Random(1)
    people_ = {names.full_name(random) for _each in range(200)}
    assert all(first and last for first, last in people_)
    assert len(people_) > 150
    assert any("Sokak" in names.street(random) for _each in range(20))


def test_heads_were_told_of_their_deadlines_some_of_it_seen_and_chose_how() -> None:
    for username in ("fenmudur", "ozelkalem", "sekreter", "baskanyrd"):
        with scope.session(User.objects.get(username=username)):
            assert scope.visible(Preference).get().choices, username
    with scope.session(User.objects.get(username="fenmudur")):
        rows = scope.visible(Notification)
        before = rows.count()
        assert 0 < rows.unseen().count() < before  # type: ignore[attr-defined]
        assert not rows.waiting().exists()  # type: ignore[attr-defined]
    notifications.load_once()
    with scope.session(User.objects.get(username="fenmudur")):
        assert scope.visible(Notification).count() == before


def test_a_month_of_the_programme_is_there_once_and_believable() -> None:
    with system():
        mayor = Principal.objects.get(office="MAYOR")
        statuses = set(Entry.objects.filter(principal=mayor).values_list("status", flat=True))
        kinds = set(Entry.objects.filter(principal=mayor).values_list("kind", flat=True))
        requests = set(AppointmentRequest.objects.values_list("status", flat=True))
        before = Entry.objects.count()
        promised = set(Promise.objects.values_list("status", flat=True))
        late = Promise.objects.late().count()
        notes = set(DepartmentNote.objects.values_list("status", flat=True))
        assert Principal.objects.count() == 3
    assert {"CONFIRMED", "DONE"} <= statuses
    assert {"APPOINTMENT", "MEETING", "EVENT", "VISIT", "PUBLIC_DAY"} <= kinds
    assert {"NEW", "APPROVED", "DECLINED", "ON_PUBLIC_DAY"} <= requests
    assert before > 40
    assert notes == {"ASKED", "WRITTEN"}
    assert (promised, late > 0) == ({"OPEN", "KEPT"}, True)
    programme.load_once(2027)
    with system():
        assert Entry.objects.count() == before
    with scope.session(User.objects.get(username="baskan")):
        assert Entry.objects.filter(is_confidential=True).count() == 1
    with scope.session(User.objects.get(username="ozelkalem")):
        assert not Entry.objects.filter(is_confidential=True).exists()


def test_nothing_is_opened_and_no_partner_is_met_on_a_day_that_is_not_worked() -> None:
    calendar = working_calendar()
    with system():
        opened = Event.objects.filter(kind="OPENING").values_list("starts_at", flat=True)
        met = Engagement.objects.values_list("starts_at", flat=True)
        assert all(calendar.is_working_day(local_date(moment), with_leave=True) for moment in [*opened, *met])
        assert events.next_friday(dt.date(2026, 12, 31)) == dt.date(2027, 1, 8)
        assert events.next_friday(dt.date(2026, 11, 27)) == dt.date(2026, 12, 4)


def test_the_office_works_by_day_and_on_days_that_are_worked() -> None:
    """What the last days bring is done when they bring it; a copied case keeps its days of the week."""
    calendar = working_calendar()
    until = calendar.working_day_on_or_before(today() - dt.timedelta(days=1))
    with system():
        asked = AppointmentRequest.objects.filter(registered_by__username="sekreter")
        instructed = InstructionLine.objects.values_list("at", flat=True)
        decided = ComplaintLine.objects.filter(verb__in=[EventType.ROUTED, EventType.APPROVED])
        moments = [
            [*asked.values_list("registered_at", flat=True), *instructed],
            [*decided.values_list("at", flat=True)],
        ]
    of_the_office, of_cases = (
        [at.astimezone(ISTANBUL) for at in kind if local_date(at) < until] for kind in moments
    )
    idle = [at for at in of_the_office if not calendar.is_working_day(at.date())]
    idle += [at for at in of_cases if at.weekday() > 4]
    nights = [at for at in [*of_the_office, *of_cases] if at.hour not in range(7, 21)]
    assert (len(of_the_office) > 60, len(of_cases) > 200, idle, nights) == (True, True, [], [])
