"""Compare the kept figures of reports with the cases, or sum all of them anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.complaints.reporting import jobs, keeping
from backend.core.session import system, without_timeout


class Command(BaseCommand):
    help = (
        "Compare the figures that reports keep with the cases and mend what differs; --rebuild: sum all anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="forget all sums and make them anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            with system():
                without_timeout()
                keeping.forget_sums()
            self.stdout.write(f"{jobs.keep_figures()} cases were summed up.")
            return
        jobs.keep_figures()
        cases, sums = jobs.check_figures()
        if cases or sums:
            raise CommandError(f"{cases} cases and {sums} sums differed; they were counted anew.")
        self.stdout.write("All figures are those of the cases.")
