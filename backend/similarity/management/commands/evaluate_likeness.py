"""`manage.py evaluate_likeness FILE`: how often the original of a known duplicate is among the first proposals."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from backend.core.checks import WithoutAddresses
from backend.core.table_reader.tables import TableError
from backend.similarity.evaluating import Score, evaluate
from backend.similarity.pairs import NAMES, read


class Command(WithoutAddresses):
    help = "Ranks the earlier cases of each known duplicate of a CSV file by the product's own score; keeps nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=NAME",
            help=f"what a column is called in the file; fields: {', '.join(NAMES)}",
        )
        parser.add_argument("--radius", type=float, default=60, help="so many metres are the same place (60)")
        parser.add_argument(
            "--single", action="store_true", help="a known duplicate does not speak for its original"
        )
        parser.add_argument("--json", action="store_true", help="print one object for programs")

    def handle(self, *args: Any, file: Path, column: list[str], radius: float, **options: Any) -> None:
        named = dict(one.partition("=")[::2] for one in column)
        if unknown := [field for field in named if field not in NAMES]:
            raise CommandError(_("There is no field “%(field)s”.") % {"field": unknown[0]})
        if radius <= 0:
            raise CommandError(_("Write the radius in metres, above zero."))
        try:
            cases = read(file, named)
        except TableError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        with tqdm(unit=" pairs", disable=None if options["verbosity"] else True) as bar:

            def progress(done: int, whole: int) -> None:
                bar.total = whole
                bar.update(done - bar.n)

            score = evaluate(cases, radius, is_single=options["single"], progress=progress)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(score) | {"shares": score.shares}))
        else:
            self.stdout.write("\n".join(_lines(score)))


def _lines(score: Score) -> list[str]:
    def share(count: int) -> str:
        return f"{count:6d}  {100 * count / score.pairs:5.1f} %" if score.pairs else f"{count:6d}"

    return [
        f"cases {score.cases}, pairs {score.pairs}, originals not in the file {score.without_case}",
        *(f"among the first {most:2d}:  {share(count)}" for most, count in score.first.items()),
        f"not proposed:        {share(score.silent)}",
        f"median rank: {score.median_rank}",
        *(f"found by {reason:9s}   {share(count)}" for reason, count in score.by_reason.items()),
        f"milliseconds: median {score.median_ms:.1f}, nineteen of twenty within {score.slow_ms:.1f}",
    ]
