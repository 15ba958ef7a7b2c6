"""Likeness: invented duplicates, and what a search costs.

`python -m benchmarks.similarity pairs 1500 27 > pairs.csv`: reports of so many matters by a seed.
`OZELKALEM_ENVIRONMENT=demo python -m benchmarks.similarity cost 1500000`, while the demo runs: a table with so many
cases, one of fifty of them open, is filled, asked as the office and as a department, and dropped.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

VIEWERS = ("sekreter", "fen")
ROUNDS = 40
TABLE, FUNCTION = "similarity_benchmark", "app.similar_benchmark"
FILL = f"""
INSERT INTO {TABLE}
SELECT n, moment, CASE WHEN n %% 50 > 0 THEN moment + interval '9 days' * random() END, 1 + n %% 93,
       40.98 + 0.07 * random(), 29.19 + 0.09 * random(),
       CASE WHEN n %% 4 > 0 THEN 'Sokak ' || n %% 900 || ' Sk. No: ' || 1 + n %% 140 ELSE '' END,
       (ARRAY['Yolda çukur', 'Lamba yanmıyor', 'Çöp alınmadı', 'Kaldırım kırık'])[1 + n %% 4],
       'Kaç gündür böyle, araçlar zarar görüyor, ilgilenilmesini rica ederiz. ' || md5(n::text),
       NULL, NULL, 1 + n %% 24, NULL, '{{}}', 1 + n %% 20, '{{}}'
  FROM (SELECT n, now() - interval '1800 days' * (1 - n / %s::float8) AS moment
          FROM generate_series(1, %s::bigint) n) one
"""
ASKED = (
    f"SELECT count(*) FROM {FUNCTION}(NULL, NULL, '{{}}', now(), now(), 40.98 + 0.07 * random(),"
    " 29.19 + 0.09 * random(), 60, (1 + 92 * random())::bigint, NULL, NULL, 'Yol çöktü',"
    " 'Koca bir delik var, lastiğim patladı', 'Sokak ' || (900 * random())::int || ' sokağı 12', false, 5)"
)


def pairs(matters: int, seed: int) -> None:
    from benchmarks.similarity.invented import reports, write

    write(reports(matters, seed), sys.stdout)


def cost(count: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        try:
            _fill(cursor, count)
            sys.stdout.write(f"cases {count}, load {os.getloadavg()[0]:.1f}\n")
            for name in VIEWERS:
                sys.stdout.write(f"{name}: {_measured(name)}\n")
        finally:
            cursor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}")
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def _fill(cursor: object, count: int) -> None:
    """The columns that the statement reads and those that the policy asks, under row security, with the indexes."""
    from typing import Any, cast

    from django.conf import settings

    from backend.similarity.evaluating import COLUMNS_OF_TABLE
    from backend.similarity.statement import ADDRESS, IS_PLACED, LIFE, LINE, POINT, Source, function
    from permissions.complaints.policies import COMPLAINT

    owner = cast(Any, cursor)
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS_OF_TABLE.items())
    whose = "responsible_department_id bigint, collaborators bigint[]"
    owner.execute(f"CREATE UNLOGGED TABLE {TABLE} ({columns}, {whose})")
    owner.execute(FILL, [count, count])
    point, life, address, line = (part.format(TABLE) for part in (POINT, LIFE, ADDRESS, LINE))
    for statement in (
        f"CREATE INDEX ON {TABLE} USING gist (({point}), ({life})) WHERE {IS_PLACED.format(TABLE)}",
        f"CREATE INDEX ON {TABLE} USING gin (({address}) gin_trgm_ops) WHERE closed_at IS NULL",
        f"CREATE INDEX ON {TABLE} USING gin (({line}) gin_trgm_ops) WHERE closed_at IS NULL",
        f"CREATE INDEX ON {TABLE} (category_id, registered_at, id) WHERE closed_at IS NULL",
        f"CREATE INDEX ON {TABLE} (sticker_id) WHERE sticker_id IS NOT NULL",
        f"ANALYZE {TABLE}",
        f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {TABLE} FOR SELECT USING ((SELECT app.acts_for_office()) OR {COMPLAINT})",
        function(FUNCTION, Source(TABLE), Source(TABLE, COMPLAINT)),
        f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {settings.APP_ROLE}, {settings.OFFICE_ROLE}",
    ):
        owner.execute(statement)


def _measured(name: str) -> str:
    from pathlib import Path

    from django.db import connection

    from backend.organization.models import User
    from permissions.core import scope

    user = User.objects.get(username=name)
    waited, worked = [], []
    with scope.session(user), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        for number in range(ROUNDS + 5):
            began, own = time.perf_counter(), int(server.read_text().split()[0])
            cursor.execute(ASKED)
            if number >= 5:  # the first ones plan and warm up
                waited.append((time.perf_counter() - began) * 1000)
                worked.append((int(server.read_text().split()[0]) - own) / 1e6)
    slow = statistics.quantiles(worked, n=20)[-1]
    return (
        f"waited {statistics.median(waited):.1f} ms; the database worked {statistics.median(worked):.1f} ms,"
        f" nineteen of twenty within {slow:.1f} ms"
    )


if __name__ == "__main__":
    task, *numbers = sys.argv[1:] or ["pairs", "1500", "27"]
    if task == "cost":
        cost(int(numbers[0]))
    else:
        pairs(*(int(one) for one in numbers))
