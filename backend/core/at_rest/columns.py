"""Columns that the web writes and never selects: digests of secrets, and hashes of passwords."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.base import DEFERRED
from django.db.models.query_utils import DeferredAttribute

from backend.core import tickets
from backend.core.session import fetch_one


class _Unread(DeferredAttribute):
    """The value that was just written; of a row that was loaded, what the field knows to ask."""

    field: WriteOnlyField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        held = instance.__dict__
        if self.field.attname not in held:
            held[self.field.attname] = self.field.read(instance)
        return held[self.field.attname]


class WriteOnlyField(models.CharField):
    """A column on which the web's roles hold no SELECT: queries select NULL for it, and `save` leaves it out.

    `permissions.policies` takes the right away wherever a model has such a field.
    """

    descriptor_class = _Unread

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs  # the column itself is an ordinary one

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"NULL::{self.db_type(compiler.connection)}", ()

    def from_db_value(self, value: Any, expression: Any, using: Any) -> Any:
        return DEFERRED

    def read(self, instance: models.Model) -> str:
        """AttributeError: it cannot be read back."""
        raise AttributeError(f"{self.model.__name__}.{self.name} is written and never read")


class PasswordField(WriteOnlyField):
    """The hash of an account's password, which the database hands out against a ticket for this one account."""

    def read(self, instance: models.Model) -> str:
        ticket = tickets.sign("password", str(instance.pk))
        [found] = fetch_one("SELECT app.password_hash($1)", [ticket])
        return str(found or "!")


def write_only_columns() -> dict[str, tuple[str, ...]]:
    """Table -> its columns that the web's roles may not read."""
    found: dict[str, tuple[str, ...]] = {}
    for model in apps.get_models():
        columns = tuple(str(f.column) for f in model._meta.concrete_fields if isinstance(f, WriteOnlyField))
        if columns:
            found[model._meta.db_table] = columns
    return found
