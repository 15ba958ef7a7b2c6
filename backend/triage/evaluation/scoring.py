"""The score of keywords and of what was learned, on texts that lie after those it was learned from."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from backend.complaints.suggestion import Catalogue, suggest
from backend.core.words.text import tr_tokens
from backend.triage import catalogue as naming
from backend.triage.catalogue import Names
from backend.triage.evaluation.reading import Corpus, Labelled
from backend.triage.learning.families import unlike
from backend.triage.learning.features import features_of
from backend.triage.learning.fitting import Example, Progress, count_features, fit
from backend.triage.learning.weights import Packed, Weights, pack

QUESTION = "label"
SIZES = (100, 200, 400, 800)
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)
FUTURE = 0.25
BINS = 10
MOST = 20_000
"""The newest so many of the past are learned from."""
LEAST = 40
"""Labelled texts, of which fewer say nothing."""
LEAST_NEW = 30
"""Texts that are like none of the past, of which fewer say nothing."""


@dataclass(frozen=True)
class Answer:
    """What one way says of one text: its labels, the best first, and how sure it is of the first."""

    labels: tuple[str, ...]
    sure: float


@dataclass(frozen=True)
class Score:
    """Shares of the texts, of 1. `right` is of those of which it spoke."""

    spoke: float
    right: float | None
    first: float
    first_three: float


@dataclass(frozen=True)
class OfLabel:
    label: str
    texts: int
    spoke: int
    right: int
    first: int


@dataclass(frozen=True)
class Bin:
    """Texts of which it was so sure, and how often it was right of them."""

    sure_from: float
    texts: int
    sure: float
    right: float


@dataclass
class Result:
    """Everything that is measured of a file."""

    texts: int
    labels: int
    trained_on: int
    asked_about: int
    repeated: int
    left_out: int
    is_dated: bool
    known_labels: int
    catalogue: str
    columns: dict[str, str]
    threshold: float
    keywords: Score | None
    learned: dict[str, Score]
    together: Score | None
    new_texts: int = 0
    new: Score | None = None
    curve: dict[str, Score] = field(default_factory=dict)
    by_label: list[OfLabel] = field(default_factory=list)
    calibration: list[Bin] = field(default_factory=list)
    calibration_error: float = 0.0
    milliseconds: float = 0.0
    milliseconds_slow: float = 0.0
    fitted_in_seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def evaluate(
    corpus: Corpus,
    catalogue: Catalogue,
    names: Names,
    *,
    whose: str,
    threshold: float = 0.8,
    future: float = FUTURE,
    progress: Progress = lambda _step, _done, _of: None,
) -> Result:
    """Learn from the past of a corpus and ask about its future. ValueError for one that is too small.

    Texts of the future that the past has letter for letter are left out, and counted.
    """
    rows = corpus.rows
    if len(rows) < LEAST:
        raise ValueError(f"{len(rows)} labelled texts are too few: {LEAST} at least.")
    cut = len(rows) - max(int(len(rows) * future), LEAST // 4)
    past = rows[:cut][-MOST:]
    before = {tr_tokens(row.text) for row in rows[:cut]}
    asked = [row for row in rows[cut:] if tr_tokens(row.text) not in before]
    known = _known({row.label for row in rows}, names)
    examples, words = _examples(past, catalogue, known)
    began = time.perf_counter()
    counted = count_features([row.text for row in past], catalogue, progress)
    fitted = fit(examples, catalogue, [QUESTION], words=words, counted=counted, progress=progress)
    seconds = time.perf_counter() - began
    by_words = [_keywords(row.text, catalogue, names, known) for row in asked]
    asked_counted, read_in = _count_each(asked, catalogue)
    learned, answered_in = _ask(fitted.weights if fitted else None, asked_counted)
    times = [reading + answering for reading, answering in zip(read_in, answered_in, strict=True)]
    result = Result(
        texts=len(rows),
        labels=len({row.label for row in rows}),
        trained_on=len(past),
        asked_about=len(asked),
        repeated=len(rows) - cut - len(asked),
        left_out=corpus.left_out,
        is_dated=corpus.is_dated,
        known_labels=len(known),
        catalogue=whose,
        columns=corpus.columns,
        threshold=threshold,
        keywords=_score(by_words, asked, 1.0) if known else None,
        learned={f"{level:.2f}": _score(learned, asked, level) for level in sorted({*THRESHOLDS, threshold})},
        together=_score(list(_together(learned, by_words, threshold)), asked, threshold),
        fitted_in_seconds=round(seconds, 2),
    )
    for size in (*(size for size in SIZES if size < len(past)), len(past)):
        if size < len(past):
            smaller = fit(examples[-size:], catalogue, [QUESTION], words=words, counted=counted[-size:])
            answers, _times = _ask(smaller.weights if smaller else None, asked_counted)
        else:
            answers = learned
        result.curve[str(size)] = _score(answers, asked, threshold)
    is_new = unlike(counted, asked_counted)
    new = [(answer, row) for answer, row, one in zip(learned, asked, is_new, strict=True) if one]
    result.new_texts = len(new)
    if len(new) >= LEAST_NEW:
        result.new = _score([answer for answer, _row in new], [row for _answer, row in new], threshold)
    result.by_label = _by_label(learned, asked, threshold)
    result.calibration, result.calibration_error = _calibration(learned, asked)
    if times:
        result.milliseconds = round(median(times) * 1000, 2)
        result.milliseconds_slow = round(sorted(times)[int(len(times) * 0.95)] * 1000, 2)
    return result


def _known(labels: set[str], names: Names) -> dict[str, str]:
    """Label of the file -> the code of ours that it means: all as categories or all as units, as more are known."""
    ways: list[Callable[[str], str | None]] = [names.category_of, names.unit_of]
    found = [{label: code for label in labels if (code := way(label))} for way in ways]
    return max(found, key=len)


def _examples(
    rows: Sequence[Labelled], catalogue: Catalogue, known: dict[str, str]
) -> tuple[list[Example], list[Example]]:
    """The texts as examples, and the words of the catalogue for labels that are its."""
    label_of = {code: label for label, code in known.items()}
    words = [
        Example(example.text, {QUESTION: label_of[code]})
        for example in naming.words_of(catalogue)
        for code in example.labels.values()
        if code in label_of
    ]
    return [Example(row.text, {QUESTION: row.label}) for row in rows], words


def _keywords(text: str, catalogue: Catalogue, names: Names, known: dict[str, str]) -> Answer:
    """What the words of the catalogue propose, as labels of the file. They are sure where they name anything."""
    label_of = {code: label for label, code in known.items()}
    found = suggest(text, catalogue)
    codes: dict[str, None] = {}
    if any(code in names.units.values() for code in known.values()):
        codes = dict.fromkeys(found.candidates)
    for code in found.categories:
        codes |= dict.fromkeys([code, names.parent.get(code, "")])
    labels = tuple(label_of[code] for code in codes if code in label_of)
    return Answer(labels, 1.0 if labels else 0.0)


def _count_each(rows: Sequence[Labelled], catalogue: Catalogue) -> tuple[list[Packed], list[float]]:
    """The features of each text, and how long each took in seconds."""
    counted, times = [], []
    for row in rows:
        began = time.perf_counter()
        counted.append(pack(features_of(row.text, catalogue)))
        times.append(time.perf_counter() - began)
    return counted, times


def _ask(weights: Weights | None, counted: Sequence[Packed]) -> tuple[list[Answer], list[float]]:
    """What was learned of each text by its features, and how long each took in seconds."""
    answers, times = [], []
    for packed in counted:
        began = time.perf_counter()
        guesses = weights.guesses(QUESTION, weights.vector(packed))[:3] if weights else []
        times.append(time.perf_counter() - began)
        answers.append(
            Answer(tuple(one.label for one in guesses), guesses[0].probability if guesses else 0.0)
        )
    return answers, times


def _together(learned: Sequence[Answer], words: Sequence[Answer], threshold: float) -> Iterator[Answer]:
    """What the product shows: what was learned where it is sure, else the words of the catalogue before the rest."""
    for one, other in zip(learned, words, strict=True):
        if one.sure >= threshold or not other.labels:
            yield one
        else:
            yield Answer(tuple(dict.fromkeys([*one.labels[:1], *other.labels, *one.labels])), one.sure)


def _score(answers: Sequence[Answer], rows: Sequence[Labelled], threshold: float) -> Score:
    spoke = right = first = three = 0
    for one, row in zip(answers, rows, strict=True):
        is_right = bool(one.labels) and one.labels[0] == row.label
        first += is_right
        three += row.label in one.labels[:3]
        if one.labels and one.sure >= threshold:
            spoke += 1
            right += is_right
    count = max(len(rows), 1)
    return Score(spoke / count, right / spoke if spoke else None, first / count, three / count)


def _by_label(answers: Sequence[Answer], rows: Sequence[Labelled], threshold: float) -> list[OfLabel]:
    counts: dict[str, Counter[str]] = {}
    for one, row in zip(answers, rows, strict=True):
        count = counts.setdefault(row.label, Counter())
        is_first = bool(one.labels) and one.labels[0] == row.label
        speaks = bool(one.labels) and one.sure >= threshold
        count.update(texts=1, spoke=speaks, right=speaks and is_first, first=is_first)
    found = [
        OfLabel(label, *(count[name] for name in ("texts", "spoke", "right", "first")))
        for label, count in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.texts, one.label))


def _calibration(answers: Sequence[Answer], rows: Sequence[Labelled]) -> tuple[list[Bin], float]:
    """How sure it was against how often it was right, and the mean distance of the two (ECE)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for one, row in zip(answers, rows, strict=True):
        if one.labels:
            at = min(int(one.sure * BINS), BINS - 1)
            bins.setdefault(at, []).append((one.sure, one.labels[0] == row.label))
    found, total = [], 0.0
    for at, pairs in sorted(bins.items()):
        sure = sum(value for value, _right in pairs) / len(pairs)
        right = sum(is_right for _value, is_right in pairs) / len(pairs)
        found.append(Bin(at / BINS, len(pairs), sure, right))
        total += abs(sure - right) * len(pairs)
    return found, total / max(len(answers), 1)
