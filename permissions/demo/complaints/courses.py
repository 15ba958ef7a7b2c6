"""How an invented case runs: who says which verb with what, and how far it has come today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from backend.complaints.choices import Kind, NotExaminable, Outcome
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.errors import DomainError
from permissions.demo.complaints import sayings
from permissions.demo.complaints.cases import Maker
from permissions.demo.complaints.walking import Walker
from permissions.demo.world import Subject, in_office_hours


@dataclass
class Step:
    """Step of a course: verb, actor, arguments, and its share of the time."""

    verb: Verb
    actor: int
    facts: dict[str, Any] = field(default_factory=dict)
    takes: float = 1.0


ONLY_IN_TIME = (Verb.EXTEND, Verb.NOTIFY_PROGRESS)
"""What the office leaves where its action says that it is too late."""


class Course:
    """The steps of one case, from the office's desk to the end."""

    def __init__(
        self,
        maker: Maker,
        case: Complaint,
        subject: Subject,
        means: dict[str, Any],
        original: Complaint | None,
    ) -> None:
        self.maker, self.case, self.subject = maker, case, subject
        self.random, self.world = random, world = maker.random, maker.world
        self.means, self.original = means, original
        self.steps: list[Step] = []
        self.office = random.choice(world.staff.office)
        self.department = subject.departments[0] if subject.departments else 0
        if len(subject.departments) > 1 and random.random() < 0.3:
            self.department = random.choice(subject.departments)
        self.clerk = random.choice(world.staff.clerks[self.department]) if self.department else self.office
        self._plan()

    def _add(self, verb: Verb, actor: int, takes: float = 1.0, **facts: Any) -> None:
        self.steps.append(Step(verb, actor, facts, takes))

    def _plan(self) -> None:
        if self.original is not None:
            self._add(
                Verb.MARK_DUPLICATE, self.office, of=self.original, note=sayings.DUPLICATE, **self.means
            )
            return
        if self.maker.happens("triage", 0.2):
            self._add(Verb.TRIAGE, self.office, 0.5)
        if self.case.awaits_elements:
            reason = NotExaminable.MISSING_ELEMENTS
            self._add(
                Verb.MARK_NOT_EXAMINABLE, self.office, 8, reason=reason, note=sayings.MISSING, **self.means
            )
        elif not self.department or (self.subject.body and self.maker.happens("forwarding", 0.35)):
            self._forwarded()
        elif self.maker.happens("rejection", 0.01):
            self._add(Verb.REJECT, self.office, 3, reason=sayings.REJECTED, **self.means)
        else:
            self._to_the_department()
            if self.maker.happens("withdrawal", 0.02):
                self._add(Verb.WITHDRAW, self.office, 3, note=self.random.choice(sayings.WITHDRAWN))
            else:
                self._work()
                self._answer()

    def _forwarded(self) -> None:
        self._add(Verb.FORWARD, self.office, to=self.subject.category.body, number=sayings.NUMBER)
        self._add(Verb.NOTIFY_FORWARDING, self.office, **self.means)
        self._add(Verb.CLOSE, self.office, 4)

    def _to_the_department(self) -> None:
        for _bounce in range(self._bounces()):
            wrong = self.random.choice(sorted(set(self.world.staff.heads) - {self.department}))
            reason = self.random.choice(sayings.RETURNS)
            self._add(Verb.ROUTE, self.office, to=self.world.offices[wrong])
            self._add(Verb.RETURN, self.world.staff.clerks[wrong][0], 2, reason=reason)
        note = self.random.choice(sayings.ROUTE_NOTES)
        self._add(Verb.ROUTE, self.office, to=self.world.offices[self.department], note=note)
        if (
            self.case.applicant
            and len(self.subject.departments) > 1
            and self.maker.happens("collaborator", 0.3)
        ):
            other = next(d for d in self.subject.departments if d != self.department)
            self._add(Verb.ADD_COLLABORATOR, self.office, 0.2, department=self.world.offices[other])
        self._add(Verb.ACCEPT, self.clerk, 2)

    def _bounces(self) -> int:
        bounces: int = self.maker.deal("bounces", {0: 90, 1: 7, 2: 2, 3: 1})
        return bounces

    def _work(self) -> None:
        if self.maker.happens("start", 0.3):
            self._add(Verb.START, self.clerk, 2)
        if self.case.regime == Regime.INFORMATION_4982 and self.maker.happens("extension", 0.3):
            self._add(Verb.EXTEND, self.office, 0.5, reason=sayings.EXTENSION, **sayings.IN_WRITING)
        if self.maker.happens("comment", 0.2):
            self._add(Verb.COMMENT, self.clerk, body=self.random.choice(sayings.COMMENTS))
        if self.maker.happens("waiting", 0.1):
            for_ = self.random.choice(list(sayings.WAITS))
            self._add(Verb.PUT_ON_HOLD, self.clerk, 1, for_=for_, note=sayings.WAITS[for_])
            self._add(Verb.RESUME, self.clerk, 5)
        if self.case.regime == Regime.PETITION_3071 and self.maker.happens("progress", 0.1):
            self._add(Verb.NOTIFY_PROGRESS, self.office, 2, body=sayings.PROGRESS, **self.means)

    def _answer(self) -> None:
        outcome, body = self._result()
        is_refusal = outcome is Outcome.NOT_POSSIBLE
        self._add(Verb.DRAFT, self.clerk, 6, body=body, is_refusal=is_refusal)
        self._add(Verb.SUBMIT, self.clerk, 0.1)
        if self.maker.happens("sent back", 0.04):
            self._add(Verb.SEND_BACK, self.office, 1, reason=sayings.SENT_BACK)
            longer = f"{body} Çalışmanın tarihi kayıtlarımızdadır."
            self._add(Verb.DRAFT, self.clerk, 1, body=longer, is_refusal=is_refusal)
            self._add(Verb.SUBMIT, self.clerk, 0.1)
        if self.maker.happens("corrected", 0.05):
            self._add(Verb.CORRECT_REPLY, self.office, body=f"{body} Bilgilerinize sunarız.")
        else:
            self._add(Verb.APPROVE, self.office)
        if self.case.came_through_cimer:
            self._add(Verb.RECORD_CIMER_ENTRY, self.office, 1, proof=self.means["proof"])
        else:
            self._add(Verb.SEND, self.office, 0.1, **self.means)
        self._add(Verb.CLOSE, self.office, 2, outcome=outcome)

    def _result(self) -> tuple[Outcome, str]:
        if self.case.kind in (Kind.THANKS, Kind.SUGGESTION):
            return Outcome.INFORMED, "İlginiz için teşekkür ederiz; görüşünüz ilgili müdürlüğe iletilmiştir."
        outcomes = {Outcome.NOT_POSSIBLE: 7, Outcome.INFORMED: 9, Outcome.SOLVED: 84}
        outcome: Outcome = self.maker.deal("outcome", outcomes)
        return outcome, sayings.NOT_POSSIBLE if outcome is Outcome.NOT_POSSIBLE else sayings.DONE

    def play(self, walker: Walker, *, is_open: bool) -> None:
        """Say the steps that have happened by now: all of them, unless it is open still."""
        start = self.case.registered_at
        age = self.world.now - start
        steps = self.steps[: self._how_far(age)] if is_open else self.steps
        whole = sum(step.takes for step in steps) or 1.0
        length = min(self._length() * (0.7 if is_open else 1.0), age * 0.97)
        passed, before = 0.0, start
        for step in steps:
            passed += step.takes
            at = before = in_office_hours(start + length * (passed / whole), before, self.world.now)
            try:
                walker.say(self.case, step.verb, at, step.actor, **step.facts)
            except DomainError:
                if step.verb not in ONLY_IN_TIME:
                    raise
        walker.warn(self.case, self.world.now)

    def _how_far(self, age: dt.timedelta) -> int:
        """How many steps an open case has behind it: none on its first morning, later most of them."""
        progress = min(age / dt.timedelta(days=9), 1.0) * self.random.uniform(0.5, 1.15)
        return min(int(progress * len(self.steps)), len(self.steps) - 1)

    def _length(self) -> dt.timedelta:
        """From registration to the end: mostly within the target, sometimes late."""
        allowed = max((self.case.target_on - self.case.registered_on).days, 1)
        return dt.timedelta(days=allowed * min(self.random.lognormvariate(-0.55, 0.5), 3.0))
