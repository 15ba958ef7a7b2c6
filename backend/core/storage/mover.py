"""Moving files from one storage to the other: each is copied, read back and compared, and only then deleted.

It may be interrupted anywhere and run again, and two may run: what is not at its new place is still at the former one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import batched

from backend.core.errors import DomainError
from backend.core.storage import DERIVED, Kept, OfficeStorage, digest

AT_ONCE = 8
PORTION = 256
"""So many files are in the hands of the threads before more are listed."""


class Outcome(StrEnum):
    """What became of a file. GONE: it was deleted meanwhile. DIFFERS: it is damaged, or arrived changed."""

    MOVED = "moved"
    COPIED = "copied"
    GONE = "gone"
    DIFFERS = "differs"


Heard = Callable[[Kept, Outcome], None]


def move(
    source: OfficeStorage,
    target: OfficeStorage,
    *,
    is_known: Callable[[str], bool],
    keep: bool = False,
    heard: Heard,
) -> Counter[Outcome]:
    """Move all files; `keep` leaves them at their former place too. FilesAwayError ends it.

    `is_known`: whether a row knows the name. A file that was deleted while it was copied goes again, unless its row is
    there: then another run moved it.
    """
    counts: Counter[Outcome] = Counter()
    threads = ThreadPoolExecutor(AT_ONCE)
    try:
        for some in batched(_files(source), PORTION):
            outcomes = threads.map(lambda file: _move_one(source, target, file.name, keep), some)
            for file, outcome in zip(some, outcomes, strict=True):
                if outcome is Outcome.GONE and not is_known(file.name):
                    target.delete(file.name)
                counts[outcome] += 1
                heard(file, outcome)
    finally:
        threads.shutdown(cancel_futures=True)
    return counts


def _files(source: OfficeStorage) -> Iterator[Kept]:
    """All but what was begun and not ended."""
    return (file for file in source.kept() if not file.name.rpartition("/")[2].startswith("."))


def _move_one(source: OfficeStorage, target: OfficeStorage, name: str, keep: bool) -> Outcome:
    if name.startswith(f"{DERIVED}/"):  # it is made again where it is asked for
        if not keep:
            source.delete(name)
        return Outcome.COPIED if keep else Outcome.MOVED
    try:
        with source.open(name) as content:
            sent = digest(content)
            if not _is_there(target, name, sent):
                target.put(name, content)
                if not _is_there(target, name, sent):
                    target.delete(name)
                    return Outcome.DIFFERS
    except FileNotFoundError:
        return Outcome.GONE
    except DomainError:
        return Outcome.DIFFERS
    if not source.exists(name):
        return Outcome.GONE
    if keep:
        return Outcome.COPIED
    source.delete(name)
    return Outcome.MOVED


def _is_there(target: OfficeStorage, name: str, sent: str) -> bool:
    """Read it back."""
    try:
        with target.open(name) as arrived:
            return digest(arrived) == sent
    except (FileNotFoundError, DomainError):
        return False
