"""Texts with places to fill in. Four marks and nothing else, so that no text reaches code, files or settings:

`{{ad}}` the value · `{{#ad}}…{{/ad}}` only where there is one · `{{^ad}}…{{/ad}}` only where there is none.

A name is letters, digits and single blanks; a name in capitals gives the value in capitals. A value is put in as text
and is never looked at again. There are no attributes, filters, calls, loops and includes to be abused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean, ends_a_sentence, tr_lower, tr_upper

LONGEST, DEEPEST = 20_000, 5
_MARK = re.compile(r"\{\{([#^/]?)\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"[^\W_]+(?: [^\W_]+){0,3}")
_STRAY = re.compile(r"\{%|%\}|\{#|#\}|[{}]")


@dataclass(frozen=True)
class _Section:
    """A part that is shown where a value is there, or where it is not."""

    name: str
    inverted: bool
    parts: tuple[str | _Place | _Section, ...]


@dataclass(frozen=True)
class _Place:
    name: str


Parts = tuple["str | _Place | _Section", ...]


def check(text: str, field: str = "body") -> None:
    """INVALID where a text is no template: an unknown mark, a section that does not end."""
    _parse(text, field)


def names(*texts: str) -> list[str]:
    """The values that are asked for, each once, in the order of the text."""
    values: dict[str, None] = {}
    for text in texts:
        for name in _names(_parse(text, "body")):
            values.setdefault(name)
    return list(values)


def conditions(*texts: str) -> set[str]:
    """The names that nothing is put in for: they only say whether a part is shown."""
    placed = {tr_lower(name) for text in texts for name in _places(_parse(text, "body"))}
    return set(names(*texts)) - placed


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; one that begins a sentence gets its capital. What has no value leaves its mark, which
    the checker tells."""
    facts = {tr_lower(name): clean(value) for name, value in values.items()}
    whole = ""
    for part, is_value in _filled(_parse(text, "body"), facts):
        whole += tr_upper(part[:1]) + part[1:] if is_value and ends_a_sentence(whole) else part
    return whole.strip()


def _names(parts: Parts) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            continue
        yield tr_lower(part.name)
        if isinstance(part, _Section):
            yield from _names(part.parts)


def _places(parts: Parts) -> Iterator[str]:
    for part in parts:
        if isinstance(part, _Place):
            yield part.name
        elif isinstance(part, _Section):
            yield from _places(part.parts)


def _filled(parts: Parts, values: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of the text, and whether each is a value that was filled in."""
    for part in parts:
        if isinstance(part, str):
            yield part, False
            continue
        value = values.get(tr_lower(part.name), "")
        if isinstance(part, _Section):
            if bool(value) is not part.inverted:
                yield from _filled(part.parts, values)
        elif value:
            yield tr_upper(value) if part.name == tr_upper(part.name) else value, True
        else:
            yield "{{" + part.name + "}}", False


def _parse(text: str, field: str) -> Parts:
    if len(text) > LONGEST:
        raise DomainError(ErrorCode.TOO_LARGE, _("The text is too long."), field)
    open_sections: list[tuple[str, bool, list[str | _Place | _Section]]] = [("", False, [])]
    end = 0
    for mark in _MARK.finditer(text):
        _plain(text[end : mark.start()], open_sections[-1][2], field)
        end, sign, name = mark.end(), mark[1], mark[2]
        if not _NAME.fullmatch(name):
            raise _wrong(_("“%s” is no name of a value.") % mark[0], field)
        if sign in ("#", "^"):
            if len(open_sections) > DEEPEST:
                raise _wrong(_("Conditions lie too deep in one another."), field)
            open_sections.append((name, sign == "^", []))
        elif sign == "/":
            opened, inverted, parts = open_sections.pop()
            if not open_sections or tr_lower(opened) != tr_lower(name):
                raise _wrong(_("“%s” ends what did not begin.") % mark[0], field)
            open_sections[-1][2].append(_Section(opened, inverted, tuple(parts)))
        else:
            open_sections[-1][2].append(_Place(name))
    _plain(text[end:], open_sections[-1][2], field)
    if len(open_sections) > 1:
        raise _wrong(_("The condition “%s” does not end.") % open_sections[-1][0], field)
    return tuple(open_sections[0][2])


def _plain(text: str, into: list[str | _Place | _Section], field: str) -> None:
    if stray := _STRAY.search(text):
        raise _wrong(_("“%s” cannot stand in a template.") % stray[0], field)
    if text:
        into.append(text)


def _wrong(message: Any, field: str) -> DomainError:
    return DomainError(ErrorCode.INVALID, message, field)
