"""Asking both paths the same, and saying where they differ."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson

from backend.organization.models import User
from permissions.core import scope
from permissions.plans.reasons import NotCompilableError
from schema.app import schema
from schema.core.documents import Answer, Context
from schema.http import compiled
from schema.http.compiled import Timing

log = logging.getLogger("tests")


def canonical(value: Any) -> str:
    """JSON with sorted keys; a number is what it is worth (RFC 8785), so 41.0 and 41 are the same."""
    return json.dumps(_numbers(value), sort_keys=True, ensure_ascii=False)


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass
class Comparison:
    """What came of many questions: how many were equal, and why the others were interpreted."""

    equal: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)

    def require(self, *, at_least: int) -> None:
        """Fail with the first differences; or if less was compiled than is worth comparing; or for a fault."""
        log.info("%s equal; interpreted: %s", self.equal, dict(self.reasons))
        assert not self.differing, f"{len(self.differing)} differ:\n" + "\n".join(self.differing[:5])
        assert self.equal >= at_least, self.reasons
        assert not [reason for reason in self.reasons if reason.startswith("fault")], self.reasons

    def ask(self, user: User, query: str, variables: dict[str, Any], scopes: list[str] | None = None) -> None:
        with scope.session(user, scopes):
            try:
                answer = compiled.read({"query": query, "variables": variables}, Timing())
            except NotCompilableError as reason:
                self.reasons[str(reason)] += 1
                return
            self.compare(answer, query, variables)

    def compare(self, answer: Answer, query: str, variables: dict[str, Any], name: str | None = None) -> None:
        """Whether this compiled answer, of the viewer of this session, is what the interpreter answers them."""
        context = Context(name)
        result = schema.execute_sync(
            query, variable_values=variables, context_value=context, operation_name=name
        )
        interpreted = {
            "data": orjson.loads(orjson.dumps(result.data, default=str)),
            "errors": [str(error) for error in result.errors or []],
        }
        got = {"data": json.loads(answer.text), "errors": []}
        same_order = list(_keys(got["data"])) == list(_keys(interpreted["data"]))
        if canonical(got) == canonical(interpreted) and same_order and context.shown == answer.shown:
            self.equal += 1
        else:
            who = str(getattr(scope.current_viewer().user, "username", "nobody"))
            persons = (answer.shown, context.shown)
            self.differing.append(_report(who, query, variables, got, interpreted, *persons))


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)


def differences(a: Any, b: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
        return [found for key in a for found in differences(a[key], b[key], f"{path}.{key}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [found for i in range(len(a)) for found in differences(a[i], b[i], f"{path}[{i}]")]
    return [] if a == b else [(path, a, b)]


def _report(who: str, query: str, variables: Any, got: Any, wanted: Any, *persons: Any) -> str:
    first = differences(got["data"], wanted["data"])[:3]
    return f"{who}: {query} {variables}\n  {first}\n  {wanted['errors'][:2]} persons {persons}"
