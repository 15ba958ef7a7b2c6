"""Grants: who is what in a department, from a day to a day, and what a department's end does to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from freezegun import freeze_time
from guardian.shortcuts import get_objects_for_user

from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.organization.models import Department, User
from permissions.complaints import sharing
from permissions.core import grants, scope
from permissions.core.registry import RULES
from permissions.core.viewer import CONTACTS, HEAD, OVERSEE, WORK
from permissions.models import DepartmentGrant
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint, make_department, make_user

DAY = dt.timedelta(days=1)


def _give(user: User, codename: str, department: Department, **fields: Any) -> DepartmentGrant:
    with system():
        return grants.give(user, codename, department, **({"by": None} | fields))


def _sees(user: User, complaint: Complaint) -> bool:
    with as_viewer(user):
        seen = scope.visible(Complaint).filter(pk=complaint.pk).exists()
        assert seen == Complaint.objects.filter(pk=complaint.pk).exists(), "the walls disagree"
        return seen


# -- dates ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [
        (-3, None, True),
        (0, None, True),
        (1, None, False),
        (-3, 0, True),
        (0, 0, True),
        (-3, -1, False),
        (1, 9, False),
    ],
)
def test_a_grant_holds_from_its_first_day_to_its_last_both_included(
    begins: int, ends: int | None, holds: bool, cast: Cast
) -> None:
    complaint = make_complaint(to=cast.park)
    until = None if ends is None else today() + ends * DAY
    _give(cast.outsider, WORK, cast.park, valid_from=today() + begins * DAY, valid_until=until)
    assert _sees(cast.outsider, complaint) is holds
    with as_viewer(cast.outsider):
        assert cast.outsider.has_perm("organization.work_department", cast.park) is holds
        assert not cast.outsider.has_perm("organization.head_department", cast.park)


def test_an_acting_head_sees_and_acts_within_the_dates_and_not_a_day_longer(cast: Cast) -> None:
    """Vekâlet begins and ends by itself. The three grants differ in nothing but their dates."""
    complaint = make_complaint(to=cast.park, accepted_by=cast.park_clerk)
    people = {when: make_user(f"vekil.{when}") for when in ("yesterday", "now", "tomorrow")}
    dates = {"yesterday": (-9, -1), "now": (0, 5), "tomorrow": (1, 5)}
    for when, (first, last) in dates.items():
        with system():
            grants.appoint_acting_head(
                cast.park,
                people[when],
                valid_from=today() + first * DAY,
                valid_until=today() + last * DAY,
                by=None,
            )
    for when, person in people.items():
        assert _sees(person, complaint) is (when == "now")
        with as_viewer(person) as viewer:
            assert scope.can(Verb.EXTEND, complaint) is (when == "now")
            assert (cast.park.pk in viewer.contacts_in) is (when == "now")
    assert _sees(cast.park_head, complaint), "the head stays the head"


def test_python_and_the_database_agree_on_what_day_it_is(db: None) -> None:
    """At 01:30 in İstanbul it is still yesterday in UTC; both walls must count the local day."""
    with freeze_time("2026-11-24T22:30:00Z"):
        assert today() == dt.date(2026, 11, 25)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute("SELECT app.today() = (now() AT TIME ZONE 'Europe/Istanbul')::date")
        assert cursor.fetchone() == (True,)


# -- the journal ---------------------------------------------------------------------------------------------
def test_every_grant_given_or_taken_is_in_the_journal_and_says_by_whom(cast: Cast) -> None:
    with system():
        before = set(AuditLog.objects.values_list("pk", flat=True))
        grant = grants.give(
            cast.outsider,
            WORK,
            cast.park,
            by=cast.administrator,
            valid_until=today() + 5 * DAY,
            reason="Geçici görev",
        )
        grants.take(grant, by=cast.office_head, reason="Görev bitti")
        lines = list(AuditLog.objects.exclude(pk__in=before).order_by("pk"))
    assert [(line.verb, line.actor) for line in lines] == [
        ("grant_given", cast.administrator),
        ("grant_taken", cast.office_head),
    ]
    given, taken = lines
    assert given.subject_label == cast.park.name
    for part in ("disarida", WORK, f"{today():%d.%m.%Y}", f"{today() + 5 * DAY:%d.%m.%Y}", "Geçici görev"):
        assert part in given.note
    assert "Görev bitti" in taken.note


def test_the_journal_names_an_acting_head(cast: Cast) -> None:
    with system():
        before = AuditLog.objects.count()
        grants.appoint_acting_head(
            cast.park, cast.park_clerk, valid_from=today(), valid_until=today() + DAY, by=cast.office_head
        )
        assert AuditLog.objects.count() > before
        acting = DepartmentGrant.objects.filter(user=cast.park_clerk, is_acting=True)
        assert {grant.permission.codename for grant in acting} == {HEAD, CONTACTS}
        assert {grant.given_by for grant in acting} == {cast.office_head}


def test_a_grant_given_again_is_not_given_twice(cast: Cast) -> None:
    first = _give(cast.outsider, WORK, cast.park)
    with system():
        lines = AuditLog.objects.count()
        assert grants.give(cast.outsider, WORK, cast.park, by=None) == first
        assert AuditLog.objects.count() == lines


@pytest.mark.parametrize(
    "codename", ["view_department", "change_department", "read_complaint", "", "superuser"]
)
def test_there_are_four_permissions_on_a_department_and_no_other(codename: str, cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _give(cast.outsider, codename, cast.park)
    assert (refusal.value.code, refusal.value.field) == (ErrorCode.INVALID, "permission")


def test_a_grant_that_ends_before_it_begins_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _give(cast.outsider, WORK, cast.park, valid_until=today() - DAY)
    assert refusal.value.field == "valid_until"


def test_a_taken_grant_ends_at_once(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    for first_day in (today() - DAY, today()):
        grant = _give(cast.outsider, WORK, cast.park, valid_from=first_day)
        assert _sees(cast.outsider, complaint)
        with system():
            grants.take(grant, by=None)
        assert not _sees(cast.outsider, complaint)


def test_a_new_head_replaces_the_former_one(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    with system():
        grants.appoint_head(cast.park, cast.park_clerk, by=None)
    with as_viewer(cast.park_clerk) as viewer:
        assert cast.park.pk in viewer.heads
        assert scope.can(Verb.EXTEND, complaint)
    assert not _sees(cast.park_head, complaint)
    with system():
        assert Department.objects.get(pk=cast.park.pk).head == cast.park_clerk


# -- several departments, a group of departments -------------------------------------------------------------
def test_a_person_in_several_departments_sees_the_cases_of_each_and_may_in_each_what_they_are_there(
    cast: Cast,
) -> None:
    of_park, of_fen, of_cleaning = (make_complaint(to=d) for d in (cast.park, cast.fen, cast.cleaning))
    _give(cast.park_clerk, HEAD, cast.fen)
    assert _sees(cast.park_clerk, of_park)
    assert _sees(cast.park_clerk, of_fen)
    assert not _sees(cast.park_clerk, of_cleaning)
    with as_viewer(cast.park_clerk):
        assert scope.can(Verb.ACCEPT, of_park)
        assert not scope.can(Verb.EXTEND, of_park)
        assert scope.can(Verb.EXTEND, of_fen)


def test_contact_data_in_one_department_opens_no_contact_data_in_another(cast: Cast) -> None:
    of_park, of_fen = make_complaint(to=cast.park), make_complaint(to=cast.fen)
    _give(cast.park_clerk, WORK, cast.fen)
    _give(cast.park_clerk, CONTACTS, cast.fen)
    with as_viewer(cast.park_clerk):
        assert [c.pk for c in scope.visible(Citizen)] == [of_fen.applicant_id]
        assert [c.pk for c in Citizen.objects.all()] == [of_fen.applicant_id]
        assert Complaint.objects.get(pk=of_park.pk)


def test_a_deputy_mayor_sees_the_group_of_departments_and_reads_only(cast: Cast) -> None:
    seen = [make_complaint(to=cast.fen), make_complaint(to=cast.cleaning)]
    helping = make_complaint(to=cast.park, collaborators=(cast.cleaning,))
    hidden = [make_complaint(to=cast.park), make_complaint(to=cast.relations), make_complaint()]
    for complaint in (*seen, helping):
        assert _sees(cast.deputy_mayor, complaint)
    for complaint in hidden:
        assert not _sees(cast.deputy_mayor, complaint)
    with as_viewer(cast.deputy_mayor):
        assert scope.allowed_actions(seen[0]) == [Verb.COMMENT]
    _give(cast.deputy_mayor, OVERSEE, cast.park)
    assert _sees(cast.deputy_mayor, hidden[0])


# -- closed and renamed departments (acceptance cases 14 and 15) ---------------------------------------------
def _close(department: Department, *, last_day: dt.date, successor: Department | None) -> None:
    with system():
        Department.objects.filter(pk=department.pk).update(valid_to=last_day, successor=successor)


def test_the_rights_of_a_closed_department_go_to_its_successor(cast: Cast) -> None:
    complaint, of_fen = make_complaint(to=cast.park), make_complaint(to=cast.fen)
    assert not _sees(cast.fen_clerk, complaint)
    _close(cast.park, last_day=today() - DAY, successor=cast.fen)
    assert _sees(cast.fen_clerk, complaint)
    assert _sees(cast.deputy_mayor, complaint), "whoever oversees the successor oversees its cases"
    assert _sees(cast.park_clerk, complaint), "whoever worked in the closed department goes along"
    assert _sees(cast.park_clerk, of_fen)
    with as_viewer(cast.fen_clerk):
        assert scope.can(Verb.ACCEPT, complaint)


def test_a_department_has_its_rights_until_the_end_of_its_last_day(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    _close(cast.park, last_day=today(), successor=cast.fen)
    assert _sees(cast.park_clerk, complaint)
    assert not _sees(cast.fen_clerk, complaint)


def test_a_closed_department_without_a_successor_leaves_its_cases_to_the_office(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    _close(cast.park, last_day=today() - DAY, successor=None)
    assert not _sees(cast.park_clerk, complaint)
    assert _sees(cast.secretary, complaint)


def test_rights_go_along_a_chain_of_successors_to_its_open_end(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    between = make_department("ara")
    _close(cast.park, last_day=today() - 9 * DAY, successor=between)
    _close(between, last_day=today() - DAY, successor=cast.cleaning)
    assert _sees(cast.deputy_mayor, complaint)
    assert not _sees(cast.fen_clerk, complaint)


def test_a_renamed_department_keeps_its_people_its_cases_and_the_old_name_on_them(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    renamed = make_department("cevre-ve-park", "Çevre ve Park Müdürlüğü", valid_from=today())
    _close(cast.park, last_day=today() - DAY, successor=renamed)
    new_case = make_complaint(to=renamed)
    for user in (cast.park_clerk, cast.park_head):
        assert _sees(user, complaint)
        assert _sees(user, new_case)
    with as_viewer(cast.park_clerk):
        department = Complaint.objects.get(pk=complaint.pk).responsible_department
        assert department is not None
        assert department.name == "Park ve Bahçeler Müdürlüğü"
        assert department.current() == renamed


def test_the_private_office_keeps_its_sight_when_it_is_renamed(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    _close(cast.office, last_day=today() - DAY, successor=None)
    renamed = make_department(
        "ozel-kalem-2", "Özel Kalem Dairesi", is_private_office=True, valid_from=today()
    )
    with system():
        Department.objects.filter(pk=cast.office.pk).update(successor=renamed)
    with as_viewer(cast.secretary) as viewer:
        assert viewer.is_office
        assert viewer.sees_all
    assert _sees(cast.secretary, complaint)


def test_a_department_that_takes_over_the_former_office_does_not_become_the_office(cast: Cast) -> None:
    """A private office merged into an ordinary department hands on its cases, not its sight of everything."""
    of_park, of_the_office = make_complaint(to=cast.park), make_complaint(to=cast.office)
    _close(cast.office, last_day=today() - DAY, successor=cast.fen)
    with as_viewer(cast.fen_clerk) as viewer:
        assert not viewer.sees_all
    assert not _sees(cast.fen_clerk, of_park)
    assert _sees(cast.fen_clerk, of_the_office)


# -- what nobody gets by another way -------------------------------------------------------------------------
def test_the_administrator_sees_no_case_and_no_citizen(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen)
    with as_viewer(cast.administrator):
        for model in (Complaint, ComplaintLine, Citizen):
            assert not scope.visible(model).exists()
            assert not model.objects.exists()
        assert not cast.administrator.has_perm("complaints.route", complaint)
        assert scope.visible(AuditLog).exists()
        assert scope.visible(DepartmentGrant).count() == DepartmentGrant.objects.count() > 10


def _scoped_models() -> list[type[Model]]:
    return [model for model in RULES if model._meta.app_label in {"complaints", "contacts", "outbox"}]


def test_no_permission_on_a_whole_table_of_cases_exists(cast: Cast) -> None:
    """guardian's get_objects_for_user returns every row to whoever has a permission on the whole table."""
    with system():
        for model in _scoped_models():
            kind = ContentType.objects.get_for_model(model)
            names = set(Permission.objects.filter(content_type=kind).values_list("codename", flat=True))
            assert names <= {"read_complaint", "view_message"}, model
        assert not User.user_permissions.through.objects.exists()


@pytest.mark.parametrize("whole_table", [False, True])
def test_guardians_own_lookup_widens_nothing(whole_table: bool, cast: Cast) -> None:
    hidden = make_complaint(to=cast.park)
    shared = make_complaint(to=cast.cleaning)
    permission = Permission.objects.get(codename="read_complaint")
    with system():
        sharing.share(shared, user=cast.fen_clerk, by=cast.secretary)
        if whole_table:
            cast.fen_clerk.user_permissions.add(permission)
    user = User.objects.get(pk=cast.fen_clerk.pk)
    with as_viewer(user):
        found = set(get_objects_for_user(user, "complaints.read_complaint", klass=Complaint))
        assert found <= {shared}
        assert not user.has_perm("complaints.read_complaint", hidden)
        assert not _sees(user, hidden)


def test_a_permission_without_an_object_is_never_held(cast: Cast) -> None:
    for user in cast.people().values():
        for permission in ("complaints.route", "complaints.view", "organization.work_department"):
            if not user.is_superuser:
                assert not user.has_perm(permission)
