"""Press releases in the API: written and approved by the office, read by everybody once they are public."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core.session import system
from backend.events import actions as events
from backend.journal.models import AccessLog
from backend.news import actions
from backend.news.models import Release
from backend.partners import lists
from schema.core.nodes import global_id
from tests.backend.news.test_news import photographed, picture, published
from tests.cast import Cast, signed_in
from tests.factories import at, make_citizen, make_event, make_organisation, make_release, refetch
from tests.schema.client import Asking, errors_of

ITEM = """query($s: String!) { publicNewsItem(slug: $s) { slug title lead text publishedAt correction
  photo { url } photos { url thumbnailUrl caption alternativeText } event { title place } } }"""
LIST = """query($n: Int, $a: String) { publicNews(first: $n, after: $a) { totalCount
  nodes { slug title photo { thumbnailUrl } } pageInfo { hasNextPage endCursor } } }"""
OFFICE = "{ pressReleases(first: 9) { nodes { id title status viewerCan photos { caption url } lines { verb } } } }"


def test_the_office_writes_and_its_head_publishes(cast: Cast) -> None:
    office, head, clerk = Asking(cast.secretary), Asking(cast.office_head), Asking(cast.fen_clerk)
    made = office.does("pressReleaseDraft", "pressRelease { id status }", title="Park açıldı", lead="Kısa")
    assert made["errors"] == []
    key = made["pressRelease"]["id"]
    edited = office.does("pressReleaseEdit", "pressRelease { text viewerCan }", id=key, text="Uzun")
    assert edited["pressRelease"] == {"text": "Uzun", "viewerCan": ["EDIT", "ATTACH", "SEND_TEST"]}
    refused = office.does("pressReleasePublish", "pressRelease { status }", id=key)
    assert [one["code"] for one in refused["errors"]] == ["FORBIDDEN"]
    assert Asking().data(LIST)["publicNews"]["totalCount"] == 0
    done = head.does("pressReleasePublish", "pressRelease { status slug }", id=key)
    assert done["errors"] == [] and done["pressRelease"]["status"] == "APPROVED"  # noqa: PT018
    assert Asking().data(ITEM, s=done["pressRelease"]["slug"])["publicNewsItem"]["text"] == "Uzun"
    assert clerk.data(OFFICE)["pressReleases"]["nodes"] == []
    denied = clerk.does("pressReleaseDraft", "pressRelease { id }", title="Benim")
    assert [one["code"] for one in denied["errors"]] == ["FORBIDDEN"]
    assert errors_of(Asking().answer(OFFICE)) == ["UNAUTHENTICATED"]


def test_everybody_reads_what_is_published_and_nothing_else(cast: Cast) -> None:
    event = make_event(cast.mayors, "Açılış", starts_at=at(dt.date(2027, 5, 4), "10:00"))
    row, photo = photographed()
    with system():
        actions.edit(refetch(row), by=None, event=event)
    row = published(row)
    waiting = published(publish_at=timezone.now() + dt.timedelta(hours=1))
    draft = make_release("Taslak")
    shown = Asking().data(ITEM, s=row.slug)["publicNewsItem"]
    address = f"/files/news/{photo.key}/"
    assert shown["photos"] == [
        {
            "url": address,
            "thumbnailUrl": f"{address}thumbnail/",
            "caption": "Açılış töreni",
            "alternativeText": "Kurdele kesiliyor",
        }
    ]
    assert shown["event"] is None  # the event is in no public calendar
    for hidden in (waiting.slug, draft.slug or "taslak", "", "ş" * 3000):
        assert Asking().data(ITEM, s=hidden) == {"publicNewsItem": None}
    with system():
        events.announce(refetch(event), by=None)
        events.publish(refetch(event), by=None)
    assert Asking().data(ITEM, s=row.slug)["publicNewsItem"]["event"]["title"] == "Açılış"


def test_news_are_read_page_by_page_the_latest_first(cast: Cast) -> None:
    rows = [published(make_release(f"Haber {n}")) for n in range(5)]
    now = timezone.now()
    with system():
        for number, row in enumerate(rows):
            Release.objects.filter(pk=row.pk).update(published_at=now - dt.timedelta(hours=number))
    titles: list[str] = []
    after: Any = None
    for _page in range(3):
        page = Asking().data(LIST, n=2, a=after)["publicNews"]
        titles += [one["title"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert titles == [f"Haber {n}" for n in range(5)]
    assert not page["pageInfo"]["hasNextPage"]


def test_a_picture_answers_everybody_while_its_news_is_published(cast: Cast) -> None:
    row, photo = photographed()
    whole, small = f"/files/news/{photo.key}/", f"/files/news/{photo.key}/thumbnail/"
    assert [Client().get(one).status_code for one in (whole, small)] == [404, 404]
    row = published(row)
    answer = Client().get(whole)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[attr-defined]
    assert Client().get(small)["Content-Type"] == "image/jpeg"
    assert "max-age=300" in answer["Cache-Control"]
    assert Client().post(whole).status_code == 404
    with system():
        actions.withdraw(refetch(row), by=None, reason="Yanlış")
    assert [Client().get(one).status_code for one in (whole, small)] == [404, 404]


def test_a_photograph_is_brought_over_http(cast: Cast) -> None:
    make_release()
    key = Asking(cast.secretary).data(OFFICE)["pressReleases"]["nodes"][0]["id"]
    answer = signed_in(cast.secretary).post(f"/files/press-releases/{key}/", {"file": picture()})
    assert answer.status_code == 201, answer.content
    assert len(Asking(cast.secretary).data(OFFICE)["pressReleases"]["nodes"][0]["photos"]) == 1
    refused = signed_in(cast.fen_clerk).post(f"/files/press-releases/{key}/", {"file": picture()})
    assert refused.status_code == 404


@pytest.mark.usefixtures("held_messages")
def test_a_release_is_planned_sent_and_taken_back(cast: Cast) -> None:
    make_organisation("Sancaktepe Postası", kind="PRESS", email="haber@posta.example")
    make_organisation("Adressiz Radyo", kind="PRESS")
    with system():
        press = lists.make(by=cast.secretary, title="Yerel basın", kinds=["PRESS"])
    row, office = published(), Asking(cast.secretary)
    ids = {"id": global_id(row), "l": global_id(press)}
    query = """query($id: ID!, $l: ID!) { pressReleaseMailPlan(id: $id, contactList: $l) {
      byMail notReached withoutAddress samples { to address subject body } } }"""
    plan = office.data(query, **ids)["pressReleaseMailPlan"]
    assert (plan["byMail"], plan["notReached"], plan["withoutAddress"]) == (1, 1, ["Adressiz Radyo"])
    assert plan["samples"][0]["subject"] == f"Basın bülteni: {row.title}"
    assert Asking(cast.mayor).data(query, **ids) == {"pressReleaseMailPlan": None}
    assert Asking(cast.fen_clerk).data(query, **ids) == {"pressReleaseMailPlan": None}
    given = {"id": ids["id"], "contactList": ids["l"]}
    denied = Asking(cast.mayor).does("pressReleaseSend", "pressRelease { id }", **given)
    assert [one["code"] for one in denied["errors"]] == ["FORBIDDEN"]
    sent = office.does("pressReleaseSend", "pressRelease { viewerCan lines { verb } }", **given)
    assert sent["errors"] == []
    assert "RECALL" in sent["pressRelease"]["viewerCan"]
    again = office.does("pressReleaseSend", "pressRelease { id }", **given)
    assert [(one["code"], one["field"]) for one in again["errors"]] == [("INVALID", "contactList")]
    query = "query($id: ID!) { pressReleaseMailings(id: $id) { count newest { address state isCurrent } } }"
    writer = make_citizen(email="haber@posta.example")
    went = office.data(query, id=ids["id"])["pressReleaseMailings"]
    with system():
        assert AccessLog.objects.latest("id").subject_ids == [writer.pk]  # whose address was shown
    assert went["count"] == 1
    assert went["newest"] == [
        {"address": "haber@posta.example", "state": "Gönderilmeyi bekliyor", "isCurrent": True}
    ]
    for other in (cast.mayor, cast.fen_clerk):
        assert Asking(other).data(query, id=ids["id"]) == {"pressReleaseMailings": None}
    back = office.does("pressReleaseRecall", "pressRelease { viewerCan }", id=ids["id"])
    assert "RECALL" not in back["pressRelease"]["viewerCan"]
