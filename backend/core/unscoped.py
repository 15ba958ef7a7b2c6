"""A mark on views that no session of a viewer is opened for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_MARK = "is_unscoped"


def unscoped[V: Callable[..., Any]](view: V) -> V:
    """Mark a view that opens its own session (a token may say who asks), or touches no row of anybody.

    Put it outermost: the middleware sees what the address leads to.
    """
    setattr(view, _MARK, True)
    return view


def is_unscoped(view: Callable[..., Any]) -> bool:
    return getattr(view, _MARK, False) is True
