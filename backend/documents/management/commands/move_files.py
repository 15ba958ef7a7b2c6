"""`manage.py move_files --to s3`: takes the stored files to their new place while the office works."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from backend.core.checks import WithoutAddresses
from backend.core.errors import FilesAwayError
from backend.core.storage import Kept, OfficeStorage
from backend.core.storage.mover import Outcome, move
from backend.documents.jobs import files_kept, owners
from backend.file_storage import BUCKET, DISK


class Command(WithoutAddresses):
    help = (
        "Take all stored files from the disk to the bucket, or back: copied, read back and compared, then deleted. "
        "It may be interrupted and run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where to, and whether the former copies stay."""
        parser.add_argument("--to", choices=[DISK, BUCKET], required=True)
        parser.add_argument("--keep", action="store_true", help="copy ahead: nothing is deleted")

    def handle(self, *args: Any, to: str, keep: bool, **options: Any) -> None:
        """Move; 1 if a file did not arrive as it was sent."""
        former = DISK if to == BUCKET else BUCKET
        self._check(to, former, keep)
        source, target = (cast(OfficeStorage, storages[name]) for name in (former, to))
        with tqdm(unit="B", unit_scale=True, desc="files", file=self.stderr, disable=None) as bar:

            def heard(file: Kept, outcome: Outcome) -> None:
                bar.update(file.size)
                if outcome is Outcome.DIFFERS:
                    self.stderr.write(
                        f"{file.name} is damaged or did not arrive as it was sent; it stays where it is."
                    )

            try:
                counts = move(source, target, is_known=_is_known, keep=keep, heard=heard)
            except FilesAwayError as fault:
                raise CommandError("The bucket does not answer. Nothing is lost: run it again.") from fault
        words = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "no file"
        self.stdout.write(f"{former} → {to}: {words}.")
        if counts[Outcome.DIFFERS]:
            raise CommandError("Not all files arrived. Run it again.")

    def _check(self, to: str, former: str, keep: bool) -> None:
        if BUCKET not in settings.STORAGES:
            raise CommandError("No bucket is named: set OZELKALEM_S3_BUCKET and what belongs to it.")
        chosen = settings.STORAGES["default"]
        is_chosen = chosen == settings.STORAGES[to] or chosen.get("OPTIONS", {}).get("now") == to
        if not keep and not is_chosen:
            raise CommandError(
                f"New files must go to {to} first: set OZELKALEM_FILES={to} and OZELKALEM_FILES_FORMER={former}, "
                "restart web and worker, and run this again. With --keep files are copied ahead."
            )


def _is_known(name: str) -> bool:
    """Whether a row has this file. What is no file of a row (a note of the scanner) stays."""
    folder = name.partition("/")[0]
    for model in owners():
        if model._meta.model_name == folder:
            return bool(files_kept(model, [name]))
    return True
