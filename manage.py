#!/usr/bin/env python3
"""Django's command line; the embedded PostgreSQL runs while a command needs it."""

import contextlib
import gc
import os
import signal
import sys

from backend import database, postgres

WITHOUT_DATABASE = {"postgres", "help", "makemessages", "compilemessages", "collectstatic"}
SERVING = {"worker", "procrastinate", "runserver"}


def main() -> None:
    """Run the command; a server that cannot be had ends it with one sentence."""
    if os.getpid() == 1:  # of a container: the kernel keeps from it each signal that it handles not yet
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # As a process of the web (backend/gunicorn.py): to look for garbage after each 2,000 objects slows a start.
    gc.set_threshold(50_000, 20, 50)
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
