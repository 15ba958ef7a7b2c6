"""The statements of reports: from cases to their days (`FACTS`), from days to sums (`CUBE`), and the kept sums.

A case counts by its days alone: received, closed, answered, late from, late until. What stood open or late on a day is
what had begun by then without what had ended. So every figure is a sum over cases, and sums of months can be added.
"""

from __future__ import annotations

LINKS = ("responsible_department", "category", "neighbourhood")
READ = (
    "channel",
    "regime",
    "registered_on",
    "target_on",
    "replied_at",
    "closed_at",
    "outcome",
    "collaborators",
    "rating",
    "waiting_since",
    "waits",
    "deadline_inputs",
)
COLUMNS = (*LINKS, *READ)
"""What reports read of a case, in this order, after its key. A change of any of it changes figures (`triggers`)."""
COUNTS = (
    "received",
    "closed",
    "solved",
    "countable",
    "answered",
    "answered_late",
    "open",
    "late",
    "rated",
    "stars",
)
LENGTHS = ("calendar_days", "calendar_counts", "working_days", "working_counts")
FACT_COLUMNS = (
    "complaint_id",
    "department_id",
    "category_id",
    "neighbourhood_id",
    "channel",
    "regime",
    "collaborators",
    "received_on",
    "closed_on",
    "answered_on",
    "late_from",
    "late_until",
    "is_solved",
    "is_countable",
    "is_late",
    "calendar",
    "working",
    "rating",
)
DAYS = ("received_on", "closed_on", "answered_on", "late_from", "late_until")

FACTS = """
days AS (SELECT %(origin)s::date AS origin, %(worked)s::int[] AS worked),
cases ({columns}) AS ({cases}),
dated AS (
    SELECT cases.*,
           (closed_at AT TIME ZONE %(zone)s)::date AS closed_on,
           (CASE WHEN replied_at IS NOT NULL THEN replied_at WHEN outcome <> ALL (%(left_out)s) THEN closed_at END
               AT TIME ZONE %(zone)s)::date AS answered_on
    FROM cases
),
timed AS (
    SELECT dated.*, greatest(target_on + 1, registered_on) AS passes, least(closed_on, answered_on) AS ends,
           greatest(registered_on, make_date(extract(year FROM answered_on)::int - %(years)s, 1, 1)) AS begins,
           (regime = %(service)s AND coalesce(target_on >= waiting_since, false))
               OR deadline_inputs ? 'payment_due' AS stopped,
           CASE WHEN regime = %(service)s THEN waits ELSE '{{}}' END AS stood
    FROM dated
),
live AS (
    SELECT id AS complaint_id, responsible_department AS department_id, category AS category_id,
           neighbourhood AS neighbourhood_id, channel, regime, collaborators,
           registered_on AS received_on, closed_on, answered_on,
           CASE WHEN NOT stopped AND coalesce(ends > passes, true) THEN passes END AS late_from,
           CASE WHEN NOT stopped AND ends > passes THEN ends END AS late_until,
           closed_on IS NOT NULL AND outcome = %(solved)s AS is_solved,
           closed_on IS NOT NULL AND outcome <> ALL (%(left_out)s) AS is_countable,
           coalesce(answered_on > target_on, false) AS is_late,
           answered_on - registered_on AS calendar,
           CASE WHEN answered_on IS NOT NULL
             THEN worked[greatest(answered_on - origin, 0) + 1] - worked[greatest(begins - origin, 0) + 1]
               - CASE WHEN stood = '{{}}' THEN 0 ELSE (SELECT coalesce(sum(greatest(
                     worked[greatest(least(upper(wait) - 1, answered_on) - origin, 0) + 1]
                     - worked[greatest(greatest(lower(wait) - 1, begins) - origin, 0) + 1], 0)), 0)::int
                    FROM unnest(stood) AS wait) END END AS working,
           CASE WHEN answered_on IS NOT NULL THEN rating END AS rating
    FROM timed CROSS JOIN days
)
"""
"""`live`: the days of the cases, with the `FACT_COLUMNS`."""

KEPT = """
kept AS NOT MATERIALIZED ({facts}),
changes AS MATERIALIZED ({changes}),
cells AS NOT MATERIALIZED ({cells})
"""

