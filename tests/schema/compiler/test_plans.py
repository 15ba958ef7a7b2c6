"""Plans are shared, and nothing else is: no viewer's rows, no value of a request, nothing of yesterday."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.db.models import Model
from django.test import override_settings
from freezegun import freeze_time

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import User
from permissions.complaints import access as complaint_access
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from permissions.plans.reasons import NotCompilableError
from schema.compiler.projection import Projection
from schema.core.nodes import encode
from schema.http import compiled
from schema.http.compiled import Timing
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_citizen, make_complaint, make_user

INBOX = """query Inbox($first: Int, $search: String, $filter: ComplaintFilter) {
  complaints(first: $first, search: $search, filter: $filter) { totalCount nodes { reference subject viewerCan } }
}"""


WIDE = " ".join(f"a{n}: registeredBy {{ id }} b{n}: category {{ id }}" for n in range(6))
WIDE += " " + " ".join(
    f"{name} {{ id }}"
    for name in (
        "responsibleDepartment",
        "neighbourhood",
        "applicant",
        "onBehalfOf",
        "notices",
        "attachments",
    )
)
WIDE += " lines { actor { id } department { id } } routings { department { id } acceptedBy { id } routedBy { id } }"
WIDE += " comments { author { id } } forwardings { body { id } forwardedBy { id } }"


def asked(user: User, query: str, /, scopes: list[str] | None = None, **variables: Any) -> Any:
    with scope.session(user, scopes):
        return json.loads(compiled.read({"query": query, "variables": variables}, Timing()).text)


def subjects(user: User, **variables: Any) -> set[str]:
    return {row["subject"] for row in asked(user, INBOX, **variables)["complaints"]["nodes"]}


@pytest.fixture
def departments(cast: Cast) -> dict[str, User]:
    """One clerk in each of four departments, whose cases bear the department's name."""
    clerks = {}
    for department in (cast.fen, cast.park, cast.cleaning, cast.relations):
        make_complaint(department.name, to=department)
        with system():
            clerks[department.name] = make_user(f"memur.{department.code}")
            grants.give(clerks[department.name], WORK, department, by=None)
    return clerks


def test_viewers_of_a_kind_share_one_plan_and_see_their_own_rows(departments: dict[str, User]) -> None:
    compiled.plans.clear()
    order = [*departments.items()] * 5
    random.Random(3).shuffle(order)
    for name, clerk in order:
        assert subjects(clerk, first=10) == {name}
    assert len(compiled.plans) == 1


def test_viewers_of_other_kinds_do_not_share_a_plan(cast: Cast) -> None:
    compiled.plans.clear()
    make_complaint("Fen", to=cast.fen)
    for user in cast.people().values():
        assert subjects(user, first=10) == (
            {"Fen"}
            if user
            in (
                cast.fen_clerk,
                cast.fen_head,
                cast.secretary,
                cast.office_head,
                cast.mayor,
                cast.deputy_mayor,
            )
            else set()
        )
    assert len(compiled.plans) > 4


def test_threads_that_share_the_plans_do_not_share_rows(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    viewers = {"Fen": cast.fen_clerk, "Park": cast.park_clerk, "Temizlik": cast.deputy_mayor}
    make_complaint("Fen", to=cast.fen)
    make_complaint("Park", to=cast.park)
    make_complaint("Temizlik", to=cast.cleaning)
    wanted = {"Fen": {"Fen"}, "Park": {"Park"}, "Temizlik": {"Fen", "Temizlik"}}

    def ask(name: str) -> bool:
        try:
            return subjects(viewers[name], first=10) == wanted[name]
        finally:
            connections.close_all()

    compiled.plans.clear()
    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(ask, list(viewers) * 15))


