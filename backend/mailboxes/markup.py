"""The HTML of a mail: cleaned, without anything that asks another server, and as plain text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

import nh3

LONGEST, MOST_TAGS = 1_000_000, 20_000
_TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "center",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
    ),
    *("strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_ELSEWHERE = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_BREAKS = re.compile(
    r"<(?:br|hr)\b[^<>]*>|</(?:p|div|tr|li|h[1-6]|table|blockquote|pre|dt|dd|caption)>", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<(script|style|head|title|template)\b.*?(?:</\1[^<>]*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n+")
# The blanks behind a quote belong to it: without one, two groups would share out a million blanks in every way.
_REMOTE = re.compile(r"<img\b[^<>]*\bsrc\s*=\s*(?:[\"']\s*)?(?:https?:)?//", re.IGNORECASE)


def cleaned(source: str) -> str:
    """Return the HTML with harmless tags alone: no script, no style, no form, and no picture but those that came along
    (`cid:`). Nothing of it where it is too large to be cleaned."""
    if len(source) > LONGEST or source.count("<") > MOST_TAGS:
        return ""
    return _clean(source, _harmless)


def shown(source: str, pictures: Mapping[str, str]) -> str:
    """Return cleaned HTML as a page of ours shows it. `pictures`: the addresses of those that came along, by their
    Content-ID; one that is not among them is its words alone, and a link leads to another site, never within ours."""

    def place(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            return pictures.get(unquote(value[len("cid:") :])) if value.lower().startswith("cid:") else None
        if attribute == "href":
            return value if _ELSEWHERE.match(value) else None
        return value

    return _clean(source, place)


def _clean(source: str, keep: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        source,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
    )


def has_remote_pictures(source: str) -> bool:
    return _REMOTE.search(source[:LONGEST]) is not None


def as_text(source: str) -> str:
    """Return what a person reads of HTML, line by line."""
    source = _HIDDEN.sub("", source[:LONGEST])
    source = re.sub(r"[\r\n]+", " ", source)
    text = html.unescape(_TAG.sub("", _BREAKS.sub("\n", source)))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if value.lower().startswith("cid:") else None
    if attribute == "href":
        return value if not value.lower().startswith("cid:") else None
    return value
