"""Django's `migrate`, for which words are no part of a table."""

from django.core.management.commands import migrate

from backend.core.checks import WithoutAddresses
from backend.core.migrating import without_labels


class Command(WithoutAddresses, migrate.Command):
    """The same, with an autodetector that compares what the database knows."""

    autodetector = without_labels(migrate.Command.autodetector)
