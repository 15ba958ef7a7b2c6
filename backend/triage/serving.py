"""The router in force, loaded once a version and process: other processes follow at their next question."""

from __future__ import annotations

import importlib.util
import logging
from dataclasses import dataclass
from threading import Lock

from backend.triage.learning.weights import Weights, load
from backend.triage.models import RouterVersion

_log = logging.getLogger("triage")
_lock = Lock()
_loaded: dict[int, Loaded] = {}
"""At most one: version -> what it learned. About twice the bytes of its row."""


@dataclass(frozen=True)
class Loaded:
    """A version with its weights. `pk` is its row's."""

    pk: int
    number: int
    weights: Weights


def in_force() -> Loaded | None:
    """The router in force; None before the first training, where the extra `triage` is missing, or where its row is
    damaged. Asked as the house: its row is of who sees every case."""
    if importlib.util.find_spec("numpy") is None:
        return None
    pk = RouterVersion.objects.in_force().values_list("pk", flat=True).first()
    if pk is None:
        return None
    known = _loaded.get(pk)
    if known is not None:
        return known
    with _lock:
        return _loaded.get(pk) or _load(pk)


def _load(pk: int) -> Loaded | None:
    row = RouterVersion.objects.get(pk=pk)
    try:
        loaded = Loaded(pk, row.number, load(bytes(row.weights or b""), row.digest))
    except ValueError:
        _log.exception("The router of row %s cannot be read; the words of the catalogue propose.", pk)
        return None
    _loaded.clear()
    _loaded[pk] = loaded
    return loaded


def forget() -> None:
    """Load again at the next question: for tests, whose versions are rolled back."""
    _loaded.clear()
