"""The statements a careful person would write for these questions: the rows first, from the index that has their order
(of each department of the asker, merged), then what hangs on them, and the whole answer as one JSON text.

Each returns that text and the keys of the citizens in it, for the read log. Whoever sees everything gets other
statements than a department: so would anybody write it who looked at the plans.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from backend.core.words.text import prefix_query

PLANS = "-c plan_cache_mode=force_generic_plan"
"""The option of a connection that runs them: under row security planning takes longer than running."""
MOMENT = "replace(to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '.000000', '') || '+00:00'"
CURSOR = "translate(encode(convert_to({}, 'UTF8'), 'base64'), E'\\n', '')"
TARGET = "'t:' || id || ':' || target_on"
NEWEST = "'R:' || id || ':' || (extract(epoch FROM registered_at) * 1000000)::bigint"

# What came to the asker otherwise than by their department: what it collaborates on, read along the copies of a case
# at its routings, and the few that were shared one by one.
TOGETHER = "role = 'COLLABORATING' AND ended_at IS NULL"
COPIES = {"target_on": "case_target_on", "registered_at": "case_registered_at", "id": "complaint_id"}
OPEN, OPEN_TOGETHER = "closed_at IS NULL", "case_is_open"
SHARED = """id = ANY (ARRAY(SELECT content_object_id FROM permissions_complaintgrant
         WHERE user_id = :user::bigint AND valid_from <= app.today()
           AND (valid_until IS NULL OR valid_until >= app.today())))"""
MINE = "responsible_department_id = ANY (:departments::bigint[])"
SEEN = f"({MINE} OR collaborators && :departments::bigint[] OR {SHARED})"


def copied(text: str) -> str:
    """The same words, over the copies at a routing."""
    return re.sub("|".join(rf"\b{name}\b" for name in COPIES), lambda found: f"r.{COPIES[found[0]]}", text)


def first(condition: str, order: str, count: int, sees_all: bool, together: str = "") -> str:
    """The keys of the first rows: one index for whoever sees everything, one range of others for each department."""
    if sees_all:
        return f"SELECT id FROM complaints_complaint WHERE {condition} ORDER BY {order} LIMIT {count}"
    together = together or copied(condition)
    return f"""
      SELECT id FROM (
        SELECT of_one.* FROM unnest(:departments::bigint[]) AS one CROSS JOIN LATERAL (
          SELECT id, target_on, registered_at FROM complaints_complaint
           WHERE responsible_department_id = one AND {condition} ORDER BY {order} LIMIT {count}) AS of_one
        UNION
        SELECT of_one.* FROM unnest(:departments::bigint[]) AS one CROSS JOIN LATERAL (
          SELECT c.id, c.target_on, c.registered_at
            FROM complaints_routing r JOIN complaints_complaint c ON c.id = r.complaint_id
           WHERE r.department_id = one AND {TOGETHER} AND {together} ORDER BY {copied(order)} LIMIT {count}) AS of_one
        UNION
        SELECT id, target_on, registered_at FROM complaints_complaint WHERE {SHARED} AND {condition}) AS candidates
      ORDER BY {order} LIMIT {count}"""


def number_open(sees_all: bool) -> str:
    """How many are open: of the departments in an index alone, the few others one by one."""
    if sees_all:
        return f"(SELECT count(*) FROM complaints_complaint WHERE {OPEN})"
    others = f"""SELECT complaint_id FROM complaints_routing
       WHERE department_id = ANY (:departments::bigint[]) AND {TOGETHER} AND {OPEN_TOGETHER}
      UNION SELECT id FROM complaints_complaint WHERE {SHARED} AND {OPEN}"""
    return f"""((SELECT count(*) FROM complaints_complaint WHERE {MINE} AND {OPEN}) +
      (SELECT count(*) FROM complaints_complaint
        WHERE id IN ({others}) AND ({MINE}) IS NOT TRUE))"""


@dataclass(frozen=True)
class Row:
    """What a row of a page shows: its columns with their names, what they are joined from, and the citizen's key."""

    columns: str
    joins: str = ""
    person: str = "NULL::bigint"


def connection(keys: str, row: Row, order: str, count: int, place: str, total: str = "") -> str:
    """A page, in the shape of the product's connections."""
    return f"""
      SELECT json_build_object('complaints', json_build_object({total}
          'nodes', coalesce(json_agg(r ORDER BY c.i) FILTER (WHERE c.i <= {count}), '[]'),
          'pageInfo', json_build_object('hasNextPage', count(*) > {count},
             'endCursor', max({CURSOR.format("c.position")}) FILTER (WHERE c.i = least({count}, c.n)))))::text,
        array_agg(DISTINCT {row.person}) FILTER (WHERE {row.person} IS NOT NULL AND c.i <= {count})
      FROM (SELECT *, row_number() OVER (ORDER BY {order}) AS i, count(*) OVER () AS n, {place} AS position
              FROM complaints_complaint WHERE id IN ({keys})) AS c {row.joins}
      CROSS JOIN LATERAL (SELECT {row.columns}) AS r"""


