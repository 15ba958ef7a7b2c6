"""The fixture that reads on both paths would see a difference, in a query's answer and in a mutation's."""

from __future__ import annotations

import pytest

from schema.core.documents import Answer
from schema.core.nodes import global_id
from tests.both_paths import both_paths  # noqa: F401
from tests.factories import make_complaint
from tests.schema.compiler.equality import Comparison


def test_queries_and_payloads_are_compared(both_paths: Comparison, cast, ask) -> None:  # noqa: F811
    row = make_complaint(to=cast.fen)
    ask.secretary.data("{ complaints(first: 5) { nodes { reference status } } }")
    assert both_paths.equal == 1
    ask.secretary.does("complaintComment", "complaint { id status }", id=global_id(row), body="Bakıldı.")
    assert both_paths.equal == 2


@pytest.mark.parametrize("reading", ["query", "payload"])
def test_a_difference_fails_the_test(
    reading: str,
    both_paths: Comparison,  # noqa: F811
    cast,
    ask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compare = both_paths.compare

    def of_another_status(answer: Answer, *asked) -> None:
        compare(Answer(answer.text.replace(b"ASSIGNED", b"CLOSED"), answer.shown), *asked)

    monkeypatch.setattr(both_paths, "compare", of_another_status)
    row = make_complaint(to=cast.fen)
    if reading == "query":
        ask.secretary.data("{ complaints(first: 5) { nodes { reference status } } }")
    else:
        ask.secretary.does("complaintComment", "complaint { status }", id=global_id(row), body="Bakıldı.")
    with pytest.raises(AssertionError, match="1 differ"):
        both_paths.require(at_least=0)
    both_paths.differing.clear()
