"""Who asks, and what each of them is asked about: found in the data before anything is measured."""

from __future__ import annotations

import base64
import os
from typing import Any

import psycopg

from backend.core.tickets import sign
from backend.core.words.text import prefix_query
from benchmarks.contenders.base import Viewer
from benchmarks.contenders.product import PAGES
from benchmarks.installation import Installation
from benchmarks.questions import RARE, Question, questions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")  # for the key that signs

VIEWERS = {"fen": "a clerk of one department", "sekreter": "the office, which sees all"}
DEEP, PAGE = 10_000, 100


def asked(installation: Installation) -> dict[str, tuple[Viewer, list[Question]]]:
    """Account -> the viewer with a token, and the questions of what they see."""
    return {username: _asked(installation, username, title) for username, title in VIEWERS.items()}


def _asked(installation: Installation, username: str, title: str) -> tuple[Viewer, list[Question]]:
    token = installation.manage("issue_token", username, "--scopes", "READ,CONTACTS").split()[-1]
    with psycopg.connect(installation.address("app")) as connection:
        user = _one(connection, "SELECT id FROM organization_user WHERE username = %s", [username])
        connection.execute("SELECT count(*) FROM app.enter(%s)", [sign("enter", str(user))])
        seen = _one(connection, "SELECT count(*) FROM complaints_complaint", [])
        # A full page at every size, or it would be another question; of few cases the second half.
        deep = min(DEEP, max(seen // PAGE - 1, 0) * PAGE) or seen // 2
        # After the last row comes an empty page: whoever sees fewer asks for the same pages.
        cursors = {skip: _cursor(connection, min(skip, seen)) for skip in (*PAGES, deep)}
        reference = _one(
            connection,
            "SELECT reference FROM complaints_complaint WHERE closed_at IS NULL AND applicant_id IS NOT NULL"
            " ORDER BY target_on, id LIMIT 1 OFFSET 3",
            [],
        )
        rare = RARE if _finds(connection, RARE) else _some_place(connection)
    return Viewer(username, title, user, token, cursors), questions(reference, deep, rare)


def _finds(connection: psycopg.Connection[Any], text: str) -> bool:
    words = "words @@ to_tsquery('simple', %s)"
    statement = f"SELECT EXISTS (SELECT FROM complaints_complaint WHERE {words})"
    return bool(_one(connection, statement, [prefix_query(text)]))


def _some_place(connection: psycopg.Connection[Any]) -> str:
    statement = "SELECT place FROM complaints_complaint WHERE place <> '' ORDER BY id LIMIT 1"
    return str(_one(connection, statement, []))


def _cursor(connection: psycopg.Connection[Any], skip: int) -> str:
    """The product's cursor of the row before which so many of the newest stand, itself counted."""
    place = _one(
        connection,
        "SELECT 'R:' || id || ':' || (extract(epoch FROM registered_at) * 1000000)::bigint FROM"
        " complaints_complaint ORDER BY registered_at DESC, id DESC LIMIT 1 OFFSET %s",
        [skip - 1],
    )
    return base64.b64encode(place.encode()).decode()


def _one(connection: psycopg.Connection[Any], statement: str, values: list[Any]) -> Any:
    row = connection.execute(statement, values).fetchone()
    if row is None:
        raise RuntimeError("the data is not what the benchmark expects")
    return row[0]
