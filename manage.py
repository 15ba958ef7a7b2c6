#!/usr/bin/env python3
"""Django's command line; the embedded PostgreSQL runs while a command needs it."""

import contextlib
import gc
import os
import sys

from backend import database, environment, postgres

WITHOUT_DATABASE = {"postgres", "help", "makemessages", "compilemessages", "collectstatic"}
SERVING = {"worker", "procrastinate", "runserver"}


def main() -> None:
    """Run the command; a server that cannot be had ends it with one sentence."""
    environment.end_on_sigterm()
    gc.set_threshold(*environment.GARBAGE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command == "demo":
        os.environ.setdefault("OZELKALEM_ENVIRONMENT", "demo")
    alone = (
        command.startswith("-") or command in WITHOUT_DATABASE or not {"-h", "--help"}.isdisjoint(sys.argv)
    )
    if os.environ.get("OZELKALEM_HOUSES") and not alone and command != "houses":
        sys.exit("There are many houses (OZELKALEM_HOUSES): manage.py houses run [--house NAME] " + command)
    try:
        folder = None if alone else database.embedded_folder()
        with postgres.using(folder) if folder else contextlib.nullcontext():
            _run(refusing=command in SERVING and not alone)
    except postgres.PostgresError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _run(*, refusing: bool) -> None:
    from django.core.management import execute_from_command_line

    if refusing:
        import django

        django.setup()
        from backend.core import checks

        try:
            checks.refuse_unsafe_start()
        except checks.UnsafeStartError as refusal:
            sys.exit(str(refusal))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
