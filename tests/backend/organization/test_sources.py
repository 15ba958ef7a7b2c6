"""Where the shipped reference data comes from, and what nobody has compared with its source (DOĞRULANMADI)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from backend.core.models import Sourced
from backend.core.session import system
from backend.organization import reference
from backend.organization.models import FilePlanCode
from tests.cast import Cast, signed_in

FILES = [sheet.file for sheet in reference.sheets() if issubclass(sheet.model, Sourced)]


def _rows(file: str) -> list[dict[str, str]]:
    with Path(reference.DEFAULT_DIRECTORY / file).open(newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize("file", FILES)
def test_every_row_says_where_it_comes_from(file: str) -> None:
    assert all(row["source"] for row in _rows(file))


def test_no_decision_of_the_municipality_is_invented() -> None:
    """An olur with a date is a fact; the product knows of none."""
    for file in FILES:
        assert not [
            row["code"] for row in _rows(file) if "tarihli" in row["source"] and "olur" in row["source"]
        ]


def test_verified_codes_name_the_plan_and_020_is_none() -> None:
    """020 is the name of a file and no code of letters, says the plan itself."""
    codes = {row["code"]: row for row in _rows("file_plan_codes.csv")}
    assert not {"020", "051.01", "702.03", "752", "754", "799"} & set(codes)
    verified = [row for row in codes.values() if row["checked_on"]]
    assert verified
    assert all("2005/7" in row["source"] for row in verified)
    assert codes["040.05"]["name"] == "Yıllık Faaliyet Raporları"


def test_bilgi_islem_sees_what_is_not_verified(cast: Cast) -> None:
    with system():
        reference.load()
        assert FilePlanCode.objects.filter(checked_on=None).exists()
    page = signed_in(cast.administrator).get("/admin/reference/").content.decode()
    assert "DOĞRULANMADI" in page
    assert "622.01 Bilgi Edinme Başvuruları" in page
    assert "041.02 Bilgi Notları" not in page
    assert signed_in(cast.park_clerk).get("/admin/reference/").status_code == 404
