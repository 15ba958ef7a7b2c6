"""Learning from labelled texts: what is counted, what is said, how it is kept. No table is asked."""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.svm import LinearSVC

from backend.complaints.suggestion import Catalogue, CategoryRow
from backend.core.words.text import tr_lower
from backend.triage.catalogue import UNIT, words_of
from backend.triage.learning.features import features_of, stem_of
from backend.triage.learning.features import words_of as words_in
from backend.triage.learning.fitting import USUAL, Example, Fitted, curve, fit
from backend.triage.learning.weights import FORMAT, IMPORTANCE, Guess, dump, load, sure
from tests.backend.triage.cases import LAMP, TREE, texts

NOTHING = Catalogue(())
LABEL = "label"
POTHOLE = CategoryRow("yol", "Yol", ("fen",), keywords=("çukur", "kaldırım"))


@cache
def learned() -> Fitted:
    rows = texts(240)
    found = fit([Example(one.text, {LABEL: one.category}) for one in rows], NOTHING, [LABEL])
    assert found is not None
    return found


def guesses(found: Fitted, question: str, text: str, catalogue: Catalogue = NOTHING) -> list[Guess]:
    weights = found.weights
    return weights.guesses(question, weights.counted(text, catalogue))


def said(text: str) -> list[Guess]:
    return guesses(learned(), LABEL, text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (LAMP, "sokak-aydinlatmasi"),
        ("DİREK YANMIYOOOO ZIFIRI KARANLIK", "sokak-aydinlatmasi"),
        ("direk yanmiyo kapkaranlik", "sokak-aydinlatmasi"),
        (TREE, "agac-budama"),
        ("kavaklar cok uzadi nefes alamiyoruz 😡", "agac-budama"),
    ],
)
def test_it_is_sure_and_right_however_a_text_is_spelt(text: str, label: str) -> None:
    first = said(text)[0]
    assert (first.label, first.probability > 0.6) == (label, True)


@given(st.text(max_size=300))
def test_any_text_gets_chances_or_nothing(text: str) -> None:
    found = said(text)
    assert not found or 0 < sum(one.probability for one in found) < 1.001
    assert found == sorted(found, key=lambda one: -one.probability)


@pytest.mark.parametrize("text", ["", "   ", "😡😡", "???", "\x00"])
def test_of_a_text_without_words_nothing_is_said(text: str) -> None:
    assert said(text) == []


def test_spelling_is_folded() -> None:
    assert words_in("IŞIKLAR çoook 12 İzmir") == ["isiklar", "cok", "0", "izmir"]
    assert features_of("Işık", NOTHING) == features_of("ISIK", NOTHING)


def test_the_reason_is_words_of_the_text_itself() -> None:
    text = f"{LAMP} Zifiri karanlık! Karanlıkta direk, direkler."
    words = learned().weights.reasons(LABEL, text, "sokak-aydinlatmasi", most=9)
    assert words
    assert all(word in tr_lower(text) for word in words)
    assert {"zifiri", "karanlık", "direk"} & set(words)
    assert len({stem_of(*words_in(word)) for word in words}) == len(words), "one word of a stem"


def test_it_promises_no_more_than_it_keeps() -> None:
    """How sure it is, is learned on families that it had not seen; of texts like those it saw it is right more
    often."""
    held_out = learned().held_out[LABEL]
    right = sum(one.label == one.example.labels[LABEL] for one in held_out) / len(held_out)
    promised = sum(one.sure for one in held_out) / len(held_out)
    assert right - 0.25 < promised < right + 0.05


def pairs(right: Callable[[float], float], count: int) -> list[tuple[float, bool]]:
    """Margins from 0 to 2, and whether the first was right: so often as it is said of a margin."""
    margins = [2 * at / count for at in range(count)]
    return [(margin, at * 0.618 % 1 < right(margin)) for at, margin in enumerate(margins)]


def test_the_curve_follows_what_was_seen_and_never_falls() -> None:
    def level(margin: float) -> float:
        return sure(margin, *curve(pairs(lambda at: 0.4 + 0.25 * at, 2000)))

    assert [round(level(margin), 1) for margin in (0.2, 1, 2)] == [0.4, 0.7, 0.8]
    falling = curve(pairs(lambda at: 0.9 - 0.4 * at, 2000))
    assert falling == USUAL


@pytest.mark.parametrize("right", [True, False])
def test_of_few_cases_the_usual_curve_is_moved_a_little(right: bool) -> None:
    assert curve([]) == pytest.approx(USUAL, abs=0.1)
    new = curve([(0.3, right)] * 3)
    moved = [sure(margin, *new) - sure(margin, *USUAL) for margin in (0.0, 0.3, 1.0)]
    assert all((by > 0) == right for by in moved)
    assert max(map(abs, moved)) < 0.2


def test_what_was_learned_is_kept_as_numbers_and_is_the_same_afterwards() -> None:
    content = dump(learned().weights)
    again = load(content, hashlib.sha256(content).hexdigest())
    before = said(LAMP)
    assert again.guesses(LABEL, again.counted(LAMP, NOTHING)) == before
    assert not any(word.encode() in content for word in ("zifiri", "karanl", "direk"))