def test_a_value_of_a_request_is_a_parameter_wherever_it_stands(cast: Cast) -> None:
    text = "çukur'); DROP TABLE x; --"
    query = f'query($tag: String) {{ complaints(first: 3, search: "{text}", filter: {{tag: $tag}}) {{ totalCount }} }}'
    with scope.session(cast.fen_clerk):
        statement, parameters = compiled.plans.plan(
            compiled.asked({"query": query, "variables": {"tag": text}}, scope.current_viewer())
        )
    assert "cukur" not in statement.text
    assert "DROP" not in statement.text
    assert text in parameters
    assert "cukur:* & drop:* & table:* & x:*" in parameters


def test_other_values_of_the_same_shape_use_the_plan_that_is_there(cast: Cast) -> None:
    make_complaint("Işıklar yanmıyor", to=cast.fen)
    make_complaint("Çukur var", to=cast.fen)
    compiled.plans.clear()
    assert subjects(cast.fen_clerk, first=5, search="ışık") == {"Işıklar yanmıyor"}
    before = len(compiled.plans)
    assert subjects(cast.fen_clerk, first=5, search="ÇUKUR") == {"Çukur var"}
    assert len(compiled.plans) == before


def test_what_a_value_turns_out_to_be_chooses_the_plan(cast: Cast) -> None:
    complaint = make_complaint("Işıklar yanmıyor", to=cast.fen)
    make_complaint("Çukur var", to=cast.fen)
    assert subjects(cast.fen_clerk, first=5, search="çukur") == {"Çukur var"}
    assert subjects(cast.fen_clerk, first=5, search=complaint.reference) == {"Işıklar yanmıyor"}
    assert subjects(cast.fen_clerk, first=5, search="!!!") == set()
    assert subjects(cast.fen_clerk, first=5, search="") == set()


def test_a_plan_of_today_is_not_used_tomorrow(cast: Cast) -> None:
    complaint = make_complaint("Işıklar yanmıyor", to=cast.fen)
    late = {"first": 5, "filter": {"condition": ["LATE"]}}
    assert subjects(cast.fen_clerk, **late) == set()
    with freeze_time(complaint.target_on.isoformat() + "T23:00:00Z"):
        assert subjects(cast.fen_clerk, **late) == {"Işıklar yanmıyor"}


def test_a_changed_setting_is_seen_at_once(cast: Cast) -> None:
    complaint = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    with system():
        Complaint.objects.filter(pk=complaint.pk).update(status="ANSWERED")
    for may in (False, True, False):
        with override_settings(HEAD_MAY_APPROVE=may):
            (row,) = asked(cast.fen_head, INBOX, first=1)["complaints"]["nodes"]
            assert ("APPROVE" in row["viewerCan"]) is may


