"""The router in force, loaded once a version and process: other processes follow at their next question."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from threading import Lock

from backend.triage.learning.weights import Weights, load
from backend.triage.models import RouterVersion

_log = logging.getLogger("triage")
_lock = Lock()
_loaded: dict[str, Loaded] = {}
"""Digest -> what was learned: of each house that this process serves the one in force, of few houses."""
MOST_LOADED = 4


@dataclass(frozen=True)
class Loaded:
    """A version with its weights. `pk` is its row's."""

    pk: int
    number: int
    weights: Weights


def in_force() -> Loaded | None:
    """The router in force; None before the first training, or where its row is damaged. Asked as the house: its row is
    of who sees every case."""
    row = RouterVersion.objects.in_force().values_list("pk", "digest").first()
    if row is None:
        return None
    pk, digest = row
    known = _loaded.get(digest)
    if known is not None and known.pk == pk:
        return known
    with _lock:
        return _load(pk)


def _load(pk: int) -> Loaded | None:
    row = RouterVersion.objects.get(pk=pk)
    try:
        loaded = Loaded(pk, row.number, load(bytes(row.weights or b""), row.digest))
    except ValueError:
        _log.exception("The router of row %s cannot be read; the words of the catalogue propose.", pk)
        return None
    if len(_loaded) >= MOST_LOADED:
        _loaded.clear()
    _loaded[row.digest] = loaded
    return loaded


def forget() -> None:
    """Load again at the next question: for tests, whose versions are rolled back."""
    _loaded.clear()
