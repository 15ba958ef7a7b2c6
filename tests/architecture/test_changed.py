"""`make changed` and the two tiers: which tests a change concerns, and which part of a sweep a day asks."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import test_screens
from tests.harness import changed, costs, tiers


@pytest.mark.parametrize(
    ("file", "first", "among"),
    [
        (
            "backend/letters/models.py",
            "tests/backend/letters/test_correspondence.py",
            "tests/schema/letters/test_letters.py",
        ),
        (
            "schema/exports/queries.py",
            "tests/schema/exports/test_exports.py",
            "tests/admin_ui/exports/test_exports.py",
        ),
        (
            "permissions/core/grants.py",
            "tests/permissions/core/test_confidential.py",
            "tests/permissions/core/test_grants.py",
        ),
        (
            "tests/backend/core/test_text.py",
            "tests/backend/core/test_text.py",
            "tests/backend/core/test_text.py",
        ),
    ],
)
def test_a_change_concerns_the_tests_of_its_room(file: str, first: str, among: str) -> None:
    found = changed.nearest([file])
    assert found[0] == first
    assert among in found


def test_what_takes_longer_than_a_minute_is_left_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "record", lambda: {"a": 10.0, "b": 55.0, "c": 20.0})
    assert changed.affordable(["a", "b", "c"], seconds=40) == (["a"], ["b", "c"])
    assert changed.affordable(["b"], seconds=40) == (["b"], [])  # one is always run


def test_two_processes_start_only_for_what_takes_longer_than_their_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(costs, "record", lambda: {"a": 12.0, "b": 3.0, "c": 9.0})
    assert changed.processes(["a"]) == changed.processes(["a", "b"]) == ("-n", "0")
    assert changed.processes(["a", "c"])[:2] == ("-n", "2")


def test_another_part_of_a_sweep_takes_as_long() -> None:
    known = {"tests/a.py": 9.0, "tests/a.py-3": 70.0}
    assert costs.expected(known, "tests/a.py-7", tests=15) == 70.0
    assert costs.expected(known, "tests/a.py", tests=15) == 9.0
    assert costs.expected(known, "tests/b.py", tests=10) == 10 * costs.A_TEST


def test_the_parts_of_a_sweep_are_the_whole() -> None:
    asks = list(range(101))
    parts = [tiers.part(asks, shard) for shard in range(tiers.SHARDS)]
    assert sorted(ask for part in parts for ask in part) == asks


def test_each_screen_is_asked_in_both_widths_on_the_days_of_its_half(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tiers, test_screens):
        monkeypatch.setattr(module, "FULL", False)
    screens = range(21)
    asked: dict[int, set[tuple[int, str]]] = {half: set() for half in range(tiers.HALVES)}
    for day in range(tiers.SHARDS):
        monkeypatch.setenv("OZELKALEM_SWEEP", str(day))
        for screen in tiers.sample(screens, test_screens.SAMPLE, is_dear=True):
            asked[day % tiers.HALVES] |= {(screen, view.name) for view in test_screens._views(screen)}
    every_way = {(screen, width) for screen in screens for width in ("narrow", "wide")}
    assert list(asked.values()) == [every_way] * tiers.HALVES


def test_a_dear_test_takes_the_samples_of_its_own_days() -> None:
    """Or it asks one of two parts and never the other, as halves and samples are of the same number."""
    found = [
        f"{file}:{call.lineno}"
        for folder in costs.HALVED
        for file in sorted((changed.ROOT / folder).rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name | ast.Attribute)
        and ast.unparse(call.func).rpartition(".")[2] in {"sample", "rounds"}
        and "is_dear" not in {keyword.arg for keyword in call.keywords}
    ]
    assert not found


def test_what_both_tiers_prove_and_what_samples_by_itself_waits_for_no_day() -> None:
    assert costs.turns()
    assert [file for file in costs.turns() if not costs.is_dealt(file)] == []
    dealt = (
        "tests/journeys/test_cimer.py",
        "tests/admin_ui/core/test_english.py",
        "tests/browser/test_work.py",
    )
    assert not any(map(costs.is_dealt, dealt))
    assert costs.is_dealt("tests/backend/core/test_text.py")


@pytest.mark.parametrize("parts", [2, 4])
def test_every_test_of_a_slow_file_has_its_day(parts: int) -> None:
    turns = {tiers.turn_of(f"tests/a.py::test_{number}", parts) for number in range(100)}
    assert turns == set(range(parts)) == {day % parts for day in range(tiers.SHARDS)}


def test_what_ran_in_parts_is_recorded_as_a_whole() -> None:
    """Else the record would take a file for a quick one, which would run whole again, and so on by turns."""
    here = "tests/backend/core/test_text.py"
    assert costs.turns_now({}, {here: 2.9}) == {here: 2}
    assert costs.turns_now({here: 2}, {here: 2.6}) == {here: 4}
    assert costs.turns_now({here: 4}, {here: 1.3}) == {here: 4}
    assert costs.turns_now({here: 4}, {here: 0.2, "tests/gone.py": 9.0}) == {}


def test_what_waits_has_a_process_of_its_own_and_each_helps_the_others_in_the_end() -> None:
    groups = ["a", "waits:x", "b", "waits:y"]
    assert (tiers.turn(groups, waits=True), tiers.turn(groups, waits=False)) == ("waits:x", "a")
    assert tiers.turn(["waits:x", "waits:y"], waits=False) == "waits:y"
    assert tiers.turn(["a", "b"], waits=True) == "b"


def test_each_test_runs_once_and_what_waits_begins_in_a_process_of_its_own(tmp_path: Path) -> None:
    for name in "abcdef":
        mark = "pytestmark = pytest.mark.waits" if name in "ef" else ""
        test = "@pytest.mark.parametrize('n', range(4))\ndef test_it(n): pass"
        (tmp_path / f"test_{name}.py").write_text(f"import pytest\n{mark}\n{test}\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    waits\n")
    options = [
        "-v",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.harness.tiers",
        "-n",
        "3",
        "--dist",
        "loadgroup",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--no-loadscope-reorder"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(changed.ROOT), "PYTEST_ADDOPTS": "", "OZELKALEM_SWEEP": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    ran = re.findall(r"\[(gw\d)\].* PASSED .*test_(.)\.py::test_it\[(\d)\]", done.stdout)
    assert sorted(one[1:] for one in ran) == [(name, str(n)) for name in "abcdef" for n in range(4)]
    by_file = {name: {where for where, file, _ in ran if file == name} for name in "abcdef"}
    assert all(len(where) == 1 for where in by_file.values())
    assert not by_file["e"] & (by_file["a"] | by_file["b"])  # the first of them; with c and d it may help


def test_growth_is_told_whatever_the_machine() -> None:
    known = dict.fromkeys("abcdef", 10.0) | {"tiny": 0.1}
    now = dict.fromkeys("abcde", 20.0) | {"f": 26.0, "tiny": 0.5}
    title, *grown = costs.grown(known, now)
    assert "2.00 of the time" in title
    assert [line.split()[1].rstrip(",") for line in grown] == ["f"]
