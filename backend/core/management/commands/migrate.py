"""Django's `migrate`, for which words are no part of a table, while the product goes on serving."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from backend.core.checks import WithoutAddresses
from backend.core.management.commands import makemigrations


class Command(WithoutAddresses, migrate.Command):
    """The same, with the autodetector of our `makemigrations`, one at a time, and without holding anybody up."""

    autodetector = makemigrations.Command.autodetector

    def handle(self, *args: Any, **options: Any) -> None:
        from backend.core.operation.live_migration import live, only_one  # few commands need it

        connection = connections[options["database"]]
        with only_one(connection), live(connection):
            super().handle(*args, **options)
