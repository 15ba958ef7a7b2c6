"""Which house this request, or this whole process, belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.houses.registry import House

_of_request: ContextVar[House | None] = ContextVar("house", default=None)
_of_process: House | None = None


def current() -> House | None:
    """Return the house; None where there are no houses, and where none was entered."""
    return _of_request.get() or _of_process


def name() -> str:
    """Return the house's name, by which what a process keeps is separated; empty without a house."""
    house = current()
    return house.name if house else ""


@contextmanager
def inside(house: House | None) -> Iterator[None]:
    """Belong to a house for the length of the block. A thread that is begun inside belongs to none."""
    token = enter(house)
    try:
        yield
    finally:
        leave(token)


def enter(house: House | None) -> Token[House | None]:
    """Belong to a house until `leave`. Its settings are read first: before that Django's are the installation's."""
    if house is not None:
        house.settings  # noqa: B018
    return _of_request.set(house)


def leave(token: Token[House | None]) -> None:
    """Belong to whichever house it was before."""
    _of_request.reset(token)


def become(house: House) -> None:
    """Belong to this house in all threads of this process, for good."""
    global _of_process
    house.settings  # noqa: B018 - as `enter`
    _of_process = house
