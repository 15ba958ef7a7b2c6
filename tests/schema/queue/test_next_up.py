"""The queue through GraphQL: the same rows and walls as the home."""

from __future__ import annotations

from tests.cast import Cast
from tests.factories import make_complaint
from tests.schema.conftest import Doors

ASK = """query ($source: String) { nextUp(first: 10, source: $source) {
  items { id source title isUrgent danger dueOn basis beganAt reason verb reference }
  counts { source title all urgent late today } } }"""


def test_the_queue_is_that_of_the_viewer(cast: Cast, ask: Doors) -> None:
    make_complaint("Kaldırım", to=cast.fen)
    make_complaint("Çöp")
    office = ask.secretary.data(ASK)["nextUp"]
    assert [(item["title"], item["verb"], item["basis"]) for item in office["items"]] == [
        ("Çöp", "ROUTE", "LAW")
    ]
    assert [(count["source"], count["all"]) for count in office["counts"]] == [("route", 1)]
    clerk = ask.fen_clerk.data(ASK)["nextUp"]
    assert [(item["title"], item["verb"]) for item in clerk["items"]] == [("Kaldırım", "ACCEPT")]
    assert ask.park_clerk.data(ASK)["nextUp"] == {"items": [], "counts": []}
