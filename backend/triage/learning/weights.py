"""A fitted router: numbers, and what they say of a text. Needs no library, and nothing of it is code."""

from __future__ import annotations

import hashlib
import json
import math
import struct
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backend.complaints.suggestion import Catalogue
from backend.triage.learning.features import Features, features_of, parts_of, spelling, stem_of, words_of

IMPORTANCE = (1.0, 0.7, 0.3)
"""How much each block of features counts: parts of words, words, what the catalogue says."""
MOST_LABELS = 2000
FORMAT = b"router 3\n"
SPREAD = 5.0
"""How far the chances of the labels behind the first stand apart."""


Packed = tuple[tuple["array[int]", "array[float]"], ...]
"""The features of a text as arrays, by block: the numbers, and how often each occurs."""


@dataclass(frozen=True)
class Guess:
    """A label and how probable it is, of 1."""

    label: str
    probability: float


@dataclass(frozen=True)
class Counted:
    """What a text counts with: rows of the features that are known, and how much each does."""

    rows: array[int]
    values: array[float]


@dataclass(frozen=True)
class Head:
    """What is learned about one question. `weights`: of each feature a whole number a label, in two bytes, which counts
    `scale` times. `slope` and `intercept`: how sure the first is by how far its score lies before the second's."""

    labels: tuple[str, ...]
    weights: bytes
    scale: float
    bias: tuple[float, ...]
    slope: float
    intercept: float

    @cached_property
    def row(self) -> struct.Struct:
        """How the weights of one feature are written."""
        return struct.Struct(f"<{len(self.labels)}h")

    def of(self, rows: Sequence[int]) -> list[tuple[int, ...]]:
        """The weights of features, a number a label."""
        return [self.row.unpack_from(self.weights, at * self.row.size) for at in rows]

    def scores(self, text: Counted) -> list[float]:
        """How much speaks for each label of a text that has a known feature."""
        columns = zip(*self.of(text.rows), strict=True)
        return [
            math.sumprod(text.values, column) * self.scale + bias
            for column, bias in zip(columns, self.bias, strict=True)
        ]


