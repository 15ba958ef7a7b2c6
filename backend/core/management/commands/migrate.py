"""Django's `migrate`, for which words are no part of a table."""

from django.core.management.commands import migrate

from backend.core.checks import WithoutAddresses
from backend.core.management.commands import makemigrations


class Command(WithoutAddresses, migrate.Command):
    """The same, with the autodetector of our `makemigrations`."""

    autodetector = makemigrations.Command.autodetector
