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
    """All that was measured, a table a size and viewer; what was not stands in its row with the reason."""
    found, why = measured(record), _reasons(record)
    parts = []
    for size in dict.fromkeys(line["size"] for line in record.found("load")):
        for viewer, title in viewers.items():
            parts.append(f"### {size:,} complaints, {title} (`{viewer}`)\n")
            parts += list(_table(found, why, (size, viewer), titles, asked))
            parts.append("")
    parts += list(_workers(record, titles))
    return "\n".join(parts)


def unmeasured(record: Record, titles: dict[str, str]) -> list[str]:
    """A sentence for everything that was to be measured and could not be. What is slow was measured."""
    found = measured(record)
    sentences = [
        f"{titles[line['contender']]} took no part ({line['size']:,}): {line['missing']}"
        for line in record.found_last("missing")
    ]
    sentences += [
        f"{titles[line['contender']]} answered otherwise ({_place(line)}): {line['differs'][:200]}"
        for line in record.found_last("differs")
    ]
    sentences += [
        f"{titles[line['contender']]} gave no figure ({_place(line)}): {line['failed'][:200]}"
        for line in record.found("failed")
        if _key(line) not in found
    ]
    return list(dict.fromkeys(sentences))


def _reasons(record: Record) -> dict[tuple[Any, ...], str]:
    """Key of a cell, or (size, contender) -> why there are no figures."""
    found: dict[tuple[Any, ...], str] = {}
    for line in record.found("failed"):
        found.setdefault(_key(line), line["failed"])
    for line in record.found_last("too_slow"):
        found[_key(line)] = f"more than {line['too_slow']:.0f} s an answer"
    for line in record.found_last("differs"):
        found[_key(line)] = f"answered otherwise: {line['differs']}"
    for line in record.found_last("missing"):
        found[line["size"], line["contender"]] = f"took no part: {line['missing']}"
    return {key: _one_line(reason) for key, reason in found.items()}


def _one_line(text: str) -> str:
    """As it may stand in a cell of a table."""
    return " ".join(text.split()).replace("|", "/")[:300]


def _key(line: dict[str, Any]) -> Key:
    return line["size"], line["viewer"], line["question"], line["contender"]


def _place(line: dict[str, Any]) -> str:
    return f"{line['size']:,} {line['viewer']} {line['question']}"


def _table(
    found: dict[Key, Any],
    why: dict[Any, str],
    of: tuple[int, str],
    titles: dict[str, str],
    asked: dict[str, str],
) -> Iterator[str]:
    yield (
        "| | processor ms: app + database | p50 · p99 ms, 1 client | per s: 1 · 8 · 64 clients"
        " | p99 ms: 8 · 64 | MB |"
    )
    yield "|---" * 6 + "|"
    for question, title in asked.items():
        rows = []
        for name, who in titles.items():
            if cell := found.get((*of, question, name)):
                rows.append(f"| {who} | {_row(cell)} |")
            elif reason := why.get((*of, question, name)) or why.get((of[0], name)):
                rows.append(f"| {who} | **not measured**: {reason} | | | | |")
        if rows:
            yield f"| **{title}** | | | | | |"
            yield from rows


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
    many: dict[str, list[str]] = {}
    for line in record.found("failed"):
        many.setdefault(titles[line["contender"]], []).append(f"{_place(line)} with {line.get('at')}")
    for title, places in many.items():
        yield f"\n**Refused or cut off** (number of clients): {title}: {', '.join(dict.fromkeys(places))}"
    lost: dict[str, list[str]] = {}
    for line in record.found("clients"):
        if line.get("lost"):
            lost.setdefault(titles[line["contender"]], []).append(
                f"{_place(line)} with {line['clients']}: {line['lost']}"
            )
    for title, places in lost.items():
        yield f"\n**Connections reset or refused, and asked again** (clients: how many): {title}: {', '.join(places)}"
    if sentences := unmeasured(record, titles):
        yield "\n**Not measured**\n"
        yield from (f"- {_one_line(sentence)}" for sentence in sentences)
