"""Django's `makemigrations`, for which words are no part of a table."""

from django.core.management.commands import makemigrations

from backend.core.checks import WithoutAddresses
from backend.core.operation.migrating import without_labels


class Command(WithoutAddresses, makemigrations.Command):
    """The same, with an autodetector that compares what the database knows."""

    autodetector = without_labels(makemigrations.Command.autodetector)
