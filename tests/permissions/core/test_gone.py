"""A case that left a department is gone at once, from everything; a hidden identity shows by no path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F

from backend.complaints import actions
from backend.complaints.models import Attachment, Comment, Complaint, ComplaintLine, Notice, Routing
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.organization.models import User
from permissions.complaints import access as complaint_access
from permissions.complaints import sharing
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.factories import make_citizen, make_complaint
from tests.permissions.walls.world import hang_everything_on

WORD = "akasya"
CHILDREN = (ComplaintLine, Comment, Notice, Attachment)


def _traces(user: User, complaint: Complaint) -> list[str]:
    """The paths by which this person meets the case, through either wall."""
    with as_viewer(user):
        paths: dict[str, Callable[[], Any]] = {
            "list": lambda: scope.visible(Complaint).filter(pk=complaint.pk).exists(),
            "list of the database": lambda: Complaint.objects.filter(pk=complaint.pk).exists(),
            "first page": lambda: (
                complaint in complaint_access.first_page(Complaint.objects.all(), ["target_on", "id"], 50)
            ),
            "count": lambda: scope.visible(Complaint).count(),
            "count of the database": lambda: Complaint.objects.count(),
            "by key": lambda: _found(complaint),
            "by number": lambda: scope.visible(Complaint.objects.search(complaint.reference)).exists(),
            "search": lambda: scope.visible(Complaint.objects.search(WORD)).exists(),
            "search of the database": lambda: Complaint.objects.search(WORD).exists(),
            "has_perm": lambda: user.has_perm("complaints.comment", complaint),
            **{
                f"{model.__name__} {wall}": lambda rows=rows: rows.filter(complaint=complaint.pk).exists()
                for model in CHILDREN
                for wall, rows in (
                    ("in the list", scope.visible(model)),
                    ("in the database", model.objects.all()),
                )
            },
        }
        return [path for path, leads_there in paths.items() if leads_there()]


def _found(complaint: Complaint) -> bool:
    try:
        scope.get(Complaint, complaint.key)
    except DomainError as refusal:
        return refusal.code != ErrorCode.NOT_FOUND
    return True


def _case(cast: Cast, **fields: Any) -> Complaint:
    complaint = make_complaint(f"Devrilen {WORD}", **({"to": cast.park} | fields))
    with system():
        hang_everything_on(complaint, by=cast.secretary)
    return complaint


def _routed_away(complaint: Complaint, cast: Cast) -> None:
    actions.route(complaint, to=cast.fen, by=cast.secretary)


def _returned(complaint: Complaint, cast: Cast) -> None:
    actions.return_(complaint, reason="Bizim değil.", by=cast.park_clerk)


@pytest.mark.parametrize("leave", [_routed_away, _returned])
def test_a_case_that_left_a_department_is_gone_by_every_path_at_once(leave: Any, cast: Cast) -> None:
    complaint = _case(cast)
    for user in (cast.park_clerk, cast.park_head):
        assert len(_traces(user, complaint)) == 18
    with system():
        leave(Complaint.objects.get(pk=complaint.pk), cast)
    for user in (cast.park_clerk, cast.park_head):
        assert _traces(user, complaint) == []
    assert len(_traces(cast.secretary, complaint)) == 18
    assert bool(_traces(cast.fen_clerk, complaint)) == (leave is _routed_away)


def test_a_released_collaborator_loses_the_case_at_once(cast: Cast) -> None:
    complaint = _case(cast, to=cast.fen, collaborators=(cast.park,))
    assert len(_traces(cast.park_clerk, complaint)) == 18
    with system():
        actions.release_collaborator(
            Complaint.objects.get(pk=complaint.pk), department=cast.park, reason="Bitti.", by=cast.secretary
        )
    assert _traces(cast.park_clerk, complaint) == []


def test_a_case_that_left_answers_exactly_as_one_that_never_was(cast: Cast) -> None:
    complaint, missing = _case(cast), Complaint()
    with system():
        _routed_away(Complaint.objects.get(pk=complaint.pk), cast)
    answers = set()
    with as_viewer(cast.park_clerk):
        for key in (complaint.key, str(complaint.key), missing.key, "", "0", "x" * 500):
            for verb in (Action.VIEW, *Verb):
                with pytest.raises(DomainError) as refusal:
                    scope.get(Complaint, key, action=verb, field="id")
                answers.add((refusal.value.code, str(refusal.value), refusal.value.field))
            with pytest.raises(DomainError) as refusal, scope.authorized(Verb.ACCEPT, Complaint, key):
                pass
            answers.add((refusal.value.code, str(refusal.value), refusal.value.field))
    assert len(answers) == 1


def test_the_former_department_keeps_its_own_part_of_the_story_and_nothing_else(cast: Cast) -> None:
    """Acceptance case 14: it sees its own past event, and by it neither the case nor where it went."""
    complaint = _case(cast)
    with system():
        actions.return_(Complaint.objects.get(pk=complaint.pk), reason="Bizim değil.", by=cast.park_clerk)
        actions.route(Complaint.objects.get(pk=complaint.pk), to=cast.cleaning, by=cast.secretary)
    for rows in (lambda: scope.visible(Routing), Routing.objects.all):
        with as_viewer(cast.park_clerk):
            (own,) = rows()
            assert (own.department_id, own.reason) == (cast.park.pk, "Bizim değil.")
            with pytest.raises(Complaint.DoesNotExist):
                _ = own.complaint
            assert not rows().filter(complaint__subject__contains=WORD).exists()
        with as_viewer(cast.deputy_mayor):
            assert rows().count() == 2
            assert {routing.complaint for routing in rows()} == {complaint}


# -- shared with one person ----------------------------------------------------------------------------------
def test_a_shared_case_is_read_by_that_person_until_it_is_not_shared(cast: Cast) -> None:
    complaint, other = _case(cast), _case(cast)
    with system():
        sharing.share(complaint, user=cast.outsider, by=cast.park_head)
    assert set(_traces(cast.outsider, complaint)) >= {"list", "list of the database", "by key", "search"}
    assert "by key" not in _traces(cast.outsider, other)
    with as_viewer(cast.outsider):
        assert scope.visible(Complaint).count() == 1
        assert not scope.visible(Citizen).exists()
        assert not Citizen.objects.exists()
    assert _traces(cast.fen_clerk, complaint) == []
    with system():
        sharing.unshare(complaint, user=cast.outsider, by=cast.park_head)
        lines = complaint.lines.filter(verb__in=["shared", "unshared"])
        told = list(lines.order_by("id").values_list("verb", flat=True))
    assert _traces(cast.outsider, complaint) == []
    assert told == ["shared", "unshared"]


def test_sharing_ends_by_itself_after_its_last_day(cast: Cast) -> None:
    complaint = _case(cast)
    with system():
        grant = sharing.share(complaint, user=cast.outsider, by=cast.park_head, valid_until=today())
    assert _traces(cast.outsider, complaint)
    with system():
        type(grant).objects.filter(pk=grant.pk).update(valid_from="2020-01-01", valid_until="2020-12-31")
    assert _traces(cast.outsider, complaint) == []


def test_a_case_stays_shared_when_it_is_routed_elsewhere(cast: Cast) -> None:
    complaint = _case(cast)
    with system():
        sharing.share(complaint, user=cast.outsider, by=cast.park_head)
        _routed_away(Complaint.objects.get(pk=complaint.pk), cast)
    assert "by key" in _traces(cast.outsider, complaint)
    assert _traces(cast.park_clerk, complaint) == []


# -- hidden identity (acceptance case 13) --------------------------------------------------------------------
def _hidden_and_open(cast: Cast) -> tuple[Complaint, Complaint, Citizen]:
    secret = make_citizen("Saklı", "Zambak", phone="+905551112233", email="sakli@example.org")
    hidden = make_complaint(to=cast.fen, applicant=secret, identity_hidden=True)
    return hidden, make_complaint(to=cast.fen), secret


@pytest.mark.parametrize(
    "member", ["fen_clerk", "fen_head", "park_clerk", "deputy_mayor", "portal", "administrator"]
)
def test_a_hidden_identity_shows_by_no_path(member: str, cast: Cast) -> None:
    hidden, _known, secret = _hidden_and_open(cast)
    with as_viewer(getattr(cast, member)):
        for citizens in (scope.visible(Citizen), Citizen.objects.all()):
            assert not citizens.filter(pk=secret.pk).exists()
            assert not citizens.filter(phone="+905551112233").exists()
            assert not citizens.filter(complaints=hidden.pk).exists()
        for cases in (scope.visible(Complaint), Complaint.objects.all()):
            for condition in (
                {"applicant__last_name": "Zambak"},
                {"applicant__phone": "+905551112233"},
                {"applicant__name_fold__startswith": "sakli"},
                {
                    "applicant__isnull": False,
                    "pk": hidden.pk,
                    "applicant__pk": secret.pk,
                    "applicant__email__gt": "",
                },
            ):
                assert not cases.filter(**condition).exists(), condition
            names = {row["applicant__last_name"] for row in cases.values("applicant__last_name")}
            assert "Zambak" not in names
        if member.startswith("fen"):
            with pytest.raises(Citizen.DoesNotExist):
                _ = Complaint.objects.get(pk=hidden.pk).applicant


def test_ordering_by_the_applicant_says_nothing_of_a_hidden_one(cast: Cast) -> None:
    """The hidden rows stand together where rows without a name stand, whatever the name is."""
    first = make_complaint(to=cast.fen, applicant=make_citizen("Aa", "Aa"), identity_hidden=True)
    last = make_complaint(to=cast.fen, applicant=make_citizen("Zz", "Zz"), identity_hidden=True)
    known = make_complaint(to=cast.fen, applicant=make_citizen("Mm", "Mm"))
    with as_viewer(cast.fen_clerk):
        order = Complaint.objects.order_by(F("applicant__name_fold").asc(nulls_last=True), "pk")
        assert list(order) == [known, first, last]


def test_somebody_who_speaks_for_another_is_hidden_with_them(cast: Cast) -> None:
    speaker = make_citizen()
    hidden = make_complaint(to=cast.fen, on_behalf_of=speaker, identity_hidden=True)
    with as_viewer(cast.fen_clerk):
        assert not Citizen.objects.exists()
        assert scope.visible(Complaint).get() == hidden


def test_a_citizen_with_a_hidden_and_an_open_case_is_seen_through_the_open_one_only_as_themselves(
    cast: Cast,
) -> None:
    person = make_citizen()
    make_complaint(to=cast.fen, applicant=person, identity_hidden=True)
    with as_viewer(cast.fen_clerk):
        assert not scope.visible(Citizen).exists()
    make_complaint(to=cast.fen, applicant=person)
    with as_viewer(cast.fen_clerk):
        assert scope.visible(Citizen).get() == person


def test_the_office_sees_a_hidden_identity_and_the_read_log_says_who_looked(cast: Cast) -> None:
    hidden, _known, secret = _hidden_and_open(cast)
    with as_viewer(cast.secretary):
        assert scope.visible(Citizen).filter(complaints=hidden.pk).get() == secret
        scope.log_access([secret.pk], "test")
    with as_viewer(cast.office_head):
        reading = scope.visible(AccessLog).get()
        assert (reading.reader, reading.subject_ids) == (cast.secretary, [secret.pk])
    with as_viewer(cast.secretary):
        assert not scope.visible(AccessLog).exists()


def test_a_clerk_without_the_contact_permission_sees_no_citizen(cast: Cast) -> None:
    make_complaint(to=cast.park)
    for member, sees in (("park_clerk", False), ("park_head", True), ("deputy_mayor", False)):
        with as_viewer(getattr(cast, member)):
            assert scope.visible(Citizen).exists() is sees, member
            assert Citizen.objects.exists() is sees, member


def test_a_token_without_the_contacts_scope_sees_no_citizen(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    for user in (cast.fen_clerk, cast.secretary):
        with as_viewer(user, ["READ", "WRITE"]):
            assert not scope.visible(Citizen).exists()
        with as_viewer(user, ["READ", "CONTACTS"]):
            assert scope.visible(Citizen).exists()
