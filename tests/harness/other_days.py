"""Run what depends on the date under other dates: `python -m tests.harness.other_days [DATE or DATETIME...]`.

libfaketime (Debian's `faketime`) moves the clock of Python and of PostgreSQL alike, to 10:00 in Istanbul unless a time
is given (`2027-01-14T00:10`). Without dates: in sixty days, at the end of this year, on the next 29 February and at the
end of its year. Options of pytest, or other files, follow after `--`.

Two days run beside each other, each in one process with a server of its own: two processes for each would start, and
collect, twice as often.

A test whose words lead to a clock runs on each of the dates, to the suite's day alone on two, another one of the same
files on one, which the day's number chooses (`asking.py`).
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from xml.etree import ElementTree

from backend import postgres
from backend.core.localtime import ISTANBUL
from tests.harness import asking, memory

ROOT = Path(__file__).resolve().parents[2]
LANES = 2
# Servers of their own: the tests' may run by the real clock. The dates of a lane share one with its template, which is
# copied from the tests' server: nothing in the migrations depends on the day.
TESTS = memory.folder("postgres")
DATA = [memory.folder(f"other-days-{lane}") for lane in range(LANES)]
MARK = "tests.days"  # who imports the suite's day depends on the date
ALSO = (
    "tests/journeys",
    "tests/backend/calendars/test_calendar.py",
    "tests/backend/complaints/test_complaint_clock.py",
    "tests/backend/complaints/test_deadlines.py",
    "tests/backend/demo/test_demo_data.py",
    "tests/backend/demo/test_demo_loading.py",
    "tests/backend/complaints/test_escalation.py",
    "tests/backend/greetings/test_greeting_suggestions.py",
    "tests/backend/instructions/test_instructions.py",
    "tests/schema/complaints/test_cases.py",
)
# What they would show of dates the others show sooner.
WITHOUT = (
    "tests/admin_ui/core/test_page_tables.py",
    "tests/backend/seating",
    "tests/backend/server",
    "tests/browser",
    "tests/permissions/walls/test_two_",
    "tests/backend/programme/test_programme_races.py",
    "tests/schema/search",
)
# What is marked full proves sizes, kills and restarts, by any clock; so do races, whose threads wait long for another.
RACES = (
    "tests/admin_ui/appointments/test_public_days.py::test_two_who_place_at_once_do_not_exceed_the_capacity",
    "tests/backend/appointments/test_appointments.py"
    "::test_of_many_who_assign_at_once_no_more_than_the_capacity_get_a_place",
    "tests/backend/appointments/test_appointments.py::test_of_two_who_decide_one_request_at_once_one_wins",
    "tests/backend/programme/test_standing_in.py::test_handing_over_crosswise_at_once_ends_for_both",
    "tests/journeys/test_greetings.py"
    "::test_two_people_send_two_thousand_greetings_at_once_and_nobody_is_written_to_twice",
)
ALONE = ("-n", "0", "-m", "not full")
MISSING = (
    "No faketime was found: the other days need it. Install Debian's `faketime`, or run "
    "`make other-days` as root."
)


def dates(today: dt.date) -> list[str]:
    """Return the days on which a suite is likely to fail."""
    first = today.year if (today.month, today.day) <= (2, 29) else today.year + 1
    leap = next(year for year in range(first, first + 9) if calendar.isleap(year))
    found = {today + dt.timedelta(days=60), dt.date(today.year, 12, 31)}
    found |= {dt.date(leap, 2, 29), dt.date(leap, 12, 31)}
    return [day.isoformat() for day in sorted(found)]


def selection() -> list[str]:
    """Return the files that depend on the date."""
    return [path for path in sorted({*ALSO, *_importing()}) if not path.startswith(WITHOUT)]


def _importing() -> Iterator[str]:
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        path = str(file.relative_to(ROOT))
        if f"from {MARK} import" in file.read_text(encoding="utf-8") and "tests/journeys/" not in path:
            yield path


def run(moment: str, options: list[str], part: str, data: Path) -> list[str]:
    """Run the selection as if it were `moment`; return a line for each test that failed, or for a run that ended."""
    asked = dt.datetime.fromisoformat(moment if "T" in moment else f"{moment}T10:00").replace(tzinfo=ISTANBUL)
    offset = round((asked - dt.datetime.now(ISTANBUL)).total_seconds())
    postgres.stop(data)  # one that a killed run left has another clock
    named = any((ROOT / one.partition("::")[0]).exists() for one in options)
    began = time.monotonic()
    # An offset, so that every process has the same clock. A file's own time stays: Python trusts it for its bytecode.
    clock = ["faketime", "-m", "--exclude-monotonic", "-f", f"{offset:+d}s"]
    report = ROOT / "var" / "tests" / f"{data.name}.xml"
    report.unlink(missing_ok=True)
    chosen = ["-q", f"--junit-xml={report}", *ALONE, *(f"--deselect={race}" for race in RACES), *options]
    done = subprocess.run(
        [*clock, sys.executable, "-m", "pytest", *chosen, *([] if named else selection())],
        cwd=ROOT,
        env={
            **os.environ,
            "NO_FAKE_STAT": "1",
            "OZELKALEM_POSTGRES_DATA": str(data),
            "OZELKALEM_TESTS": "quick",  # dates do not grow with the number of rows
            "OZELKALEM_OTHER_DAY": asked.date().isoformat(),
            asking.PART: "0/1" if named else part,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - began
    print(f"--- {asked:%d.%m.%Y %H:%M}\n{done.stdout}    {seconds:.0f} s", flush=True)  # noqa: T201
    day = f"{asked:%d.%m.%Y}"
    return [f"{day}: {failure}" for failure in failures(report)] or (
        [f"{day}: pytest ended with {done.returncode}"] if done.returncode else []
    )


def run_all(asked: list[str], options: list[str], parts: list[str]) -> list[str]:
    """Run these moments, as many at once as there are lanes; return what failed."""
    free = SimpleQueue[Path]()
    for data in DATA[: len(asked)]:
        share_template(data)
        free.put(data)

    def in_a_lane(moment: str, part: str) -> list[str]:
        data = free.get()
        try:
            return run(moment, options, part, data)
        finally:
            free.put(data)

    with ThreadPoolExecutor(LANES) as pool:
        return [line for lines in pool.map(in_a_lane, asked, parts) for line in lines]


def share_template(data: Path) -> None:
    """Make a lane's server a copy of the tests' while that rests: a template of its own takes a minute to migrate."""
    postgres.stop(data)  # one that a killed run left has another clock
    if TESTS.is_symlink() or not (TESTS / "PG_VERSION").exists() or postgres.status(TESTS).pid:
        return
    shutil.rmtree(data, ignore_errors=True)
    subprocess.run(["cp", "--archive", TESTS, data], check=True)  # with its owner
    known = json.loads(TESTS.with_name(f"{TESTS.name}.json").read_text(encoding="utf-8"))
    known.pop("socket", None)  # one of its own is found for it
    file = data.with_name(f"{data.name}.json")
    file.touch(mode=0o600)
    file.write_text(json.dumps(known), encoding="utf-8")


def failures(report: Path) -> Iterator[str]:
    """Return the failed tests of a report, each with the first line of what it said."""
    if not report.exists():
        return
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
        for what in (*case.iter("failure"), *case.iter("error")):
            yield f"{case.get('classname')}::{case.get('name')}: {(what.get('message') or '').partition('\n')[0]}"


def install() -> None:
    """Install Debian's faketime, where that can be done without asking."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "faketime"]):
            subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


def main(arguments: list[str]) -> int:
    if not shutil.which("faketime"):
        install()
    if not shutil.which("faketime"):
        sys.stderr.write(f"\n*** {MISSING}\n\n")
        return 1 if os.environ.get("CI") == "true" else 0
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    today = dt.datetime.now(ISTANBUL).date()
    asked = arguments[:cut] or dates(today)
    parts = [f"{(number + today.toordinal()) % len(asked)}/{len(asked)}" for number in range(len(asked))]
    failed = run_all(asked, arguments[cut + 1 :], parts)
    print("\n".join(failed) or f"green on {len(asked)} other days", flush=True)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
