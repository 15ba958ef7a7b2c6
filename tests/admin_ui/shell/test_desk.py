"""The lists behind the desk: whose move it is."""

import datetime as dt
import re

import pytest

from backend.complaints import actions
from backend.complaints.choices import OPEN, AwaitingParty, Status
from backend.complaints.models import Complaint
from backend.complaints.moves import awaiting_party
from backend.core.localtime import today
from backend.core.session import system
from tests.cast import Cast, signed_in
from tests.factories import make_complaint

LIST = "/admin/complaints/complaint/"
ROWS = re.compile(r"<span>(\d+) (?:kayıt|satır)")


@pytest.fixture
def cases(cast: Cast) -> list[Complaint]:
    """One case in every open state and one at its end, of two departments, late, due and in time."""
    made = []
    for position, status in enumerate((*OPEN, Status.CLOSED, Status.NEW)):
        department = cast.park if position % 4 == 3 else cast.fen
        complaint = make_complaint(f"Başvuru {position}", to=department, by=cast.secretary)
        with system():
            Complaint.objects.filter(pk=complaint.pk).update(
                status=status,
                target_on=today() + dt.timedelta(days=position % 3 - 1),
                closed_at=complaint.registered_at if status == Status.CLOSED else None,
                return_count=3 if position == 1 else 0,
            )
        made.append(complaint)
    with system():
        actions.add_collaborator(Complaint.objects.get(pk=made[7].pk), department=cast.fen, by=cast.secretary)
    return made


def shown(client, address: str) -> list[str]:
    body = client.get(address).content.decode()
    return re.findall(r'<span class="ok-reference">(\d+/\d+)</span></a></td>', body)


@pytest.mark.parametrize("status", OPEN)
def test_it_is_somebody_s_move_in_every_open_state_and_only_theirs(cast: Cast, cases, status):
    complaint = cases[OPEN.index(status)]
    department = cast.park_clerk if OPEN.index(status) % 4 == 3 else cast.fen_clerk
    office, clerk = signed_in(cast.secretary), signed_in(department)
    turn = awaiting_party(status)
    assert (complaint.reference in shown(office, f"{LIST}?tab=ours")) is (turn == AwaitingParty.OFFICE)
    assert (complaint.reference in shown(clerk, f"{LIST}?tab=ours")) is (turn == AwaitingParty.DEPARTMENT)
    assert (complaint.reference in shown(clerk, f"{LIST}?tab=office")) is (turn == AwaitingParty.OFFICE)
    assert (complaint.reference in shown(office, f"{LIST}?tab=departments")) is (
        turn == AwaitingParty.DEPARTMENT
    )
    assert (complaint.reference in shown(clerk, f"{LIST}?tab=waiting")) is (turn == AwaitingParty.OTHERS)


def test_the_head_s_move_is_the_department_s_where_heads_approve(cast: Cast, cases, settings):
    answered = cases[OPEN.index(Status.ANSWERED)]
    client = signed_in(cast.park_clerk if OPEN.index(Status.ANSWERED) % 4 == 3 else cast.fen_clerk)
    assert answered.reference not in shown(client, f"{LIST}?tab=ours")
    settings.HEAD_MAY_APPROVE = True
    assert answered.reference in shown(client, f"{LIST}?tab=ours")


def test_a_department_s_inbox_does_not_mix_in_what_lies_with_the_office(cast: Cast, cases):
    client = signed_in(cast.fen_clerk)
    body = client.get("/admin/").content.decode()
    start = body.index('id="queue"')
    queue = body[start : body.index("</section>", start)]
    mine = re.findall(r">(\d+/\d+)<", queue)
    assert sorted(mine) == sorted(shown(client, f"{LIST}?tab=ours"))
    assert sorted(shown(client, LIST)) == sorted(mine)
    assert 0 < len(mine) < len(shown(client, f"{LIST}?tab=open"))


def test_what_a_department_only_works_along_with_is_not_its_move(cast: Cast, cases):
    along = cases[7]
    client = signed_in(cast.fen_clerk)
    with system():
        Complaint.objects.filter(pk=along.pk).update(status=Status.IN_PROGRESS)
    assert along.reference in shown(client, f"{LIST}?tab=open")
    assert along.reference not in shown(client, f"{LIST}?tab=ours")


def test_a_search_without_a_chosen_tab_looks_everywhere(cast: Cast, cases):
    closed = cases[len(OPEN)]
    client = signed_in(cast.secretary)
    assert shown(client, f"{LIST}?q={closed.reference}") == [closed.reference]
    nothing = client.get(f"{LIST}?tab=open&q={closed.reference}").content.decode()
    assert "tab=all" in re.findall(r'class="ok-button ok-primary" href="([^"]*)"', nothing)[-1]