def test_a_token_is_limited_by_its_scopes_in_its_plan_too(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    query = "{ complaints(first: 1) { nodes { viewerCan applicant { fullName } } } }"
    (whole,) = asked(cast.secretary, query)["complaints"]["nodes"]
    (limited,) = asked(cast.secretary, query, scopes=["READ"])["complaints"]["nodes"]
    assert whole["viewerCan"]
    assert whole["applicant"]
    assert limited == {"viewerCan": [], "applicant": None}


def test_the_plans_are_bounded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.compiler.plans.KEPT", 10)
    compiled.plans.clear()
    for n in range(30):
        asked(cast.fen_clerk, f"{{ a{n}: complaints(first: 1) {{ totalCount }} }}")
    assert len(compiled.plans) == 10


def test_the_other_wall_stands_under_the_statement(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_complaint("Fen", to=cast.fen)
    compiled.plans.clear()
    monkeypatch.setattr(scope, "visible", lambda rows, *_arguments, **_more: rows)
    monkeypatch.setattr(
        complaint_access, "first_page", lambda rows, order, count, _beyond: rows.order_by(*order)[:count]
    )
    monkeypatch.setattr(complaint_access, "countable", lambda rows: rows)
    try:
        assert subjects(cast.fen_clerk, first=5) == {"Fen"}
        assert subjects(cast.park_clerk, first=5) == set()
    finally:
        compiled.plans.clear()


def test_a_person_whom_a_row_lets_know_is_not_looked_for_among_other_rows(cast: Cast) -> None:
    """The row's own rule says more than that of citizens, which would look through cases, requests and roles again."""
    citizen = make_citizen()
    known = make_complaint(to=cast.fen, applicant=citizen)
    hidden = make_complaint(to=cast.fen, applicant=citizen, identity_hidden=True)
    query = "query Q($id: ID!) { node(id: $id) { ... on Complaint { applicant { id } } } }"
    with scope.session(cast.fen_clerk):
        question = compiled.asked(
            {"query": query, "variables": {"id": encode("Complaint", known.key)}}, scope.current_viewer()
        )
        statement, _parameters = compiled.plans.plan(question)
    assert "contacts_citizen" in statement.text
    assert "partners_role" not in statement.text
    assert "appointments_appointmentrequest" not in statement.text
    shown = [asked(cast.fen_clerk, query, id=encode("Complaint", row.key))["node"] for row in (known, hidden)]
    assert [row["applicant"] is None for row in shown] == [False, True]


def test_the_rule_of_a_case_is_asked_once_and_not_of_what_hangs_on_it(cast: Cast) -> None:
    query = """query Q($id: ID!) { node(id: $id) { ... on Complaint {
      subject lines { verb } comments { body } notices { body } } } }"""
    case = make_complaint(to=cast.fen)
    with scope.session(cast.fen_clerk):
        operation = {"query": query, "variables": {"id": encode("Complaint", case.key)}}
        statement, _parameters = compiled.plans.plan(compiled.asked(operation, scope.current_viewer()))
    assert statement.text.count("collaborators") == 1
    for_them, for_others = (
        asked(user, query, id=encode("Complaint", case.key))["node"]
        for user in (cast.fen_clerk, cast.park_clerk)
    )
    assert for_them["lines"]
    assert for_others is None


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("{ __schema { queryType { name } } }", "introspection"),
        ("{ complaintFigures { open } }", "reads"),
        ("{ complaints(first: 500) { totalCount } }", "refused"),
        ("{ nothing }", "refused"),
        (
            f"{{ complaints(first: 1) {{ nodes {{ {WIDE} duplicateOf {{ {WIDE} duplicateOf {{ {WIDE} }} }} }} }} }}",
            "too_large",
        ),
        ("{ me { username } }", "reads"),
        ('{ citizens(phone: "05550000001") { totalCount } }', "refused"),
        ('{ complaints(first: 1, after: "x") { totalCount } }', "value"),
        ('mutation { complaintRoute(input: {id: "x", to: "y"}) { errors { code } } }', "no_query"),
    ],
)
def test_what_is_not_compiled_says_why(cast: Cast, query: str, reason: str) -> None:
    with scope.session(cast.secretary), pytest.raises(NotCompilableError) as found:
        compiled.read({"query": query}, Timing())
    assert found.value.code == reason


def test_several_rows_of_a_type_are_written_once_and_each_is_its_own(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[type[Model]] = []
    selected = Projection.selected

    def counted(self: Projection, *arguments: Any) -> Any:
        made.append(arguments[0].model)
        return selected(self, *arguments)

    monkeypatch.setattr(Projection, "selected", counted)
    hidden = make_complaint("Gizli", to=cast.relations)
    cases = [*(make_complaint(f"İş {number}", to=cast.fen) for number in range(3)), hidden]
    ids = [encode("Complaint", case.key) for case in cases]
    query = "query($i: [ID!]!) { nodes(ids: $i) { id ... on Complaint { subject viewerCan } } }"
    compiled.plans.clear()
    for order in (ids, ids[::-1]):
        rows = asked(cast.fen_clerk, query, i=[*order, order[0]])["nodes"]
        shown = [row and row["id"] for row in rows]
        assert shown == [None if one == ids[3] else one for one in [*order, order[0]]]
    assert made == [Complaint]
