"""`manage.py generate_complaint_texts FILE`: invented complaints as people write them, to try the router on."""

from __future__ import annotations

import csv
import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from permissions.demo.triage.corpus import invent, rows

LEAST, MOST = 1, 1_000_000


class Command(BaseCommand):
    help = (
        "Write a CSV of invented complaints with date, category, unit, priority and units that returned them. The same"
        " for the same --seed, --count and --until. Nothing of it is in the database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV to write")
        parser.add_argument("--count", type=int, default=4000, help="how many (4000)")
        parser.add_argument("--seed", type=int, default=1, help="which ones (1)")
        parser.add_argument(
            "--until", type=dt.date.fromisoformat, help="the day after the last one (tomorrow)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not LEAST <= options["count"] <= MOST:
            raise CommandError(f"--count is a number between {LEAST} and {MOST}.")
        day = options["until"]
        until = timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else timezone.now()
        with options["file"].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(invent(options["count"], options["seed"], until)))
        self.stdout.write(f"{options['count']} complaints written.")
