"""Families of texts: those of one label that say nearly the same. Whole families are held out to learn how sure one may
be of a sentence that no one wrote before; texts of one family on both sides would flatter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from backend.triage.learning.weights import Packed

ALIKE = 0.12
"""From this mean cosine on, texts and families are one family."""
MOST_TEXTS, MOST_OF_LABEL = 6000, 1500
"""So many texts are put into families, and so many of one label: their distances are compared each with each."""
FOLDS = 3
NEW, AT_ONCE = 0.35, 500
"""Below this cosine to the nearest a text is new: invented ones lie below it in 19 of 20 cases where none of their
sentences was seen, in 1 of 100 where they were."""
_WORDS = 1
"""The block of features that is compared: stems and pairs of them, which endings and typing errors leave alike."""


def sample(labels: Sequence[str], seed: int = 0) -> list[int]:
    """Places of the texts that are put into families, in their order: all, or as many as may be, by chance."""
    import numpy

    taken: Counter[str] = Counter()
    places: list[int] = []
    for at in numpy.random.default_rng(seed).permutation(len(labels)).tolist():
        if taken[labels[at]] < MOST_OF_LABEL and len(places) < MOST_TEXTS:
            taken[labels[at]] += 1
            places.append(at)
    return sorted(places)


def families(counted: Sequence[Packed], labels: Sequence[str]) -> Any:
    """The number of the family of each text, by average linkage within its label."""
    import numpy
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    matrix, named = _words(counted), numpy.array(labels)
    found = numpy.zeros(len(labels), int)
    before = 0
    for label in sorted(set(labels)):
        at = numpy.flatnonzero(named == label)
        if len(at) == 1:
            found[at] = before
        else:
            apart = 1 - (matrix[at] @ matrix[at].T).toarray()
            numpy.fill_diagonal(apart, 0)
            tree = linkage(squareform(apart.clip(0), checks=False), "average")
            found[at] = before + fcluster(tree, 1 - ALIKE, "distance") - 1
        before = int(found[at].max()) + 1
    return found


def unlike(past: Sequence[Packed], later: Sequence[Packed]) -> list[bool]:
    """Whether each of the later texts is like none of the past."""
    matrix = _words([*past, *later])
    before, found = matrix[: len(past)].T.tocsr(), []
    for at in range(len(past), len(past) + len(later), AT_ONCE):
        nearest = (matrix[at : at + AT_ONCE] @ before).max(axis=1).toarray().ravel()
        found += (nearest < NEW).tolist()
    return found


def deal(family: Any, labels: Sequence[str]) -> Any:
    """The fold in which each text is held out, all of a family in one; -1 for a family that is most of what its label
    has: without it nothing of the label would be learned."""
    import numpy

    sizes, of_label = numpy.bincount(family), Counter(labels)
    label_of = dict(zip(family.tolist(), labels, strict=True))
    order = sorted(label_of, key=lambda one: (label_of[one], -sizes[one], one))
    dealt = [one for one in order if 2 * sizes[one] <= of_label[label_of[one]]]
    fold = dict.fromkeys(order, -1) | {one: place % FOLDS for place, one in enumerate(dealt)}
    return numpy.array([fold[one] for one in family.tolist()])


def _words(counted: Sequence[Packed]) -> Any:
    """The words of the texts as rows of length one; what one text alone has is left out, and counts to no length."""
    import numpy
    from scipy.sparse import csr_matrix

    numbers = [packed[_WORDS][0] for packed in counted]
    known, columns, have = numpy.unique(numpy.concatenate(numbers), return_inverse=True, return_counts=True)
    rarity = numpy.where(have > 1, numpy.log((1 + len(counted)) / (1 + have)) + 1, 0)
    ends = numpy.cumsum([0, *map(len, numbers)])
    matrix = csr_matrix((rarity[columns], columns, ends), shape=(len(counted), len(known)))
    length = numpy.sqrt(numpy.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    length[length == 0] = 1
    matrix.data /= numpy.repeat(length, numpy.diff(ends))
    return matrix
