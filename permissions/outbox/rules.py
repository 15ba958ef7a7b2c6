"""A part of THE TABLE: mails that were or will be sent."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.outbox.models import Message
from permissions.core.filters import Action
from permissions.core.relations import office

RULES: dict[type[Model], dict[str, Any]] = {Message: {Action.VIEW: office}}
