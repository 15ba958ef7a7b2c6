"""One size: compare, find the number of workers, and measure in rounds."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks import comparing, processes
from benchmarks.asking import asked
from benchmarks.client import PATIENCE, BadAnswerError, LateError, ask, load
from benchmarks.contenders.base import Contender, MissingError, Server, Viewer
from benchmarks.installation import Installation
from benchmarks.questions import Question
from benchmarks.record import Record

CLIENTS: dict[int, set[str] | None] = {1: None, 8: None, 64: {"inbox", "case", "flat"}}
"""Numbers of clients, and which questions so many ask (None: all)."""
TRIAL_SECONDS = 1.5
SILENT = 3
"""Questions that are waited for in vain before the first answer until a server is taken for dead."""
SLOW, TOO_SLOW = 1.5, 8.0
"""Seconds: what answers slower alone is not asked by many; slower still, it is not timed at all."""


@dataclass
class Run:
    """The measuring of one installation, written down as it goes."""

    installation: Installation
    record: Record
    seconds: float
    rounds: int
    contenders: list[Contender]

    def measure(self) -> None:
        """Everything that is not yet in the record."""
        self.compare()
        for number in range(self.rounds):
            turn = number % max(len(self.contenders), 1)
            for contender in self.contenders[turn:] + self.contenders[:turn]:
                of = {"size": self.installation.complaints, "round": number, "contender": contender.key}
                if self.record.has("done", **of):
                    continue
                try:
                    self._measure(contender, number)
                except Exception as fault:
                    self._missing(contender, fault)
                else:
                    self.record.add(done=True, **of)

    def compare(self) -> None:
        """Ask every contender everything, and note in the record who cannot be asked or answers otherwise."""
        self.viewers = asked(self.installation)
        self.contenders = [one for one in self.contenders if self._takes_part(one)]
        self._compare()

    def _takes_part(self, contender: Contender) -> bool:
        try:
            contender.prepare(self.installation)
        except Exception as fault:
            self._missing(contender, fault)
            return False
        return True

    def _missing(self, contender: Contender, fault: Exception) -> None:
        """Whatever keeps one from taking part is told, and keeps nobody else from being measured."""
        reason = str(fault) if isinstance(fault, MissingError) else f"{type(fault).__name__}: {fault}"
        say(f"!! {contender.title} takes no part: {reason}")
        self.record.add(missing=reason, size=self.installation.complaints, contender=contender.key)

    # -- the same answers ----------------------------------------------------------------------------------
    def _compare(self) -> None:
        """Ask every contender everything; the first, the product, says what is right."""
        right: dict[tuple[str, str], Any] = {}
        self.requests: dict[tuple[str, str, str], bytes] = {}
        for contender in list(self.contenders):
            say(f"{contender.title}: comparing its answers")
            try:
                with contender.serving(self.installation, 1) as server:
                    self._compare_with(contender, server, right)
            except Exception as fault:
                self._missing(contender, fault)
                self.contenders.remove(contender)

    def _compare_with(self, contender: Contender, server: Server, right: dict[Any, Any]) -> None:
        """Ask one everything. MissingError where it answers nothing: a server that is dead is not one that is slow."""
        answered, asked_for = False, 0
        for viewer, question in self._asked():
            answered |= self._compare_one(contender, server, viewer, question, right)
            asked_for += 1
            if not answered and asked_for == SILENT:
                break
        if not answered:
            raise MissingError(
                f"no answer within {PATIENCE:.0f} s to any of its first questions ({asked_for})"
            )

    def _compare_one(
        self, contender: Contender, server: Server, viewer: Viewer, question: Question, right: dict[Any, Any]
    ) -> bool:
        """Ask one question, and return whether an answer came in time, right or wrong."""
        of = {
            "size": self.installation.complaints,
            "contender": contender.key,
            "viewer": viewer.username,
            "question": question.key,
        }
        wrong, took, is_late = None, PATIENCE, False
        try:
            request = contender.request(viewer, question, contender.learn(server, viewer, question))
            ask(server.port, request, PATIENCE)  # whatever is made once is made now
            start = time.perf_counter()
            found = comparing.rows(ask(server.port, request, PATIENCE))
            took = time.perf_counter() - start
            expected = right.setdefault((viewer.username, question.key), found)
            wrong = comparing.difference(expected, found) or (None if any(found["rows"]) else "no rows")
        except LateError:
            is_late = True
        except (BadAnswerError, ValueError, LookupError, TypeError, AttributeError) as fault:
            wrong = f"{type(fault).__name__}: {fault}"
        if wrong:
            say(f"!! {contender.title}, {viewer.username}, {question.title}: {wrong[:1500]}")
            self.record.add(differs=wrong[:500], **of)
        elif took > TOO_SLOW:
            say(
                f"!! {contender.title}, {viewer.username}, {question.title}: {took:.1f} s, too slow to be timed"
            )
            self.record.add(too_slow=round(took, 1), **of)
        else:
            self.requests[contender.key, viewer.username, question.key] = request
        return not is_late

    def _asked(self) -> Iterable[tuple[Viewer, Question]]:
        return ((viewer, question) for viewer, found in self.viewers.values() for question in found)

    # -- measuring -----------------------------------------------------------------------------------------
    def _workers(self, contender: Contender) -> int:
        of = {"size": self.installation.complaints, "contender": contender.key}
        for line in self.record.found("workers", **of):
            return int(line["workers"])
        requests = [request for (key, *_who), request in self.requests.items() if key == contender.key]
        rates: dict[int, float] = {}
        for workers in contender.workers if requests else ():
            with contender.serving(self.installation, workers) as server:
                rates[workers] = _trial(server, requests[0])
        best = max(rates, key=lambda workers: rates[workers], default=contender.workers[0])
        self.record.add(workers=best, tried=rates, **of)
        say(f"{contender.title}: {best} workers ({', '.join(f'{n}: {r:.0f}/s' for n, r in rates.items())})")
        return best

    def _measure(self, contender: Contender, number: int) -> None:
        workers = self._workers(contender)
        say(f"round {number + 1} of {self.rounds}: {contender.title}")
        with contender.serving(self.installation, workers) as server:
            for viewer, question in self._asked():
                request = self.requests.get((contender.key, viewer.username, question.key))
                if request is None:
                    continue
                of = {
                    "size": self.installation.complaints,
                    "contender": contender.key,
                    "viewer": viewer.username,
                    "question": question.key,
                    "round": number,
                }
                self._measure_one(server, request, of)

    def _measure_one(self, server: Server, request: bytes, of: dict[str, Any]) -> None:
        with contextlib.suppress(BadAnswerError):
            load(server.port, request, 4, 0.1)  # every worker has its plan before it counts
        slow = False
        for clients, only in CLIENTS.items():
            if (only is not None and of["question"] not in only) or slow:
                continue
            roots = {"application": server.pid, "database": self.installation.postmaster}
            before = {name: processes.processor_seconds(root) for name, root in roots.items()}
            try:
                found = load(server.port, request, clients, self.seconds / self.rounds)
            except BadAnswerError as fault:  # such as the product's own 503 where too many wait
                say(f"!! {clients} clients, {of['question']}, {of['viewer']}: {str(fault)[:300]}")
                self.record.add(failed=str(fault)[:300], at=clients, **of)
                time.sleep(2)  # what was asked is still being answered
                return
            used = {
                name: (processes.processor_seconds(root) - before[name]) / found.answers * 1000
                for name, root in roots.items()
            }
            slow = found.share(0.5) > SLOW * 1000
            self.record.add(
                clients=clients,
                answers=found.answers,
                rate=round(found.rate, 3),
                p50=round(found.share(0.5), 3),
                p99=round(found.share(0.99), 3),
                lost=found.lost,
                **{name: round(value, 4) for name, value in used.items()},
                memory=round(processes.memory_megabytes(server.pid), 1),
                **of,
            )


def _trial(server: Server, request: bytes) -> float:
    try:
        load(server.port, request, 8, TRIAL_SECONDS / 2)
        return load(server.port, request, 8, TRIAL_SECONDS).rate
    except BadAnswerError:  # eight are too many for so few workers
        return 0.0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
