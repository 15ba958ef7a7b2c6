"""One person of the unit is responsible: given, taken over, released, and never longer than they work there."""

from __future__ import annotations

import datetime as dt

from backend.complaints.choices import Status
from backend.complaints.jobs import release_hourly
from backend.complaints.models import Complaint, ComplaintLine
from backend.core.errors import ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.notifications.models import Notification
from backend.organization.models import User
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from permissions.models import DepartmentGrant
from tests.backend.stories import code, in_state, say, service_request
from tests.cast import Cast, signed_in
from tests.factories import make_complaint, refetch
from tests.schema.client import Asking

LIST = "/admin/complaints/complaint/"


def _assignee(case: Complaint) -> User | None:
    with system():
        return refetch(case).assignee


def _texts(person: User) -> list[str]:
    with scope.session(person):
        rows = scope.visible(Notification.objects.unseen()).filter(kind="ASSIGNED")
        return list(rows.order_by("pk").values_list("text", flat=True))


def _words(case: Complaint) -> list[str]:
    with system():
        return list(
            ComplaintLine.objects.filter(complaint=case).order_by("pk").values_list("verb", flat=True)
        )


def test_a_case_is_given_to_a_person_of_the_unit_who_learns_of_it(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    say(case, "assign", by=cast.fen_head, person=cast.fen_clerk)
    assert _assignee(case) == cast.fen_clerk
    assert _texts(cast.fen_clerk) == ["complaints/assigned"]
    say(case, "take_over", by=cast.fen_head)
    assert (_assignee(case), _texts(cast.fen_clerk)) == (
        cast.fen_head,
        ["complaints/assigned", "complaints/taken_over"],
    )
    say(case, "take_over", by=cast.fen_head)
    say(case, "release", by=cast.fen_head)
    assert _assignee(case) is None
    assert _words(case)[-3:] == ["assigned", "taken_over", "released"], "the second press wrote nothing"


def test_nobody_outside_the_unit_is_responsible(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    for person in (cast.park_clerk, cast.secretary, cast.mayor, cast.deputy_mayor, cast.outsider):
        given = code(lambda person=person: say(case, "assign", by=cast.fen_head, person=person))
        assert given == ErrorCode.INVALID, person
    assert code(lambda: say(case, "take_over", by=cast.secretary)) == ErrorCode.INVALID
    say(case, "assign", by=cast.fen_head, person=cast.fen_clerk)
    again = code(lambda: say(case, "assign", by=cast.fen_head, person=cast.fen_clerk))
    assert again == ErrorCode.CONFLICT


def test_of_a_case_that_was_not_routed_the_office_is_the_unit(cast: Cast) -> None:
    case = make_complaint()
    say(case, "assign", by=cast.office_head, person=cast.secretary)
    assert _assignee(case) == cast.secretary
    say(case, "route", by=cast.secretary, to=cast.fen)
    assert _assignee(case) is None, "another unit has it"


def test_who_returns_it_leaves_nobody_responsible_and_an_end_keeps_who_was(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    say(case, "take_over", by=cast.fen_clerk)
    say(case, "return_", by=cast.fen_clerk, reason="Bizde değil.")
    assert _assignee(case) is None
    ended = in_state(Status.REPLIED, cast, service_request())
    say(ended, "take_over", by=cast.fen_clerk)
    say(ended, "close", by=cast.secretary, outcome="SOLVED")
    assert _assignee(ended) == cast.fen_clerk


def test_who_leaves_the_unit_loses_it_at_once_or_within_the_hour(cast: Cast) -> None:
    first, second = make_complaint(to=cast.fen), make_complaint(to=cast.fen)
    for case in (first, second):
        say(case, "take_over", by=cast.fen_clerk)
    say(second, "assign", by=cast.fen_clerk, person=cast.fen_head)
    with system():
        (grant,) = DepartmentGrant.dated.filter(user=cast.fen_clerk, permission__codename=WORK)
        grants.take(grant, by=None)
    assert (_assignee(first), _assignee(second)) == (None, cast.fen_head)
    assert _words(first)[-1] == "released"
    with system():
        yesterday = today() - dt.timedelta(days=1)
        DepartmentGrant.dated.filter(user=cast.fen_head).update(valid_until=yesterday)
    release_hourly(0)
    assert _assignee(second) is None
    before = len(_words(second))
    release_hourly(0)
    assert len(_words(second)) == before


def test_the_list_has_a_tab_of_ones_own_and_a_column(cast: Cast) -> None:
    mine, other = make_complaint("Benim işim", to=cast.fen), make_complaint("Başka iş", to=cast.fen)
    say(mine, "take_over", by=cast.fen_clerk)
    page = signed_in(cast.fen_clerk).get(f"{LIST}?tab=assigned_to_me").content.decode()
    assert mine.reference in page
    assert other.reference not in page
    assert "Üstümdekiler" in page
    everything = signed_in(cast.fen_head).get(f"{LIST}?tab=open").content.decode()
    assert str(cast.fen_clerk) in everything


def test_it_is_pressed_and_chosen_in_the_admin(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    clerk, head = signed_in(cast.fen_clerk), signed_in(cast.fen_head)
    clerk.post(f"{LIST}{case.key}/take_over/", {"version": refetch(case).version})
    assert _assignee(case) == cast.fen_clerk
    form = head.get(f"{LIST}{case.key}/change/?do=assign").content.decode()
    assert 'value="fen.mudur"' in form
    assert 'value="park.memur"' not in form
    assert 'value="fen.memur"' not in form, "theirs already"
    head.post(f"{LIST}{case.key}/assign/", {"version": refetch(case).version, "person": "fen.mudur"})
    assert _assignee(case) == cast.fen_head


def test_it_is_not_offered_to_who_is_responsible_already(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    can = "query($r: String!) { complaint(reference: $r) { viewerCan } }"

    def offered(person: User) -> tuple[bool, bool]:
        page = signed_in(person).get(f"{LIST}{case.key}/change/").content.decode()
        listed = Asking(person).data(can, r=case.reference)["complaint"]["viewerCan"]
        return "/take_over/" in page, "TAKE_OVER" in listed

    assert offered(cast.fen_clerk) == offered(cast.fen_head) == (True, True)
    say(case, "take_over", by=cast.fen_clerk)
    assert offered(cast.fen_clerk) == (False, False)
    assert offered(cast.fen_head) == (True, True), "who may take it from another"
    say(case, "take_over", by=cast.fen_clerk)
    assert _assignee(case) == cast.fen_clerk


def test_programs_read_set_and_filter_it(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    make_complaint(to=cast.fen)
    asking = Asking(cast.fen_clerk)
    me = asking.data("{ complaints(first: 9) { nodes { id reference version } } }")["complaints"]["nodes"]
    (row,) = [one for one in me if one["reference"] == case.reference]
    done = asking.does("complaintTakeOver", "complaint { assignee { id } }", id=row["id"])
    person = done["complaint"]["assignee"]["id"]
    found = asking.data(
        "query($f: ComplaintFilter) { complaints(filter: $f, first: 9) { nodes { reference } } }",
        f={"assignee": person},
    )
    assert [one["reference"] for one in found["complaints"]["nodes"]] == [case.reference]
