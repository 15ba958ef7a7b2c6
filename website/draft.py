"""What somebody has answered so far: kept in the session, which is sealed for its row (`backend/core/at_rest`)."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

SECONDS = 3600
"""So long after the last answer they are kept."""


@dataclass
class Draft:
    """What somebody has answered so far in one journey."""

    name: str
    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    """The idempotency key of what will be sent."""
    seen: float = 0
    is_checked: bool = False
    """Whether all was answered once: what is changed then leads back to the page that shows all."""
    brought: str = ""
    """The step that a changed answer has brought: its page says so."""
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the API refused: step -> field -> why."""
    found: dict[str, Any] = field(default_factory=dict)
    """What the API said to an answer, for the questions that follow."""
    done: dict[str, Any] = field(default_factory=dict)
    """What came of it, for the page that says so."""

    @classmethod
    def of(cls, request: HttpRequest, name: str) -> Draft:
        """The draft of this browser, or a new one where there is none or an hour has passed."""
        kept = request.session.get(f"website.{name}") or {}
        if time.time() - kept.get("seen", 0) > SECONDS:
            return cls(name)
        return cls(name, **kept)

    def save(self, request: HttpRequest) -> None:
        self.seen = time.time()
        values = {key: value for key, value in vars(self).items() if key != "name"}
        request.session[f"website.{self.name}"] = values

    def forget(self, request: HttpRequest) -> None:
        request.session.pop(f"website.{self.name}", None)

    def first(self, step: str, name: str) -> str:
        """The answer to a field, "" for none."""
        return next(iter(self.answers.get(step, {}).get(name, [])), "")
