"""The product as it is installed, with compiled reads and without."""

from __future__ import annotations

from typing import Any, ClassVar

from benchmarks.contenders.base import OnGunicorn, Viewer
from benchmarks.questions import Question


class Compiled(OnGunicorn):
    key, title = "compiled", "this product, compiled reads"

    def body(self, question: Question, viewer: Viewer) -> dict[str, Any]:
        variables: dict[str, Any] = dict(question.given)
        if question.key == "deep":
            variables = {"after": viewer.cursors[variables["skip"]]}
        if question.key == "flat":
            variables = {f"page{n}": viewer.cursors[skip] for n, skip in enumerate(PAGES, 2)}
        return {"query": question.text, "variables": variables}


PAGES = (100, 200, 300, 400)


class Interpreted(Compiled):
    key, title = "interpreted", "this product, interpreted (Strawberry)"
    extra: ClassVar = {"OZELKALEM_GRAPHQL_COMPILED_READS": "0"}
