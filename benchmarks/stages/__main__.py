"""`python -m benchmarks.stages`: where each microsecond of a small answer goes, application and PostgreSQL apart.

One worker of one thread answers one client. Processor time, so that a busy machine matters less; the table says its
load. `--flame` draws in which functions of the application the time of one complaint is spent.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.asking import asked
from benchmarks.client import ask, load
from benchmarks.contenders.base import Server, Viewer
from benchmarks.contenders.product import Compiled
from benchmarks.installation import DATA, Installation
from benchmarks.processes import children
from benchmarks.questions import Question
from benchmarks.stages import flame

ORDER = (
    "accept", "WSGI", "middleware", "view", "spend", "begin", "token, enter", "limits", "plan", "one trip", "statement",
    "read log", "commit", "send",
)  # fmt: skip
WARM_SECONDS = 1.5
MICRO = 1000


class Marked(Compiled):
    key, title = "marked", "this product, its stages marked"
    wsgi = "benchmarks.stages.application"
    extra = {"OZELKALEM_WEB_THREADS": "1"}


class Plain(Compiled):
    key, title = "plain", "this product"
    extra = {"OZELKALEM_WEB_THREADS": "1"}


@dataclass
class Answer:
    """Microseconds of one answer, by stage: of the application and of PostgreSQL; `plain` are both, unmarked."""

    application: dict[str, float] = field(default_factory=dict)
    database: dict[str, float] = field(default_factory=dict)
    plain: tuple[float, float] = (0.0, 0.0)


def main() -> None:
    options = _options()
    DATA.mkdir(parents=True, exist_ok=True)
    installation = Installation(options.size)
    with installation.running():
        viewers = {
            name: (viewer, {one.key: one for one in questions if one.key in options.questions})
            for name, (viewer, questions) in asked(installation).items()
        }
        columns = [(name, key) for name in viewers for key in options.questions]
        answers = {column: Answer() for column in columns}
        for column in columns:
            viewer, questions = viewers[column[0]]
            _measure(installation, viewer, questions[column[1]], answers[column], options)
        sys.stdout.write(_table(columns, answers) + "\n")
        if options.flame:
            viewer, questions = viewers[columns[0][0]]
            body = Plain().body(questions[columns[0][1]], viewer)
            options.flame.write_text(flame.drawn(installation, viewer.token, body))


def _measure(
    installation: Installation,
    viewer: Viewer,
    question: Question,
    answer: Answer,
    options: argparse.Namespace,
) -> None:
    plain: list[tuple[float, float]] = []
    stages: list[dict[str, tuple[float, float]]] = []
    for _round in range(options.rounds):
        for contender in (Plain(), Marked()):
            with contender.serving(installation, 1) as server:
                request = contender.request(viewer, question, {})
                load(server.port, request, 1, WARM_SECONDS)
                if isinstance(contender, Marked):
                    stages.append(_staged(server, request, options.seconds))
                else:
                    plain.append(_whole(installation, server, request, options.seconds))
    names = {name for one in stages for name in one}
    for name in names:
        pairs = [one.get(name, (0.0, 0.0)) for one in stages]
        answer.application[name] = statistics.median(pair[0] for pair in pairs)
        answer.database[name] = statistics.median(pair[1] for pair in pairs)
    answer.plain = statistics.median(p[0] for p in plain), statistics.median(p[1] for p in plain)


def _staged(server: Server, request: bytes, seconds: float) -> dict[str, tuple[float, float]]:
    """Stage -> microseconds an answer; what the worker took outside of its stages is `accept`."""
    head = b"GET /_stages HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    ask(server.port, head)
    before = _worker(server)
    found = load(server.port, request, 1, seconds)
    used = _worker(server) - before
    figures = json.loads(ask(server.port, head))
    inside = sum(application for application, _database in figures.values())
    figures["accept"] = (used - inside, 0)
    return {name: (a / found.answers / MICRO, d / found.answers / MICRO) for name, (a, d) in figures.items()}


def _whole(installation: Installation, server: Server, request: bytes, seconds: float) -> tuple[float, float]:
    before = _worker(server), _all_below(installation.postmaster)
    found = load(server.port, request, 1, seconds)
    used = _worker(server) - before[0], _all_below(installation.postmaster) - before[1]
    return used[0] / found.answers / MICRO, used[1] / found.answers / MICRO


def _worker(server: Server) -> int:
    return _all_below(server.pid)


def _all_below(root: int) -> int:
    """Nanoseconds of the processes below one, by their own clocks: /proc counts in hundredths of a second."""
    return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in children(root))


def _table(columns: list[tuple[str, str]], answers: dict[tuple[str, str], Answer]) -> str:
    lines = [
        f"Microseconds of the processor, application + PostgreSQL. Load {os.getloadavg()[0]:.1f}.\n",
        f"| stage | {' | '.join(f'{key}, {name}' for name, key in columns)} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for stage in ORDER:
        cells = [(answers[c].application.get(stage, 0), answers[c].database.get(stage, 0)) for c in columns]
        if any(application or database for application, database in cells):
            lines.append(_line(stage, cells))
    sums = [(sum(answers[c].application.values()), sum(answers[c].database.values())) for c in columns]
    lines.append(_line("all of these", sums))
    lines.append(_line("the same, unmarked", [answers[c].plain for c in columns]))
    return "\n".join(lines)


def _line(name: str, cells: list[tuple[float, float]]) -> str:
    texts = [f"{a:.0f} + {d:.0f}" if d >= 1 else f"{a:.0f}" for a, d in cells]
    return f"| {name} | {' | '.join(texts)} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__)
    parser.add_argument("--size", type=int, default=30_000)
    parser.add_argument("--questions", nargs="+", default=["case", "inbox"])
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flame", type=Path, help="where a flame graph of the first column is written (SVG)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
