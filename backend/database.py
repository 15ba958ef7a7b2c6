"""Which database is used: DATABASE_URL and its companions, or the embedded server in `var/postgres`.

Computes addresses only; nothing here starts a server, and the module works before Django is set up.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from backend import postgres
from backend.environment import BASE_DIR, variable

ENGINE = "backend.core.postgresql"
READING = "reading"
"""The alias of DATABASE_READ_URL; nothing names it but `backend.core.postgresql.standby`."""
HOUSE_DATABASE = "OZELKALEM_HOUSE_DATABASE"
"""The name of a house's database at the addresses of all (backend/houses); it is never set by hand."""
SCHEMES = ("postgresql://", "postgres://")
CONNECT_SECONDS = 10
"""How long a host may take to answer before the next one is tried: psycopg would wait for two minutes."""
SILENT = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""A server that lost its power says nothing: its connections end after ten seconds or so, and not after the fifteen
minutes in which the kernel sends again."""
STANDBY_CONNECT_SECONDS = 2
"""The same of a standby, whose work the primary can do."""


def embedded_folder() -> Path | None:
    """Return the data folder of the embedded server, or None when DATABASE_URL names another one."""
    if variable("DATABASE_URL"):
        return None
    for name in ("DATABASE_OWNER_URL", "DATABASE_READ_URL"):
        if variable(name):
            raise postgres.PostgresError(
                f"{name} is set without DATABASE_URL: set both, or neither for the embedded server."
            )
    chosen = os.environ.get("OZELKALEM_POSTGRES_DATA")
    return Path(chosen or Path(os.environ.get("OZELKALEM_VAR") or BASE_DIR / "var") / "postgres")


def databases() -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: `default` connects as ozelkalem_app, `owner` as ozelkalem_owner.

    `owner` is for `migrate --database owner` and is absent when DATABASE_URL is set without
    DATABASE_OWNER_URL, as it should be for the web. `reading`, if DATABASE_READ_URL is set, leads to hot
    standbys. Each address may name several hosts, as libpq takes them. OZELKALEM_DB_POOL=n keeps a pool of up
    to n connections a process; without it a thread keeps its connection for OZELKALEM_DB_CONN_MAX_AGE seconds (600).
    """
    folder = embedded_folder()
    if folder is not None:
        values = {"default": _embedded(folder, "app"), "owner": _embedded(folder, "owner")}
    else:
        values = {"default": _named("DATABASE_URL", CONNECT_SECONDS)}
        if variable("DATABASE_READ_URL"):
            values[READING] = _named("DATABASE_READ_URL", STANDBY_CONNECT_SECONDS)
            # That role is checked before anything starts (backend/core/checks.py).
            if values[READING]["USER"] != values["default"]["USER"]:
                raise postgres.PostgresError(
                    "DATABASE_READ_URL must connect as the role of DATABASE_URL does."
                )
            values[READING]["TEST"] = {"MIRROR": "default"}
            _tune(values[READING])
        if variable("DATABASE_OWNER_URL"):
            values["owner"] = _named("DATABASE_OWNER_URL", CONNECT_SECONDS)
    _tune(values["default"])
    for parsed in values.values():
        parsed["NAME"] = variable(HOUSE_DATABASE) or parsed["NAME"]
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


def _named(name: str, seconds: int) -> dict[str, Any]:
    address = variable(name) or ""
    try:
        to: dict[str, Any] = conninfo_to_dict(address) if address.startswith(SCHEMES) else {}
    except ProgrammingError:  # the message would show the password
        to = {}
    ports = str(to.get("port", "")).split(",")
    if not to.get("dbname") or any(port and not port.isdecimal() for port in ports):
        raise postgres.PostgresError(
            f"{name} is not a PostgreSQL address: write it as postgresql://user:password@host:5432/name."
        )
    if not str(to.get("host", "/")).startswith("/"):
        for option, value in {"connect_timeout": seconds, **SILENT}.items():
            to.setdefault(option, value)
    return {
        "ENGINE": ENGINE,
        "HOST": to.pop("host", ""),
        "PORT": str(to.pop("port", "")),
        "NAME": to.pop("dbname"),
        "USER": to.pop("user", ""),
        "PASSWORD": to.pop("password", ""),
        "OPTIONS": to,
    }


def _tune(parsed: dict[str, Any]) -> None:
    size = int(os.environ.get("OZELKALEM_DB_POOL") or 0)
    if size:
        parsed["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 10}
    parsed["CONN_MAX_AGE"] = 0 if size else int(os.environ.get("OZELKALEM_DB_CONN_MAX_AGE") or 600)
    parsed["CONN_HEALTH_CHECKS"] = True
