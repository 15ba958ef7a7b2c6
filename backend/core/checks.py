"""What this installation refuses to run with: system checks, asked again when the web or a worker starts.

Row-level security is the second wall between departments. A connection that goes round it (superuser,
BYPASSRLS, the owner of the tables, a role that inherits the office) would leave one wall and no sign of it,
so it is refused everywhere, tests and demo included. The secrets and DEBUG are refused in production.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks.registry import registry
from django.core.management.base import BaseCommand
from django.db import OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from backend.core import tickets
from backend.core.session import fetch_one
from backend.houses.own_settings import SECRETS

FEWEST_DIFFERENT = 5

ROLE = """
select r.rolname, r.rolsuper, r.rolbypassrls,
       o.oid is not null,
       o.oid is not null and pg_has_role(r.oid, o.oid, 'USAGE'),
       o.oid is not null and pg_has_role(r.oid, o.oid, 'SET'),
       pg_has_role(r.oid, d.datdba, 'MEMBER'),
       has_parameter_privilege(r.oid, 'backtrace_functions', 'SET'),
       has_parameter_privilege(d.datdba, 'backtrace_functions', 'SET'),
       to_regprocedure('app.verified(text, text, integer)') is not null
from pg_roles r
join pg_database d on d.datname = current_database()
left join pg_roles o on o.rolname = %s
where r.rolname = session_user
"""


class UnsafeStartError(Exception):
    """The web or a worker may not start; the text lists the reasons, each with what to do."""


@register(Tags.security)
def production_settings(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse in production: DEBUG, default or short secrets, and no host names."""
    if settings.ENVIRONMENT != "production":
        return []
    items: list[CheckMessage] = []
    if settings.DEBUG:
        items.append(
            _error(
                "E001",
                "DEBUG is on in production and shows code and data to visitors.",
                "Unset OZELKALEM_DEBUG.",
            )
        )
    if _is_weak(settings.SECRET_KEY, settings.DEFAULT_SECRET_KEY):
        items.append(
            _error(
                "E002",
                "SECRET_KEY is the default or too short, so sessions can be forged.",
                "Set OZELKALEM_SECRET_KEY to fifty random characters: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'.",
            )
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        items.append(
            _error(
                "E003",
                "ALLOWED_HOSTS is empty or allows every name.",
                "Set OZELKALEM_ALLOWED_HOSTS to the site's names, separated by commas.",
            )
        )
    breached = settings.BREACHED_PASSWORDS_FILE
    if breached and not (Path(breached).is_file() and Path(breached).stat().st_size):
        items.append(
            _error(
                "E005",
                "BREACHED_PASSWORDS_FILE names no file, or an empty one, so no password could be chosen.",
                "Correct OZELKALEM_BREACHED_PASSWORDS_FILE, or unset it.",
            )
        )
    if len(settings.NATIONAL_ID_KEY) < SECRETS["NATIONAL_ID_KEY"] or settings.NATIONAL_ID_KEY.startswith(
        "development only"
    ):
        items.append(
            _error(
                "E004",
                "NATIONAL_ID_KEY is the default or too short, so identity numbers can be read from a backup.",
                "Set OZELKALEM_NATIONAL_ID_KEY to 32 random characters or more, kept apart from backups.",
            )
        )
    return items


@register(Tags.database)
def database_role(
    app_configs: Sequence[AppConfig] | None = None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a connection of the web that row-level security does not hold for, in every environment."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(ROLE, [settings.OFFICE_ROLE])
        (
            name,
            superuser,
            bypasses,
            office_exists,
            inherits,
            may_become,
            owns,
            may_seal,
            owner_seals,
            is_migrated,
        ) = cursor.fetchone()
    office = settings.OFFICE_ROLE
    use_app = f"Let DATABASE_URL connect as {settings.APP_ROLE}, which deploy/roles.sql makes."
    if superuser:
        return [_error("E010", f"The database role {name} is a superuser and sees every row.", use_app)]
    items: list[CheckMessage] = []
    if bypasses:
        hint = f"{use_app} Or run: ALTER ROLE {name} NOBYPASSRLS."
        items.append(_error("E011", f"The database role {name} has BYPASSRLS and sees every row.", hint))
    if owns:
        message = f"The database role {name} owns the database and can switch row-level security off."
        items.append(_error("E012", message, use_app))
    if not office_exists:
        message = f"The database role {office} does not exist."
        items.append(_error("E013", message, "Run deploy/roles.sql as a superuser of the server."))
    elif inherits:
        hint = f"Run: GRANT {office} TO {name} WITH INHERIT FALSE, SET TRUE."
        message = f"The database role {name} inherits {office}, so every department would see every row."
        items.append(_error("E014", message, hint))
    elif not may_become:
        hint = f"Run: GRANT {office} TO {name} WITH INHERIT FALSE, SET TRUE."
        items.append(_error("E015", f"The database role {name} may not become {office}.", hint))
    if may_seal or not owner_seals:
        message = "The owner of the database, and no other role, must be allowed to say who asks."
        items.append(_error("E016", message, "Run deploy/roles.sql as a superuser of the server."))
    if is_migrated and not _is_ticket_accepted():
        message = "The database does not accept the tickets of this SECRET_KEY, or its clock is another one."
        hint = "Run `manage.py migrate --database owner` with this SECRET_KEY; set both clocks by NTP."
        items.append(_error("E017", message, hint))
    return items


def _is_ticket_accepted() -> bool:
    [is_accepted] = fetch_one("SELECT app.verified($1, 'check', 30) IS NOT NULL", [tickets.sign("check", "")])
    return bool(is_accepted)


def refuse_unsafe_start() -> None:
    """Raise UnsafeStartError when a check of this module fails; called where the web and the worker start."""
    try:
        items = [*production_settings(), *database_role(databases=["default"])]
    except OperationalError as error:
        raise UnsafeStartError(
            f"The database does not answer ({str(error).strip().splitlines()[0]}). "
            "Start it, or correct DATABASE_URL; `manage.py postgres start` starts the embedded one."
        ) from error
    finally:
        release_connection()
    if items:
        raise UnsafeStartError("\n".join(f"{message.msg} {message.hint}" for message in items))


def release_connection() -> None:
    """Close the connection and its pool: gunicorn forks next, and neither may be shared with its workers."""
    connections["default"].close()
    if isinstance(connections["default"], DatabaseWrapper):
        connections["default"].close_pool()


def _is_weak(secret: str, default: str) -> bool:
    return secret == default or len(secret) < SECRETS["SECRET_KEY"] or len(set(secret)) < FEWEST_DIFFERENT


def _error(number: str, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"ozelkalem.{number}")


class WithoutAddresses(BaseCommand):
    """A command that answers no request: what it checks first leaves the addresses out.

    They bring all views along and the GraphQL schema with them, which takes longer than all else before a command
    begins. `manage.py check` looks at them, and so does whatever serves.
    """

    def check(self, app_configs: Any = None, tags: Any = None, *args: Any, **options: Any) -> None:
        if tags is None:
            tags = registry.tags_available(deployment_checks=True) - {Tags.urls}
        super().check(app_configs, tags, *args, **options)
