"""Meetings and visits by GraphQL: opened, prepared, minuted; a decision made an instruction in one press."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_engagement, make_organisation, make_role
from tests.schema.client import Asking

LIST = """query List($filter: EngagementFilter, $search: String) {
  engagements(filter: $filter, search: $search) { totalCount nodes {
    title organisation { name } attendees { name role { title } user { fullName } }
    agenda { title } decisions { text instruction { reference } } viewerCan } } }"""
BACK = "instruction { decision { text engagement { title } } }"


def titles(answer: dict) -> list[str]:
    return [row["title"] for row in answer["engagements"]["nodes"]]


def test_a_meeting_is_opened_prepared_and_minuted(cast: Cast) -> None:
    asking = Asking(cast.secretary)
    where = make_organisation("Çekmeköy Belediyesi", "MUNICIPALITY")
    role = make_role(where, kind="CONTACT")
    start = timezone.now() - dt.timedelta(hours=3)
    made = asking.does(
        "engagementOpen",
        "engagement { id reference viewerCan agenda { title } }",
        principal=global_id(cast.mayors),
        kind="VISIT_OUT",
        title="Ortak dere ıslahı",
        startsAt=start.isoformat(),
        endsAt=(start + dt.timedelta(hours=1)).isoformat(),
        organisation=global_id(where),
        agenda=["Proje", "Takvim"],
        vehicle="Makam aracı",
    )
    assert made["errors"] == []
    id = made["engagement"]["id"]
    assert [one["title"] for one in made["engagement"]["agenda"]] == ["Proje", "Takvim"]
    asking.does("engagementInvite", id=id, role=global_id(role))
    asking.does("engagementInvite", id=id, user=global_id(cast.fen_head))
    asking.does("engagementRecordMinutes", id=id, minutes="Anlaşıldı.")
    decided = asking.does(
        "engagementDecide", "engagement { decisions { id } }", id=id, text="Protokol hazırlansın."
    )
    (decision,) = decided["engagement"]["decisions"]
    done = asking.does(
        "engagementInstruct",
        f"engagement {{ status decisions {{ {BACK} }} }}",
        id=id,
        decision=decision["id"],
        department=global_id(cast.fen),
    )
    assert done["errors"] == []
    (shown,) = done["engagement"]["decisions"]
    assert shown["instruction"]["decision"]["engagement"]["title"] == "Ortak dere ıslahı"
    again = asking.does("engagementInstruct", id=id, decision=decision["id"], department=global_id(cast.fen))
    assert [e["code"] for e in again["errors"]] == ["WRONG_STATE"]
    (seen,) = Asking(cast.fen_head).data(LIST)["engagements"]["nodes"]
    assert seen["organisation"] is None, "who takes part sees no partner by that"
    assert [one["user"] and one["user"]["fullName"] for one in seen["attendees"]] == ["Selma Aydın"]


def test_lists_are_filtered_and_hidden_ones_are_not_there(cast: Cast) -> None:
    where = make_organisation("İlçe Sağlık", "INSTITUTION")
    make_engagement(cast.mayors, "Işık projesi", organisation=where, department=cast.park)
    make_engagement(cast.mayors, "Başka görüşme", kind="VISIT_IN")
    asking = Asking(cast.secretary)
    assert titles(asking.data(LIST, search="isik")) == ["Işık projesi"]
    assert titles(asking.data(LIST, filter={"organisation": global_id(where)})) == ["Işık projesi"]
    assert titles(asking.data(LIST, filter={"kind": ["VISIT_IN"]})) == ["Başka görüşme"]
    assert len(titles(asking.data(LIST, filter={"condition": ["COMING"]}))) == 2
    assert titles(Asking(cast.park_clerk).data(LIST)) == ["Işık projesi"]
    assert titles(Asking(cast.fen_clerk).data(LIST)) == []


def test_a_department_that_prepares_it_writes_minutes_and_cancels_nothing(cast: Cast) -> None:
    past = timezone.now() - dt.timedelta(days=1)
    row = make_engagement(cast.mayors, starts_at=past, department=cast.park)
    asking = Asking(cast.park_clerk)
    assert asking.does("engagementRecordMinutes", id=global_id(row), minutes="Görüşüldü.")["errors"] == []
    answer = asking.does("engagementCancel", id=global_id(row), reason="x")
    assert [e["code"] for e in answer["errors"]] == ["FORBIDDEN"]
    hidden = Asking(cast.fen_clerk).does("engagementRecordMinutes", id=global_id(row), minutes="x")
    assert [e["code"] for e in hidden["errors"]] == ["NOT_FOUND"]
