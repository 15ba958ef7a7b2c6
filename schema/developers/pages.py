"""What a page of the reference is made of. Knows no schema: the templates' tags are loaded by every command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A type as it is written somewhere: `[Complaint!]!` is a name with what stands around it."""

    before: str
    name: str
    after: str


@dataclass(frozen=True)
class Argument:
    name: str
    type: Reference
    description: str
    default: str
    required: bool


@dataclass(frozen=True)
class Field:
    """`example` is a whole operation, for the fields of the roots."""

    name: str
    type: Reference | None
    description: str
    arguments: tuple[Argument, ...]
    default: str
    deprecated: str
    example: str


@dataclass(frozen=True)
class Page:
    """One type. `used_by` names the fields that have it, or take it."""

    name: str
    kind: str
    description: str
    fields: tuple[Field, ...]
    interfaces: tuple[str, ...]
    used_by: tuple[tuple[str, str], ...]
    sdl: str


@dataclass(frozen=True)
class Entry:
    """What is found by the search: a type, or a field of it."""

    name: str
    owner: str
    kind: str
    description: str
    folded: str
    words: str

    @property
    def title(self) -> str:
        return f"{self.owner}.{self.name}" if self.owner else self.name
