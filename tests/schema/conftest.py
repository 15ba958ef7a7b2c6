"""The cast at the endpoint: each of them signed in, the portal with its token, and nobody. What they read is read on
both paths: each compiled answer is held to the interpreter's.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.both_paths import both_paths  # noqa: F401
from tests.cast import Cast
from tests.schema.client import Asking


@dataclass(frozen=True)
class Doors:
    """One asker for every role; a new browser each time it is read."""

    cast: Cast

    def __getattr__(self, name: str) -> Asking:
        return Asking(getattr(self.cast, name))

    @property
    def portal(self) -> Asking:
        return Asking(token=self.cast.portal_secret)

    @property
    def nobody(self) -> Asking:
        return Asking()


@pytest.fixture
def ask(cast: Cast) -> Doors:
    return Doors(cast)


@pytest.fixture(autouse=True)
def _on_both_paths(request: pytest.FixtureRequest) -> None:
    if "compiler" not in request.node.path.parts:  # whose tests compare by themselves
        request.getfixturevalue("both_paths")
