"""A first guess at whose a complaint is; a person confirms it.

Pure: rows, text and place in, proposal out.  Words are compared folded and by their beginnings, since Turkish
adds its endings behind ("lamba" finds "lambası"; "köpek" finds "köpeği").  Nothing is ever chosen silently
where the municipality's own list is ambiguous: then `responsible` is None and every candidate is named.
Whether a road is the metropolitan municipality's is looked up by its name (5216 m.7), never guessed from a
word.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from backend.core.words.text import clean, tr_tokens

_MAX_GAP = 2  # words between two words of one keyword: "parkın içindeki lamba"
_SOFTENED = {"k": "g", "p": "b", "t": "d"}  # köpek → köpeği, kitap → kitabı; ç → c is folded anyway
_STREET_WORDS = {
    **dict.fromkeys(("cad", "cd", "cadde", "caddesi"), "cadde"),
    **dict.fromkeys(("blv", "bulv", "bul", "bulvar", "bulvari"), "bulvar"),
    **dict.fromkeys(("sok", "sk", "sokak", "sokagi"), "sokak"),
    **dict.fromkeys(("yol", "yolu"), "yol"),
    **dict.fromkeys(("otoyol", "otoyolu", "otoban"), "otoyol"),
}


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category: candidate department codes in order, and the outside body's code if it is (also) theirs."""

    code: str
    name: str
    candidates: tuple[str, ...] = ()
    is_ambiguous: bool = False
    body: str | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyRow:
    """An outside body; `serves_here` is False for one that people name by mistake (BEDAŞ)."""

    code: str
    is_public: bool
    serves_here: bool = True
    liaison: str | None = None


@dataclass(frozen=True, slots=True)
class MatterRow:
    """Subject of an outside body, recognised by its words; optionally only on main arteries.

    `say_at_once` makes it an emergency: what the call taker says first.
    """

    code: str
    body: str
    keywords: tuple[str, ...]
    only_on_main_arteries: bool = False
    say_at_once: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a suggestion is made from; `arteries` are the names of the main arteries."""

    categories: tuple[CategoryRow, ...]
    bodies: tuple[BodyRow, ...] = ()
    matters: tuple[MatterRow, ...] = ()
    arteries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Emergency:
    """Whom the caller must reach now, and the words to say to them."""

    body: str
    say: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Suggestion to be confirmed.

    All values are codes of the catalogue. `categories`: possible subjects, best first. `candidates`: departments that
    may be responsible, in order. `responsible`: the proposed one; None if there is none or a person must choose.
    `body`: the responsible outside body; to a public one the case is forwarded and the applicant notified (3071 m.5;
    4982 m.7/3), a private one is followed through `liaison`, the department in contact. `needs_road_class`: a road
    matter whose place does not identify the road, so it may belong to the metropolitan municipality. `emergencies`:
    possible danger to life; shown before everything else.
    """

    categories: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    responsible: str | None = None
    is_ambiguous: bool = False
    body: str | None = None
    body_is_public: bool = False
    liaison: str | None = None
    on_main_artery: bool = False
    needs_road_class: bool = False
    emergencies: tuple[Emergency, ...] = ()

    @property
    def needs_choice(self) -> bool:
        """Whether a person must decide whose it is: several may be, or nothing is known."""
        return self.is_ambiguous or (self.responsible is None and self.body is None)

    def collaborators(self, responsible: str) -> tuple[str, ...]:
        """The candidates that work along when `responsible` is the one."""
        return tuple(code for code in self.candidates if code != responsible)


@dataclass(slots=True)
class _Route:
    """What the best categories say together, before it is judged."""

    candidates: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    is_ambiguous: bool = False


def suggest(text: str, catalogue: Catalogue, *, category: str | None = None, place: str = "") -> Suggestion:
    """Propose who is responsible for what `text` complains about.

    `category` is the code a person has chosen; without it the categories are found by their words.  `place`
    is the street part of the address.  Never raises for odd input: an unknown text proposes nothing.
    """
    words = _words(text)
    ranked = _rank(words, category, catalogue.categories)
    # An ambiguous category counts even when another fits better: it must not be settled silently.
    best = [row for row, score in ranked if score == ranked[0][1] or row.is_ambiguous]
    route = _route(best)
    on_artery = is_main_artery(place, catalogue.arteries) or is_main_artery(text, catalogue.arteries)
    road_body = _road_body(words, best, catalogue)
    if road_body and on_artery:
        route.bodies = [road_body]
        route.candidates = route.candidates if route.is_ambiguous else []
    elif not best:
        route.bodies = [body for _score, body in _matters(words, catalogue, on_arteries=False)[:1]]
    return _judge(
        route,
        catalogue,
        categories=tuple(row.code for row, _score in ranked),
        on_main_artery=on_artery,
        needs_road_class=bool(road_body) and not on_artery and not place.strip(),
        emergencies=emergencies(text, catalogue),
    )


