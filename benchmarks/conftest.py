"""What the figures of the programme stand on: the tests' server, databases and cast."""

from tests.conftest import cast, committed_db, django_db_setup, postgres_server, test_databases

__all__ = ["cast", "committed_db", "django_db_setup", "postgres_server", "test_databases"]