def test_content_that_is_not_what_was_learned_is_refused() -> None:
    content = dump(learned().weights)
    with pytest.raises(ValueError, match="digest"):
        load(content[:-1], hashlib.sha256(content).hexdigest())
    longer = FORMAT + zlib.compress(zlib.decompress(content[len(FORMAT) :]) + b"0")
    for other, why in ((b"PK" + content, "format"), (longer, "fit together")):
        with pytest.raises(ValueError, match=why):
            load(other, hashlib.sha256(other).hexdigest())


def test_what_is_proposed_is_what_scikit_learn_says_of_the_same_texts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counted by its own means and asked of the machines that it fitted, before their weights were rounded."""
    machines: list[LinearSVC] = []

    class Kept(LinearSVC):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            machines.append(self)

    with monkeypatch.context() as patched:
        patched.setattr("sklearn.svm.LinearSVC", Kept)
        rows = [Example(one.text, {LABEL: one.category}) for one in texts(120)]
        found = fit(rows, Catalogue((POTHOLE,)), [LABEL])
    assert found is not None
    head, features = found.weights.heads[LABEL], {one: at for at, one in enumerate(found.weights.features)}
    machines = machines[-len(head.labels) :]
    length = TfidfTransformer(sublinear_tf=True)
    length.idf_ = numpy.array(found.weights.rarity)
    asked = [one.text for one in texts(300)[-200:]] + ["çukur", f"{LAMP} {TREE}", "kaldırımda çukur " * 50]
    counted = [features_of(text, Catalogue((POTHOLE,))) for text in asked]
    assert any(said for _parts, _words, said in counted)
    matrix = numpy.zeros((len(asked), len(features)))
    for block, importance in enumerate(IMPORTANCE):
        has = numpy.zeros_like(matrix)
        for row, blocks in enumerate(counted):
            for feature in blocks[block].keys() & features.keys():
                has[row, features[feature]] = blocks[block][feature]
        matrix += importance * (has if block == 2 else length.transform(has).toarray())
    wanted = numpy.stack([machine.decision_function(matrix) for machine in machines], axis=1)
    for text, scores in zip(asked, wanted.tolist(), strict=True):
        assert head.scores(found.weights.counted(text, Catalogue((POTHOLE,)))) == pytest.approx(
            scores, abs=5e-4
        )
        first, second = sorted(scores, reverse=True)[:2]
        said = guesses(found, LABEL, text, Catalogue((POTHOLE,)))[0].label
        assert said == head.labels[scores.index(first)] or first - second < 1e-3


def test_proposing_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The image of the web has none of them."""
    content, before = dump(learned().weights), said(LAMP)
    reasons = learned().weights.reasons(LABEL, LAMP, before[0].label)
    for name in ("numpy", "scipy", "sklearn"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError):
        learned.__wrapped__()
    again = load(content, hashlib.sha256(content).hexdigest())
    assert again.guesses(LABEL, again.counted(LAMP, NOTHING)) == before
    assert again.reasons(LABEL, LAMP, before[0].label) == reasons != []


def test_a_unit_that_sends_a_matter_back_is_proposed_less_for_such() -> None:
    """Two units answered alike texts; open cases that the first one sent back are evidence against it."""
    alike = ["çukurun kapağı oynuyor", "çukurun kapağı kırık", "çukurun kapağı yok", "kapak oynuyor çukurda"]
    rows = [Example(text, {UNIT: unit}) for text in alike * 6 for unit in ("fen", "park")]
    rows += [Example(f"çöp alınmadı {n}", {UNIT: "temizlik"}) for n in range(12)]
    returned = [Example(text, {}, {UNIT: ("fen",)}) for text in alike * 6]
    before, after = fit(rows, NOTHING, [UNIT]), fit([*rows, *returned], NOTHING, [UNIT])
    assert before is not None
    assert after is not None

    def chance(found: Fitted) -> float:
        chances = {one.label: one.probability for one in guesses(found, UNIT, alike[0])}
        return chances["fen"] / (chances["fen"] + chances["park"])

    assert chance(before) > 0.3
    assert chance(after) < chance(before) - 0.1
    assert guesses(after, UNIT, alike[0])[0].label == "park"


def test_a_label_of_few_texts_is_not_learned_from_them_but_from_the_catalogue() -> None:
    rows = [Example(one.text, {LABEL: one.category}) for one in texts(120)]
    rare = [Example("Ayşe Yılmaz dün mezarlıkta", {LABEL: "mezarlik"})] * 2
    found = fit([*rows, *rare], NOTHING, [LABEL])
    assert found is not None
    assert "mezarlik" not in found.weights.heads[LABEL].labels
    catalogue = Catalogue((CategoryRow("mezarlik", "Mezarlık", ("fen",), keywords=("mezarlık", "kabir")),))
    words = [Example(one.text, {LABEL: one.labels["category"]}) for one in words_of(catalogue)]
    found = fit([*rows, *rare], catalogue, [LABEL], words=words)
    assert found is not None
    assert guesses(found, LABEL, "kabirler kırık mezarlık kapalı", catalogue)[0].label == "mezarlik"


def test_nothing_is_learned_of_one_label_or_of_no_texts() -> None:
    assert fit([], NOTHING, [LABEL]) is None
    assert fit([Example("çukur", {LABEL: "yol"})] * 50, NOTHING, [LABEL]) is None
