"""How an invented case runs: which verbs, by whom, and how far it has come today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from backend.complaints.choices import Kind, NotExaminable, Outcome
from backend.complaints.law.deadlines import Regime
from backend.complaints.moves import Verb
from permissions.demo.complaints import sayings
from permissions.demo.complaints.rows import Row
from permissions.demo.complaints.story import Story
from permissions.demo.world import Subject, World, in_office_hours


@dataclass
class Step:
    """Step of a course: verb, actor, arguments, and its share of the time."""

    verb: Verb
    actor: int
    given: dict[str, Any] = field(default_factory=dict)
    takes: float = 1.0


OPEN_BY_AGE = ((1, 0.97), (3, 0.8), (7, 0.6), (15, 0.27), (30, 0.08), (10**6, 0.008))
"""(younger than so many days, share that is still open): about nine in a hundred in all."""


class Course:
    """The steps of one case, from the office's desk to the end."""

    def __init__(
        self, random: Random, world: World, row: Row, subject: Subject, original: int | None
    ) -> None:
        self.random, self.world, self.row, self.subject, self.original = random, world, row, subject, original
        self.steps: list[Step] = []
        self.office = random.choice(world.staff.office)
        self.department = subject.departments[0] if subject.departments else 0
        if len(subject.departments) > 1 and random.random() < 0.3:
            self.department = random.choice(subject.departments)
        self.clerk = random.choice(world.staff.clerks[self.department]) if self.department else self.office
        self._plan()

    def _add(self, verb: Verb, actor: int, takes: float = 1.0, **fields: Any) -> None:
        self.steps.append(Step(verb, actor, fields, takes))

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _plan(self) -> None:
        if self.original is not None:
            self._add(
                Verb.MARK_DUPLICATE,
                self.office,
                note=sayings.DUPLICATE,
                told=sayings.DUPLICATE_TOLD,
                outcome=Outcome.DUPLICATE,
                original=self.original,
            )
            return
        if self._chance(0.2):
            self._add(Verb.TRIAGE, self.office, 0.5)
        if self._lacks_elements():
            reason = NotExaminable.MISSING_ELEMENTS
            outcome = Outcome.NOT_EXAMINABLE
            self._add(
                Verb.MARK_NOT_EXAMINABLE,
                self.office,
                8,
                note=sayings.MISSING,
                told=sayings.MISSING_TOLD,
                outcome=outcome,
                reason=reason,
            )
            return
        if not self.department or (self.subject.body and self._chance(0.35)):
            self._forwarded()
            return
        if self._chance(0.008):
            note = sayings.REJECTED
            self._add(Verb.REJECT, self.office, 3, note=note, told=note, outcome=Outcome.REJECTED)
            return
        self._to_the_department()
        if self._chance(0.02):
            note = self.random.choice(sayings.WITHDRAWN)
            self._add(Verb.WITHDRAW, self.office, 3, note=note, outcome=Outcome.WITHDRAWN)
            return
        self._work()
        self._answer()

    def _lacks_elements(self) -> bool:
        return self.row["regime"] == Regime.PETITION_3071 and not (
            self.row["signature_given"] and self.row["applicant"]
        )

    def _forwarded(self) -> None:
        number = f"E-24312041-622.03-{self.random.randint(1000, 99999)}"
        body = self.subject.body
        if body is None:
            raise RuntimeError("a case without a department belongs to a body")
        self._add(Verb.FORWARD, self.office, body=body, number=number)
        self._add(Verb.NOTIFY_FORWARDING, self.office, body=sayings.FORWARDED)
        self._add(Verb.CLOSE, self.office, 4, outcome=Outcome.FORWARDED)

    def _to_the_department(self) -> None:
        for _bounce in range(self._bounces()):
            wrong = self.random.choice(sorted(set(self.world.staff.heads) - {self.department}))
            reason = self.random.choice(sayings.RETURNS)
            self._add(Verb.ROUTE, self.office, department=wrong)
            self._add(Verb.RETURN, self.world.staff.clerks[wrong][0], 2, department=wrong, note=reason)
        note = self.random.choice(sayings.ROUTE_NOTES)
        self._add(Verb.ROUTE, self.office, department=self.department, note=note)
        if self.row["applicant"] and len(self.subject.departments) > 1 and self._chance(0.3):
            other = next(d for d in self.subject.departments if d != self.department)
            self._add(Verb.ADD_COLLABORATOR, self.office, 0.2, department=other)
        self._add(Verb.ACCEPT, self.clerk, 2, department=self.department)

    def _bounces(self) -> int:
        chance = self.random.random()
        return 3 if chance < 0.008 else 2 if chance < 0.025 else 1 if chance < 0.1 else 0

    def _work(self) -> None:
        if self._chance(0.3):
            self._add(Verb.START, self.clerk, 2)
        if self.row["regime"] == Regime.INFORMATION_4982 and self._chance(0.3):
            self._add(Verb.EXTEND, self.office, 0.5, note=sayings.EXTENSION)
        if self._chance(0.2):
            self._add(Verb.COMMENT, self.clerk, body=self.random.choice(sayings.COMMENTS))
        if self._chance(0.1):
            waiting_for = self.random.choice(list(sayings.WAITS))
            self._add(
                Verb.PUT_ON_HOLD, self.clerk, 1, waiting_for=waiting_for, note=sayings.WAITS[waiting_for]
            )
            self._add(Verb.RESUME, self.clerk, 5)
        if self.row["regime"] == Regime.PETITION_3071 and self._chance(0.1):
            self._add(Verb.NOTIFY_PROGRESS, self.office, 2, body=sayings.PROGRESS)

    def _answer(self) -> None:
        outcome, body = self._result()
        self._add(Verb.DRAFT, self.clerk, 6, body=body)
        self._add(Verb.SUBMIT, self.clerk, 0.1)
        if self._chance(0.04):
            self._add(Verb.SEND_BACK, self.office, 1, note=sayings.SENT_BACK)
            self._add(Verb.DRAFT, self.clerk, 1, body=f"{body} Çalışmanın tarihi kayıtlarımızdadır.")
            self._add(Verb.SUBMIT, self.clerk, 0.1)
        self._add(Verb.APPROVE, self.office)
        self._add(Verb.SEND, self.office, 0.1)
        self._add(Verb.CLOSE, self.office, 2, outcome=outcome)

    def _result(self) -> tuple[Outcome, str]:
        if self.row["kind"] in (Kind.THANKS, Kind.SUGGESTION):
            return Outcome.INFORMED, "İlginiz için teşekkür ederiz; görüşünüz ilgili müdürlüğe iletilmiştir."
        chance = self.random.random()
        if chance < 0.07:
            return Outcome.NOT_POSSIBLE, sayings.NOT_POSSIBLE
        done = self.random.choice(self.subject.done)
        return (Outcome.INFORMED, done) if chance < 0.16 else (Outcome.SOLVED, done)

    def play(self, story: Story) -> None:
        """Say the steps that have happened by now."""
        start: dt.datetime = self.row["registered_at"]
        age = self.world.now - start
        steps, is_open = self.steps, self._is_still_open(age)
        if is_open:
            steps = self.steps[: self._how_far(age)]
        whole = sum(step.takes for step in steps) or 1.0
        length = min(self._length() * (0.7 if is_open else 1.0), age * 0.97)
        passed, before = 0.0, start
        for step in steps:
            passed += step.takes
            at = before = in_office_hours(start + length * (passed / whole), before, self.world.now)
            if step.verb is Verb.EXTEND and at - start > dt.timedelta(days=14):
                continue
            story.warn_if_late(at)
            story.say(step.verb, at, step.actor, **step.given)
        story.warn_if_late()

    def _is_still_open(self, age: dt.timedelta) -> bool:
        share = next(share for days, share in OPEN_BY_AGE if age < dt.timedelta(days=days))
        returned = sum(step.verb is Verb.RETURN for step in self.steps)
        return self._chance(min(share * (1 + returned), 1.0))

    def _how_far(self, age: dt.timedelta) -> int:
        """How many steps an open case has behind it: none on its first morning, later most of them."""
        progress = min(age / dt.timedelta(days=9), 1.0) * self.random.uniform(0.5, 1.15)
        return min(int(progress * len(self.steps)), len(self.steps) - 1)

    def _length(self) -> dt.timedelta:
        """From registration to the end: mostly within the target, sometimes late."""
        target: dt.date = self.row["target_on"]
        allowed = max((target - self.row["registered_on"]).days, 1)
        return dt.timedelta(days=allowed * min(self.random.lognormvariate(-0.55, 0.5), 3.0))