def person(sees_all: bool, columns: str) -> str:
    """The citizen of the case `c`, unless the asker may not know them from it."""
    known = (
        "true"
        if sees_all
        else "(NOT c.identity_hidden AND (c.responsible_department_id = ANY (:contacts::bigint[])"
        " OR c.collaborators && :contacts::bigint[]))"
    )
    return (
        f"LEFT JOIN LATERAL (SELECT z.id, (SELECT r FROM (SELECT {columns}) AS r) AS shown FROM contacts_citizen z"
        f" WHERE z.id = c.applicant_id AND {known}) AS z ON true"
    )


def inner(columns: str, source: str, order: str, count: int) -> str:
    """A list of a row."""
    return f"""(SELECT coalesce(json_agg(r), '[]') FROM (
      SELECT {columns} FROM {source} ORDER BY {order} LIMIT {count}) AS r)"""


NAMES = """
  LEFT JOIN organization_category k ON k.id = c.category_id
  LEFT JOIN organization_neighbourhood m ON m.id = c.neighbourhood_id"""
DEPARTMENT = "LEFT JOIN organization_department d ON d.id = c.responsible_department_id"
SHORT = "CASE WHEN d.id IS NOT NULL THEN json_build_object('shortName', d.short_name) END"
KINDS = """CASE WHEN k.id IS NOT NULL THEN json_build_object('name', k.name) END AS "category",
  CASE WHEN m.id IS NOT NULL THEN json_build_object('name', m.name) END AS "neighbourhood" """
ACTOR = "CASE WHEN u.id IS NOT NULL THEN json_build_object('firstName', u.first_name, 'lastName', u.last_name) END"
LINE = f'upper(l.verb) AS "verb", {MOMENT.format("l.at")} AS "at", l.note AS "note", {ACTOR} AS "actor"'
LINES = "complaints_complaintline l LEFT JOIN organization_user u ON u.id = l.actor_id"


def inbox(sees_all: bool, *, with_citizens: bool) -> str:
    order = "target_on, id"
    columns = f"""c.reference AS "reference", c.subject AS "subject", c.status AS "status",
      c.priority AS "priority", c.target_on AS "targetOn", {MOMENT.format("c.registered_at")} AS "registeredAt",
      {KINDS}, {SHORT} AS "responsibleDepartment",
      {inner(LINE, LINES + " WHERE l.complaint_id = c.id", "l.at DESC, l.id DESC", 3)} AS "lines" """
    row = Row(columns, f"{NAMES} {DEPARTMENT}")
    if with_citizens:
        named = person(sees_all, 'z.first_name AS "firstName", z.last_name AS "lastName"')
        row = Row(f'{columns}, z.shown AS "applicant"', f"{row.joins} {named}", "z.id")
    total = f"'totalCount', {number_open(sees_all)},"
    return connection(first(OPEN, order, 51, sees_all, OPEN_TOGETHER), row, order, 50, TARGET, total)


def search(sees_all: bool) -> str:
    row = Row(
        f"""c.reference AS "reference", c.subject AS "subject", c.status AS "status",
        c.target_on AS "targetOn", {SHORT} AS "responsibleDepartment" """,
        DEPARTMENT,
    )
    order, words = "target_on, id", "words @@ (SELECT to_tsquery('simple', :words))"
    # What many cases have is found soonest along the list; what few have, by the index of words, which full-text search
    # does not reach under a policy: for a department the database's own function applies the scope.
    along = first(f"({words}) IS TRUE", order, 51, sees_all)
    found = (
        f"SELECT id, target_on FROM complaints_complaint WHERE {words} OFFSET 0"
        if sees_all
        else "SELECT id, target_on FROM complaints_complaint"
        f" WHERE id IN (SELECT app.matching_complaints(:words)) AND {SEEN}"
    )
    keys = f"""
      SELECT id FROM ({along}) AS along WHERE (SELECT app.is_frequent(:words))
      UNION ALL
      SELECT id FROM (SELECT id FROM ({found}) AS found ORDER BY {order} LIMIT 51) AS few
       WHERE NOT (SELECT app.is_frequent(:words))"""
    return connection(keys, row, order, 50, TARGET)