WEIGHED = """
weighed AS (
    SELECT 1 AS sign, %(flow)s::datemultirange AS flow, %(standing)s::datemultirange AS opened,
           %(standing)s::datemultirange AS passed, {columns}
      FROM live
    {more}
)
"""
"""What counts how: the live cases in the whole period."""
MORE = """
    UNION ALL
    SELECT -1, %(flow)s::datemultirange, %(standing)s::datemultirange, %(standing)s::datemultirange, {columns}
      FROM kept WHERE complaint_id = ANY (ARRAY(SELECT complaint_id FROM changes))
    {edges}
"""
"""What changed is taken out as it was summed."""
EDGES = """
    UNION ALL
    SELECT 1, %(flow_edge)s::datemultirange, %(open_edge)s::datemultirange, %(late_edge)s::datemultirange, {columns}
      FROM kept WHERE {within}
"""
"""Days of months that lie in the period only in part."""

CUBE = """
measured AS (
    SELECT sign, collaborators, department_id, category_id, neighbourhood_id, channel, regime,
           is_solved, is_countable, is_late, rating,
           received_on <@ flow AS received,
           coalesce(closed_on <@ flow, false) AS closed,
           coalesce(answered_on <@ flow, false) AS answered,
           (received_on <@ opened)::int - coalesce(closed_on <@ opened, false)::int AS open,
           coalesce(late_from <@ passed, false)::int - coalesce(late_until <@ passed, false)::int AS late,
           CASE WHEN received_on <@ flow THEN date_trunc(%(unit)s, received_on)::date END AS received_in,
           CASE WHEN closed_on <@ flow THEN date_trunc(%(unit)s, closed_on)::date END AS closed_in,
           CASE WHEN answered_on <@ flow THEN calendar END AS calendar,
           CASE WHEN answered_on <@ flow THEN working END AS working
    FROM weighed
),
cube AS (
    SELECT CASE grouping(department_id, category_id, neighbourhood_id, channel, regime, received_in, closed_in)
               WHEN 63 THEN 'department' WHEN 95 THEN 'category' WHEN 111 THEN 'neighbourhood'
               WHEN 119 THEN 'channel' WHEN 123 THEN 'regime' WHEN 125 THEN 'day' WHEN 126 THEN 'day'
               ELSE 'total' END AS division,
           coalesce(department_id::text, category_id::text, neighbourhood_id::text, channel, regime,
                    received_in::text, closed_in::text) AS key,
           CASE grouping(closed_in) WHEN 1 THEN coalesce(sum(sign) FILTER (WHERE received), 0) ELSE 0 END AS received,
           CASE grouping(received_in) WHEN 1 THEN coalesce(sum(sign) FILTER (WHERE closed), 0) ELSE 0 END AS closed,
           coalesce(sum(sign) FILTER (WHERE closed AND is_solved), 0) AS solved,
           coalesce(sum(sign) FILTER (WHERE closed AND is_countable), 0) AS countable,
           coalesce(sum(sign) FILTER (WHERE answered), 0) AS answered,
           coalesce(sum(sign) FILTER (WHERE answered AND is_late), 0) AS answered_late,
           sum(sign * open) AS open,
           sum(sign * late) AS late,
           coalesce(sum(sign) FILTER (WHERE answered AND rating IS NOT NULL), 0) AS rated,
           coalesce(sum(sign * rating) FILTER (WHERE answered), 0) AS stars,
           CASE WHEN calendar IS NOT NULL THEN ARRAY[calendar] END AS calendar_days,
           CASE WHEN calendar IS NOT NULL THEN ARRAY[sum(sign)] END AS calendar_counts,
           CASE WHEN working IS NOT NULL THEN ARRAY[working] END AS working_days,
           CASE WHEN working IS NOT NULL THEN ARRAY[sum(sign)] END AS working_counts
    FROM measured
    GROUP BY GROUPING SETS (
        (calendar, working), (department_id, calendar, working), (category_id, calendar, working),
        (neighbourhood_id, calendar, working), (channel, calendar, working), (regime, calendar, working),
        (received_in), (closed_in)
    )
    HAVING grouping(received_in, closed_in) = 3 OR received_in IS NOT NULL OR closed_in IS NOT NULL
)
SELECT division, key, {counts}, {lengths} FROM cube
UNION ALL
SELECT 'contributing', colleague::text, sum(sign), {zeros}, NULL, NULL, NULL, NULL
  FROM measured CROSS JOIN unnest(collaborators) AS colleague
 WHERE received AND collaborators <> '{{}}'
 GROUP BY colleague
"""

