"""Files that people bring, or that are made for them. Each domain keeps its own in a table made from `StoredFile` or
`OwnedFile`, visible as its subject is."""

import logging
import secrets
from functools import partial
from typing import Any, Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId
from backend.core.session import on_rollback
from backend.core.storage import damaged, digest
from backend.documents import removal, scanning
from backend.documents.intake import AcceptedFile

log = logging.getLogger("documents")


def random_name(instance: models.Model, filename: str) -> str:
    """A storage name that tells nothing: neither the original name nor the type."""
    name = secrets.token_hex(20)
    return f"{instance._meta.model_name}/{name[:2]}/{name}"


def stored(file: "StoredFile") -> dict[str, str]:
    """A file as a message carries it: where it is stored, its name, its type and its SHA-256."""
    return {
        "file": str(file.file.name),
        "name": file.name,
        "type": file.content_type,
        "sha256": file.sha256,
    }


class CheckedFile(FieldFile):
    """A file of a row that knows its SHA-256: it is compared before the first byte is handed out."""

    def open(self, mode: str | None = "rb", *_arguments: Any, **_named: Any) -> Self:
        """Open it. WRONG_STATE if it is not what was brought."""
        file: Any = self
        if file._committed and self.closed:
            file._file = None  # one that was read and closed is fetched again: not every storage reopens it
        super().open(mode or "rb")
        expected = getattr(self.instance, file.field.digest, "")
        if expected and file._committed and digest(file) != expected:
            self.close()
            log.error({"event": "file_damaged", "operation": self.instance._meta.label_lower})
            raise damaged()
        return self

    open.alters_data = True  # type: ignore[attr-defined]  # as Django's: no template opens a file


class CheckedFileField(models.FileField):
    """Django's own, for the database; `digest` names the field with the SHA-256 of the file, if the row has one."""

    attr_class = CheckedFile

    def __init__(self, *arguments: Any, digest: str = "sha256", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.digest = digest

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Stand in migrations as Django's: the column is the same."""
        name, _path, arguments, named = super().deconstruct()
        return name, "django.db.models.FileField", list(arguments), dict(named)


class OwnedFile(PublicId):
    """A row with a file of ours: it is there as long as the row is, and under a name that tells nothing."""

    file = CheckedFileField(_("file"), upload_to=random_name)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As ever; the file of a row that is not kept after all is removed again."""
        file: Any = self.file
        is_new_file = not file._committed
        try:
            super().save(*args, **kwargs)
        finally:
            if is_new_file and file._committed:
                on_rollback(partial(removal.take_back, file.storage, file.name))

    def discard(self) -> None:
        """Delete the row, and what is stored of it once that is certain."""
        storage, name = self.file.storage, str(self.file.name or "")
        self.delete()
        if name:
            transaction.on_commit(partial(removal.remove, storage, name))


class StoredFile(OwnedFile):
    """One accepted file. `content_type` was read from its content, never from its name or the client's word."""

    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("received by")
    )

    class Meta(OwnedFile.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(cls, accepted: AcceptedFile, *, by: Any, **owner: Any) -> Self:
        """The row of an accepted file; `owner` is what it belongs to."""
        row = cls._default_manager.create(
            file=ContentFile(accepted.content, name="file"),
            name=accepted.name,
            content_type=accepted.content_type,
            size=len(accepted.content),
            sha256=accepted.sha256,
            uploaded_by=by,
            **owner,
        )
        if accepted.awaits_scan:
            storage, name = row.file.storage, str(row.file.name)
            scanning.hold(storage, name)
            on_rollback(partial(removal.take_back, storage, name))
        return row
