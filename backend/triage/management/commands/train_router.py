"""`manage.py train_router`: learn from the closed cases now, as the worker does at night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = (
        "Learn from the newest closed cases of the house and keep it as a version of the router. It may be ended at"
        " any time and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--into",
            metavar="KEY",
            help="The training that was asked for in the admin or the API; what becomes of it stands on its page.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from backend.triage import runs, training

        if key := options["into"]:
            runs.train(key)  # what became of it stands in its row; another worker may have taken it over
            return

        def progress(step: str, done: int, of: int) -> None:
            self.stdout.write(f"{step}: {done} of {of}")

        try:
            learned = training.learn(progress)
        except ImportError as error:
            raise CommandError("Learning needs scikit-learn: install the extra `triage`.") from error
        if learned is None:
            self.stdout.write(
                f"Nothing was learned: {training.LEAST_CASES} answered cases are needed at least."
            )
        else:
            row = learned.row
            self.stdout.write(
                f"Version {row.number} from {row.cases} cases: {row.status}. Measured on {row.measured_on}:"
                f" spoke {row.spoke_percent} %, right {row.right_percent} %,"
                f" first {row.first_right_percent} % (words {row.words_right_percent} %)."
            )
