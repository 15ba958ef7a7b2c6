"""A part of THE TABLE: the journal and the log of who read what."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.journal.models import AccessLog, AuditLog, ChangeEvent
from permissions.core.filters import Action
from permissions.core.relations import no_one, office_head_or_administrator, office_or_administrator

RULES: dict[type[Model], dict[str, Any]] = {
    AuditLog: {Action.VIEW: office_or_administrator},
    AccessLog: {Action.VIEW: office_head_or_administrator},
    ChangeEvent: {Action.VIEW: no_one},
}
