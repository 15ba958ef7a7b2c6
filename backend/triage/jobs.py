"""What the router does by itself: it learns at night, proposes for what comes, and counts how often it was right."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

from django.conf import settings
from procrastinate.contrib.django import app

from backend.core.operation.long_work import LONG_WORK
from backend.core.session import system, without_timeout
from backend.triage import runs, scoring

LONGEST = 3 * 3600


@app.periodic(cron="15 23 * * *")
@app.task(name="triage.learn", queue="upkeep", lock=LONG_WORK, queueing_lock="triage.learn")
def learn_at_night(timestamp: int) -> bool:
    """02:15 local: learn from the closed cases, in a process of its own that gives the memory back; whether it was
    tried. Without the extra `triage` nothing is learned."""
    if importlib.util.find_spec("sklearn") is None:
        return False
    _in_a_process()
    return True


@app.task(name="triage.train", queue="imports", lock=LONG_WORK)
def train_now(key: str) -> None:
    """Learn for a training that a person asked for, in a process of its own; one that ends badly has failed."""
    try:
        _in_a_process("--into", key)
    except subprocess.SubprocessError:
        runs.failed(key)
        raise


def _in_a_process(*options: str) -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "train_router", *options]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, timeout=LONGEST, stdin=subprocess.DEVNULL)


@app.periodic(cron="*/5 * * * *")
@app.task(name="triage.propose", queue="upkeep", queueing_lock="triage.propose")
def propose_for_new(timestamp: int = 0) -> int:
    """Every five minutes: what is proposed of the cases that came is kept."""
    with system():
        return scoring.propose_for_new()


@app.periodic(cron="45 1 * * *")
@app.task(name="triage.score", queue="upkeep", queueing_lock="triage.score")
def score_at_night(timestamp: int = 0) -> int:
    """04:45 local: what cases became is written down, the score published, drift notified; how many rows that are."""
    with system():
        without_timeout()
        scoring.settle()
        rows = scoring.count()
        scoring.tell_drift()
    return rows
