"""What every contender is: something that can be started with so many workers and asked the questions."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from benchmarks.client import http
from benchmarks.installation import Installation, free_port, served
from benchmarks.questions import Question


class MissingError(Exception):
    """This contender cannot take part; the sentence says why and what to do."""


@dataclass(frozen=True)
class Viewer:
    """Who asks: an account, its key, the secret of its token, and the places in the list of newest cases."""

    username: str
    title: str
    user: int
    token: str
    cursors: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    pid: int
    port: int


class Contender:
    key: ClassVar[str]
    title: ClassVar[str]
    workers: ClassVar[tuple[int, ...]] = tuple(sorted({1, os.cpu_count() or 1}))
    """The numbers of workers that are tried; the one that answers most is kept."""

    def prepare(self, installation: Installation) -> None:
        """Make what it needs, once an installation. Raises MissingError where it cannot."""

    def serving(self, installation: Installation, workers: int) -> contextlib.AbstractContextManager[Server]:
        """The server, until the end of the block."""
        raise NotImplementedError

    def learn(self, server: Server, viewer: Viewer, question: Question) -> dict[str, Any]:
        """What this contender must know to ask the question, such as its own cursor of a place."""
        return {}

    def request(self, viewer: Viewer, question: Question, learnt: dict[str, Any]) -> bytes:
        """The request as it goes over the wire."""
        raise NotImplementedError


class OnGunicorn(Contender):
    """Served as the product is: the same settings of gunicorn."""

    wsgi: ClassVar[str] = "backend.wsgi"
    python: ClassVar[str] = sys.executable
    path: ClassVar[str] = "/graphql/"
    extra: ClassVar[dict[str, str]] = {}

    def environment(self, installation: Installation) -> dict[str, str]:
        return {**installation.environment, **self.extra}

    @contextlib.contextmanager
    def serving(self, installation: Installation, workers: int) -> Iterator[Server]:
        port = free_port()
        command = [self.python, "-m", "gunicorn", "-c", "python:backend.gunicorn", self.wsgi]
        environment = {
            **self.environment(installation),
            "OZELKALEM_PORT": str(port),
            "OZELKALEM_WEB_WORKERS": str(workers),
        }
        with served([*command, "--log-level", "error"], port, environment, installation.log) as pid:
            yield Server(pid, port)

    def body(self, question: Question, viewer: Viewer) -> dict[str, Any]:
        raise NotImplementedError

    def request(self, viewer: Viewer, question: Question, learnt: dict[str, Any]) -> bytes:
        headers = {"Authorization": f"Bearer {viewer.token}"}
        return http(self.path.format(key=question.key), self.body(question, viewer), headers)
