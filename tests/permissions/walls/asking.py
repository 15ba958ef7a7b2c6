"""What is asked of both worlds, and whether their answers tell them apart."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.conf import settings
from django.test import Client, override_settings
from openpyxl import load_workbook

from backend.calendars.models import Feed
from backend.core.session import elevated
from permissions.core import scope
from schema.core.documents import Answer as CompiledAnswer
from schema.http import compiled
from tests.cast import CONTENT, in_mind, signed_in
from tests.permissions.walls.hearsay import Steps, is_said_again, listening
from website import api

if TYPE_CHECKING:
    from tests.permissions.walls.worlds import Worlds

PATH = "/graphql/"
IT = "$it"
OWN_COOKIES = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
TOGETHER = 8
"""Ids of one question that are asked in one request."""
AT_ONCE = 100
"""Requests to one world before the other is asked the same: their documents are remembered so long."""
FEW = 3
Answer = tuple[int, tuple[tuple[str, str], ...], str]
Heard = list[Answer]
Said = dict["Ask", Steps]
"""To a request that both worlds answered alike: what the database said meanwhile."""
UNLIKE = {"date", "expires", "set-cookie", "content-security-policy", "content-length"}
"""Headers that differ between any two answers: time, session, nonce, the length of a body with a token."""
INTERPRETED = '{"data":"interpreted"}'
DURATIONS = re.compile(r"dur=[\d.]+")
TOKENS = re.compile(
    r'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"|(?:nonce|data-csrf)="[^"]*"|"X-CSRFToken":\s*"[^"]*"'
    r"|(?:csrfToken|\btoken)\W+[\w-]+|\d+[.,]\d+ ?(?:s|sn|saniye)"
)


@dataclass(frozen=True)
class Ask:
    """One request: GET without a body, otherwise POST (`body` as JSON text, or as a form's fields)."""

    path: str
    body: str | None = None
    form: tuple[tuple[str, str], ...] | None = None
    piece: str = ""
    """A question about `IT`, or the change of it, and the `ids` of which it is asked; `body` asks of the first."""
    ids: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    """The questions that `body` asks in one: asked one by one where something of its answer was refused."""
    root: str = ""
    """The question that they share, with nothing below it."""
    is_content: bool = False
    """Without the side bar, which another page of the same table is asked for."""

    def __str__(self) -> str:
        return f"{self.path} {self.body or self.form or ''}"

    @classmethod
    def of_each(cls, piece: str, ids: tuple[str, ...], operation: str = "query") -> Ask:
        """A question of each of these ids. One document serves them all, so it is parsed and compiled once."""
        first = piece.replace(IT, f'"{ids[0]}"')
        return cls(PATH, json.dumps({"query": f"{operation} {{ {first} }}"}), None, piece, ids)

    @classmethod
    def of_ways(cls, root: str, together: str, *alone: str) -> Ask:
        """Questions that share their root."""
        return cls(PATH, request([together]).body, alone=alone, root=root)

    @property
    def operation(self) -> str:
        return "mutation" if str(self.body).startswith('{"query": "mutation') else "query"

    def each(self) -> list[Ask]:
        """A request for each id; itself, where it is of none."""
        return [Ask(PATH, self.about([one])) for one in self.ids] or [self]

    def about(self, ids: Sequence[str]) -> str:
        """The body of a request about these ids, each under an alias."""
        names = [f"$v{n}" for n in range(len(ids))]
        pieces = [f"a{n}: {self.piece.replace(IT, name)}" for n, name in enumerate(names)]
        declared = ", ".join(f"{name}: ID!" for name in names)
        query = f"{self.operation}({declared}) {{ {' '.join(pieces)} }}"
        return json.dumps({"query": query, "variables": {f"v{n}": one for n, one in enumerate(ids)}})


def request(pieces: Sequence[str]) -> Ask:
    """A query of these fields of the root."""
    body = " ".join(f"a{i}: {piece}" for i, piece in enumerate(pieces)) if len(pieces) > 1 else pieces[0]
    return Ask(PATH, json.dumps({"query": f"query {{ {body} }}"}))


# -- one world ---------------------------------------------------------------------------------------------
def answers(worlds: Worlds, world: str, viewer: str, asks: Sequence[Ask]) -> list[Answer]:
    """What this viewer is answered in this world, at one and the same moment."""
    return [hearing.heard[0] for hearing in Person(worlds, world, viewer).hear(asks)]


@dataclass(frozen=True)
class Hearing:
    """What was answered, what the database said meanwhile, and the browser's cookies around it."""

    heard: Heard
    steps: Steps | None
    before: dict[str, str]
    after: dict[str, str]


class Person:
    """A viewer who has signed in to one world."""

    def __init__(self, worlds: Worlds, world: str, viewer: str) -> None:
        self.worlds, self.world, self.user = worlds, world, getattr(worlds.cast, viewer)
        self.client: Client | None = None

    def hear(self, asks: Sequence[Ask]) -> list[Hearing]:
        """What is answered to each; to questions that were refused together, also what is answered to each of them."""
        with self._in_mind(), listening() as listener:
            found = []
            for ask in asks:
                before = self._cookies()
                listener.begin()
                heard = self._heard(ask)
                found.append(Hearing(heard, listener.end(), before, self._cookies()))
            return found

    def hear_after(self, asks: Sequence[Ask], hearings: Sequence[Hearing]) -> list[Heard]:
        """The same in the second world: what was heard in the first, where the database says all of it again."""
        with self._in_mind():
            return [self._heard_after(ask, first) for ask, first in zip(asks, hearings, strict=True)]

    def _heard_after(self, ask: Ask, first: Hearing) -> Heard:
        if first.steps is None or self._cookies() != first.before or not is_said_again(first.steps):
            return self._heard(ask)
        assert self.client is not None
        for name in self._cookies():
            del self.client.cookies[name]
        self.client.cookies.load(first.after)
        return first.heard

    def _cookies(self) -> dict[str, str]:
        """What the browser sends along, but for whose session it is."""
        assert self.client is not None
        return {name: one.value for name, one in self.client.cookies.items() if name not in OWN_COOKIES}

    @contextmanager
    def _in_mind(self) -> Iterator[None]:
        moment = patch("django.utils.timezone.now", return_value=self.worlds.moment)
        with self.worlds.inside(self.world), moment, in_mind():
            if self.client is None:
                with scope.session(self.user), elevated():
                    Feed.objects.update(
                        last_used_at=None
                    )  # by the database's clock: the only one that is not stopped
                self.client = signed_in(self.user)
            yield

    def _heard(self, ask: Ask) -> Heard:
        if ask.ids:
            return self._of_each(ask)
        heard = [self._answer(ask)]
        if ask.alone and (is_interpreted(heard[0]) or '"errors"' in heard[0][2]):
            heard += [self._answer(request([one])) for one in ask.alone]
        return heard

    def _of_each(self, ask: Ask) -> Heard:
        """Some ids at a time. A refusal takes back the answers to all: it is heard, and the others are asked again."""
        at_once = TOGETHER if ask.operation == "query" else 1
        heard: Heard = []
        left, once_more = list(ask.ids), list[list[str]]()
        while left or once_more:
            if once_more:
                now = once_more.pop()
            else:
                now, left = left[:at_once], left[at_once:]
            heard.append(answer := self._answer(Ask(PATH, ask.about(now))))
            if is_interpreted(answer):
                ends = [self._answer(Ask(PATH, ask.about([one]))) for one in (ask.ids[0], ask.ids[-1])]
                if all(map(is_interpreted, ends)):
                    return [*heard, *ends]  # whatever the id is
                heard += [self._answer(Ask(PATH, ask.about([one]))) for one in now]
            elif len(now) > 1 and is_taken_back(answer):
                place = refused_at(answer)
                if place is None:
                    once_more += [[one] for one in now]
                    continue
                left = now[place + 1 :] + left
                once_more += [now[:place]] if place else []
        return heard

    def _answer(self, ask: Ask) -> Answer:
        assert self.client is not None
        api.forget()  # the citizens' site keeps public data for a while, whatever world it is of
        if ask.body is not None:
            response = self.client.post(ask.path, ask.body, content_type="application/json")
        elif ask.form is not None:
            response = self.client.post(ask.path, dict(ask.form))
        else:
            response = self.client.get(ask.path, headers=CONTENT if ask.is_content else None)
        content = b"".join(response) if response.streaming else response.content
        headers = tuple(
            sorted((k.lower(), DURATIONS.sub("", v)) for k, v in response.items() if k.lower() not in UNLIKE)
        )
        if content.startswith(b"PK"):  # a workbook says when it was made, to the second
            book = load_workbook(io.BytesIO(content))
            content = repr([[*sheet.values] for sheet in book.worksheets]).encode()
        return response.status_code, headers, TOKENS.sub("", content.decode("utf-8", "replace"))


def is_interpreted(answer: Answer) -> bool:
    """Whether this is what `compiled_alone` says of what is not compiled."""
    return answer[2] == INTERPRETED


def is_taken_back(answer: Answer) -> bool:
    """Whether a refusal left nothing of what was asked with it."""
    return '"errors"' in answer[2] and json.loads(answer[2]).get("data") is None


def refused_at(answer: Answer) -> int | None:
    """Return which of the questions under aliases took back the answers to all, if one is named."""
    path = json.loads(answer[2])["errors"][-1].get("path") or [""]
    return int(path[0][1:]) if path[0] else None


# -- both worlds -------------------------------------------------------------------------------------------
def differing(
    worlds: Worlds, viewer: str, asks: Sequence[Ask], *, unheard: bool = False, said: Said | None = None
) -> list[str]:
    """The requests that this viewer can tell the two worlds apart by, each with both answers.

    With `unheard` also those whose questions were refused together, so that nothing was heard of each. What the
    database said meanwhile is put into `said`.
    """
    return [*_differences(worlds, viewer, asks, AT_ONCE, unheard, said)]


def not_said_again(worlds: Worlds, asks: Sequence[Ask], said: Said) -> list[Ask]:
    """Those of the requests to which the databases do not say all again that they said when both answers were equal."""
    left = list(asks)
    again: list[set[Ask]] = []
    for world in worlds.names:
        with worlds.inside(world):
            again.append({ask for ask in left if ask in said and is_said_again(said[ask])})
        left = [ask for ask in left if ask in again[-1]]
    return [ask for ask in asks if ask not in again[-1]]


def below_rows(worlds: Worlds, viewer: str, asks: Sequence[Ask]) -> list[Ask]:
    """Those of the requests whose root gives this viewer a row, in either world, or another answer in each.

    Of a root that both worlds refuse, or answer with no row, in the same words, nothing below is ever reached: the
    interpreter goes on from rows, and a compiled statement takes what is below from the rows of its list. Whether a
    way down changes what the root itself gives is asked as the viewer to whom every way is put.
    """
    roots = {ask.root: request([ask.root]) for ask in asks if ask.root}
    a, b = (answers(worlds, world, viewer, list(roots.values())) for world in ("A", "B"))
    bare = {root for root, x, y in zip(roots, a, b, strict=True) if x == y and is_without_rows(x)}
    return [ask for ask in asks if ask.root not in bare]


def is_without_rows(answer: Answer) -> bool:
    """Whether the one question of this request was answered with no row, or refused; not that it was no question."""
    if is_interpreted(answer):
        return False
    said = json.loads(answer[2])
    if not said.get("data"):
        return any(error.get("path") for error in said.get("errors", ()))
    (found,) = said["data"].values()
    rows = found.get("nodes") if isinstance(found, dict) else found
    return found is None or (isinstance(rows, list) and not any(rows))


def first_difference(worlds: Worlds, viewer: str, asks: Sequence[Ask]) -> str | None:
    """The same, but asks no more than it takes to find one; first what is one request."""
    return next(_differences(worlds, viewer, sorted(asks, key=lambda ask: len(ask.ids)), FEW), None)


def _differences(
    worlds: Worlds,
    viewer: str,
    asks: Sequence[Ask],
    at_once: int,
    unheard: bool = False,
    said: Said | None = None,
) -> Iterator[str]:
    a, b = (Person(worlds, world, viewer) for world in ("A", "B"))
    for start in range(0, len(asks), at_once):
        some = asks[start : start + at_once]
        in_a = a.hear(some)
        if said is not None:
            said |= {
                ask: first.steps for ask, first in zip(some, in_a, strict=True) if first.steps is not None
            }
        # What is not compiled is so in both: the statement is made without a look at the rows.
        both = [n for n, first in enumerate(in_a) if not all(map(is_interpreted, first.heard))]
        heard_in_b = b.hear_after([some[n] for n in both], [in_a[n] for n in both])
        for n, in_b in zip(both, heard_in_b, strict=True):
            heard = in_a[n].heard
            if heard != in_b or (unheard and _refused_together(some[n], heard[0])):
                if said is not None:
                    said.pop(some[n], None)
                yield _parting(some[n], heard, in_b)


def _refused_together(ask: Ask, answer: Answer) -> bool:
    return not ask.ids and " a1: " in str(ask.body) and json.loads(answer[2]).get("data") is None


def _parting(ask: Ask, ours: Heard, theirs: Heard) -> str:
    """The request and where its answers part."""
    a, b = next(
        (pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]), (ours[0], theirs[0])
    )
    headers = [pair for pair in zip(a[1], b[1], strict=False) if pair[0] != pair[1]]
    x, y = (re.sub(r"\s+", " ", answer[2]) for answer in (a, b))
    where = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
    part = slice(max(0, where - 100), where + 100)
    return f"{str(ask)[:400]}\n  {a[0]} {b[0]} {headers or ''}\n  A: …{x[part]}…\n  B: …{y[part]}…"


# -- two ways of reading -----------------------------------------------------------------------------------
@contextmanager
def compiled_alone() -> Iterator[None]:
    """Answer only what is compiled: what is not would be interpreted, as it is without compiled reads."""
    answer = compiled.answer

    def answer_or_say(operation: dict[str, Any], timing: compiled.Timing) -> CompiledAnswer:
        return answer(operation, timing) or CompiledAnswer(b'"interpreted"', {})

    with override_settings(GRAPHQL_COMPILED_READS=True), patch.object(compiled, "answer", answer_or_say):
        yield


def reading(*, is_compiled: bool) -> AbstractContextManager[Any]:
    """Ask one of the two ways of reading alone."""
    return compiled_alone() if is_compiled else override_settings(GRAPHQL_COMPILED_READS=False)
