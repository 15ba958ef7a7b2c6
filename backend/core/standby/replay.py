"""How far each standby is, for whoever looks after them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connections

from backend.core.standby.connections import is_configured
from backend.core.standby.positions import current_position
from backend.database import READING

REPLAYED = """SELECT pg_is_in_recovery(), (pg_last_wal_replay_lsn() - '0/0')::bigint,
    extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8"""
PATIENCE = 3
"""Seconds to wait for one that does not answer."""
AGAIN_AFTER = 0.05


@dataclass(frozen=True)
class Replay:
    """How one host of DATABASE_READ_URL stands.

    `is_behind`: it did not reach within READ_BEHIND_SECONDS where the primary was when it was asked. `age`: seconds
    since the last transaction that it has; None where it has none yet.
    """

    host: str
    answers: bool = False
    is_standby: bool = False
    is_behind: bool = True
    age: float | None = None


def replays() -> Iterator[Replay]:
    """Ask each host of DATABASE_READ_URL, by a connection of its own; without that setting none."""
    if not is_configured():
        return
    position = current_position()
    address = connections[READING].settings_dict
    hosts = str(address["HOST"]).split(",")
    ports = str(address["PORT"] or "").split(",")
    for number, host in enumerate(hosts):
        yield _asked(host, ports[number] if len(ports) == len(hosts) else ports[0], position)


def _asked(host: str, port: str, position: int | None) -> Replay:
    asked = connections[READING].get_connection_params() | {"host": host, "port": port or None}
    asked |= {"connect_timeout": PATIENCE, "target_session_attrs": "any", "cursor_factory": None}
    end = time.monotonic() + settings.READ_BEHIND_SECONDS
    try:
        with psycopg.connect(**asked, autocommit=True) as connection:
            while True:
                is_standby, replayed, age = connection.execute(REPLAYED).fetchone() or (False, None, None)
                is_behind = replayed is None or position is None or replayed < position
                if not (is_standby and is_behind and time.monotonic() < end):
                    return Replay(host, True, is_standby, is_behind, age)
                time.sleep(AGAIN_AFTER)
    except psycopg.Error:
        return Replay(host)
