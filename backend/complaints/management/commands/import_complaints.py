"""`manage.py import_complaints FILE`: complaints from the CSV or Excel file of a call centre or of CİMER."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from backend.complaints.importing import Report, import_file
from backend.complaints.importing.columns import DEFAULT_SOURCE, PROFILES
from backend.core.checks import WithoutAddresses
from backend.core.session import system
from backend.core.table_reader.tables import TableError
from backend.organization.models import User


class Command(WithoutAddresses):
    help = "Registers the rows of a CSV or Excel file; a second run adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source",
            default=DEFAULT_SOURCE,
            help=f"name of the source system, always the same ({', '.join(PROFILES)}, or your own)",
        )
        parser.add_argument("--mapping", type=Path, help='JSON file: {"header in the file": "field", …}')
        parser.add_argument("--user", help="user name of the registering account (default: the system)")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument(
            "--skip-invalid", action="store_true", help="import the good rows of a faulty file"
        )
        parser.add_argument("--report", type=Path, help="write every row with its outcome to this CSV file")

    def handle(self, *args: Any, file: Path, source: str, report: Path | None, **options: Any) -> None:
        try:
            result = self._import(file, source, options)
        except TableError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted; nothing was written.")) from None
        if report:
            with report.open("w", encoding="utf-8-sig", newline="") as opened:
                result.write_csv(opened)
        if options["verbosity"]:
            self.stdout.write("\n".join(result.lines()))
        if result.refused and not options["skip_invalid"]:
            raise CommandError(result.summary())

    def _import(self, file: Path, source: str, options: dict[str, Any]) -> Report:
        quiet = not options["verbosity"]
        labels = {"read": _("reading"), "write": _("writing")}
        bars: dict[str, Any] = {}

        def progress(phase: str, count: int) -> None:
            if phase not in bars:
                bars[phase] = tqdm(desc=labels[phase], unit=_(" rows"), disable=quiet)
            bars[phase].update(count)

        try:
            with system():
                return import_file(
                    file,
                    source=source,
                    mapping=_mapping(options["mapping"]),
                    by=_user(options["user"]),
                    dry_run=options["dry_run"],
                    skip_invalid=options["skip_invalid"],
                    progress=progress,
                )
        finally:
            for bar in bars.values():
                bar.close()


def _mapping(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        outcome = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise CommandError(_("The mapping is no JSON: %s") % error) from error
    if not isinstance(outcome, dict) or not all(isinstance(value, str) for value in outcome.values()):
        raise CommandError(_('The mapping must look like {"Başvuru No": "source_number", "Sicil": ""}.'))
    return outcome


def _user(username: str | None) -> User | None:
    if username is None:
        return None
    try:
        return User.objects.get(username=username, is_active=True)
    except User.DoesNotExist:
        raise CommandError(_("There is no active user “%s”.") % username) from None
