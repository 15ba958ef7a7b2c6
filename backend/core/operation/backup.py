"""Backup and restore of everything an installation holds: the database and the attachments, in one file.

The file is a tar of `database.dump` (pg_dump's custom format, read through row-level security as the owner, whose
policy is "everything") and `media/…`, from whichever storage they are in. A restore brings back rows, rights and
policies, or nothing. To any second: pgBackRest (docs/operations/backup.md).
"""

import datetime as dt
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import connections

from backend import file_storage, postgres_system
from backend.core import tickets
from backend.core.errors import DomainError
from backend.core.storage import DERIVED, OfficeStorage

DUMP = "database.dump"
LAST_BACKUP, LAST_FILES, LAST_RESTORE = "last-backup", "last-backup-files", "last-restore"
"""Empty files in VAR_DIR: what counts is when they were touched. They grant no right."""
Progress = Callable[[str], None]


def backup(target: Path, *, progress: Progress, with_files: bool = True) -> list[str]:
    """Write the backup to `target`. A file that is there under this name is whole: it is renamed into place last.

    Return the names of the stored files that are not in it because they are damaged.
    """
    damaged: list[str] = []
    partial = target.with_name(target.name + ".partial")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dump = Path(folder) / DUMP
            progress("database")
            _run(
                "pg_dump",
                "--format=custom",
                "--enable-row-security",
                "--no-owner",
                "--exclude-table-data=wall.ticket_key",  # written anew where it is restored
                f"--file={dump}",
                _database(),
            )
            with tarfile.open(partial, "w") as tar:
                tar.add(dump, DUMP)
                if with_files:
                    progress("attachments")
                    damaged = _add_files(tar)
        partial.chmod(0o600)
        os.replace(partial, target)
        _mark(LAST_BACKUP)
        if with_files:
            _mark(LAST_FILES)
    finally:
        partial.unlink(missing_ok=True)
    return damaged


def restore(source: Path, *, replace: bool, progress: Progress) -> None:
    """Bring back `source` into an empty database; `replace` empties a full one first.

    The database is restored in one transaction. Attachments that are there already stay.
    """
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise CommandError(f"{source} is not a backup: give a file that `manage.py backup` wrote.")
    with tempfile.TemporaryDirectory(dir=source.parent) as folder, tarfile.open(source) as tar:
        if DUMP not in tar.getnames():
            raise CommandError(f"{source} holds no database: give a file that `manage.py backup` wrote.")
        tar.extractall(folder, filter="data")
        progress("database")
        _empty(replace)
        _run(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            "--no-owner",
            f"--dbname={_database()}",
            str(Path(folder) / DUMP),
        )
        media = Path(folder) / "media"
        if media.exists():
            progress("attachments")
            for file in sorted(path for path in media.rglob("*") if path.is_file()):
                with file.open("rb") as content:
                    cast(OfficeStorage, default_storage).put(file.relative_to(media).as_posix(), content)
    with connections["owner"].cursor() as cursor:
        tickets.install_keys(cursor)
    _mark(LAST_RESTORE)


def _add_files(tar: tarfile.TarFile) -> list[str]:
    """Add what is stored, but what is made of it; a file that goes meanwhile is left out. Names of damaged ones."""
    damaged = []
    storage = cast(OfficeStorage, default_storage)
    for kept in storage.kept():
        if kept.name.startswith(f"{DERIVED}/"):
            continue
        try:
            with suppress(FileNotFoundError), storage.open(kept.name) as content:
                entry = tarfile.TarInfo(f"media/{kept.name}")
                entry.size, entry.mtime, entry.mode = content.size, int(kept.modified_at.timestamp()), 0o600
                tar.addfile(entry, content)
        except DomainError:
            damaged.append(kept.name)
    return damaged


def last_backup() -> dt.datetime | None:
    """When `backup` last wrote one, according to the marks next to the data; other tools should touch these files.

    Of the database and of the files on disk, the older one counts: pgBackRest takes the database alone.
    """
    marks = [_marked(LAST_BACKUP)]
    if file_storage.is_on_disk():
        marks.append(_marked(LAST_FILES))
    known = [mark for mark in marks if mark]
    return min(known) if len(known) == len(marks) else None


def last_proven_restore() -> dt.datetime | None:
    """When a backup was last brought back on this machine, from the mark of `restore`."""
    return _marked(LAST_RESTORE)


def _mark(name: str) -> None:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    (settings.VAR_DIR / name).touch()


def _marked(name: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp((settings.VAR_DIR / name).stat().st_mtime, dt.UTC)
    except FileNotFoundError:
        return None


def _empty(replace: bool) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        if cursor.fetchone()[0] and not replace:
            raise CommandError(
                "The database is not empty. Add --replace to lose what is in it, or restore elsewhere."
            )
        cursor.execute(
            "DROP SCHEMA IF EXISTS app, wall CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
        )
    connections["owner"].close()


def _database() -> str:
    return str(_owner()["NAME"])


def _owner() -> dict[str, Any]:
    if "owner" not in connections.settings:
        raise CommandError(
            "DATABASE_OWNER_URL is not set: backup and restore run as the owner of the tables."
        )
    return connections["owner"].settings_dict


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs as the owner; the password goes through the environment, never the command line."""
    owner = _owner()
    outcome = postgres_system.binaries() / program
    environment = {
        **os.environ,
        "PGHOST": str(owner["HOST"]),
        "PGPORT": str(owner["PORT"] or 5432),
        "PGUSER": str(owner["USER"]),
        "PGPASSWORD": str(owner["PASSWORD"]),
    }
    result = subprocess.run(
        [str(outcome), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise CommandError(f"{program}: {result.stderr.strip()}")
