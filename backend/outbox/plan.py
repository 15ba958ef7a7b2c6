"""What a deed that writes to many would send: counted by channel, a few messages as they will be, whom none reaches.

The deed itself renders with the same function, so that what was shown is what leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from backend.outbox.models import Message

SHOWN = 3


@dataclass(frozen=True)
class Draft:
    """One message as it will leave. `to`: whom it is for, as the salutation names them."""

    to: str
    channel: str
    address: str
    subject: str
    body: str


@dataclass
class Plan[R]:
    """`on_paper`: those without an e-mail or a number who have a postal address; `unreachable`: those without any."""

    counts: Counter[str] = field(default_factory=Counter)
    samples: list[Draft] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)
    """Of which persons the samples are, by their keys."""
    on_paper: list[R] = field(default_factory=list)
    unreachable: list[R] = field(default_factory=list)

    @property
    def by_mail(self) -> int:
        return self.counts[Message.Channel.EMAIL]

    @property
    def by_sms(self) -> int:
        return self.counts[Message.Channel.SMS]

    @property
    def total(self) -> int:
        return self.by_mail + self.by_sms


def planned[R](
    rows: Iterable[R],
    *,
    reach: Callable[[R], tuple[str, str]],
    draft: Callable[[R, str, str], Draft],
    post: Callable[[R], str],
    person: Callable[[R], int | None],
) -> Plan[R]:
    """Plan the messages to these rows.

    `reach`: (channel, address) of a row, both "" where it has none; `draft`: its message by that channel to that
    address; `post`: its postal address; `person`: the key of whom it is for. The messages shown are the first ones, of
    each channel at least one.
    """
    plan: Plan[R] = Plan()
    firsts: dict[str, list[tuple[R, str]]] = {}
    for row in rows:
        channel, address = reach(row)
        if not channel:
            (plan.on_paper if post(row) else plan.unreachable).append(row)
            continue
        plan.counts[channel] += 1
        if len(some := firsts.setdefault(channel, [])) < SHOWN:
            some.append((row, address))
    for (row, address), channel in _of_each(firsts):
        plan.samples.append(draft(row, channel, address))
        plan.shown.extend(filter(None, [person(row)]))
    return plan


def _of_each[R](firsts: dict[str, list[R]]) -> list[tuple[R, str]]:
    """As many as are shown, by turns from each channel."""
    turns = [(place, channel, row) for channel, rows in firsts.items() for place, row in enumerate(rows)]
    turns.sort(key=lambda turn: turn[:2])
    return [(row, channel) for _place, channel, row in turns[:SHOWN]]
