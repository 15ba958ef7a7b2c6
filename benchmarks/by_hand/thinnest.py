"""For information: the same statements with nothing around them but the token, the viewer and one transaction.

One trip to the database finds the token and enters the viewer, a second runs the statement. No middleware, no read log:
nobody could run an office so; it shows what the rest costs.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg
from psycopg import RawCursor

from backend.core.tickets import sign
from backend.database import databases
from benchmarks.by_hand.statements import PLANS, statement, taken

ENTER = "SELECT user_id, department_id, codename, is_office FROM app.enter_bearer($1)"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")  # for the key that signs
here = threading.local()


def connection() -> psycopg.Connection[Any]:
    if not hasattr(here, "connection"):
        found = databases()["default"]
        here.connection = psycopg.connect(
            host=found["HOST"] or found["OPTIONS"].get("host"),
            port=found["PORT"] or None,
            dbname=found["NAME"],
            user=found["USER"],
            password=found["PASSWORD"],
            options=PLANS,
            autocommit=True,
            prepare_threshold=1,
        )
    return here.connection


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    given = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    secret = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    raw = connection()
    with raw.transaction(), RawCursor(raw) as cursor:
        digest = hashlib.sha256(secret.encode()).hexdigest()
        (user, *_nothing), *held = cursor.execute(ENTER, [sign("bearer", digest)]).fetchall()
        seen = {department for _user, department, code, _office in held if code != "contacts_department"}
        known = {department for _user, department, code, _office in held if code == "contacts_department"}
        values = {"departments": sorted(seen), "contacts": sorted(seen & known), "user": user}
        sees_all = any(office for *_rest, office in held)
        key = environ["PATH_INFO"].strip("/")
        cursor.execute(*statement(key, sees_all, {**values, **taken(given)}))
        result = cursor.pgresult
        text = (result and result.get_value(0, 0)) or b"null"
    body = b'{"data":' + text + b"}"
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
