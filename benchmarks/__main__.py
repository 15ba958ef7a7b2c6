"""`python -m benchmarks`: this product and others, asked the same on the same machine; see README.md."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.core.localtime import ISTANBUL
from benchmarks.asking import VIEWERS
from benchmarks.chart import chart
from benchmarks.contenders import ALL
from benchmarks.installation import DATA, ROOT, Installation
from benchmarks.questions import questions
from benchmarks.record import Record
from benchmarks.running import Run, say
from benchmarks.table import measured, tables, unmeasured

RECORD, TABLES, CHART = DATA / "run.jsonl", DATA / "tables.md", DATA / "chart.svg"
FIGURES, PICTURE = Path(__file__).with_name("FIGURES.md"), ROOT / "docs" / "benchmarks.svg"


def main() -> None:
    options = _options()
    DATA.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))  # so that servers are stopped
    with _alone():
        if options.fresh or not options.publish:
            _run(options)
        if options.publish:
            _publish()


def _run(options: argparse.Namespace) -> None:
    chosen = [kind for kind in ALL if not options.contenders or kind.key in options.contenders]
    parameters = {
        "revision": _revision(),
        "sizes": options.sizes,
        "seconds": options.seconds,
        "rounds": options.rounds,
        "contenders": [kind.key for kind in chosen],
    }
    record = None if options.load_only else Record(RECORD, parameters, fresh=options.fresh)
    for size in options.sizes:
        installation = Installation(size)
        say(f"{size:,} complaints, load {_load()}")
        kinds = [kind() for kind in chosen]
        with installation.running():
            if record:
                record.add(size=size, load=_load(), at=f"{dt.datetime.now(ISTANBUL):%d.%m.%Y %H:%M}")
                Run(installation, record, options.seconds, options.rounds, kinds).measure()
            else:
                for contender in kinds:
                    contender.prepare(installation)
    if record:
        record.add(finished=True)
        text = _written(record)
        say(f"{text}\n{TABLES}\n{CHART}")
        if faults := unmeasured(record, {kind.key: kind.title for kind in ALL}):
            sys.exit("\n".join(["", "COULD NOT BE MEASURED:", *faults]))


def _written(record: Record) -> str:
    """Tables and chart, beside the record."""
    titles = {kind.key: kind.title for kind in ALL}
    text = f"{_circumstances(record)}\n\n{tables(record, titles, VIEWERS, _asked())}\n"
    TABLES.write_text(text)
    CHART.write_text(chart(measured(record), next(iter(VIEWERS)), titles))
    return text


def _circumstances(record: Record) -> str:
    parameters: dict[str, Any] = record.lines[0]["parameters"]
    when = "; ".join(
        f"{line['size']:,} at {line['at']}, load {line['load']}" for line in record.found("load")
    )
    rounds = f"{parameters['rounds']} round{'' if parameters['rounds'] == 1 else 's'}"
    return (
        f"Revision {parameters['revision']}, {os.cpu_count()} processors, {rounds},"
        f" {parameters['seconds']:g} s for each measurement. Began: {when}."
    )


def _asked() -> dict[str, str]:
    return {question.key: question.title for question in questions("", 10_000)}


def _publish() -> None:
    """Bring tables and chart of the last run into the repository."""
    record = Record.read(RECORD)
    _mine, heading, others = FIGURES.read_text().partition("\n## ")  # what other benchmarks wrote stays
    head = "# Figures\nMade by `make benchmark`; what they mean is in docs/benchmarks.md.\n\n"
    FIGURES.write_text(f"{head}{_written(record)}{heading}{others}")
    PICTURE.write_text(CHART.read_text())
    say(f"{FIGURES}\n{PICTURE}")


def _revision() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with (DATA / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another benchmark is running here: they would measure each other.")
        yield


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[30_000, 300_000, 3_000_000])
    parser.add_argument("--seconds", type=float, default=2, help="for each measurement, all rounds together")
    parser.add_argument("--rounds", type=int, default=2, help="0: only compare the answers")
    parser.add_argument("--contenders", nargs="*", choices=[kind.key for kind in ALL], help="default: all")
    parser.add_argument("--fresh", action="store_true", help="begin anew where a run was interrupted")
    parser.add_argument("--load-only", action="store_true", help="only make the data, and what each needs")
    parser.add_argument(
        "--publish",
        action="store_true",
        help="bring the last run's figures into the repository; with --fresh, this run's once all is measured",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
