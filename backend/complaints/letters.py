"""The letters that actions send to the citizen, and the dry run that collects them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Letter:
    """Message to the citizen. `core` contains no names and is stored in the notice; `body` is sent."""

    subject: str
    core: str
    body: str


@dataclass
class DryRun:
    """An action carried out for the letters it would send, in a transaction that the caller rolls back.

    Put it on the row that the action gets (`Complaint.dry_run`), and read `letters` afterwards. So a preview is what
    will be sent, whatever the verb, and what would be refused is refused now. `named=False` is for a viewer who may
    not know the citizen: neither a letter nor a refusal then depends on how the citizen can be reached.
    `coded=False` puts dots for the tracking code.
    """

    named: bool = True
    coded: bool = True
    letters: list[Letter] = field(default_factory=list)
