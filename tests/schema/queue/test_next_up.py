"""The queue through GraphQL: the same rows and walls as the home."""

from __future__ import annotations

from tests.backend.stories import say
from tests.cast import Cast
from tests.factories import make_complaint
from tests.schema.conftest import Doors

ASK = """query ($source: QueueSource, $whose: QueueWhose) { nextUp(first: 10, source: $source, whose: $whose) {
  items { id source whose title isUrgent danger dueOn basis beganAt reason verb reference }
  counts { source title all urgent late today mine nobody unit } } }"""


def test_the_queue_is_that_of_the_viewer(cast: Cast, ask: Doors) -> None:
    make_complaint("Kaldırım", to=cast.fen)
    make_complaint("Çöp")
    office = ask.secretary.data(ASK)["nextUp"]
    assert [(item["title"], item["verb"], item["basis"]) for item in office["items"]] == [
        ("Çöp", "ROUTE", "LAW")
    ]
    assert [(count["source"], count["all"]) for count in office["counts"]] == [("ROUTE", 1)]
    clerk = ask.fen_clerk.data(ASK)["nextUp"]
    assert [(item["title"], item["verb"]) for item in clerk["items"]] == [("Kaldırım", "ACCEPT")]
    assert ask.park_clerk.data(ASK)["nextUp"] == {"items": [], "counts": []}


def test_whose_a_row_is_narrows_the_queue(cast: Cast, ask: Doors) -> None:
    free, mine = make_complaint("Boşta", to=cast.fen), make_complaint("Bende", to=cast.fen)
    say(free, "accept", by=cast.fen_clerk)
    say(mine, "accept", by=cast.fen_clerk)
    say(mine, "take_over", by=cast.fen_clerk)
    asked = ask.fen_clerk.data(ASK)["nextUp"]
    assert [(item["title"], item["whose"]) for item in asked["items"]] == [
        ("Bende", "MINE"),
        ("Boşta", "NOBODY"),
    ]
    assert [(c["source"], c["mine"], c["nobody"], c["unit"]) for c in asked["counts"]] == [("REPLY", 1, 1, 0)]
    only = ask.fen_clerk.data(ASK, whose="NOBODY", source="REPLY")["nextUp"]["items"]
    assert [item["title"] for item in only] == ["Boşta"]
    theirs = ask.fen_head.data(ASK, whose="UNIT")["nextUp"]["items"]
    assert [item["title"] for item in theirs] == ["Bende"]


def test_an_unknown_source_is_refused(cast: Cast, ask: Doors) -> None:
    answer = ask.secretary.answer("query { nextUp(source: KNOWN_TO_NOBODY) { items { id } } }")
    assert "KNOWN_TO_NOBODY" in answer["errors"][0]["message"]
