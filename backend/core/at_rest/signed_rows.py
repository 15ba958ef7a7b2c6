"""Rows that open a door are signed by the web when they are written; the database refuses them otherwise.

So with SQL alone one can set no password, plant no second factor, copy none to another account and issue no
token. The signature is a ticket about the values themselves, presented as a setting of the transaction; the trigger
that asks for it is installed by `permissions.policies`.
"""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.signals import pre_delete, pre_save

from backend.core import tickets
from backend.core.session import fetch_one

SIGNED: dict[str, tuple[str, ...]] = {
    "organization.User": ("key", "password"),
    "mfa.Authenticator": ("user_id", "type", "data"),
    "portals.ApiToken": ("user_id", "client_id", "digest"),
    "portals.ClientSecret": ("client_id", "digest"),
    "calendars.Feed": ("user_id", "digest"),
}
"""Model -> the columns that one signature holds together: whose door, and what opens it."""

SIGNED_DELETES: dict[str, tuple[str, ...]] = {"mfa.Authenticator": ("user_id",)}
"""The same of taking a row away: without its second factor an account is open to a password alone."""


def connect() -> None:
    """Sign whatever is saved or deleted through the models."""
    for label in SIGNED:
        pre_save.connect(_sign_saved, sender=label, dispatch_uid=f"signed {label}")
    for label in SIGNED_DELETES:
        pre_delete.connect(_sign_deleted, sender=label, dispatch_uid=f"signed {label}")


def triggers(tables: set[str]) -> list[str]:
    """The statements that make the database ask for signatures on these tables."""
    result = []
    for event, declared in (("INSERT OR UPDATE", SIGNED), ("DELETE", SIGNED_DELETES)):
        for label, columns in declared.items():
            table = apps.get_model(label)._meta.db_table
            if table not in tables:
                continue
            of = f" OF {', '.join(columns)}" if "UPDATE" in event else ""
            arguments = ", ".join(f"'{column}'" for column in columns)
            result.append(
                f"CREATE OR REPLACE TRIGGER signed_{event.partition(' ')[0].lower()} BEFORE {event}{of} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION app.require_signature({arguments})"
            )
    return result


def _sign_saved(sender: type[models.Model], instance: models.Model, **event: Any) -> None:
    names, only = SIGNED[sender._meta.label], event.get("update_fields")
    fields = [field for field in sender._meta.concrete_fields if field.column in names]
    held = all(field.attname in instance.__dict__ for field in fields)  # else it is not written either
    if held and (only is None or any(field.name in only for field in fields)):
        _present(instance, names)


def _sign_deleted(sender: type[models.Model], instance: models.Model, **event: Any) -> None:
    _present(instance, SIGNED_DELETES[sender._meta.label])


def _present(instance: models.Model, names: tuple[str, ...]) -> None:
    values = {
        f.column: getattr(instance, f.attname) for f in instance._meta.concrete_fields if f.column in names
    }
    ticket = tickets.sign(instance._meta.db_table, json.dumps(values, cls=DjangoJSONEncoder))
    fetch_one("SELECT set_config('app.signature', $1, true)", [ticket])
