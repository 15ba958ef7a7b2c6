"""The number of SQL statements of an operation does not depend on the number of rows: 2 rows = 20 rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.core.session import system
from schema.core.nodes import global_id
from tests.factories import make_category, make_complaint, make_neighbourhood
from tests.schema.client import Asking

PERSON = "{ fullName phone email address neighbourhood { name } nationalIdMasked merged { fullName }"
PERSON += " openComplaints { reference category { name } } }"
DEPARTMENT = (
    "{ name kind head { fullName } actingHead { fullName } deputyMayor { fullName } successor { name } "
    "sections { name } }"
)
CASE = f"""{{
  id reference subject status outcome waitingFor notExaminableReason targetOn deadlineInputs viewerCan tags
  category {{ name parent {{ name }} body {{ name liaison {{ name }} }}
    candidates {{ position department {{ name }} }} }}
  neighbourhood {{ name }} responsibleDepartment {DEPARTMENT} registeredBy {{ fullName }}
  applicant {PERSON} onBehalfOf {PERSON} duplicateOf {{ reference subject }} duplicates {{ reference }}
  extension {{ reason grantedBy {{ fullName }} }}
  lines(first: 3) {{ verb fromStatus toStatus note actor {{ fullName }} department {{ name }}
    changedDates changedFields }}
  routings {{ role end department {{ name }} routedBy {{ fullName }} acceptedBy {{ fullName }} }}
  comments {{ body author {{ fullName }} }}
  notices {{ kind status means proof
    draftedBy {{ fullName }} approvedBy {{ fullName }} notifiedBy {{ fullName }} }}
  attachments {{ name url uploadedBy {{ fullName }} }}
  forwardings {{ body {{ name }} notice {{ body }} forwardedBy {{ fullName }} }}
  feeNotices {{ amount }}
}}"""
QUERIES = {
    "everything": "{ complaints(first: 20) { totalCount pageInfo { endCursor } edges { cursor node "
    + CASE
    + " } } }",
    "inbox": """{ complaints(first: 50) { totalCount nodes { reference subject targetOn
      category { name } neighbourhood { name } responsibleDepartment { shortName } applicant { fullName }
      lines(first: 3) { verb at actor { fullName } } } } }""",
    "viewerCan": "{ complaints { nodes { viewerCan } } }",
    "figures": "{ complaintFigures { open late solvedShare } }",
    "grants": "{ departmentGrants { nodes { user { fullName } department { name } permission givenBy "
    "{ fullName } } } }",
    "journal": "{ journal { nodes { verb actor { fullName } } } readLog { nodes { reader { fullName "
    "} count } } }",
}


@pytest.fixture(autouse=True)
def interpreted(settings):
    """The compiled path has one statement whatever is asked; these are about the other."""
    settings.GRAPHQL_COMPILED_READS = False


def statements(asking: Asking, query: str) -> int:
    asking.data(query)
    with CaptureQueriesContext(connection) as captured:
        asking.data(query)
    return len(captured)


def make(cast, count: int) -> None:
    category, mahalle = make_category(), make_neighbourhood()
    for _ in range(count):
        complaint = make_complaint(
            to=cast.fen,
            accepted_by=cast.fen_clerk,
            collaborators=(cast.park,),
            by=cast.secretary,
            category=category,
            neighbourhood=mahalle,
            tags=["a"],
        )
        with system():
            actions.comment(complaint, by=cast.fen_clerk, body="not")
            actions.draft(complaint, by=cast.fen_clerk, body="cevap")


@pytest.mark.parametrize("who", ["secretary", "fen_clerk", "park_clerk", "mayor", "office_head"])
def test_twenty_rows_take_as_many_statements_as_two(cast, who):
    asking = Asking(getattr(cast, who))
    make(cast, 2)
    few = {name: statements(asking, query) for name, query in QUERIES.items()}
    make(cast, 18)
    assert {name: statements(asking, query) for name, query in QUERIES.items()} == few
    assert max(few.values()) < 60


def test_nodes_takes_as_many_statements_for_twenty_ids_as_for_two(cast):
    make(cast, 20)
    asking = Asking(cast.secretary)
    with system():
        ids = [global_id(row) for row in Complaint.objects.all()]
    query = (
        "query($i: [ID!]!) { nodes(ids: $i) { id ... on Complaint { lines { verb } applicant { fullName "
        "} } } }"
    )

    def count(some: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            asking.data(query, i=some)
        return len(captured)

    count(ids[:2])
    assert count(ids) == count(ids[:2])


def test_the_inbox_of_a_clerk_is_this_many_statements(cast):
    """What the benchmark measures: a page of 50 with category, mahalle, department, citizen and events."""
    make(cast, 5)
    asking = Asking(cast.fen_clerk)
    with CaptureQueriesContext(connection) as captured:
        asking.data(QUERIES["inbox"])
    own = [query["sql"] for query in captured if "complaints_" in query["sql"] or "contacts_" in query["sql"]]
    assert len(own) == 4  # the page, the citizens, the events, the total
