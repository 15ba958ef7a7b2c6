"""Fitting a router to labelled texts with scikit-learn (extra `triage`): linear, one column of weights a label.

How sure it is, is learned on families of texts that the fit has not seen; what it is worth, on the newest fifth.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from backend.complaints.suggestion import Catalogue
from backend.triage.learning.families import FOLDS, deal, families, sample, unlike
from backend.triage.learning.features import features_of
from backend.triage.learning.weights import Counted, Head, Packed, Weights, pack, sure

REGULARISATION = 0.15
LEAST_TEXTS, FEW, MOST_FEATURES = 2, 200, 50_000
"""A feature that fewer texts have is not learned, neither a typing error nor a name; of few texts, every one is."""
LEAST_CASES = 3
"""A label of fewer texts is not learned from them."""
HELD_OUT, LEAST_HELD_OUT = 0.2, 30
USUAL = (5.0, -2.0)
USUAL_CASES, WIDEST = 30, 1.5
"""How sure a margin makes, slope and intercept, where there is nothing to find it out on; counted as so many cases."""
OF_THE_CATALOGUE = 1.0
"""How much the words of the catalogue count against a text."""
WHOLE = 2**15 - 1
"""The greatest weight as a whole number of two bytes."""
BALANCE = 0.25
"""How far labels of few texts are lifted: 0 not at all, 1 until all labels count alike."""

Progress = Callable[[str, int, int], object]


@dataclass(frozen=True)
class Example:
    """A text with its label for each question; `against`: labels that it certainly does not have, by question."""

    text: str
    labels: Mapping[str, str]
    against: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True)
class HeldOut:
    """What was proposed of a text that was held out."""

    example: Example
    label: str
    sure: float


@dataclass(frozen=True)
class Fitted:
    """What was learned, and by question what was proposed of the texts that were held out."""

    weights: Weights
    held_out: dict[str, list[HeldOut]]


def fit(
    examples: Sequence[Example],
    catalogue: Catalogue,
    questions: Sequence[str],
    *,
    words: Sequence[Example] = (),
    counted: Sequence[Packed] | None = None,
    progress: Progress = lambda _step, _done, _of: None,
) -> Fitted | None:
    """Learn from examples in the order of time, the oldest first. None if no question has two labels to tell apart.

    `words`: what the catalogue says of its labels, as if it were texts. `counted`: the features of the examples, where
    the caller has them.
    """
    if counted is None:
        counted = count_features([example.text for example in examples], catalogue, progress)
    spoken = [pack(features_of(example.text, catalogue)) for example in words]
    size = len(examples)
    curves = _curves(examples, counted, words, spoken, questions, progress)
    cut = size - max(int(size * HELD_OUT), LEAST_HELD_OUT)
    trial = (
        _fit(examples[:cut], counted[:cut], words, spoken, questions, curves) if cut >= LEAST_CASES else None
    )
    held_out = _held_out(trial, examples[cut:], counted[cut:]) if trial else {}
    progress("fit", size, size)
    weights = _fit(examples, counted, words, spoken, questions, curves)
    return None if weights is None else Fitted(weights, held_out)


def count_features(
    texts: Sequence[str],
    catalogue: Catalogue,
    progress: Progress = lambda _step, _done, _of: None,
) -> list[Packed]:
    """The features of texts."""
    counted = []
    for number, text in enumerate(texts):
        counted.append(pack(features_of(text, catalogue)))
        if number % 500 == 0:
            progress("read", number, len(texts))
    return counted


def _curves(
    examples: Sequence[Example],
    counted: Sequence[Packed],
    words: Sequence[Example],
    spoken: Sequence[Packed],
    questions: Sequence[str],
    progress: Progress,
) -> dict[str, tuple[float, float]]:
    """How sure a margin makes, by question, from texts that were asked of a fit that saw none of their family."""
    import numpy

    if not examples or not questions:
        return {}
    labels = [example.labels.get(questions[0], "") for example in examples]
    places = sample(labels)
    labels = [labels[at] for at in places]
    fold = deal(families([counted[at] for at in places], labels), labels)
    seen: dict[str, list[tuple[float, bool]]] = {name: [] for name in questions}
    for number in range(FOLDS):
        progress("judge", number, FOLDS)
        kept = [places[at] for at in numpy.flatnonzero(fold != number)]
        held = [places[at] for at in numpy.flatnonzero(fold == number)]
        learned = [counted[at] for at in kept]
        trial = _fit([examples[at] for at in kept], learned, words, spoken, questions, {})
        if trial is None or not held:
            continue
        is_new = unlike(learned, [counted[at] for at in held])
        for at in (at for at, one in zip(held, is_new, strict=True) if one):
            text = trial.vector(counted[at])
            for name in trial.heads.keys() & examples[at].labels.keys():
                guess = _first(trial.heads[name], text)
                if guess is not None:
                    seen[name].append((guess[1], guess[0] == examples[at].labels[name]))
    return {name: curve(pairs) for name, pairs in seen.items()}


def _first(head: Head, text: Counted) -> tuple[str, float] | None:
    """The first label of a text, and how far it lies before the second; None if nothing of the text is known."""
    if not text.rows:
        return None
    scored = sorted(zip(head.scores(text), head.labels, strict=True), key=lambda pair: -pair[0])
    return scored[0][1], scored[0][0] - scored[1][0]


def curve(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and intercept of the curve through margins and whether the first was right; it rises with the margin."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    usual = numpy.linspace(0, WIDEST, USUAL_CASES)
    expected = numpy.array([sure(margin, *USUAL) for margin in usual])
    margins = numpy.concatenate([[margin for margin, _right in pairs], usual, usual])
    right = numpy.repeat([1, 0], USUAL_CASES)
    right = numpy.concatenate([[is_right for _margin, is_right in pairs], right])
    weight = numpy.concatenate([numpy.ones(len(pairs)), expected, 1 - expected])
    fitted = LogisticRegression(C=1000.0).fit(numpy.sqrt(margins)[:, None], right, sample_weight=weight)
    slope, intercept = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return (slope, intercept) if slope > 0 else USUAL


def _held_out(
    trial: Weights, examples: Sequence[Example], counted: Sequence[Packed]
) -> dict[str, list[HeldOut]]:
    """What is proposed of texts that were held out, by question; nothing where they are too few."""
    found: dict[str, list[HeldOut]] = {name: [] for name in trial.heads}
    for row, packed in zip(examples, counted, strict=True):
        text = trial.vector(packed)
        for name in trial.heads.keys() & row.labels.keys():
            head = trial.heads[name]
            guess = _first(head, text)
            if guess is not None:
                found[name].append(HeldOut(row, guess[0], sure(guess[1], head.slope, head.intercept)))
    return {name: rows if len(rows) >= LEAST_HELD_OUT else [] for name, rows in found.items()}


def _fit(
    examples: Sequence[Example],
    counted: Sequence[Packed],
    words: Sequence[Example],
    spoken: Sequence[Packed],
    questions: Sequence[str],
    curves: Mapping[str, tuple[float, float]],
) -> Weights | None:
    import numpy

    if not counted:
        return None
    features, have = _frequent(counted, spoken, LEAST_TEXTS if len(counted) >= FEW else 1)
    rarity = (numpy.log((1 + len(counted)) / (1 + have)) + 1).astype(numpy.float32)
    if not len(features):
        return None
    empty = Weights(array("I", features), array("f", rarity), {})
    matrix = _matrix(empty, [*counted, *spoken])
    rows = [*examples, *words]
    heads = {}
    for name in questions:
        head = _head(name, rows, len(examples), matrix, curves.get(name, USUAL))
        if head is not None:
            heads[name] = head
    return replace(empty, heads=heads) if heads else None


def _frequent(counted: Sequence[Packed], spoken: Sequence[Packed], least: int) -> tuple[Any, Any]:
    """The features that so many texts have at least, in order, the most frequent ones, with those of the catalogue's
    words; and how many texts have each."""
    import numpy

    each = [numbers for packed in [*counted, *spoken] for numbers, _counts in packed]
    features, have = numpy.unique(numpy.concatenate(each), return_counts=True)
    always = [numbers for packed in spoken for numbers, _counts in packed]
    is_word = numpy.isin(features, numpy.concatenate(always)) if always else numpy.zeros(len(features), bool)
    have = numpy.where(is_word, numpy.maximum(have, least), have)
    enough = numpy.flatnonzero(have >= least)
    if len(enough) > MOST_FEATURES:
        enough = numpy.sort(enough[numpy.argsort(-have[enough], kind="stable")[:MOST_FEATURES]])
    return features[enough], have[enough]


def _matrix(empty: Weights, counted: Sequence[Packed]) -> Any:
    import numpy
    from scipy.sparse import csr_matrix

    vectors = [empty.vector(packed) for packed in counted]
    ends = numpy.cumsum([0, *(len(text.rows) for text in vectors)])
    columns = numpy.concatenate([text.rows for text in vectors]).astype(numpy.int32)
    values = numpy.concatenate([text.values for text in vectors])
    matrix = csr_matrix((values, columns, ends), shape=(len(counted), len(empty.features)))
    matrix.sum_duplicates()
    return matrix


def _head(
    name: str, rows: Sequence[Example], of_cases: int, matrix: Any, curve: tuple[float, float]
) -> Head | None:
    import numpy

    cases = Counter(row.labels[name] for row in rows[:of_cases] if name in row.labels)
    learned = {label for label, count in cases.items() if count >= LEAST_CASES}
    used = [
        at
        for at, row in enumerate(rows)
        if name in row.labels and (row.labels[name] in learned or (learned and at >= of_cases))
    ]
    truth = numpy.array([rows[at].labels[name] for at in used])
    labels = sorted(set(truth.tolist()))
    if len(labels) < 2:
        return None
    mean = sum(cases[label] for label in learned) / len(learned)
    weight = numpy.array(
        [
            rows[at].weight * (mean / max(cases[rows[at].labels[name]], 1)) ** BALANCE
            if at < of_cases
            else OF_THE_CATALOGUE
            for at in used
        ]
    )
    texts = matrix[used]
    columns = []
    for label in labels:
        returned = [at for at, row in enumerate(rows) if label in row.against.get(name, ())]
        columns.append(_column(texts, truth == label, weight, matrix[returned]))
    weights = numpy.stack([column for column, _bias in columns], axis=1)
    scale = float(abs(weights).max()) / WHOLE or 1.0
    return Head(
        tuple(labels),
        numpy.rint(weights / scale).astype("<i2").tobytes(),
        scale,
        tuple(bias for _column, bias in columns),
        *curve,
    )


def _column(texts: Any, is_it: Any, weight: Any, returned: Any) -> tuple[Any, float]:
    """The weights of one label against all others. What a unit returned speaks against it, once more where another one
    answered it in the end."""
    import numpy
    from scipy.sparse import vstack
    from sklearn.svm import LinearSVC

    if returned.shape[0]:
        texts = vstack([texts, returned], format="csr")
        is_it = numpy.concatenate([is_it, numpy.zeros(returned.shape[0], dtype=bool)])
        weight = numpy.concatenate([weight, numpy.ones(returned.shape[0])])
    machine = LinearSVC(C=REGULARISATION, random_state=0)
    machine.fit(texts, is_it, sample_weight=weight)
    return machine.coef_[0], float(machine.intercept_[0])
