"""The record as tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.record import Record

PROCESSOR = ("application", "database")
Key = tuple[int, str, str, str]  # size, viewer, question, contender


def measured(record: Record) -> dict[Key, dict[int, dict[str, float]]]:
    """For each cell: number of clients -> medians of the rounds; processor time by the number of answers."""
    lines: dict[tuple[Key, int], list[dict[str, Any]]] = {}
    for line in record.found("clients"):
        key = (line["size"], line["viewer"], line["question"], line["contender"])
        lines.setdefault((key, line["clients"]), []).append(line)
    found: dict[Key, dict[int, dict[str, float]]] = {}
    for (key, clients), of_cell in lines.items():
        answers = sum(line["answers"] for line in of_cell)
        cell = {name: median(line[name] for line in of_cell) for name in ("rate", "p50", "p99", "memory")}
        for name in PROCESSOR:
            cell[name] = sum(line[name] * line["answers"] for line in of_cell) / answers
        found.setdefault(key, {})[clients] = {**cell, "answers": answers}
    return found


def processor(cell: dict[int, dict[str, float]]) -> tuple[float, float]:
    """Milliseconds of application and of database for one answer, however many clients asked."""
    answers = sum(one["answers"] for one in cell.values())
    application, database = (
        sum(one[name] * one["answers"] for one in cell.values()) / answers for name in PROCESSOR
    )
    return application, database


def tables(record: Record, titles: dict[str, str], viewers: dict[str, str], asked: dict[str, str]) -> str:
    """All that was measured, a table a size and viewer."""
    found = measured(record)
    parts = []
    for size in dict.fromkeys(key[0] for key in found):
        for viewer, title in viewers.items():
            parts.append(f"### {size:,} complaints, {title} (`{viewer}`)\n")
            parts += list(_table(found, size, viewer, titles, asked))
            parts.append("")
    parts += list(_workers(record, titles))
    return "\n".join(parts)


def _table(
    found: dict[Key, Any], size: int, viewer: str, titles: dict[str, str], asked: dict[str, str]
) -> Iterator[str]:
    yield (
        "| | processor ms: app + database | p50 · p99 ms, 1 client | per s: 1 · 8 · 64 clients"
        " | p99 ms: 8 · 64 | MB |"
    )
    yield "|---" * 6 + "|"
    for question, title in asked.items():
        cells = {name: found.get((size, viewer, question, name)) for name in titles}
        if any(cells.values()):
            yield f"| **{title}** | | | | | |"
        for name, cell in cells.items():
            if cell:
                yield f"| {titles[name]} | {_row(cell)} |"


def _row(cell: dict[int, dict[str, float]]) -> str:
    alone, eight, many = cell.get(1, {}), cell.get(8, {}), cell.get(64, {})
    application, database = processor(cell)
    return " | ".join(
        (
            f"{_figure(application + database)}: {_figure(application)} + {_figure(database)}",
            f"{_figure(alone.get('p50'))} · {_figure(alone.get('p99'))}",
            f"{_figure(alone.get('rate'))} · {_figure(eight.get('rate'))} · {_figure(many.get('rate'))}",
            f"{_figure(eight.get('p99'))} · {_figure(many.get('p99'))}",
            f"{max(one['memory'] for one in cell.values()):.0f}",
        )
    )


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _workers(record: Record, titles: dict[str, str]) -> Iterator[str]:
    yield "Workers that served each best: " + "; ".join(
        f"{line['size']:,} {titles.get(line['contender'], line['contender'])}: {line['workers']}"
        for line in record.found("workers")
    )
    for line in record.found("missing"):
        yield f"\n**Took no part** ({line['size']:,}): {titles.get(line['contender'])}: {line['missing']}"
    for line in record.found("too_slow"):
        yield (
            f"\n**Too slow to be timed** ({line['size']:,}, {line['viewer']}, {line['question']}):"
            f" {titles.get(line['contender'])}: {line['too_slow']} s"
        )
    refused: dict[str, list[str]] = {}
    for line in record.found("failed"):
        place = f"{line['size']:,} {line['viewer']} {line['question']}"
        refused.setdefault(titles[line["contender"]], []).append(f"{place} with {line.get('at')}")
    for title, places in refused.items():
        yield f"\n**Refused or cut off** (number of clients): {title}: {', '.join(dict.fromkeys(places))}"
    for line in record.found("differs"):
        yield (
            f"\n**Not timed, because it answered otherwise** ({line['size']:,}, {line['viewer']},"
            f" {line['question']}): {titles.get(line['contender'])}: {line['differs'][:200]}"
        )
