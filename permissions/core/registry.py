"""The table of rules of all services. `permissions.rules` joins it at start; without rules a model is taken for
reference data."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from permissions.core.filters import VerbTable

RULES: dict[type[Model], dict[str, Any]] = {}
"""Model -> action -> rule."""

VERB_TABLES: dict[type[Model], VerbTable] = {}
"""Kinds of rows with verbs."""

PUBLISHED: set[type[Model]] = set()
"""What is published for everybody: no scope of a token is asked for it."""