SUMMED = """
UNION ALL
SELECT division, CASE WHEN division = 'day' THEN date_trunc(%(unit)s, key::date)::date::text ELSE key END,
       {flows},
       coalesce(sum(received - closed) FILTER (WHERE month < %(open_until)s), 0),
       coalesce(sum(late_from - late_until) FILTER (WHERE month < %(late_until)s), 0),
       {rates}, NULL, NULL, NULL, NULL
  FROM cells
 WHERE month < greatest(%(flow_until)s::date, CASE WHEN division <> 'day' THEN greatest(%(open_until)s::date,
                                                                                  %(late_until)s::date) END)
   AND (division <> 'day' OR month >= %(flow_from)s)
 GROUP BY 1, 2
UNION ALL
SELECT division, key, {nothing}, array_agg(length) FILTER (WHERE is_calendar),
       array_agg(times) FILTER (WHERE is_calendar), array_agg(length) FILTER (WHERE NOT is_calendar),
       array_agg(times) FILTER (WHERE NOT is_calendar)
  FROM (
    SELECT division, key, is_calendar, length, sum(times) AS times
      FROM cells CROSS JOIN LATERAL (
        SELECT true AS is_calendar, c.* FROM unnest(calendar_days, calendar_counts) AS c (length, times)
        UNION ALL
        SELECT false, w.* FROM unnest(working_days, working_counts) AS w (length, times)) AS lengths
     WHERE month >= %(flow_from)s AND month < %(flow_until)s
     GROUP BY 1, 2, 3, 4
  ) AS summed
 GROUP BY 1, 2
"""

CELL_COLUMNS = (
    *(
        "is_whole",
        "department_id",
        "month",
        "division",
        "key",
        *COUNTS[:6],
        *COUNTS[8:],
        "late_from",
        "late_until",
    ),
    *LENGTHS,
)
SUMS = """
WITH facts AS MATERIALIZED (
    SELECT * FROM {facts} AS f
     WHERE received_on >= %(month)s AND received_on < %(following)s
        OR closed_on >= %(month)s AND closed_on < %(following)s
        OR answered_on >= %(month)s AND answered_on < %(following)s
        OR late_from >= %(month)s AND late_from < %(following)s
        OR late_until >= %(month)s AND late_until < %(following)s
),
events AS (
    SELECT f.*, e.kind, e.day, e.value
      FROM facts AS f CROSS JOIN LATERAL (VALUES
        ('received', received_on, NULL::int), ('closed', closed_on, NULL), ('answered', answered_on, NULL),
        ('calendar', answered_on, calendar), ('working', answered_on, working),
        ('late_from', late_from, NULL), ('late_until', late_until, NULL)) AS e (kind, day, value)
     WHERE e.day >= %(month)s AND e.day < %(following)s
),
counted AS (
    SELECT s.is_whole, CASE WHEN NOT s.is_whole THEN department_id END AS department_id, d.division, d.key, kind, value,
           count(*) AS n, count(*) FILTER (WHERE is_solved) AS solved,
           count(*) FILTER (WHERE is_countable) AS countable, count(*) FILTER (WHERE is_late) AS late,
           count(rating) AS rated, coalesce(sum(rating), 0) AS stars
      FROM events CROSS JOIN (VALUES (true), (false)) AS s (is_whole)
     CROSS JOIN LATERAL (
        VALUES ('total', NULL), ('department', department_id::text), ('category', category_id::text),
               ('neighbourhood', neighbourhood_id::text), ('channel', channel), ('regime', regime)
        UNION ALL SELECT 'day', day::text WHERE kind IN ('received', 'closed')
        UNION ALL SELECT 'contributing', colleague::text FROM unnest(collaborators) AS colleague
                   WHERE kind = 'received') AS d (division, key)
     GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT is_whole, department_id, %(month)s::date, division, key,
       coalesce(sum(n) FILTER (WHERE kind = 'received'), 0), coalesce(sum(n) FILTER (WHERE kind = 'closed'), 0),
       coalesce(sum(solved) FILTER (WHERE kind = 'closed'), 0),
       coalesce(sum(countable) FILTER (WHERE kind = 'closed'), 0),
       coalesce(sum(n) FILTER (WHERE kind = 'answered'), 0), coalesce(sum(late) FILTER (WHERE kind = 'answered'), 0),
       coalesce(sum(rated) FILTER (WHERE kind = 'answered'), 0),
       coalesce(sum(stars) FILTER (WHERE kind = 'answered'), 0),
       coalesce(sum(n) FILTER (WHERE kind = 'late_from'), 0), coalesce(sum(n) FILTER (WHERE kind = 'late_until'), 0),
       coalesce(array_agg(value ORDER BY value) FILTER (WHERE kind = 'calendar'), '{{}}'),
       coalesce(array_agg(n::int ORDER BY value) FILTER (WHERE kind = 'calendar'), '{{}}'),
       coalesce(array_agg(value ORDER BY value) FILTER (WHERE kind = 'working'), '{{}}'),
       coalesce(array_agg(n::int ORDER BY value) FILTER (WHERE kind = 'working'), '{{}}')
  FROM counted
 GROUP BY 1, 2, 4, 5
"""
"""The sums of one month, of facts."""
