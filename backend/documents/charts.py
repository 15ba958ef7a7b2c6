"""Two kinds of SVG chart: bars with labels, and columns over time with a line.

The same drawing serves pages and paper. On a page (`width` None) positions are percentages and text keeps its size,
so that a chart fits a telephone; on paper positions are points. Colours are attributes, which a page's style sheet
replaces (light and dark theme); there is no style and no script in it. Title and description put the drawing into
words, and a table with the same figures goes under every chart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape

LETTER = 12
ROW, BAR = 40, 12
PLOT, FOOT, HEAD = 190, 24, 8
MARK = 34
"""The room for one label below the columns, in the smallest width that a chart is shown in."""
NARROW = 300
COLOURS = {"first": "#2563eb", "second": "#d97706", "line": "#1f2937", "track": "#e5e7eb", "text": "#1f2937"}
_FONT = f'font-size="{LETTER}" font-family="Libertinus Serif, sans-serif" fill="{COLOURS["text"]}"'


@dataclass(frozen=True)
class Bar:
    """A word and its number; `part` of it is drawn in the second colour (how many of them are late)."""

    label: str
    value: int
    part: int = 0
    shown: str = ""
    """What stands at the end instead of the number."""
    is_drawn: bool = True
    """Whether the bar is drawn to scale; the aggregated "other" bar is not."""


@dataclass(frozen=True)
class Column:
    """A stretch of time: two numbers side by side, and one on the line."""

    label: str
    first: int
    second: int
    line: int


class _Canvas:
    """Places along the width: percentages, or points of a width."""

    def __init__(self, width: int | None) -> None:
        self.width = width

    def at(self, share: float) -> str:
        return f"{share * 100:.2f}%" if self.width is None else f"{share * self.width:.1f}"

    def svg(self, name: str, title: str, words: str, height: int, inner: Iterator[str]) -> str:
        size = f'width="{self.width or "100%"}" height="{height}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="ok-chart" role="img" aria-labelledby="{name}-title'
            f' {name}-words" {size} {_FONT}><title id="{name}-title">{escape(title)}</title>'
            f'<desc id="{name}-words">{escape(words)}</desc>{"".join(inner)}</svg>'
        )


def bars(name: str, title: str, words: str, rows: Sequence[Bar], width: int | None = None) -> str:
    """Each row's word with its number, and the bar below. `name` is unique in the page."""
    canvas = _Canvas(width)
    return canvas.svg(name, title, words, ROW * len(rows), _bars(canvas, rows))


def _bars(canvas: _Canvas, rows: Sequence[Bar]) -> Iterator[str]:
    most = max((row.value for row in rows if row.is_drawn), default=0) or 1
    for number, row in enumerate(rows):
        top = number * ROW
        shown = escape(row.shown or thousands(row.value))
        yield f'<text x="0" y="{top + LETTER + 2}">{escape(row.label)}</text>'
        yield f'<text x="{canvas.at(1)}" y="{top + LETTER + 2}" text-anchor="end">{shown}</text>'
        if not row.is_drawn:
            continue
        yield _box(canvas, "track", 0, 1, top + 20, BAR)
        yield _box(canvas, "first", 0, row.value / most, top + 20, BAR)
        if row.part:
            yield _box(canvas, "second", 0, row.part / most, top + 20, BAR)


def columns(name: str, title: str, words: str, rows: Sequence[Column], width: int | None = None) -> str:
    """Two columns a stretch of time and the line above them, with the scale on the left."""
    canvas = _Canvas(width)
    return canvas.svg(name, title, words, HEAD + PLOT + FOOT, _columns(canvas, rows))


def _columns(canvas: _Canvas, rows: Sequence[Column]) -> Iterator[str]:
    steps = scale(max((max(row.first, row.second, row.line) for row in rows), default=0))
    left = 0.02 + 0.022 * len(thousands(steps[-1])) if canvas.width is None else 0.06
    room = (1 - left) / max(len(rows), 1)

    def height(value: int) -> float:
        return HEAD + PLOT * (1 - value / steps[-1])

    for step in steps:
        y = height(step)
        yield _line(canvas, "track", (left, y), (1, y), 1)
        yield f'<text x="{canvas.at(left - 0.01)}" y="{y + 4:.1f}" text-anchor="end">{thousands(step)}</text>'
    every = max(1, math.ceil(len(rows) * MARK / NARROW))
    for number, row in enumerate(rows):
        x = left + number * room
        for kind, value, place in (("first", row.first, 0.12), ("second", row.second, 0.5)):
            y = height(value)
            yield _box(canvas, kind, x + room * place, x + room * (place + 0.36), y, HEAD + PLOT - y)
        if number % every == 0:
            label, middle = escape(row.label), canvas.at(x + room / 2)
            yield f'<text x="{middle}" y="{HEAD + PLOT + LETTER + 4}" text-anchor="middle">{label}</text>'
    middles = [(left + (number + 0.5) * room, height(row.line)) for number, row in enumerate(rows)]
    for one, following in pairwise(middles):
        yield _line(canvas, "line", one, following, 2)
    for x, y in middles:
        yield f'<circle class="ok-chart-line" cx="{canvas.at(x)}" cy="{y:.1f}" r="3" fill="{COLOURS["line"]}"/>'


def _box(canvas: _Canvas, kind: str, left: float, right: float, y: float, height: float) -> str:
    return (
        f'<rect class="ok-chart-{kind}" x="{canvas.at(left)}" width="{canvas.at(max(right - left, 0))}"'
        f' y="{y:.1f}" height="{max(height, 0):.1f}" fill="{COLOURS[kind]}"/>'
    )


def _line(
    canvas: _Canvas, kind: str, one: tuple[float, float], other: tuple[float, float], width: int
) -> str:
    (x1, y1), (x2, y2) = one, other
    return (
        f'<line class="ok-chart-{kind}" x1="{canvas.at(x1)}" y1="{y1:.1f}" x2="{canvas.at(x2)}" y2="{y2:.1f}"'
        f' stroke="{COLOURS[kind]}" stroke-width="{width}"/>'
    )


def scale(most: int) -> list[int]:
    """Round numbers from 0 to at least `most`, four or five of them; whole ones, since nothing here is halved."""
    if most <= 4:
        return list(range(max(most, 1) + 1))
    rough = most / 4
    ten = 10 ** math.floor(math.log10(rough))
    step = next(one * ten for one in (1, 2, 2.5, 5, 10) if one * ten >= rough and one * ten == int(one * ten))
    return [int(step * n) for n in range(math.ceil(most / step) + 1)]


def thousands(number: int) -> str:
    """As it is written in Turkish: 12.345."""
    return f"{number:,}".replace(",", ".")
