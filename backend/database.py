"""Which database is used: DATABASE_URL and DATABASE_OWNER_URL, or the embedded server in `var/postgres`.

Computes addresses only; nothing here starts a server, and the module works before Django is set up.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import dj_database_url

from backend import postgres

BASE_DIR = Path(__file__).resolve().parent.parent
ENGINE = "backend.core.postgresql"


def embedded_folder() -> Path | None:
    """Return the data folder of the embedded server, or None when DATABASE_URL names another one."""
    if os.environ.get("DATABASE_URL"):
        return None
    if os.environ.get("DATABASE_OWNER_URL"):
        raise postgres.PostgresError(
            "DATABASE_OWNER_URL is set without DATABASE_URL: set both, or neither for the embedded server."
        )
    chosen = os.environ.get("OZELKALEM_POSTGRES_DATA")
    return Path(chosen or Path(os.environ.get("OZELKALEM_VAR") or BASE_DIR / "var") / "postgres")


def databases() -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: `default` connects as ozelkalem_app, `owner` as ozelkalem_owner.

    `owner` is for `migrate --database owner` and is absent when DATABASE_URL is set without
    DATABASE_OWNER_URL, as it should be for the web. OZELKALEM_DB_POOL=n keeps a pool of up to n connections
    a process; without it a thread keeps its connection for OZELKALEM_DB_CONN_MAX_AGE seconds (600).
    """
    folder = embedded_folder()
    if folder is not None:
        values = {"default": _embedded(folder, "app"), "owner": _embedded(folder, "owner")}
    else:
        values = {"default": _named("DATABASE_URL")}
        if os.environ.get("DATABASE_OWNER_URL"):
            values["owner"] = _named("DATABASE_OWNER_URL")
    _tune(values["default"])
    return values


def _embedded(folder: Path, role: postgres.Role) -> dict[str, Any]:
    to = postgres.connection(folder, role)
    return {
        "ENGINE": ENGINE,
        "HOST": to.host,
        "PORT": "",
        "NAME": to.database,
        "USER": to.user,
        "PASSWORD": to.password,
        "OPTIONS": {},
    }


def _named(variable: str) -> dict[str, Any]:
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(os.environ[variable]))
    except ValueError:  # the message would show the password
        parsed = {}
    if parsed.pop("ENGINE", "") != "django.db.backends.postgresql":
        raise postgres.PostgresError(
            f"{variable} is not a PostgreSQL address: write it as postgresql://user:password@host:5432/name."
        )
    parsed.setdefault("OPTIONS", {})
    return {"ENGINE": ENGINE, **parsed}


def _tune(parsed: dict[str, Any]) -> None:
    size = int(os.environ.get("OZELKALEM_DB_POOL") or 0)
    if size:
        parsed["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 10}
    parsed["CONN_MAX_AGE"] = 0 if size else int(os.environ.get("OZELKALEM_DB_CONN_MAX_AGE") or 600)
    parsed["CONN_HEALTH_CHECKS"] = True
