"""The read log: who was shown whose personal data, and whether it left the house in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from backend.core.session import prepared

TAKEN_ALONG = " (exported)"
"""What the read log adds to the purpose where somebody did not only look."""
_along: ContextVar[str] = ContextVar("along", default="")


@contextmanager
def taking_along() -> Iterator[None]:
    """Who is shown in this block leaves the house in a file; the read log says so."""
    token = _along.set(TAKEN_ALONG)
    try:
        yield
    finally:
        _along.reset(token)


def note_reading(ids: Iterable[int], purpose: str, kind: str = "contacts.citizen") -> None:
    """Remember in the read log that the viewer was shown these persons."""
    unique = sorted(set(ids))
    if unique:
        purpose = purpose[: 120 - len(TAKEN_ALONG)] + _along.get()
        with prepared("SELECT app.note_reading($1, $2::bigint[], $3)", [kind, unique, purpose]):
            pass
