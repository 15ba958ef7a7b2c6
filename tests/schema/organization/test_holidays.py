"""Corrections of public holidays (2429) as a program of Bilgi İşlem or of the office makes them."""

from __future__ import annotations

from tests.schema.complaints.test_cases import at, register

CORRECTION = "correction { id version day kind name source yearly validTo } recomputed references"
GIVEN = {
    "day": "2027-03-16",
    "kind": "HOLIDAY",
    "name": "Deneme Bayramı",
    "source": "R.G. 29.10.2016, 29872",
}


def test_a_correction_is_looked_at_first_and_moves_the_open_cases(ask):
    with at("2027-03-01"):
        made = register(ask.secretary, kind="INFORMATION_REQUEST", channel="WEB")
    with at("2027-03-04"):
        asking = ask.office_head
        looked = asking.does("holidayCorrect", CORRECTION, dryRun=True, **GIVEN)
        assert looked["errors"] == []
        assert looked["correction"] is None
        assert looked["references"] == [made["reference"]]
        done = asking.does("holidayCorrect", CORRECTION, **GIVEN)
        assert done["errors"] == []
        assert done["recomputed"] == 1
        assert done["correction"] | {"id": ""} == GIVEN | {
            "id": "",
            "version": 1,
            "yearly": False,
            "validTo": None,
        }
        again = asking.does("holidayCorrect", CORRECTION, **GIVEN)
        assert [(one["code"], one["field"]) for one in again["errors"]] == [("DUPLICATE", "day")]
    query = "query($r: String!) { complaint(reference: $r) { legalDueOn deadlineInputs } }"
    found = ask.secretary.data(query, r=made["reference"])["complaint"]
    assert found["legalDueOn"] == "2027-03-26"
    assert found["deadlineInputs"]["calendar_version"] == 1
    listed = ask.outsider.data("{ holidayCorrections { nodes { version day name } } }")["holidayCorrections"]
    assert listed["nodes"] == [{"version": 1, "day": "2027-03-16", "name": "Deneme Bayramı"}]


def test_only_bilgi_islem_and_the_head_of_the_office_correct_and_a_source_is_asked_for(ask):
    for who in ("fen_head", "outsider", "secretary"):
        refused = getattr(ask, who).does("holidayCorrect", CORRECTION, **GIVEN)
        assert [one["code"] for one in refused["errors"]] == ["FORBIDDEN"]
    without = ask.administrator.does("holidayCorrect", CORRECTION, **(GIVEN | {"source": " "}))
    assert [(one["code"], one["field"]) for one in without["errors"]] == [("REQUIRED", "source")]
    confirmed = ask.administrator.does(
        "holidaysConfirm", CORRECTION, year=2034, source="Diyanet İşleri Başkanlığı (örnek)"
    )
    assert confirmed["errors"] == []
    assert confirmed["correction"]["version"] >= 9
    assert "tahmini" not in confirmed["correction"]["name"]
