"""Writing to the journal. Nothing in it is ever changed."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from backend.journal.models import AccessLog, AuditLog


def record(
    *, verb: str, about: models.Model, by: AbstractBaseUser | None, note: str = "", label: str | None = None
) -> AuditLog:
    """One line in the installation's journal. `label` must hold no personal data; default: the row's own text."""
    return AuditLog.objects.create(
        verb=verb,
        subject_kind=about._meta.label_lower,
        subject_id=about.pk if isinstance(about.pk, int) else None,
        subject_label=(str(about) if label is None else label)[:200],
        actor_id=None if by is None else by.pk,
        note=note,
    )


def record_access(*, reader: AbstractBaseUser | None, kind: str, ids: Iterable[int], purpose: str) -> None:
    """Remember that `reader` was shown these persons' data. Nothing is written for no persons."""
    unique = sorted(set(ids))
    if unique:
        AccessLog.objects.create(
            reader_id=None if reader is None else reader.pk,
            subject_kind=kind,
            subject_ids=unique,
            purpose=purpose[:120],
        )
