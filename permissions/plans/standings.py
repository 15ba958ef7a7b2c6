"""Viewers who see alike share one reading: whether they still stand as they did, and who reads for all of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from django.db import connection

from backend.organization.models import User
from permissions.core.viewer import Viewer

NOBODY = -1, -2
"""Numbers of no account, which stand for a person where the reading must not depend on one."""
_STANDINGS = "SELECT place, standing FROM app.standings(%s::text[], %s::text[], %s::bigint[])"


def standings(tokens: Sequence[str], sessions: Sequence[str], accounts: Sequence[int]) -> list[str | None]:
    """What each may at this moment, as a digest that changes with it; None for who may no longer ask.

    Each has the digest of a token, or else that of a browser's session, and an account. Needs `core.session.system`.
    """
    found: list[str | None] = [None] * len(accounts)
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [list(tokens), list(sessions), list(accounts)])
        for place, standing in cursor.fetchall():
            found[place - 1] = standing
    return found


def sight(viewer: Viewer) -> Hashable:
    """What a viewer sees by, but for what is theirs as a person: equal for colleagues with the same grants."""
    return viewer.shape.shape, viewer.shape.values[1:]


def impersonal(viewer: Viewer, number: int = NOBODY[0]) -> Viewer:
    """A colleague with the same grants to whom nothing belongs as a person: no share, no assignment, no draft.

    What this viewer sees everybody with the same `sight` sees. Row security sees the real one.
    """
    if viewer.user is None:
        return viewer
    user = User(pk=number, is_superuser=viewer.user.is_superuser, is_active=viewer.user.is_active)
    return replace(viewer, user=user, rules={})
