"""A part of THE TABLE: places with a QR code."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.stickers.models import Sticker
from permissions.core.filters import Action
from permissions.core.relations import everybody, office_or_administrator

RULES: dict[type[Model], dict[str, Any]] = {
    Sticker: {Action.VIEW: everybody, Action.CHANGE: office_or_administrator},
}
