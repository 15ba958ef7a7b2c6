"""Make the database that every test is cloned from, unless it is there; beside the static checks, on the other core."""

from __future__ import annotations

import os

import django


def main() -> None:
    """Start the tests' server if nobody has, migrate a template on it, and leave."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.databases import TestDatabases, server

    with server():
        databases = TestDatabases()
        databases.prepare()
        databases.close()


if __name__ == "__main__":
    main()
