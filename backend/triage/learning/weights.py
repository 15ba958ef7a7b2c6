"""A fitted router: arrays of numbers, and what they say of a text. Needs numpy alone, and nothing of it is code."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.complaints.suggestion import Catalogue
from backend.triage.learning.features import Features, features_of, parts_of, spelling, stem_of, words_of

IMPORTANCE = (1.0, 0.7, 0.3)
"""How much each block of features counts: parts of words, words, what the catalogue says."""
MOST_LABELS = 2000
FORMAT = 2
SPREAD = 5.0
"""How far the chances of the labels behind the first stand apart."""


Packed = tuple[tuple[Any, Any], ...]
"""The features of a text as arrays, by block: the numbers, and how often each occurs."""


@dataclass(frozen=True)
class Guess:
    """A label and how probable it is, of 1."""

    label: str
    probability: float


@dataclass(frozen=True)
class Counted:
    """What a text counts with: rows of the features that are known, and how much each does."""

    rows: Any
    values: Any


@dataclass(frozen=True)
class Head:
    """What is learned about one question: a column of weights a label. `slope` and `intercept`: how sure the first is
    by how far its score lies before the second's."""

    labels: tuple[str, ...]
    weights: Any
    bias: Any
    slope: float
    intercept: float

    def scores(self, text: Counted) -> Any:
        """How much speaks for each label of a text."""
        import numpy

        return text.values @ self.weights[text.rows].astype(numpy.float32) + self.bias


@dataclass(frozen=True)
class Weights:
    """What was learned: which features count, how rare each is, and the heads by their names."""

    features: Any
    rarity: Any
    heads: Mapping[str, Head]

    def vector(self, packed: Packed) -> tuple[Any, Any]:
        """The rows of the features of a text, and how much each counts: each block has the same length."""
        import numpy

        rows, values = [numpy.zeros(0, numpy.int64)], [numpy.zeros(0, numpy.float32)]
        for number, ((wanted, counts), importance) in enumerate(zip(packed, IMPORTANCE, strict=True)):
            at, is_known = self._rows(wanted)
            at, weight = at[is_known], counts[is_known]
            if number < len(IMPORTANCE) - 1 and len(at):
                weight = (1 + numpy.log(weight)) * self.rarity[at]
                weight /= numpy.linalg.norm(weight)
            rows.append(at)
            values.append(weight * numpy.float32(importance))
        return numpy.concatenate(rows), numpy.concatenate(values)

    def _rows(self, wanted: Any) -> tuple[Any, Any]:
        """Where features stand, and which of them are known."""
        import numpy

        if not len(self.features):
            return numpy.zeros(len(wanted), numpy.int64), numpy.zeros(len(wanted), bool)
        at = numpy.minimum(numpy.searchsorted(self.features, wanted), len(self.features) - 1)
        return at, self.features[at] == wanted

    def counted(self, text: str, catalogue: Catalogue) -> Counted:
        """Count a text, once for every question that is asked of it."""
        return Counted(*self.vector(pack(features_of(text, catalogue))))

    def guesses(self, name: str, text: Counted) -> list[Guess]:
        """The labels of a head for a text, the most probable first; none if it was not learned."""
        import numpy

        head = self.heads.get(name)
        if head is None or not len(text.rows):  # of no known feature nothing is known
            return []
        scores = head.scores(text)
        order = numpy.argsort(-scores, kind="stable")
        found = chances(scores[order], head.slope, head.intercept)
        return [Guess(head.labels[at], float(chance)) for at, chance in zip(order, found, strict=True)]

    def reasons(self, name: str, text: str, label: str, most: int = 3) -> list[str]:
        """The words of the text, as they are written in it, that speak most for a label; of one stem the first."""
        import numpy

        head = self.heads[name]
        column = head.labels.index(label)
        found: dict[str, float] = {}
        for word in dict.fromkeys(words_of(text)):
            wanted = numpy.array([*parts_of(word), stem_of(word)], dtype=numpy.uint32)
            at, is_known = self._rows(wanted)
            rows = at[is_known]
            if len(word) > 2 and len(rows):
                weights = head.weights[rows].astype(numpy.float32)
                speaks = (weights[:, column] - weights.mean(axis=1)) * self.rarity[rows]
                found[word] = float(speaks.sum()) / math.sqrt(len(wanted))
        speaking = sorted((word for word in found if found[word] > 0), key=lambda word: -found[word])
        one_a_stem = {stem_of(word): word for word in reversed(speaking)}
        written = spelling(text)
        return [written.get(word, word) for word in speaking if one_a_stem[stem_of(word)] == word][:most]


def pack(blocks: Features) -> Packed:
    """The features of a text in a twentieth of the memory."""
    import numpy

    return tuple(
        (
            numpy.fromiter(block.keys(), dtype=numpy.uint32, count=len(block)),
            numpy.fromiter(block.values(), dtype=numpy.float32, count=len(block)),
        )
        for block in blocks
    )


def sure(margin: Any, slope: float, intercept: float) -> Any:
    """How probable the first label is that lies so far before the second: a logistic curve over the root of the margin,
    which keeps the few that are wrong by far, filed wrongly, from deciding for all."""
    import numpy

    return 1 / (1 + numpy.exp(-(numpy.sqrt(margin) * slope + intercept)))


def chances(scores: Any, slope: float, intercept: float) -> Any:
    """The chances of labels by their scores, the highest first. The others share what the first leaves, and none gets
    more than as far behind the first as it lies."""
    import numpy

    first = sure(scores[0] - scores[1], slope, intercept)
    behind = numpy.exp((scores[1:] - scores[0]) * SPREAD)
    return numpy.concatenate([[first], numpy.minimum(behind / behind.sum() * (1 - first), behind * first)])


def dump(weights: Weights) -> bytes:
    """The arrays as a file; texts are arrays of letters, so that reading it runs nothing (no pickle)."""
    import numpy

    arrays: dict[str, Any] = {
        "format": numpy.array([FORMAT]),
        "features": weights.features,
        "rarity": weights.rarity.astype(numpy.float32),
        "heads": numpy.array(list(weights.heads), dtype=numpy.str_),
    }
    for name, head in weights.heads.items():
        arrays[f"{name}.labels"] = numpy.array(head.labels, dtype=numpy.str_)
        arrays[f"{name}.weights"] = head.weights.astype(numpy.float16)
        arrays[f"{name}.bias"] = head.bias.astype(numpy.float32)
        arrays[f"{name}.sure"] = numpy.array([head.slope, head.intercept])
    file = io.BytesIO()
    numpy.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def load(content: bytes, digest: str) -> Weights:
    """What `dump` wrote. ValueError for content with another digest, of another format or with other shapes."""
    import numpy

    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("The content is not what was learned: its digest differs.")
    with numpy.load(io.BytesIO(content), allow_pickle=False) as file:
        if int(file["format"][0]) != FORMAT:
            raise ValueError("The content has a format of another version.")
        features, rarity = file["features"], file["rarity"]
        heads = {str(name): _head(file, str(name), len(features)) for name in file["heads"]}
    return Weights(features, rarity, heads)


def _head(file: Any, name: str, features: int) -> Head:
    labels = tuple(map(str, file[f"{name}.labels"]))
    weights, bias = file[f"{name}.weights"], file[f"{name}.bias"]
    if weights.shape != (features, len(labels)) or bias.shape != (len(labels),) or len(labels) > MOST_LABELS:
        raise ValueError("The arrays of the content do not fit together.")
    slope, intercept = map(float, file[f"{name}.sure"])
    return Head(labels, weights, bias, slope, intercept)