def emergencies(text: str, catalogue: Catalogue) -> tuple[Emergency, ...]:
    """Whom to call now, best first, each body once; whatever else the text is about."""
    words = _words(text)
    values: dict[str, Emergency] = {}
    rows = [(_best_score(row.keywords, words), row) for row in catalogue.matters if row.say_at_once]
    for score, row in sorted(rows, key=lambda pair: -pair[0]):
        if score:
            values.setdefault(row.body, Emergency(row.body, row.say_at_once))
    return tuple(values.values())


def scores(text: str, catalogue: Catalogue) -> list[tuple[str, int]]:
    """The codes of the categories whose words the text has, with how well they are found, the best first."""
    return [(row.code, score) for row, score in _rank(_words(text), None, catalogue.categories)]


def names_one(text: str, keywords: Iterable[str], *, but_not: Iterable[str] = ()) -> bool:
    """Whether the text says one of these keywords, other than as a part of one of the exceptions."""
    words = _words(text)
    harmless: set[int] = set().union(*_places(but_not, words))
    return any(not places <= harmless for places in _places(keywords, words))


def _places(keywords: Iterable[str], words: _Words) -> list[set[int]]:
    """Where in the words each of the keywords stands, every time that it does."""
    return [
        _taken(start, stems, words)
        for stems in map(_stems, keywords)
        for start in (words.places(stems[0]) if stems else ())
        if _score_from(start, stems, words)
    ]


def _taken(start: int, stems: tuple[str, ...], words: list[str]) -> set[int]:
    """The places of the words that the stems take, the first at `start`."""
    places, at = {start}, start
    for stem in stems[1:]:
        at = next(place for place in range(at + 1, len(words)) if _begins(words[place], stem))
        places.add(at)
    return places


def keyword_covers(wide: str, narrow: str) -> bool:
    """Whether every text that says `narrow` says `wide` too: its stems begin words of the other that stand together."""
    stems, words = _stems(wide), _stems(narrow)
    last = len(words) - len(stems)
    return bool(stems) and any(
        all(word.startswith(stem) for stem, word in zip(stems, words[start:], strict=False))
        for start in range(last + 1)
    )


def beginnings(keyword: str) -> str:
    """A tsquery text that is true of every text in which the keyword is found, and of some others: "kopek:* | kopeg:*".

    "" for a keyword without a letter or digit.
    """
    ways = (dict.fromkeys((stem, _softened(stem))) for stem in _stems(keyword))
    return " & ".join("(" + " | ".join(f"{one}:*" for one in way) + ")" for way in ways)


def artery_name(artery: str) -> str:
    """The words of a road's name that are spelt in one way only: without "Cad.", "Bulvarı" and their like."""
    return " ".join(word for word in _words(artery) if word not in _STREET_WORDS)


def is_main_artery(place: str, arteries: Iterable[str]) -> bool:
    """Whether `place` names one of the main arteries, in any usual spelling ("Demokrasi Cad. No: 5")."""
    here = [_STREET_WORDS.get(word, word) for word in _words(place)]
    for artery in arteries:
        name = [_STREET_WORDS.get(word, word) for word in _words(artery)]
        if any(_stand_together(name, here[start : start + len(name)]) for start in range(len(here))):
            return True
    return False


class _Words(list[str]):
    """The words of a text. Where a stem begins one is looked up, so that a long text costs little more than a short."""

    @cached_property
    def _by_letters(self) -> list[tuple[str, int]]:
        return sorted((word, place) for place, word in enumerate(self))

    def places(self, stem: str) -> Iterator[int]:
        """Where words stand that begin with the stem."""
        for beginning in {stem, _softened(stem)}:
            for at in range(bisect_left(self._by_letters, (beginning,)), len(self)):
                word, place = self._by_letters[at]
                if not word.startswith(beginning):
                    break
                yield place


def _words(text: str) -> _Words:
    return _Words(tr_tokens(clean(text)).split())


