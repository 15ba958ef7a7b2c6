"""What a journey reads is read on both paths: each compiled answer is held to the interpreter's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from schema import compiled
from schema.documents import Answer
from tests.schema.compiler.equality import Comparison


@pytest.fixture(autouse=True)
def both_paths(monkeypatch: pytest.MonkeyPatch) -> Iterator[Comparison]:
    comparison, answer = Comparison(), compiled.answer

    def compared(operation: dict[str, Any], timing: compiled.Timing) -> Answer | None:
        found = answer(operation, timing)
        if found is not None:
            name = operation.get("operationName")
            comparison.compare(found, operation["query"], operation.get("variables") or {}, name)
        return found

    monkeypatch.setattr(compiled, "answer", compared)
    yield comparison
    comparison.require(at_least=0)
