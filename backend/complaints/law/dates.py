"""The dates of many new cases at once: the law is asked once for equal inputs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from backend.complaints.law import clock, deadlines
from backend.complaints.law.deadlines import Clock, Matter, Regime
from backend.organization.calendar import working_calendar


@dataclass(frozen=True, slots=True)
class Dates:
    """The three dates of a clock and the inputs that made them, as JSON text."""

    raw: dt.date | None
    legal: dt.date | None
    target: dt.date
    inputs: str


class Law(Protocol):
    """What `remembered` gives."""

    def __call__(
        self,
        regime: Regime,
        matter: Matter,
        starts_on: dt.date,
        days: int,
        cimer_due_on: dt.date | None = None,
        extended_on: dt.date | None = None,
        waits: tuple[tuple[dt.date, dt.date], ...] = (),
    ) -> Dates: ...


def remembered() -> Law:
    """A memoised `clock.dates` for the current calendar and policy.

    `days` is the municipality's own target in working days; `extended_on` the day of the extension notice; `waits` the
    first and last days of each time on which it waited.
    """
    calendar, policy = working_calendar(), clock.policy()

    def compute(
        regime: Regime,
        matter: Matter,
        starts_on: dt.date,
        days: int,
        cimer_due_on: dt.date | None = None,
        extended_on: dt.date | None = None,
        waits: tuple[tuple[dt.date, dt.date], ...] = (),
    ) -> Dates:
        of = Clock(
            regime=regime,
            starts_on=starts_on,
            matter=matter,
            extension=deadlines.Extension(extended_on, "-") if extended_on else None,
            cimer_due_on=cimer_due_on,
            sla_days=days,
            waits=waits,
            policy=policy,
        )
        values: dict[str, Any] = clock.as_fields(deadlines.compute(of, calendar), calendar)
        inputs = json.dumps(values["deadline_inputs"], ensure_ascii=False)
        return Dates(values["raw_due_on"], values["legal_due_on"], values["target_on"], inputs)

    memory: Callable[..., Dates] = lru_cache(maxsize=200_000)(compute)
    return memory
