"""The trial on real records, on rows of the same shape and with the same faults: read whole, counted, never doubled."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from backend.complaints.choices import RoutingRole, Status
from backend.complaints.models import Complaint, Routing
from backend.core.session import system
from benchmarks.trial import __main__ as trial
from benchmarks.trial.loading import load
from benchmarks.trial.profile import KINDS, SOURCE, Tally, records
from tests.cast import Cast
from tests.factories import make_category

ROWS = 2000


def invented(count: int = ROWS) -> list[dict[str, str]]:
    """Rows with the columns, the skew and the faults of the file."""
    random = Random(7)
    kinds = [*KINDS, "Finance", "Immigration", "", "Select One"]
    rows = []
    for number in range(count):
        opened = dt.date(2015, 1, 1) + dt.timedelta(days=random.randrange(3500))
        closed = opened + dt.timedelta(days=random.choice([0, 0, 1, 3, 30, 400]))
        rows.append(
            {
                "unique_key": f"NYCC{number:06}",
                "account": "NYCC34",
                "opendate": opened.isoformat(),
                "closedate": "" if number % 25 == 3 else closed.isoformat(),
                "complaint_type": kinds[int(len(kinds) * random.random() ** 2)],
                "descriptor": random.choice(["Heat/Hot Water", "Noise", "", 'Çöp 🙂; "tırnaklı"']),
                "zip": random.choice(["11385", "", "0"]),
                "borough": "Brooklyn",
                "city": random.choice(["Ridgewood", ""]),
                "council_dist": "NYCC34",
                "community_board": "05 Brooklyn",
            }
        )
    rows[10] = rows[9]
    rows[11] |= {"unique_key": " "}
    rows[12] |= {"opendate": "2925-01-01"}
    rows[13] |= {"opendate": "n/a"}
    rows[14] |= {"opendate": "2020-05-02", "closedate": "2020-05-01"}
    return rows


def test_what_is_wrong_in_the_file_is_mended_or_left_out_and_counted() -> None:
    tally = Tally()
    found = list(records(invented(100), tally))
    assert tally.refused == {"key repeated": 1, "no key": 1, "no day of receipt, or none that can be": 2}
    assert (tally.read, tally.ready, len(found)) == (100, 96, 96)
    (mended,) = [row for row in found if row[0] == "NYCC000014"]
    assert (mended[1], mended[5], mended[6]) == ("2020-05-02", "Kapatıldı", "2020-05-02")
    assert tally.noted["end before its beginning: ended on the day of receipt"] == 1
    assert tally.noted["no end: open"] == 4


@pytest.mark.parametrize("count", [200, pytest.param(ROWS, marks=pytest.mark.full)])
def test_the_whole_is_read_with_its_history_and_nothing_comes_twice(cast: Cast, count: int) -> None:
    make_category("gurultu", "Gürültü")
    make_category("cop-toplama", "Çöp toplama")
    rows = invented(count)
    half = load(rows[: count // 2], piece=70)
    whole = load(rows, piece=70)
    assert half.outcomes["ADDED"] + whole.outcomes["ADDED"] == whole.tally.ready == count - 4
    assert whole.outcomes["ALREADY_THERE"] == half.outcomes["ADDED"], "what was interrupted goes on"
    assert not whole.reasons
    assert load(rows).outcomes["ADDED"] == 0
    with system():
        cases = Complaint.objects.filter(source=SOURCE)
        assert cases.count() == count - 4
        assert cases.open().count() == whole.tally.noted["no end: open"]
        assert set(cases.closed().values_list("status", flat=True)) == {Status.CLOSED}
        ended = cases.closed().filter(category__code="cop-toplama")
        assert set(ended.values_list("responsible_department", flat=True)) == {cast.cleaning.pk}
        assert not cases.open().filter(responsible_department__isnull=False).exists()
        held = Routing.objects.filter(complaint__in=ended, role=RoutingRole.RESPONSIBLE)
        assert held.count() == ended.count() > 0
        assert all(one.closed_at >= one.registered_at for one in cases.closed())


def test_without_the_file_the_trial_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["trial", "yok.csv.xz"])
    assert trial.main() == 1
    assert "is not here" in capsys.readouterr().err
