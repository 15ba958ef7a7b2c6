"""Election periods through GraphQL and the admin: read by everybody, added and corrected by the office."""

from __future__ import annotations

from typing import Any

from backend.core.session import system
from backend.events.models import ElectionPeriod
from tests.cast import Cast, signed_in
from tests.factories import make_event
from tests.schema.client import Asking
from tests.schema.conftest import Doors

LIST = "/admin/events/electionperiod/"
PERIOD = {
    "name": "2028 Cumhurbaşkanı ve milletvekili genel seçimi",
    "beginsOn": "2028-05-04",
    "endsOn": "2028-05-15",
    "source": "YSK seçim takvimi",
}


def _save(who: Asking, **more: Any) -> dict[str, Any]:
    return who.does("electionPeriodSave", "electionPeriod { id code name endsOn }", **{**PERIOD, **more})


def _faults(answer: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(error["code"], error["field"]) for error in answer["errors"]]


def test_a_period_is_added_corrected_and_read_by_everybody(ask: Doors) -> None:
    made = _save(ask.secretary)
    assert made["errors"] == []
    again = _save(ask.secretary, id=made["electionPeriod"]["id"], endsOn="2028-05-16")
    assert again["electionPeriod"] == {**made["electionPeriod"], "endsOn": "2028-05-16"}
    listing = (
        "{ electionPeriods(first: 5, notOver: true) { totalCount nodes { name beginsOn endsOn source } } }"
    )
    read = ask.park_clerk.data(listing)["electionPeriods"]
    assert read == {"totalCount": 1, "nodes": [{**PERIOD, "endsOn": "2028-05-16"}]}


def test_what_is_wrong_is_told_at_its_field(ask: Doors) -> None:
    assert _faults(_save(ask.park_clerk)) == [("FORBIDDEN", None)]
    assert _faults(_save(ask.secretary, name=" ")) == [("REQUIRED", "name")]
    assert _faults(_save(ask.secretary, source="")) == [("REQUIRED", "source")]
    assert _faults(_save(ask.secretary, endsOn="2028-05-01")) == [("INVALID", "endsOn")]
    assert _faults(_save(ask.secretary, endsOn="2029-05-15")) == [("INVALID", "endsOn")]
    for day in ("9999-12-31", "0001-01-01"):
        assert _faults(_save(ask.secretary, beginsOn=day, endsOn=day)) == [("INVALID", "beginsOn")]
    said = {"name": "Seçim", "begins_on": "31.12.9999", "ends_on": "31.12.9999", "source": "YSK 2026/1"}
    page = signed_in(ask.cast.secretary).post(f"{LIST}new/", said)
    assert "1946 ile 2200 yılları arasında bir gün yazınız." in page.content.decode()
    _save(ask.secretary)
    assert _faults(_save(ask.secretary)) == [("DUPLICATE", "name")]
    assert _faults(_save(ask.secretary, name="Aynı günlerde")) == [("DUPLICATE", "name")]
    with system():
        assert ElectionPeriod.objects.count() == 1


def test_the_pages_name_the_openings_that_a_new_period_catches(cast: Cast) -> None:
    opening = make_event(cast.mayors, "Kreş açılışı", kind="OPENING")
    day = f"{opening.starts_at:%d.%m.%Y}"
    said = {"name": "Ara seçim", "begins_on": day, "ends_on": day, "source": "YSK 2026/1"}
    browser = signed_in(cast.secretary)
    page = browser.post(f"{LIST}new/", said, follow=True).content.decode()
    assert "Ara seçim" in page
    assert "Kreş açılışı" in page
    with system():
        row = ElectionPeriod.objects.get()
    assert "Ara seçim" in browser.get(f"{LIST}{row.key}/change/").content.decode()
    browser.post(f"{LIST}{row.key}/change/", said | {"name": "Yenileme seçimi"})
    reader = signed_in(cast.park_clerk)
    assert "Yenileme seçimi" in reader.get(LIST).content.decode()
    assert "Seçim ekle" not in reader.get(LIST).content.decode()
    assert reader.get(f"{LIST}new/").status_code == 403
    assert reader.post(f"{LIST}{row.key}/change/", said).status_code == 403


def test_the_next_election_of_the_same_name_is_another(ask: Doors) -> None:
    name = "Cumhurbaşkanı ve Milletvekili Genel Seçimi"
    days = (("2028-05-04", "2028-05-15"), ("2028-05-16", "2028-05-28"), ("2033-05-04", "2033-05-15"))
    for begins, ends in days:
        assert _save(ask.secretary, name=name, beginsOn=begins, endsOn=ends)["errors"] == []
    with system():
        assert ElectionPeriod.objects.count() == len(days)
