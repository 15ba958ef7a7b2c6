"""What reads from standbys save the primary: `python -m benchmarks.standbys --complaints 30000 --requests 400`."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from backend import postgres
from benchmarks.asking import asked
from benchmarks.contenders.base import Viewer
from benchmarks.installation import ROOT, Installation, free_port, served
from benchmarks.processes import processor_seconds
from benchmarks.questions import Question
from tests.own_server import OwnServer, standby_of

ASKED = ("inbox", "case")


def main() -> None:
    """Ask the same of no, one and two standbys, and print the processor time of each server a request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=30_000)
    parser.add_argument("--requests", type=int, default=400)
    options = parser.parse_args()
    installation = Installation(options.complaints)
    with ExitStack() as stack:
        stack.enter_context(installation.running())
        people = asked(installation)
        primary = OwnServer(installation.postgres)
        standbys = [
            stack.enter_context(standby_of(primary, f"standby{number}", durable=True)) for number in (1, 2)
        ]
        revision = subprocess.check_output(["git", "describe", "--always", "--dirty"], cwd=ROOT, text=True)
        _say(
            f"{revision.strip()}, {options.complaints} cases, load {os.getloadavg()[0]:.1f}, processor ms a request"
        )
        _say(
            "| asked | of standbys | application | primary | both standbys | all | primary's share of PostgreSQL |"
        )
        _say("|---|---|---|---|---|---|---|")
        for count in (0, 1, 2):
            with _web(installation, standbys[:count]) as (pid, port):
                servers = [pid, primary.pid, *(one.pid for one in standbys)]
                for viewer, questions in people.values():
                    for question in questions:
                        if question.key in ASKED:
                            used = _measure(viewer, question, port, servers, options.requests)
                            _say(
                                f"| {question.key}, {viewer.title} | {count} | {' | '.join(_cells(*used))} |"
                            )


@contextmanager
def _web(installation: Installation, standbys: list[OwnServer]) -> Iterator[tuple[int, int]]:
    to = postgres.connection(installation.postgres)
    port = free_port()
    environment = {**installation.environment, "OZELKALEM_PORT": str(port), "OZELKALEM_WEB_WORKERS": "1"}
    environment["DATABASE_URL"] = installation.address("app")
    if standbys:
        hosts = ",".join(quote(postgres.connection(one.data).host, safe="") for one in standbys)
        environment["DATABASE_READ_URL"] = (
            f"postgresql://{to.user}:{to.password}@{hosts}/{to.database}?load_balance_hosts=random"
        )
    command = [sys.executable, "-m", "gunicorn", "-c", "python:backend.gunicorn", "backend.wsgi"]
    with served([*command, "--log-level", "error"], port, environment, installation.log) as pid:
        yield pid, port


def _measure(viewer: Viewer, question: Question, port: int, servers: list[int], requests: int) -> list[float]:
    """Return what each server spends on a request, in ms; a standby that nobody asks replays what is written."""
    body = json.dumps({"query": question.text, "variables": dict(question.given)})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {viewer.token}"}
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def ask(times: int) -> None:
        for _each in range(times):
            connection.request("POST", "/graphql/", body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200 or content.startswith(b'{"errors"'):
                raise RuntimeError(f"{answer.status} {content[:300]!r}")

    ask(requests // 4)  # plans are made, the token's use is noted
    before = [processor_seconds(pid) for pid in servers]
    ask(requests)
    return [
        (processor_seconds(pid) - value) * 1000 / requests for pid, value in zip(servers, before, strict=True)
    ]


def _cells(application: float, primary: float, *standbys: float) -> list[str]:
    share = primary / (primary + sum(standbys) or 1)
    spent = (application, primary, sum(standbys), application + primary + sum(standbys))
    return [*(f"{each:.2f}" for each in spent), f"{share:.0%}"]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