@dataclass(frozen=True)
class Weights:
    """What was learned: which features count, how rare each is, and the heads by their names."""

    features: array[int]
    rarity: array[float]
    heads: Mapping[str, Head]

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Where each feature stands."""
        return {feature: at for at, feature in enumerate(self.features)}

    def vector(self, packed: Packed) -> Counted:
        """The rows of the features of a text, and how much each counts: each block has the same length."""
        rows, values = array("I"), array("d")
        for number, ((wanted, counts), importance) in enumerate(zip(packed, IMPORTANCE, strict=True)):
            found = [
                (at, count) for feature, count in zip(wanted, counts, strict=True)
                if (at := self.row_of.get(feature)) is not None
            ]  # fmt: skip
            weights = [count for _at, count in found]
            if number < len(IMPORTANCE) - 1 and found:
                weights = [(1 + math.log(count)) * self.rarity[at] for at, count in found]
                importance /= math.hypot(*weights)
            rows.extend(at for at, _count in found)
            values.extend(weight * importance for weight in weights)
        return Counted(rows, values)

    def counted(self, text: str, catalogue: Catalogue) -> Counted:
        """Count a text, once for every question that is asked of it."""
        return self.vector(pack(features_of(text, catalogue)))

    def guesses(self, name: str, text: Counted) -> list[Guess]:
        """The labels of a head for a text, the most probable first; none if it was not learned."""
        head = self.heads.get(name)
        if head is None or not text.rows:  # of no known feature nothing is known
            return []
        scored = sorted(zip(head.scores(text), head.labels, strict=True), key=lambda pair: -pair[0])
        found = chances([score for score, _label in scored], head.slope, head.intercept)
        return [Guess(label, chance) for (_score, label), chance in zip(scored, found, strict=True)]

    def reasons(self, name: str, text: str, label: str, most: int = 3) -> list[str]:
        """The words of the text, as they are written in it, that speak most for a label; of one stem the first."""
        head = self.heads[name]
        column = head.labels.index(label)
        found: dict[str, float] = {}
        for word in dict.fromkeys(words_of(text)):
            wanted = [*parts_of(word), stem_of(word)]
            rows = [at for feature in wanted if (at := self.row_of.get(feature)) is not None]
            if len(word) > 2 and rows:
                speaks = (
                    (weights[column] - sum(weights) / len(weights)) * self.rarity[at]
                    for at, weights in zip(rows, head.of(rows), strict=True)
                )
                found[word] = sum(speaks) / math.sqrt(len(wanted))
        speaking = sorted((word for word in found if found[word] > 0), key=lambda word: -found[word])
        one_a_stem = {stem_of(word): word for word in reversed(speaking)}
        written = spelling(text)
        return [written.get(word, word) for word in speaking if one_a_stem[stem_of(word)] == word][:most]


def pack(blocks: Features) -> Packed:
    """The features of a text in a twentieth of the memory."""
    return tuple((array("I", block), array("f", block.values())) for block in blocks)


def sure(margin: float, slope: float, intercept: float) -> float:
    """How probable the first label is that lies so far before the second: a logistic curve over the root of the margin,
    which keeps the few that are wrong by far, filed wrongly, from deciding for all."""
    return 1 / (1 + math.exp(-(math.sqrt(margin) * slope + intercept)))


def chances(scores: Sequence[float], slope: float, intercept: float) -> list[float]:
    """The chances of labels by their scores, the highest first. The others share what the first leaves, and none gets
    more than as far behind the first as it lies."""
    first = sure(scores[0] - scores[1], slope, intercept)
    behind = [math.exp((score - scores[0]) * SPREAD) for score in scores[1:]]
    whole = sum(behind)
    return [first, *(min(one / whole * (1 - first), one * first) for one in behind)]


def dump(weights: Weights) -> bytes:
    """What was learned as bytes: labels as JSON, then numbers of a fixed size; reading it runs nothing (no pickle)."""
    count = len(weights.features)
    heads = [
        {
            "name": name, "labels": head.labels, "bias": head.bias,
            "numbers": [head.scale, head.slope, head.intercept],
        } for name, head in weights.heads.items()
    ]  # fmt: skip
    header = json.dumps({"features": count, "heads": heads}).encode()
    numbers = [struct.pack(f"<{count}I", *weights.features), struct.pack(f"<{count}f", *weights.rarity)]
    parts = [header, b"\n", *numbers, *(head.weights for head in weights.heads.values())]
    return FORMAT + zlib.compress(b"".join(parts))


def load(content: bytes, digest: str) -> Weights:
    """What `dump` wrote. ValueError for content with another digest, of another format or with other shapes."""
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("The content is not what was learned: its digest differs.")
    if not content.startswith(FORMAT):
        raise ValueError("The content has a format of another version.")
    header, _newline, body = zlib.decompress(content[len(FORMAT) :]).partition(b"\n")
    stored = json.loads(header)
    sizes = [4, 4, *(2 * len(head["labels"]) for head in stored["heads"])]
    count, at = stored["features"], 0
    parts = []
    for size in sizes:
        parts.append(body[at : at + size * count])
        at += size * count
    if at != len(body):
        raise ValueError("The numbers of the content do not fit together.")
    features, rarity, *weights = parts
    heads = {head["name"]: _head(head, part) for head, part in zip(stored["heads"], weights, strict=True)}
    return Weights(
        array("I", struct.unpack(f"<{count}I", features)),
        array("f", struct.unpack(f"<{count}f", rarity)),
        heads,
    )


def _head(stored: Mapping[str, Any], weights: bytes) -> Head:
    labels, bias = tuple(map(str, stored["labels"])), tuple(map(float, stored["bias"]))
    if len(bias) != len(labels) or len(labels) > MOST_LABELS:
        raise ValueError("The numbers of the content do not fit together.")
    scale, slope, intercept = map(float, stored["numbers"])
    return Head(labels, weights, scale, bias, slope, intercept)
