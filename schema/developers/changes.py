"""What has changed in the schema since portals were last promised one, and whether that breaks them.

`schema/released.graphql` is what was promised; there is none before the first release. What breaks a client is
refused by a test unless `schema/accepted_changes.toml` names it with a day and a reason. `manage.py graphql_changes
--release` writes all of it into `docs/schema-changes.md` and promises the schema as it is.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLEnumType, GraphQLSchema, build_schema, is_required_argument
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from schema.app import schema

HERE = Path(__file__).resolve().parents[1]
RELEASED, ACCEPTED = HERE / "released.graphql", HERE / "accepted_changes.toml"
WRITTEN = HERE.parent / "docs" / "schema-changes.md"
BEGIN = "<!-- newest first -->\n"


@dataclass(frozen=True)
class Accepted:
    """A change that breaks clients and is meant. `change` is the sentence that the comparison says."""

    change: str
    on: dt.date
    reason: str


@dataclass(frozen=True)
class Changes:
    """Sentences, each list in the order of the alphabet."""

    breaking: tuple[str, ...]
    dangerous: tuple[str, ...]
    added: tuple[str, ...]
    deprecated: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.breaking or self.dangerous or self.added or self.deprecated)


def between(old: GraphQLSchema, new: GraphQLSchema) -> Changes:
    """What has changed from one schema to the other."""
    return Changes(
        breaking=tuple(sorted(change.description for change in find_breaking_changes(old, new))),
        dangerous=tuple(sorted(change.description for change in find_dangerous_changes(old, new))),
        added=tuple(sorted(_added(old, new))),
        deprecated=tuple(sorted(_deprecated(old, new))),
    )


def _added(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[str]:
    """New types, and new fields of those that were there. What a new type consists of, its page says."""
    for name, kind in new.type_map.items():
        if name.startswith("__"):
            continue
        before: Any = old.type_map.get(name)
        if before is None:
            yield f"Type {name} was added."
            continue
        if isinstance(kind, GraphQLEnumType):
            continue  # a value that a client does not know is dangerous, and named there
        there = getattr(before, "fields", {})
        for field, of in getattr(kind, "fields", {}).items():
            needed = any(is_required_argument(arg) for arg in getattr(of, "args", {}).values())
            if field not in there:
                yield f"Field {name}.{field} was added{' (it requires arguments)' if needed else ''}."


def _deprecated(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[str]:
    for name, kind in new.type_map.items():
        before: Any = old.type_map.get(name)
        for part in ("fields", "values"):
            there = getattr(before, part, {})
            for field, of in getattr(kind, part, {}).items():
                was = getattr(there.get(field), "deprecation_reason", None)
                if of.deprecation_reason and not was:
                    yield f"{name}.{field} is deprecated: {of.deprecation_reason}"


@cache
def since_release() -> Changes:
    """Compare this program's schema with the released one; nothing has changed before the first release."""
    if not RELEASED.exists():
        return Changes((), (), (), ())
    released = build_schema(RELEASED.read_text(encoding="utf-8"))
    return between(released, build_schema(schema.as_str()))


def accepted() -> list[Accepted]:
    """The changes that break clients and are meant, each with its day and reason. ValueError if one lacks them."""
    rows = tomllib.loads(ACCEPTED.read_text(encoding="utf-8")).get("accepted", [])
    for row in rows:
        if (
            set(row) != {"change", "on", "reason"}
            or not isinstance(row["on"], dt.date)
            or not row["reason"].strip()
        ):
            raise ValueError(f"{ACCEPTED.name}: a change needs `change`, `on` (a date) and `reason`: {row}")
    return [Accepted(**row) for row in rows]


def faults(changes: Changes, rows: list[Accepted]) -> list[str]:
    """Faults of a release: breaking changes without an acceptance, and acceptances without a breaking change."""
    named = {row.change for row in rows}
    return [
        *(
            f"breaks clients and is not accepted: {change}"
            for change in changes.breaking
            if change not in named
        ),
        *(
            f"is accepted, but does not happen: {row.change}"
            for row in rows
            if row.change not in changes.breaking
        ),
    ]


def markdown(changes: Changes, rows: list[Accepted]) -> str:
    """The changes as the lines of a section."""
    reasons = {row.change: f" Since {row.on:%Y-%m-%d}: {row.reason}" for row in rows}
    parts = {
        "Breaks clients": [f"{change}{reasons.get(change, '')}" for change in changes.breaking],
        "May surprise clients": list(changes.dangerous),
        "Deprecated": list(changes.deprecated),
        "Added": list(changes.added),
    }
    lines = []
    for title, sentences in parts.items():
        if sentences:
            lines += [f"### {title}", *(f"- {_coded(sentence)}" for sentence in sentences), ""]
    return "\n".join(lines)


def _coded(sentence: str) -> str:
    """Names of the schema as code, so that no underline or asterisk in them means anything."""
    words = sentence.split(" ")
    return " ".join(f"`{word}`" if "." in word.rstrip(".") and word[0].isalpha() else word for word in words)


def release(title: str, on: dt.date) -> None:
    """Write the section of this release, promise the schema as it is, and begin a new list of acceptances."""
    nothing = "Nothing has changed.\n" if RELEASED.exists() else "The first release.\n"
    text = markdown(since_release(), accepted()) or nothing
    before, after = WRITTEN.read_text(encoding="utf-8").split(BEGIN)
    WRITTEN.write_text(f"{before}{BEGIN}\n## {on:%Y-%m-%d}: {title}\n{text}{after}", encoding="utf-8")
    RELEASED.write_text(schema.as_str() + "\n", encoding="utf-8")
    comment = [line for line in ACCEPTED.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    ACCEPTED.write_text("\n".join(comment) + "\n", encoding="utf-8")
    since_release.cache_clear()
