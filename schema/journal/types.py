"""Journal, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models.functions import Coalesce

from backend.journal import models
from schema.core.fields import column, expression
from schema.core.nodes import Scoped
from schema.organization.types import StaffMember


@strawberry_django.type(
    models.AuditLog, name="JournalRecord", description="One thing that happened to the installation."
)
class JournalRecord(Scoped):
    at: dt.datetime = column("When.")
    verb: str = column("What happened.")
    subject_kind: str = column("To what kind of thing.")
    subject_label: str = column("To which one.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")


@strawberry_django.type(
    models.AccessLog, name="JournalReading", description="An access to persons' data (KVKK)."
)
class JournalReading(Scoped):
    at: dt.datetime = column("When.")
    reader: StaffMember | None = column("Who looked.")
    subject_kind: str = column("At what kind of record.")
    count: int = expression("At how many of them.", Coalesce("subject_ids__len", 0))
    purpose: str = column("Where, and what for.")
