"""Statements written by hand: in the product's server, and with nothing around them."""

from __future__ import annotations

from typing import Any, ClassVar

from benchmarks.contenders.base import OnGunicorn, Viewer
from benchmarks.questions import Question


class ByHand(OnGunicorn):
    key, title = "by_hand", "hand-written SQL in the same server"
    path = "/graphql/by-hand/{key}/"
    extra: ClassVar = {"DJANGO_SETTINGS_MODULE": "benchmarks.by_hand.settings"}

    def body(self, question: Question, viewer: Viewer) -> dict[str, Any]:
        if question.key == "deep":
            return {"after": viewer.cursors[question.given["skip"]]}
        return question.given


class Thinnest(ByHand):
    key, title = "thinnest", "hand-written SQL, no framework, no read log"
    path = "/{key}"
    wsgi = "benchmarks.by_hand.thinnest"
