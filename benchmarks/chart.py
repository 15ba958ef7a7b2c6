"""The record as one picture: what an answer costs, and whether it stays so as the data grows. SVG, written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import log10
from typing import Any

from benchmarks.table import Key, processor

SHOWN = {"inbox": "Inbox: 50 rows, nested", "case": "One case with its story", "flat": "500 flat rows"}
LEFT, WIDTH, ROW, HEAD, GAP = 330, 900, 22, 64, 40
LOW, HIGH = 0.5, 10_000
RADII = (3.5, 5, 6.5)
INK, FAINT, OURS, OTHERS = "#1f2933", "#616e7c", "#0b6e4f", "#52606d"


def chart(found: dict[Key, Any], viewer: str, titles: dict[str, str]) -> str:
    """One panel a question, one row a contender, one dot a size, on a logarithmic scale that begins at half a
    millisecond: dots and not bars, whose lengths such a scale would falsify."""
    sizes = sorted({key[0] for key in found})
    panels = [
        (title, [(name, _dots(found, sizes, viewer, question, name)) for name in titles])
        for question, title in SHOWN.items()
    ]
    panels = [(title, [row for row in rows if row[1]]) for title, rows in panels]
    height = HEAD + sum(len(rows) * ROW + GAP for _title, rows in panels) + 30
    parts = [*_frame(height, sizes, panels, titles)]
    y = HEAD
    for title, rows in panels:
        parts += _panel(y, title, rows, sizes, titles)
        y += len(rows) * ROW + GAP
    return "\n".join([*parts, "</svg>\n"])


def _dots(
    found: dict[Key, Any], sizes: list[int], viewer: str, question: str, name: str
) -> dict[int, tuple[float, float]]:
    keys = {size: (size, viewer, question, name) for size in sizes}
    return {size: processor(found[key]) for size, key in keys.items() if key in found}


def _frame(height: int, sizes: list[int], panels: list[Any], titles: dict[str, str]) -> Iterator[str]:
    spoken = "; ".join(
        f"{title}: "
        + ", ".join(f"{titles[name]} {sum(list(dots.values())[-1]):.1f} ms" for name, dots in rows)
        for title, rows in panels
    )
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="13">'
    )
    yield '<title id="t">Milliseconds of processor for one answer, application and database together</title>'
    yield f'<desc id="d">{escape(spoken)}</desc>'
    yield f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    yield (
        f'<text x="16" y="26" font-size="16" font-weight="600" fill="{INK}">Processor time for one answer (ms,'
        " application + database, logarithmic)</text>"
    )
    x = 16.0
    for size, radius in zip(sizes, RADII[-len(sizes) :], strict=False):
        yield f'<circle cx="{x + 7}" cy="44" r="{radius}" fill="{OTHERS}"/>'
        yield f'<text x="{x + 18}" y="48" fill="{INK}">{size:,} complaints</text>'
        x += 160


def _panel(
    y: int, title: str, rows: list[tuple[str, Any]], sizes: list[int], titles: dict[str, str]
) -> Iterator[str]:
    yield f'<text x="16" y="{y + 16}" font-weight="600" fill="{INK}">{escape(title)}</text>'
    bottom = y + 24 + len(rows) * ROW
    for tick in (1, 10, 100, 1000):
        yield f'<line x1="{_x(tick):.0f}" x2="{_x(tick):.0f}" y1="{y + 20}" y2="{bottom}" stroke="#e4e7eb"/>'
        yield f'<text x="{_x(tick):.0f}" y="{y + 16}" text-anchor="middle" fill="{FAINT}" font-size="11">{tick}</text>'
    for number, (name, dots) in enumerate(rows):
        middle = y + 24 + number * ROW + ROW // 2
        colour = OURS if name == "compiled" else OTHERS
        weight = ' font-weight="600"' if name == "compiled" else ""
        yield (
            f'<text x="{LEFT - 12}" y="{middle + 4}" text-anchor="end" fill="{colour}"{weight}>'
            f"{escape(titles[name])}</text>"
        )
        places = [_x(sum(value)) for value in dots.values()]
        yield (
            f'<line x1="{min(places):.1f}" x2="{max(places):.1f}" y1="{middle}" y2="{middle}" stroke="{colour}"/>'
        )
        for size, value in dots.items():
            radius = RADII[sizes.index(size) - len(sizes)]
            yield f'<circle cx="{_x(sum(value)):.1f}" cy="{middle}" r="{radius}" fill="{colour}"/>'
        last = sum(list(dots.values())[-1])
        yield (
            f'<text x="{max(places) + 12:.1f}" y="{middle + 4}" fill="{colour}"{weight}>'
            f"{f'{last:.1f}' if last < 100 else f'{last:,.0f}'}</text>"
        )


def _x(value: float) -> float:
    share = log10(min(max(value, LOW), HIGH) / LOW) / log10(HIGH / LOW)
    return LEFT + share * (WIDTH - LEFT - 70)
