"""`python -m benchmarks`: measures the GraphQL door over HTTP at several sizes and prints a table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import operations
from benchmarks.door import Door
from benchmarks.installation import ROOT, Installation
from benchmarks.measuring import measure

VIEWERS = {"sekreter": "office (sees all)", "fen": "department (Fen İşleri)"}
HEADER = (
    "| complaints | viewer | what | p50 ms | p99 ms | processor ms | per s | statements |\n"
    + "|---" * 8
    + "|"
)


@dataclass(frozen=True)
class Case:
    """Something to measure: one request, or several of which each needs the answer before."""

    name: str
    run: Callable[[Door], object]
    counted: tuple[str, dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--complaints", type=int, nargs="+", default=[30_000, 300_000])
    parser.add_argument("--seconds", type=float, default=5, help="for each measurement (default 5)")
    parser.add_argument("--callers", type=int, default=4, help="at once, for the rate (default 4)")
    options = parser.parse_args()
    workers = os.cpu_count() or 2
    say(f"{workers} processors and workers; one caller for the times, {options.callers} for the rate\n")
    say(HEADER)
    for complaints in options.complaints:
        installation = Installation(complaints, workers)
        with installation.running():
            for username, label in VIEWERS.items():
                token = installation.manage("issue_token", username, "--scopes", "READ,CONTACTS").split()[-1]
                _measure(installation, label, token, options.seconds, options.callers)


def _measure(installation: Installation, label: str, token: str, seconds: float, callers: int) -> None:
    cases = _cases(Door(installation.port, token))
    counts = _statements(installation, [(token, *case.counted) for case in cases])
    for case, count in zip(cases, counts, strict=True):

        def make(case: Case = case) -> Callable[[], object]:
            door = Door(installation.port, token)
            return lambda: case.run(door)

        processor = installation.processor_seconds
        found = measure(make, seconds=seconds, callers=callers, processor=processor)
        times = f"{found.p50:.1f} | {found.p99:.1f} | {found.processor:.1f} | {found.rate:.1f}"
        say(f"| {installation.complaints:,} | {label} | {case.name} | {times} | {count} |")


def _cases(door: Door) -> list[Case]:
    first = door.ask(operations.INBOX)["complaints"]["nodes"][0]["reference"]
    deep = _deep_cursor(door)
    one, after = {"reference": first}, {"after": deep}

    def ask(operation: str, variables: dict[str, Any]) -> Callable[[Door], object]:
        return lambda door: door.ask(operation, variables)

    return [
        Case("inbox: 50 rows with everything, total", ask(operations.INBOX, {}), (operations.INBOX, {})),
        Case("one complaint with its story", ask(operations.CASE, one), (operations.CASE, one)),
        Case("flat list of 500 (5 pages)", _flat, (operations.FLAT, {})),
        Case(
            "a deep page (after 10,000, or the last)", ask(operations.FLAT, after), (operations.FLAT, after)
        ),
        *(
            Case(
                f"search “{text}”",
                ask(operations.SEARCH, {"text": text}),
                (operations.SEARCH, {"text": text}),
            )
            for text in (operations.COMMON, operations.RARE)
        ),
    ]


def _flat(door: Door) -> None:
    after = None
    for _page in range(operations.FLAT_PAGES):
        after = door.ask(operations.FLAT, {"after": after})["complaints"]["pageInfo"]["endCursor"]


def _deep_cursor(door: Door) -> str:
    """The cursor after DEEP_PAGES pages, or before the last page of who sees less."""
    before = after = None
    for _page in range(operations.DEEP_PAGES):
        info = door.ask(operations.FLAT, {"after": after})["complaints"]["pageInfo"]
        if not info["hasNextPage"]:
            break
        before, after = after, info["endCursor"]
    return after or before or ""


def _statements(installation: Installation, asked: list[tuple[Any, ...]]) -> list[int]:
    counting = subprocess.run(
        [sys.executable, "-m", "benchmarks.statements"],
        input=json.dumps(asked),
        env=installation.environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    counts: list[int] = json.loads(counting.stdout.splitlines()[-1])  # log lines may stand before it
    return counts


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