@lru_cache(maxsize=5000)
def _stems(keyword: str) -> tuple[str, ...]:
    return tuple(_words(keyword))


def _stand_together(name: list[str], words: list[str]) -> bool:
    """The words in order; the last may carry an ending ("Şile Otoyolunda")."""
    if not name or len(words) < len(name) or words[: len(name) - 1] != name[:-1]:
        return False
    return words[len(name) - 1].startswith(name[-1])


def _softened(stem: str) -> str:
    return stem[:-1] + _SOFTENED.get(stem[-1], stem[-1])


def _begins(word: str, stem: str) -> bool:
    return word.startswith((stem, _softened(stem)))


def _score(keyword: str, words: _Words) -> int:
    """How well `keyword` is found in `words`: its letters less the words between; 0 if it is not there."""
    stems = _stems(keyword)
    scores = (_score_from(start, stems, words) for start in words.places(stems[0])) if stems else ()
    return max(scores, default=0)


def _score_from(start: int, stems: tuple[str, ...], words: list[str]) -> int:
    """The score of the stems in order, the first at `start`, the others after at most `_MAX_GAP` words."""
    at, gaps = start, 0
    for stem in stems[1:]:
        window = range(at + 1, min(at + 2 + _MAX_GAP, len(words)))
        result = next((place for place in window if _begins(words[place], stem)), None)
        if result is None:
            return 0
        gaps, at = gaps + result - at - 1, result
    return sum(map(len, stems)) - gaps


def _best_score(keywords: Iterable[str], words: _Words) -> int:
    return max((_score(keyword, words) for keyword in keywords), default=0)


def _rank(
    words: _Words, chosen: str | None, categories: Iterable[CategoryRow]
) -> list[tuple[CategoryRow, int]]:
    """The categories that fit, best first; a chosen one stands alone."""
    if chosen is not None:
        return [(row, 1) for row in categories if row.code == chosen]
    scored = [(row, _best_score(row.keywords, words)) for row in categories]
    return sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: -pair[1])


def _route(best: list[CategoryRow]) -> _Route:
    """Several categories are only clear if they all lead to the same place."""
    route = _Route(
        candidates=list(dict.fromkeys(code for row in best for code in row.candidates)),
        bodies=list(dict.fromkeys(row.body for row in best if row.body)),
    )
    ways = {(row.candidates, row.body) for row in best}
    route.is_ambiguous = len(ways) > 1 or any(row.is_ambiguous for row in best)
    return route


def _matters(words: _Words, catalogue: Catalogue, *, on_arteries: bool) -> list[tuple[int, str]]:
    """Scores and bodies of the matters the words name, best first."""
    rows = [row for row in catalogue.matters if row.only_on_main_arteries is on_arteries]
    scored = [(_best_score(row.keywords, words), row.body) for row in rows]
    return sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])


def _road_body(words: _Words, best: list[CategoryRow], catalogue: Catalogue) -> str | None:
    """Whose it is if the road is a main artery; None if it is no road matter.

    "Kaldırım işgali" names the pavement but is no matter of the road: the category's own words must not say
    more.
    """
    about = _Words(words + [word for row in best for word in _words(row.name)])
    matters = _matters(about, catalogue, on_arteries=True)
    own = max((_best_score(row.keywords, about) for row in best), default=0)
    return matters[0][1] if matters and matters[0][0] >= own else None


def _judge(
    route: _Route,
    catalogue: Catalogue,
    *,
    categories: tuple[str, ...],
    on_main_artery: bool,
    needs_road_class: bool,
    emergencies: tuple[Emergency, ...],
) -> Suggestion:
    serving = {row.code: row for row in catalogue.bodies if row.serves_here}
    body = next((serving[code] for code in route.bodies if code in serving), None)
    candidates = list(route.candidates)
    if body and not body.is_public and body.liaison and body.liaison not in candidates:
        candidates.append(body.liaison)
    is_ambiguous = route.is_ambiguous or len(candidates) > 1
    responsible = candidates[0] if candidates and not is_ambiguous else None
    return Suggestion(
        categories=categories,
        candidates=tuple(candidates),
        responsible=responsible,
        is_ambiguous=is_ambiguous,
        body=body.code if body else None,
        body_is_public=body.is_public if body else False,
        liaison=body.liaison if body else None,
        on_main_artery=on_main_artery,
        needs_road_class=needs_road_class,
        emergencies=emergencies,
    )