def newest(sees_all: bool, *, count: int, after: bool) -> str:
    condition = "(registered_at, id) < (:moment::timestamptz, :number::bigint)" if after else "true"
    order = "registered_at DESC, id DESC"
    row = Row(
        """c.reference AS "reference", c.subject AS "subject", c.status AS "status", c.target_on AS "targetOn",
        c.registered_on AS "registeredOn", c.place AS "place" """
    )
    return connection(first(condition, order, count + 1, sees_all), row, order, count, NEWEST)


def case(sees_all: bool) -> str:
    seen = "" if sees_all else f" AND {SEEN}"
    of_case = "WHERE {0}.complaint_id = c.id"
    lines = LINES + " LEFT JOIN organization_department d ON d.id = l.department_id " + of_case.format("l")
    routing = (
        f'json_build_object(\'shortName\', d.short_name) AS "department", r.role AS "role",'
        f' {MOMENT.format("r.routed_at")} AS "routedAt", {MOMENT.format("r.accepted_at")} AS "acceptedAt",'
        f' {MOMENT.format("r.ended_at")} AS "endedAt", r.reason AS "reason"'
    )
    routings = "complaints_routing r JOIN organization_department d ON d.id = r.department_id "
    comment = f'{MOMENT.format("o.at")} AS "at", o.body AS "body", {ACTOR} AS "author"'
    comments = "complaints_comment o JOIN organization_user u ON u.id = o.author_id "
    moment = MOMENT.format("n.notified_at")
    notice = f'n.kind AS "kind", n.status AS "status", n.body AS "body", {moment} AS "notifiedAt"'
    citizen = person(
        sees_all,
        'z.first_name AS "firstName", z.last_name AS "lastName", z.phone AS "phone", z.email AS "email",'
        ' z.address AS "address"',
    )
    return f"""
      SELECT json_build_object('complaint', CASE WHEN p.reference IS NOT NULL THEN
          (SELECT a FROM (SELECT p.reference, p.subject, p.body, p.status,
          p.priority, p.kind, p.channel, p.regime, p."targetOn", p."legalDueOn", p.place, p.category,
          p.neighbourhood, p."responsibleDepartment", p.applicant, p.lines, p.routings, p.comments, p.notices)
          AS a) END)::text, CASE WHEN p.person IS NOT NULL THEN ARRAY[p.person] END
      FROM (VALUES (1)) AS always LEFT JOIN (
        SELECT c.reference, c.subject, c.body, c.status, c.priority, c.kind, c.channel, c.regime,
          c.target_on AS "targetOn", c.legal_due_on AS "legalDueOn", c.place, {KINDS},
          CASE WHEN d.id IS NOT NULL THEN json_build_object('name', d.name) END AS "responsibleDepartment",
          z.shown AS applicant, z.id AS person,
          {inner(f'{LINE}, {SHORT} AS "department"', lines, "l.at DESC, l.id DESC", 100)} AS lines,
          {inner(routing, routings + of_case.format("r"), "r.routed_at DESC, r.id DESC", 50)} AS routings,
          {inner(comment, comments + of_case.format("o"), "o.at DESC, o.id DESC", 50)} AS comments,
          {inner(notice, "complaints_notice n " + of_case.format("n"), "n.drafted_at DESC, n.id DESC", 50)} AS notices
        FROM (SELECT * FROM complaints_complaint WHERE reference = :reference{seen}) AS c
        {NAMES} {DEPARTMENT} {citizen}) AS p ON true"""


@cache
def _written(key: str, sees_all: bool) -> tuple[str, tuple[str, ...]]:
    text = {
        "inbox": lambda: inbox(sees_all, with_citizens=True),
        "nameless": lambda: inbox(sees_all, with_citizens=False),
        "case": lambda: case(sees_all),
        "flat": lambda: newest(sees_all, count=500, after=False),
        "deep": lambda: newest(sees_all, count=100, after=True),
        "frequent": lambda: search(sees_all),
        "rare": lambda: search(sees_all),
    }[key]()
    names = tuple(dict.fromkeys(re.findall(r"(?<!:):([a-z]+)", text)))
    for number, name in enumerate(names, 1):
        text = re.sub(rf"(?<!:):{name}\b", f"${number}", text)
    return text, names


def statement(key: str, sees_all: bool, values: dict[str, Any]) -> tuple[str, list[Any]]:
    """The text of the statement for this question and asker, and its parameters."""
    text, names = _written(key, sees_all)
    return text, [values[name] for name in names]


def taken(given: dict[str, Any]) -> dict[str, Any]:
    """A cursor and a search text as the statements take them."""
    values = dict(given)
    if "after" in given:
        _code, number, moment = base64.b64decode(given["after"]).decode().split(":")
        values["number"] = int(number)
        values["moment"] = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(moment))
    if "text" in given:
        values["words"] = prefix_query(given["text"])
    return values
