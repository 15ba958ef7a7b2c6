"""Registry of exportable lists, filled by the layer above.

The lists of the admin belong to a user: columns, tabs, filters and visible rows are decided by the admin and by
`permissions`, which register them at startup (`provide`); the worker and GraphQL use them from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured

from backend.documents.table_writer import Cell


class OpenList(Protocol):
    """A list as one person sees it now, with what they asked for. Everything is read within a session of theirs."""

    @property
    def title(self) -> str: ...

    @property
    def headings(self) -> Sequence[str]: ...

    @property
    def lines(self) -> Sequence[str]:
        """In words what was asked for, line by line."""

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, as it opens the same list again."""

    @property
    def most(self) -> int | None:
        """How many rows the list tells at most; None: all."""

    def keys(self, limit: int) -> Sequence[Hashable]:
        """What the first rows are found again by when the list is opened anew, in its order; never their positions."""

    def cells(self, keys: Sequence[Any]) -> list[list[Cell]]:
        """The rows with these keys, in this order, as far as the person still sees them; those who are shown in
        them are noted in the read log."""

    def seen(self, keys: Sequence[Any]) -> list[Any]:
        """Those of the keys whose rows the person may still see, whatever was asked for."""

    def withholds(self, keys: Sequence[Any], since: dt.datetime) -> bool:
        """Whether, of these rows that they see, something may have been shown then that is not shown now."""

    @property
    def page(self) -> dict[str, str]:
        """What opens the list again wherever its rows lie, without what was searched for."""


class Lists(Protocol):
    def open(self, name: str, asked: Mapping[str, str], user: Any) -> OpenList:
        """The list of this name. INVALID, naming what there is, for a name, tab or filter that does not exist for
        this person."""

    def session(self, user: Any) -> AbstractContextManager[Any]:
        """One transaction as this person, on both walls."""


_provided: list[Lists] = []


def provide(lists: Lists) -> None:
    """Called once, when the admin starts."""
    _provided[:] = [lists]


def lists() -> Lists:
    if not _provided:
        raise ImproperlyConfigured("no lists were provided: is `admin_ui` among INSTALLED_APPS?")
    return _provided[0]
