"""Families of texts, and that sentences of families never seen are right nine times of ten where it speaks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy
import pytest

from backend.complaints.suggestion import Catalogue
from backend.triage.learning import families as grouping
from backend.triage.learning.families import FOLDS, deal, families, sample, unlike
from backend.triage.learning.features import features_of
from backend.triage.learning.fitting import Example, fit
from backend.triage.learning.weights import Packed, dump, pack
from permissions.demo.triage import corpus
from permissions.demo.triage.corpus import Invented, invent

NOTHING = Catalogue(())
UNTIL = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)  # a seed of invented texts, and no day of the suite
SAID = {
    "direk yanmıyor sokak karanlık": "lamba",
    "sokağın direği yanmiyo karanlıkta": "lamba",
    "lamba gündüz açık boşa yakılıyor": "lamba",
    "lambalar gündüz boşa yakılıyo": "lamba",
    "dallar balkona girdi budanmalı": "agac",
    "dalları balkona giriyor budansın": "agac",
    "DALLAR BALKONA GİRDİ!": "agac",
    "kökler kaldırımı kaldırdı": "agac",
}


def packed(texts: list[str]) -> list[Packed]:
    return [pack(features_of(text, NOTHING)) for text in texts]


def test_what_says_nearly_the_same_of_one_label_is_a_family() -> None:
    found = families(packed(list(SAID)), list(SAID.values())).tolist()
    lamps, trees = found[:4], found[4:]
    assert lamps[0] == lamps[1] != lamps[2] == lamps[3]
    assert trees[0] == trees[1] == trees[2] != trees[3]
    assert not set(lamps) & set(trees)
    assert families(packed(["", "çukur"]), ["a", "b"]).tolist() == [0, 1]
    assert len(set(families(packed(["", "", "çukur"]), ["a", "a", "a"]).tolist())) == 3, (
        "of no word nothing is known"
    )


def test_a_family_is_held_out_whole_unless_it_is_most_of_its_label() -> None:
    family = numpy.array([0] * 5 + [1] * 2 + [2] + [3] * 3 + [4] * 3 + [5] * 2)
    labels = ["a"] * 8 + ["b"] * 8
    fold = deal(family, labels)
    assert all(len(set(fold[family == one])) == 1 for one in range(6))
    assert (fold[family == 0] == -1).all()
    assert sorted(set(fold[5:].tolist())) == list(range(FOLDS))


def test_no_more_are_compared_than_may_be_and_the_same_ones_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labels = ["a"] * 70 + ["b"] * 30
    assert sample(labels) == list(range(100))
    monkeypatch.setattr(grouping, "MOST_OF_LABEL", 40)
    places = sample(labels)
    assert [[labels[at] for at in places].count(label) for label in "ab"] == [40, 30]
    assert places == sorted(places) == sample(labels)
    monkeypatch.setattr(grouping, "MOST_TEXTS", 20)
    assert len(sample(labels)) == 20


def test_a_text_is_new_if_it_is_like_none_of_the_past() -> None:
    past, later = list(SAID), ["direk yanmıyor karanlık", "otobüs gelmiyor", "DALLAR BALKONA GİRDİ"]
    assert unlike(packed(past), packed(later)) == [False, True, False]


def said_only(part: str, count: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> list[Invented]:
    """Invented complaints in sentences of one part alone, of the matters that have such."""
    both = {code: matter for code, matter in corpus._matters().items() if matter["late"]}
    matters: dict[str, Any] = {
        code: matter | {"early": matter[part], "late": []} for code, matter in both.items()
    }
    with monkeypatch.context() as patched:
        patched.setattr(corpus, "_matters", lambda: matters)
        return invent(count, seed, UNTIL)


@pytest.mark.parametrize(
    ("count", "right", "spoke"), [(1000, 0.85, 0.1), pytest.param(3000, 0.9, 0.3, marks=pytest.mark.full)]
)
def test_of_sentences_never_seen_it_says_what_is_right(
    count: int, right: float, spoke: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = [Example(one.text, {"label": one.category}) for one in said_only("early", count, 1, monkeypatch)]
    fitted = fit(past, NOTHING, ["label"])
    assert fitted is not None
    weights, asked = fitted.weights, said_only("late", count // 3, 2, monkeypatch)
    said = [(weights.guesses("label", weights.counted(one.text, NOTHING))[0], one.category) for one in asked]
    spoken = [guess.label == label for guess, label in said if guess.probability >= 0.8]
    assert len(spoken) > spoke * len(asked)
    assert sum(spoken) > right * len(spoken)


def test_learning_twice_is_learning_the_same() -> None:
    texts = [Example(f"{text} {n}", {"label": label}) for n in range(20) for text, label in SAID.items()]
    contents = {
        dump(fitted.weights) for fitted in (fit(texts, NOTHING, ["label"]) for _twice in "ab") if fitted
    }
    assert len(contents) == 1
