"""`manage.py worker`: the process that carries out jobs."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.operation import job_worker, probes, tracing


class Command(BaseCommand):
    help = "Carry out jobs (backend/jobs.py) until it is ended; it survives a restart of the database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, help="jobs at once; default: as the settings say")

    def handle(self, *args: Any, concurrency: int | None, **options: Any) -> None:
        """Ends with 0 after SIGTERM or SIGINT only."""
        tracing.begin("worker")
        pulse = probes.Pulse()
        try:
            probes.listen(pulse)
        except OSError as error:
            raise CommandError(probes.PORT_IN_USE) from error
        asyncio.run(job_worker.serve(concurrency, pulse))
