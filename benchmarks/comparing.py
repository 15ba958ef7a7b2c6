"""Whether two answers say the same, whatever the names of wrappers and the spelling of a moment."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:?\d\d|Z)")
NOT_SHOWN = {"endCursor", "startCursor", "__typename", "id", "nodeId"}


def rows(body: bytes) -> dict[str, Any]:
    """The answer in one form: the rows of all pages, the total if it was asked for, whether there are more."""
    answer = json.loads(body)
    if answer.get("errors") or not answer.get("data"):
        raise ValueError(json.dumps(answer)[:800])
    found = [_normal(value) for value in answer["data"].values()]
    if len(found) == 1 and not (isinstance(found[0], dict) and "nodes" in found[0]):
        return {"rows": found}
    last: dict[str, Any] = {name: value for name, value in found[-1].items() if name != "nodes"}
    return {"rows": [row for page in found for row in page["nodes"]], **last}


def difference(one: Any, other: Any, path: str = "") -> str | None:
    """Where two answers differ first, or None."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return f"{path}: {sorted(one.keys() ^ other.keys())}"
        return next((d for key in one if (d := difference(one[key], other[key], f"{path}.{key}"))), None)
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return f"{path}: {len(one)} and {len(other)} rows"
        pairs = enumerate(zip(one, other, strict=True))
        return next((d for i, (a, b) in pairs if (d := difference(a, b, f"{path}[{i}]"))), None)
    return None if one == other else f"{path}: {one!r} and {other!r}"


def _normal(value: Any, name: str = "") -> Any:
    if isinstance(value, list):
        return [_normal(each) for each in value]
    if isinstance(value, dict):
        if "edges" in value:
            value = {**value, "nodes": [edge["node"] for edge in value["edges"]]}
            del value["edges"]
        if value.keys() == {"nodes"} and name:
            return _normal(value["nodes"])
        return {key: _normal(each, key) for key, each in value.items() if key not in NOT_SHOWN}
    if isinstance(value, str):
        if MOMENT.fullmatch(value):
            return dt.datetime.fromisoformat(value).astimezone(dt.UTC).isoformat()
        if name == "verb":
            return value.upper()
    return value
