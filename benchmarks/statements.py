"""Counts the SQL statements of operations: reads [[token, operation, variables], …], writes the counts.

Runs in a process of its own, through Django's test client: nothing in the product is there for counting.
"""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def count(token: str, operation: str, variables: dict[str, object]) -> int:
    """Statements of one warm answer, without those that only begin and end transactions."""
    client = Client(headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"})
    found = 0
    for _warm in range(2):
        with CaptureQueriesContext(connection) as captured:
            body = {"query": operation, "variables": variables}
            answer = client.post("/graphql/", json.dumps(body), content_type="application/json")
        if answer.status_code != 200 or "errors" in answer.json():
            raise SystemExit(answer.content[:500])
        statements = [query["sql"] for query in captured.captured_queries]
        found = sum(not sql.startswith(FRAME) for sql in statements)
    return found


if __name__ == "__main__":
    counts = [count(*asked) for asked in json.load(sys.stdin)]
    sys.stdout.write(f"\n{json.dumps(counts)}\n")
