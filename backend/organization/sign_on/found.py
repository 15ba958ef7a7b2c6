"""What a directory says of a person, whichever way it was asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LDAP = "ldap"
"""The source of persons whom the directory names by its own immutable id; others are named by their issuer."""
_AROUND_COMMA = re.compile(r"\s*(?<!\\),\s*")


class DirectoryAwayError(Exception):
    """The directory cannot be reached, or does not answer as a directory does: nothing is known of anyone."""


class RefusedError(Exception):
    """What came back from a provider is not what was asked for, or names no person; a word says what, and no name."""


@dataclass(frozen=True)
class Found:
    """A person as the directory says it now. `subject` stays with them for good; every other fact may change."""

    source: str
    subject: str
    username: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    title: str = ""
    groups: tuple[str, ...] | None = ()
    """None where it says nothing of them: those of the last reading stand, and without a reading none is known."""
    is_disabled: bool = False


@dataclass(frozen=True)
class SignedOn:
    """Who signed on, whether the provider asked for a second factor that counts, and what it wants to see again when
    they sign out."""

    found: Found
    has_second_factor: bool
    ticket: str | dict[str, str]


@dataclass(frozen=True)
class Reading:
    """All that was read of a directory at once."""

    people: list[Found]
    groups: list[str]


def group_key(name: str) -> str:
    """The form in which groups are compared: as directories do, without regard to case. İ and ı stay letters of their
    own, so that no two groups become one."""
    return _AROUND_COMMA.sub(",", unicodedata.normalize("NFC", name).strip()).casefold()


def keys(groups: Iterable[str]) -> set[str]:
    return {group_key(group) for group in groups}


def short_group(name: str) -> str:
    """What people call a group: the first part of a distinguished name, the last of a path."""
    if "=" in name:
        first = re.split(r"(?<!\\),", name, maxsplit=1)[0].partition("=")[2]
        return re.sub(r"\\(.)", r"\1", first)
    return name.rstrip("/").rpartition("/")[2] or name
