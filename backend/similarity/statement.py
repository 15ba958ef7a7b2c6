"""Which cases may be about the same matter as another one, and how much each is like it: one statement, one score.

What is near is found along an index of points, an address in any spelling along one of pieces of three letters, what
is in the same street among the newest of the category; where no place is known, what has a subject that is written
alike. The statement is written for a table: that of the cases (`permissions.similarity.functions`), or one of a file
whose duplicates are known (`evaluating`).

The score is between 0 and 1: the mean of what is known of nearness, address and words, each by its weight, less for
another category and with the days that lie between. Of those that are nearly as likely as the first, open ones come
before ended ones and the earliest before those that repeated it: it is the one that the others belong to. A case that
belongs to another one, as a duplicate or by a link, speaks for that one.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.places.geometry import METRES_A_DEGREE

REACH, LIVED = 400, 60
"""Cases within so many metres are compared, if they were open within so many days before the new one came."""
NEAREST, NEWEST, ALIKE = 100, 100, 40
"""So many of the nearest, of the newest of the category and of those that are written alike are compared."""
LIKELIEST = 40
"""Of so many, the likeliest by their place, the words are compared: that costs most."""
PIECES = 0.3
"""From so many pieces of three letters in common on, two lines are alike; less is none, unless it is near."""
SURELY = 0.8
"""From so many on, an address is the same, also where its point lies elsewhere."""
LEAST = 0.12
"""From this score on a case is proposed."""
LETTERS = 400
"""So many letters of a text are compared."""

POINT = "point({0}.longitude, {0}.latitude)"
LIFE = "tstzrange(LEAST({0}.registered_at, {0}.closed_at), {0}.closed_at, '[]')"
ADDRESS, LINE = "tr_place_words(tr_address({0}.place))", "tr_fold({0}.subject)"
IS_PLACED = "{0}.latitude IS NOT NULL AND {0}.longitude IS NOT NULL"

PARAMETERS = (
    ("self", "bigint"),
    ("own", "bigint"),
    ("apart", "bigint[]"),
    ("since", "timestamptz"),
    ("until", "timestamptz"),
    ("latitude", "float8"),
    ("longitude", "float8"),
    ("radius", "float8"),
    ("category", "bigint"),
    ("neighbourhood", "bigint"),
    ("sticker", "bigint"),
    ("subject", "text"),
    ("body", "text"),
    ("place", "text"),
    ("joinable", "boolean"),
    ("most", "integer"),
)
"""What the function is asked. `self` is the case itself, `own` the one it belongs to, `apart` those that are known to
be another matter; `since`: when it came, to which the days are counted; `until`: what came later is not looked at."""
COLUMNS = (
    ("matter", "bigint"),
    ("via", "bigint"),
    ("metres", "float8"),
    ("days", "float8"),
    ("place_alike", "float8"),
    ("words_alike", "float8"),
    ("is_same_category", "boolean"),
    ("is_near", "boolean"),
    ("is_same_street", "boolean"),
    ("is_same_address", "boolean"),
    ("is_same_sticker", "boolean"),
    ("score", "float8"),
)
"""What it answers of each matter: through which of its cases (`via`), and for which reasons."""

WEIGHTS, WORDS = {"nearness": 3.0, "place_alike": 2.0}, 1.0
NOWHERE = 0.2
"""What stands for nearness where neither points nor addresses can be compared."""
OTHER_CATEGORY = 0.5
"""By this the score is less for another category."""
DAYS = 40.0
"""After so many days it is half, after twice as many a third."""
FAINT = 3.0
"""At so many times the radius a third is left of nearness."""
SAME_STREET = 0.6
"""The least that addresses in one street are alike, whatever stands behind its name: a door, or “okulun önü”."""
NEARLY = 0.6
"""From this share of the highest score on a case is nearly as likely as the first."""


@dataclass(frozen=True)
class Source:
    """Where cases are: a table, which rows of it are looked at (`seen`), and which of them if only those are asked
    that anybody may know of (`joinable`). From a point that is `approximate` no distance is measured."""

    table: str
    seen: str = "true"
    joinable: str = "true"
    approximate: str = "false"

    @property
    def rows(self) -> str:
        return f"(SELECT * FROM {self.table} WHERE ({self.seen}) AND (NOT _joinable OR ({self.joinable})))"  # noqa: S608 - constants


def query(source: Source) -> str:
    """Return the statement over the variables of `function`."""
    rows, approximate = source.rows, f"({source.approximate.format('c')})"
    point, life, address, line = (part.format("c") for part in (POINT, LIFE, ADDRESS, LINE))
    weighed = " + ".join(f"coalesce(l.{name} * {weight}, 0)" for name, weight in WEIGHTS.items())
    weights = " + ".join(
        f"CASE WHEN l.{name} IS NULL THEN 0 ELSE {weight} END" for name, weight in WEIGHTS.items()
    )
    return f"""
  WITH near AS (
    SELECT c.id FROM {rows} c
     WHERE {IS_PLACED.format("c")} AND {point} <@ around AND {life} && span AND NOT {approximate}
     ORDER BY {point} <-> spot LIMIT {NEAREST}
  ), newest AS (
    SELECT c.id FROM {rows} c
     WHERE c.category_id = _category AND c.closed_at IS NULL AND c.registered_at <= _until
     ORDER BY c.registered_at DESC, c.id DESC LIMIT {NEWEST}
  ), there AS (
    SELECT c.id FROM {rows} c
     WHERE c.closed_at IS NULL AND {address} % place_asked AND c.registered_at <= _until
     ORDER BY similarity({address}, place_asked) DESC, c.id DESC LIMIT {ALIKE}
  ), alike AS (
    SELECT c.id FROM {rows} c
     WHERE spot IS NULL AND place_asked IS NULL AND c.closed_at IS NULL AND {line} % line AND c.registered_at <= _until
     ORDER BY similarity({line}, line) DESC, c.id DESC LIMIT {ALIKE}
  ), at_sticker AS (
    SELECT c.id FROM {rows} c
     WHERE c.sticker_id = _sticker AND c.closed_at IS NULL AND c.registered_at <= _until
     ORDER BY c.id DESC LIMIT {NEWEST}
  ), compared AS MATERIALIZED (
    SELECT c.id, c.registered_at, c.subject, c.body, coalesce(leader.id, c.id) AS matter,
           c.apart_from || leader.apart_from AS apart_from,
           CASE WHEN NOT {approximate} THEN {METRES_A_DEGREE} * sqrt((c.latitude - _latitude) ^ 2
             + ((c.longitude - _longitude) * cos(radians(_latitude))) ^ 2) END AS metres,
           extract(epoch FROM _since - c.registered_at)::float8 / 86400 AS days,
           c.category_id = _category AS is_same_category,
           coalesce(c.sticker_id = _sticker, false) AS is_same_sticker,
           coalesce(c.neighbourhood_id = _neighbourhood, true) AS may_be_there,
           c.closed_at IS NULL AS is_open, tr_address(c.place) AS address
      FROM (SELECT id FROM near UNION SELECT id FROM newest UNION SELECT id FROM there
            UNION SELECT id FROM alike UNION SELECT id FROM at_sticker) one
      JOIN {source.table} c ON c.id = one.id
      LEFT JOIN {rows} leader ON leader.id = coalesce(c.linked_to_id, c.duplicate_of_id)
     WHERE c.duplicate_of_id IS NULL OR leader.id IS NOT NULL
  ), placed AS MATERIALIZED (
    SELECT d.*, nullif(tr_place_words(d.address), '') AS words_of_place, tr_street(d.address) AS street,
           CASE WHEN d.is_same_category IS FALSE AND NOT d.is_same_sticker THEN {OTHER_CATEGORY} ELSE 1 END
             / (1 + abs(d.days) / {DAYS}) AS factor
      FROM compared d
     WHERE d.id IS DISTINCT FROM _self AND d.matter IS DISTINCT FROM _own
       AND d.id <> ALL (_apart) AND d.matter <> ALL (_apart) AND (_self <> ALL (d.apart_from)) IS NOT FALSE
  ), located AS MATERIALIZED (
    SELECT p.*,
           CASE WHEN p.metres IS NOT NULL THEN exp(-p.metres / ({FAINT} * _radius))
                WHEN p.words_of_place IS NULL OR place_asked IS NULL THEN {NOWHERE} END AS nearness,
           coalesce(p.metres <= _radius, false) AS is_near,
           coalesce(p.street = street_asked AND p.may_be_there, false) AS is_same_street,
           coalesce(p.words_of_place ~ '[a-z].*\\d|\\d.*[a-z]' AND similarity(p.words_of_place, place_asked) = 1
             AND p.street IS NOT DISTINCT FROM street_asked AND p.may_be_there, false) AS is_same_address,
           CASE WHEN p.street = street_asked AND p.may_be_there
                THEN greatest(similarity(p.words_of_place, place_asked), {SAME_STREET})
                ELSE similarity(p.words_of_place, place_asked)
                  * CASE WHEN p.street <> street_asked OR NOT p.may_be_there THEN 0.5 ELSE 1 END END AS place_alike
      FROM placed p
  ), likeliest AS MATERIALIZED (
    SELECT l.*, nullif(tr_tokens(left(l.subject || ' ' || l.body, {LETTERS})), '') AS words
      FROM located l
     ORDER BY ({weighed}) / nullif({weights}, 0) * l.factor DESC NULLS LAST, l.registered_at DESC, l.id DESC
     LIMIT {LIKELIEST}
  ), measured AS MATERIALIZED (
    SELECT l.*, (similarity(l.words, words_asked) + word_similarity(words_asked, l.words)) / 2 AS words_alike
      FROM likeliest l
  ), scored AS MATERIALIZED (
    SELECT l.*, ({weighed} + coalesce(l.words_alike * {WORDS}, 0))
             / nullif({weights} + CASE WHEN l.words_alike IS NULL THEN 0 ELSE {WORDS} END, 0) * l.factor AS score
      FROM measured l
     WHERE NOT _joinable
        OR l.is_same_category AND (l.is_near OR l.is_same_street OR l.is_same_address OR l.is_same_sticker)
  ), best AS (
    SELECT DISTINCT ON (s.matter) s.* FROM scored s
     WHERE _joinable OR s.score >= {LEAST}
       AND (s.metres <= {REACH} OR s.place_alike >= {SURELY}
         OR s.metres IS NULL AND (s.place_alike >= {PIECES} OR s.words_alike >= {PIECES}))
     ORDER BY s.matter, s.score DESC, s.registered_at DESC, s.id DESC
  ), ordered AS (
    SELECT b.*, b.score >= {NEARLY} * max(b.score) OVER () AS is_nearly FROM best b
  )
  SELECT b.matter, b.id, b.metres, b.days, b.place_alike::float8, b.words_alike::float8,
         coalesce(b.is_same_category, false), b.is_near, b.is_same_street, b.is_same_address, b.is_same_sticker,
         b.score::float8
    FROM ordered b
   ORDER BY b.is_nearly DESC NULLS LAST, CASE WHEN b.is_nearly THEN b.is_open END DESC,
         CASE WHEN b.is_nearly THEN b.registered_at END, b.score DESC NULLS LAST, b.registered_at DESC, b.id DESC
   LIMIT _most"""  # noqa: S608 - constants


def function(name: str, whole: Source, of_department: Source | None = None) -> str:
    """Return the statement that makes the function of this name; what a department sees of the whole, if it differs."""
    parameters = ", ".join(f"_{one} {kind}" for one, kind in PARAMETERS)
    columns = ", ".join(f"{one} {kind}" for one, kind in COLUMNS)
    body = f"RETURN QUERY {query(whole)};"
    if of_department is not None:
        body = f"IF app.acts_for_office() THEN {body} ELSE RETURN QUERY {query(of_department)}; END IF;"
    return f"""
    CREATE OR REPLACE FUNCTION {name}({parameters}) RETURNS TABLE ({columns})
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 10
    SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
    #variable_conflict use_column
    DECLARE
      spot point := point(_longitude, _latitude);
      high float8 := {REACH}.0 / {METRES_A_DEGREE};
      wide float8 := high / cos(radians(_latitude));
      around box := box(point(_longitude - wide, _latitude - high), point(_longitude + wide, _latitude + high));
      span tstzrange := tstzrange(LEAST(_since - interval '{LIVED} days', _until), _until, '[]');
      line text := tr_fold(_subject);
      place_asked text := nullif(tr_place_words(tr_address(_place)), '');
      street_asked text := tr_street(tr_address(_place));
      words_asked text := nullif(tr_tokens(left(_subject || ' ' || _body, {LETTERS})), '');
    BEGIN
      PERFORM set_config('pg_trgm.similarity_threshold', '{PIECES}', true);
      {body}
    END
    $$"""
