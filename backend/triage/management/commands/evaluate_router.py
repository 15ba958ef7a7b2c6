"""`manage.py evaluate_router FILE`: how often the router would be right on labelled texts, split by time."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.errors import DomainError
from backend.triage.evaluation.scoring import FUTURE, Result, Score


class Command(BaseCommand):
    help = (
        "Score the router on a CSV of labelled texts: learn from its past, ask about its future. Columns are found by"
        " their usual names (metin, kategori, tarih …). Nothing is written to the database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV; comma, semicolon or tab, UTF-8 or windows-1254")
        parser.add_argument("--text", default="", help="heading of the column with the texts")
        parser.add_argument("--label", default="", help="heading of the column with the labels")
        parser.add_argument(
            "--date", default="", help="heading of the column with the dates; none: order of the file"
        )
        parser.add_argument("--threshold", type=float, default=0.8, help="how sure it must be to speak (0.8)")
        parser.add_argument(
            "--future", type=float, default=FUTURE, help="share of the texts to ask about (0.25)"
        )
        parser.add_argument("--json", action="store_true", help="print everything as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        from backend.triage.evaluation import reading, scoring, shipped

        if not 0 < options["future"] < 1 or not 0 < options["threshold"] < 1:
            raise CommandError("--future and --threshold are shares between 0 and 1.")
        try:
            corpus = reading.read(
                options["file"], text=options["text"], label=options["label"], date=options["date"]
            )
            catalogue, names, whose = shipped.whichever()
            result = scoring.evaluate(
                corpus,
                catalogue,
                names,
                whose=whose,
                threshold=options["threshold"],
                future=options["future"],
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        except ImportError as error:
            raise CommandError("Learning needs scikit-learn: install the extra `triage`.") from error
        if options["json"]:
            self.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(lines(result)))


def lines(result: Result) -> list[str]:
    """The result as a person reads it."""
    order = "by date" if result.is_dated else "in the order of the file (no dates)"
    columns = ", ".join(f"{role}: {name}" for role, name in result.columns.items())
    found = [
        f"{result.texts} labelled texts, {result.labels} labels; columns {columns}; {result.left_out} lines left out",
        f"learned from {result.trained_on} of the past {order}, asked about the last {result.asked_about}"
        f" ({result.repeated} repeated ones left out)",
        f"{result.known_labels} of {result.labels} labels are in the catalogue ({result.catalogue})",
        "",
        f"{'':28}{'spoke':>8}{'right':>8}{'first':>8}{'in 3':>8}",
    ]
    if result.keywords:
        found.append(_line("keywords", result.keywords))
    found += [_line(f"learned, sure from {level}", score) for level, score in result.learned.items()]
    if result.together:
        found.append(_line(f"learned, else keywords {result.threshold:.2f}", result.together))
    if result.new:
        found.append(_line(f"{result.new_texts} new ones, from {result.threshold:.2f}", result.new))
    found += [
        "",
        "right: of those of which it spoke · first: the first label of all · in 3: among the first three",
        "new ones: like no text that was learned from",
    ]
    found += ["", f"learned from the newest … (sure from {result.threshold:.2f})"]
    found += [_line(f"  {size} texts", score) for size, score in result.curve.items()]
    found += ["", f"how sure, and how often right (mean distance {result.calibration_error:.3f})"]
    found += [
        f"  from {one.sure_from:.1f}: {one.texts:>5} texts, sure {one.sure:.2f}, right {one.right:.2f}"
        for one in result.calibration
    ]
    found += ["", f"{'label':40}{'texts':>7}{'spoke':>7}{'right':>7}{'first':>7}"]
    found += [
        f"{one.label[:39]:40}{one.texts:>7}{one.spoke:>7}{one.right:>7}{one.first:>7}"
        for one in result.by_label
    ]
    found += [
        "",
        f"{result.milliseconds} ms a suggestion (median; {result.milliseconds_slow} ms in one of twenty);"
        f" learned in {result.fitted_in_seconds} s",
    ]
    return found


def _line(name: str, score: Score) -> str:
    right = f"{score.right:8.1%}" if score.right is not None else f"{'–':>8}"
    return f"{name:28}{score.spoke:8.1%}{right}{score.first:8.1%}{score.first_three:8.1%}"
