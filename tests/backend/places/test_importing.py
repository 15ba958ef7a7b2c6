"""Bringing addresses and outlines in: a dry run says what would change, refused rows have their reason, nothing comes
twice."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.documents.importing import runs as import_runs
from backend.places.importing import jobs, runs
from backend.places.models import Boundary, Door, RegisterImport, Street
from tests.cast import Cast
from tests.factories import make_neighbourhood, refetch

HEAD = "MAHALLE_ADI;CSBM_KODU;CSBM_ADI;CSBM_TURU;DIS_KAPI_NO;BINA_KODU;ENLEM;BOYLAM;WKT"
ROWS = (
    "MERVE MAHALLESİ;101;AYDIN;SOKAK;12;9001;41,0201;29,2511;",
    "Merve;101;AYDIN;SOKAK;12/A;9002;41.0202;29.2512;",
    "Merve;102;IŞIK;CADDE;;;;;LINESTRING (29.25 41.02, 29.26 41.02)",
    "Yok Mahallesi;103;Gül;SOKAK;1;;41.02;29.25;",
    "Merve;101;Aydın;SOKAK;12 a;;41.02;29.25;",
    "Merve;101;Gül;SOKAK;1;;41.02;29.25;",
    "Merve;104;Gül;SOKAK;1;;29.25;41.02;",
    "Merve;104;Gül;SOKAK;2;;4541234,1;441234,2;",
    "Merve;104;Gül;SOKAK;3;;;;",
    "Merve;105;;SOKAK;3;;41.02;29.25;",
    ";;;;;;;;",
)
RING = [[29.25, 41.015], [29.26, 41.015], [29.26, 41.025], [29.25, 41.025], [29.25, 41.015]]


def brought(cast: Cast, content: str, kind: str = "ADDRESSES", *, for_good: bool = False) -> RegisterImport:
    """Bring a file, and do what the worker does."""
    with system():
        row = runs.bring(
            io.BytesIO(content.encode()), name="adres.csv", kind=kind, source="MAKS", by=cast.administrator
        )
    jobs.import_register(str(row.key), row.run)
    row = refetch(row)
    if for_good:
        with system():
            row = runs.start(row, for_good=True, by=cast.administrator)
        jobs.import_register(str(row.key), row.run)
        row = refetch(row)
    return row


def table(*rows: str) -> str:
    return "\n".join((HEAD, *rows))


def outlines(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def outline(name: object, coordinates: Any, kind: str = "Polygon") -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"Mahalle_Adi": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


@pytest.fixture(autouse=True)
def _merve(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runs, "TELL_SECONDS", 3600.0)  # it looks on a connection of its own
    make_neighbourhood("merve", "Merve")
    make_neighbourhood("safa", "Safa")


def test_a_dry_run_says_what_would_change_and_writes_nothing(cast: Cast) -> None:
    row = brought(cast, table(*ROWS))
    assert (row.status, row.is_written, bool(row.file)) == ("DONE", False, True)
    assert row.counts == {
        "streets": {"new": 2, "changed": 0, "same": 0},
        "doors": {"new": 2, "changed": 0, "same": 0},
    }
    assert [number for number, _reason in row.remarks] == [5, 6, 7, 8, 9, 10, 11]
    assert row.refused == sum(count for _reason, count in row.reasons) == 7
    assert not Street.objects.exists()


def test_for_good_it_is_written_once(cast: Cast) -> None:
    row = brought(cast, table(*ROWS), for_good=True)
    assert (row.status, row.is_written, bool(row.file)) == ("DONE", True, False)
    street = Street.objects.get(code="101")
    assert (street.name, street.kind, street.name_key, street.source) == (
        "Aydın Sokak",
        "STREET",
        "aydin",
        "MAKS",
    )
    assert {door.number for door in street.doors.all()} == {"12", "12/A"}
    assert street.latitude, "without a line its doors say where it is"
    assert Street.objects.get(code="102").line == [[29.25, 41.02], [29.26, 41.02]]
    assert ProcrastinateJob.objects.filter(task_name="complaints.locate_again", status="todo").count() == 1
    again = brought(cast, table(*ROWS))
    assert again.changed == 0
    moved = ROWS[0].replace("29,2511", "29,2599").replace("9001", "9003")
    assert (
        brought(cast, table(moved, ROWS[1].replace("12/A", "14")), for_good=True).counts["doors"]["changed"]
        == 1
    )
    assert Door.objects.get(number="12").longitude == 29.2599
    assert not Door.objects.filter(number="14").exists(), "its code is another door's"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", ErrorCode.INVALID),
        ("Ad;Soyad\nA;B", ErrorCode.INVALID),
        ("Sokak;Kapı No\nGül;1", ErrorCode.INVALID),
        ("\0\1\2", ErrorCode.UNSUPPORTED),
    ],
)
def test_what_is_no_table_of_addresses_fails_with_a_sentence(
    cast: Cast, content: str, code: ErrorCode
) -> None:
    row = brought(cast, content)
    assert (row.status, row.is_written) == ("FAILED", False)
    assert len(row.fault) > 20, code


def test_a_run_that_is_stopped_writes_nothing_and_a_second_click_starts_no_second(cast: Cast) -> None:
    with system():
        by = cast.administrator
        row = runs.bring(io.BytesIO(table(*ROWS).encode()), name="a", kind="ADDRESSES", source="MAKS", by=by)
        same = runs.bring(io.BytesIO(table(*ROWS).encode()), name="a", kind="ADDRESSES", source="MAKS", by=by)
        assert same.pk == row.pk
        with pytest.raises(DomainError) as caught:
            runs.start(same, for_good=True, by=by)
        assert caught.value.code == ErrorCode.WRONG_STATE
        runs.stop(same, by=by)
    jobs.import_register(str(row.key), row.run)
    assert refetch(row).status == "STOPPED"
    assert not Street.objects.exists()


def test_outlines_are_taken_whole_or_refused_with_a_reason(cast: Cast) -> None:
    good = outline("Merve Mahallesi", [RING])
    bad: list[Any] = [
        outline("Merve", [RING]),
        outline("Safa", [RING[:-1]]),
        outline("Safa", [[[x + 30, y] for x, y in RING]]),
        outline("Safa", [[[True, None]] * 5]),
        outline("Safa", RING),
        outline("Safa", [[RING[0]] * 5]),
        outline("Safa", None, "GeometryCollection"),
        outline("Yok", [RING]),
        outline(None, [RING]),
        {"type": "Feature"},
        None,
        7,
    ]
    row = brought(cast, outlines(good, *bad), "BOUNDARIES")
    assert (row.status, row.counts["boundaries"]["new"], row.refused) == ("DONE", 1, len(bad))
    assert not Boundary.objects.exists()
    brought(cast, outlines(good, outline("safa", [[RING]], "MultiPolygon")), "BOUNDARIES", for_good=True)
    kept = Boundary.objects.get(neighbourhood__code="merve")
    assert (kept.rings, kept.west, kept.north) == ([[RING]], 29.25, 41.025)
    assert Boundary.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        "[" * 200_000,
        "{}",
        "[]",
        "null",
        '{"type": "FeatureCollection", "features": []}',
        '{"type": "FeatureCollection", "features": [NaN]}',
        '{"type": "FeatureCollection", "features": "x"}',
        "enlem;boylam",
    ],
)
def test_hostile_files_fail_with_a_sentence(cast: Cast, content: str) -> None:
    row = brought(cast, content, "BOUNDARIES")
    assert row.status == "FAILED"
    assert "GeoJSON" in row.fault or "FeatureCollection" in row.fault


@pytest.mark.full
def test_a_hundred_thousand_doors(cast: Cast) -> None:
    rows = (
        f"Merve;{street};Sokak {street};SOKAK;{number};;41.02{street % 90:02d};29.25{number:03d};"
        for street in range(1000)
        for number in range(1, 101)
    )
    row = brought(cast, table(*rows), for_good=True)
    assert row.counts["doors"]["new"] == Door.objects.count() == 100_000
    assert row.refused == 0
