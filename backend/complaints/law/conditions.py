"""The cases a rule is about, declared once: as a filter over the table of cases, and as a question about one case."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from backend.complaints.choices import Channel
from backend.complaints.law.deadlines import Matter, Regime


class AnyOf:
    """The rows of which one of these sets of values is true."""

    def __init__(self, *alternatives: dict[str, str]) -> None:
        self.alternatives = alternatives

    @property
    def q(self) -> Q:
        return reduce(or_, (Q(**values) for values in self.alternatives))

    def __call__(self, **row: str) -> bool:
        return any(all(row[name] == value for name, value in values.items()) for values in self.alternatives)


ASKS_INFORMATION = AnyOf(
    {"regime": Regime.INFORMATION_4982}, {"regime": Regime.CIMER, "matter": Matter.INFORMATION}
)
"""Applications under Law 4982, by whatever way they came: those of CİMER that ask for information too."""

THROUGH_CIMER = AnyOf({"channel": Channel.CIMER}, {"regime": Regime.CIMER})
