"""The Markdown that our own pages are written in, as HTML: headings, paragraphs, lists, tables, fences, links, code.

Not the whole language: a page that needs more is written more plainly. Nothing passes unescaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\[(?P<text>[^\]]+)\]\((?P<to>[^)\s]+)\)|<(?P<bare>https?://[^>\s]+)>"
)
BREAKS = re.compile(r"^(#{1,4} |```|\||[-*] |\d+\. |<!--)")
Link = Callable[[str], str]


def inline(text: str, link: Link = str) -> str:
    """One line as HTML. `link` makes the address of what `[…](…)` names; "" where the page has none for it."""
    made, at = [], 0
    for result in INLINE.finditer(text):
        made.append(escape(text[at : result.start()]))
        at = result.end()
        if result["code"]:
            made.append(f"<code>{escape(result['code'])}</code>")
        elif result["strong"]:
            made.append(f"<strong>{inline(result['strong'], link)}</strong>")
        elif result["text"]:
            words, to = inline(result["text"], link), link(result["to"])
            made.append(f'<a href="{escape(to)}">{words}</a>' if to else words)
        else:
            made.append(f'<a href="{escape(result["bare"])}">{escape(result["bare"])}</a>')
    return "".join([*made, escape(text[at:])])


def anchor(title: str) -> str:
    """The address of a heading within its page, as forges make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def contents(text: str) -> list[tuple[str, str]]:
    """(address within the page, title) of its sections, the headings of the second level."""
    outside = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [(anchor(title), title) for title in re.findall(r"^## (.+)$", outside, re.MULTILINE)]


def html(text: str, link: Link = str) -> str:
    """A whole page as HTML."""
    lines, made = text.splitlines(), []
    at = 0
    while at < len(lines):
        taken, part = _block(lines[at:], link)
        at += taken
        made.append(part)
    return "\n".join(part for part in made if part)


def _block(lines: list[str], link: Link) -> tuple[int, str]:
    first = lines[0]
    if not first.strip():
        return 1, ""
    if first.startswith("<!--"):
        return _until(lines, "-->") + 1, ""
    if first.startswith("```"):
        end = _until(lines[1:], "```") + 1
        code = escape("\n".join(lines[1:end]))
        kind = first[3:].split(" ")[0] or "text"
        return end + 1, f'<pre tabindex="0" data-language="{escape(kind)}"><code>{code}</code></pre>'
    if heading := re.match(r"(#{1,4}) (.+)", first):
        level, title = len(heading[1]), heading[2]
        return 1, f'<h{level} id="{escape(anchor(title))}">{inline(title, link)}</h{level}>'
    if first.startswith("|"):
        return _table(lines, link)
    if re.match(r"[-*] |\d+\. ", first):
        return _list(lines, link)
    taken = _more(lines)
    return taken, f"<p>{inline(' '.join(lines[:taken]), link)}</p>"


def _until(lines: list[str], mark: str) -> int:
    return next((n for n, line in enumerate(lines) if line.rstrip().endswith(mark)), len(lines) - 1)


def _more(lines: list[str]) -> int:
    """How many lines belong to what the first one begins."""
    for n, line in enumerate(lines[1:], 1):
        if not line.strip() or BREAKS.match(line):
            return n
    return len(lines)


def _list(lines: list[str], link: Link) -> tuple[int, str]:
    kind = "ol" if lines[0][0].isdigit() else "ul"
    items, at = [], 0
    while at < len(lines) and (mark := re.match(r"(?:[-*]|\d+\.) ", lines[at])):
        taken = _more(lines[at:])
        words = [lines[at][mark.end() :], *(line.strip() for line in lines[at + 1 : at + taken])]
        items.append(f"<li>{inline(' '.join(words), link)}</li>")
        at += taken
    return at, f"<{kind}>{''.join(items)}</{kind}>"


def _table(lines: list[str], link: Link) -> tuple[int, str]:
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
    head = "".join(f'<th scope="col">{inline(cell, link)}</th>' for cell in rows[0])
    body = "".join(
        f"<tr>{''.join(f'<td>{inline(cell, link)}</td>' for cell in row)}</tr>" for row in rows[2:]
    )
    return len(rows), (
        f'<div class="dev-wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
