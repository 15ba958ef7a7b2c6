"""What a journey reads is read on both paths: each compiled answer is held to the interpreter's."""

from __future__ import annotations

import pytest

from tests.both_paths import both_paths  # noqa: F401


@pytest.fixture(autouse=True)
def _on_both_paths(both_paths: object) -> None:  # noqa: F811
    pass
