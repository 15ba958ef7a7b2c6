-- The words of a place, compared without regard to its spelling.  Immutable, with bodies in standard SQL, as those of
-- turkish.sql: an index holds them.

-- The words of an address in order, without the name of a mahalle, which has a field of its own.
CREATE OR REPLACE FUNCTION tr_address(place text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(' ' || tr_tokens(place) || ' ', ' \S+ (mahallesi|mahalle|mah|mh)(?= )', ' ', 'g'));

-- Of these words those by which two places are compared: without what stands in every address.
-- “Yayla Mah. İğdeli Sk. No: 4” and “4 iğdeli sokağı” have the same.
CREATE OR REPLACE FUNCTION tr_place_words(address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(address, '\m(sokak|sokagi|sokakta|sok|sk|cadde|caddesi|cad|cd|bulvar|bulvari|bulv|blv|no|numara|numarali|apartman|apartmani|apt)\M', '', 'g'));

-- Of these words the street in one spelling, without numbers: “igdeli s” of both, “1234 s” of “1234. Sokak”; null where
-- none is named.
CREATE OR REPLACE FUNCTION tr_street(address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(regexp_replace(
    substring(address, '^.+? (?:sokak|sokagi|sokakta|sok|sk|cadde|caddesi|cad|cd|bulvar|bulvari|bulv|blv)(?= |$)'),
    ' ([scb])\w*$', ' \1'),
    '^(\d\w* )+(?=[a-z]{2,} )', '');
