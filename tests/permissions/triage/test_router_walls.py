"""Who hears what of what was learned: two houses that differ in hidden cases answer a department alike."""

from __future__ import annotations

import json
from typing import Any

import pytest

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.triage import serving, training
from backend.triage.models import RouterVersion
from backend.triage.moves import Verb
from permissions.core import scope
from permissions.triage import suggestions
from permissions.triage.rules import ROUTERS
from tests.backend.triage.cases import ABOUT, LAMP, TREE, close, texts
from tests.cast import Cast
from tests.factories import make_category
from tests.schema.client import Asking

PUBLIC = """query($text: String!) { publicAdvice(text: $text) { calls { say } body { name }
  categories { code name groupName } } }"""
WORDS = {"agac-budama": ["devrilecek"]}
ASKED = """query($text: String!) { suggestions(text: $text) { isLearned version isOfLaw priority
  categories { category { code } words surePercent pastCases { reference subject } }
  departments { department { code } words surePercent pastCases { reference } } } }"""


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    serving.forget()
    yield
    serving.forget()


@pytest.fixture
def house(cast: Cast) -> Cast:
    """A house with 130 closed cases of three units, from which a router was learned."""
    for code in ABOUT:
        make_category(code, code, keywords=WORDS.get(code, []))
    close(cast, texts(130))
    assert training.learn()
    return cast


def answer(user: Any, text: str) -> str:
    return json.dumps(Asking(user).data(ASKED, text=text)["suggestions"], sort_keys=True)


def test_two_houses_that_differ_in_hidden_cases_answer_a_department_alike(house: Cast) -> None:
    """In the second all cases of other units are of other texts, labels and numbers, and a router is learned anew."""
    asked = [LAMP, TREE, "kamyon gelmiyo poşetler dağ gibi", "hiçbiri"]
    first = {text: answer(house.fen_clerk, text) for text in asked}
    office = {text: answer(house.secretary, text) for text in asked}
    with system():
        hidden = Complaint.objects.exclude(responsible_department=house.fen)
        lamp = make_category("sokak-aydinlatmasi")
        hidden.update(subject="zifiri karanlık devrilecek poşetler", category=lamp)
        hidden.filter(pk__in=hidden.values("pk")[:20]).update(category=make_category("cop-toplama"))
    assert training.learn()
    assert {text: answer(house.secretary, text) for text in asked} != office  # the router did change
    assert {text: answer(house.fen_clerk, text) for text in asked} == first


def test_who_does_not_see_every_case_hears_the_words_alone(house: Cast) -> None:
    tree = json.loads(answer(house.fen_clerk, TREE))
    assert (tree["isLearned"], tree["version"]) == (False, None)
    assert tree["categories"] == [
        {"category": {"code": "agac-budama"}, "words": ["devrilecek"], "surePercent": None, "pastCases": []}
    ]
    own = json.loads(answer(house.park_clerk, TREE))["categories"][0]
    assert own["pastCases"]  # of the clerk's own unit
    assert json.loads(answer(house.fen_clerk, LAMP))["categories"] == []
    lamp = json.loads(answer(house.secretary, LAMP))
    assert (lamp["isLearned"], lamp["version"]) == (True, 1)
    assert lamp["categories"][0]["surePercent"] >= 70
    assert lamp["categories"][0]["pastCases"]
    assert len(lamp["categories"]) <= 3


def test_where_the_house_opens_it_a_department_hears_the_labels_alone(house: Cast, settings: Any) -> None:
    settings.ROUTER_FOR_UNITS = True
    found = json.loads(answer(house.park_clerk, LAMP))
    assert (found["isLearned"], found["version"], found["priority"]) == (True, None, None)
    assert [one["category"]["code"] for one in found["categories"]] == ["sokak-aydinlatmasi"]
    assert [(one["words"], one["surePercent"], one["pastCases"]) for one in found["categories"]] == [
        ([], None, [])
    ]


def test_a_citizen_hears_the_category_alone_where_the_house_opens_it(house: Cast, settings: Any) -> None:
    """Houses that differ in the texts and numbers of their cases answer alike; the code of the category is all."""

    def heard() -> dict[str, Any]:
        found: dict[str, Any] = Asking().data(PUBLIC, text=f"{LAMP} devrilecek")["publicAdvice"]
        return found

    closed = heard()
    assert [one["code"] for one in closed["categories"]] == ["agac-budama"]
    settings.ROUTER_FOR_CITIZENS = True
    opened = heard()
    lamp = make_category("sokak-aydinlatmasi")
    named = {"code": lamp.code, "name": lamp.name, "groupName": None}
    assert opened == closed | {"categories": [named, *closed["categories"]]}
    with system():
        Complaint.objects.update(subject=LAMP, category=lamp)
        tree = Complaint.objects.order_by("pk").values("pk")[:60]
        Complaint.objects.filter(pk__in=tree).update(
            subject="dallar kavaklar uzadı", category=make_category("agac-budama")
        )
    assert training.learn()
    assert heard() == opened, "of other texts and numbers of cases nothing comes through"
    settings.ROUTER_FOR_CITIZENS = False
    assert heard() == closed


def test_past_cases_are_bounded_and_asked_in_a_constant_number_of_statements(
    house: Cast, django_assert_max_num_queries: Any
) -> None:
    with scope.session(house.secretary):
        suggestions.on_text(LAMP)
        with django_assert_max_num_queries(22):
            found = suggestions.on_text(LAMP)
        assert all(len(one.past) <= suggestions.PAST for one in (*found.categories, *found.units))
        case = found.categories[0].past[0]
        again = suggestions.on_case(case)
        assert case not in [row for one in again.categories for row in one.past]


@pytest.mark.parametrize(
    ("member", "reads", "manages"),
    [
        ("secretary", True, False),
        ("office_head", True, True),
        ("administrator", True, True),
        ("mayor", True, False),
        ("fen_clerk", False, False),
        ("fen_head", False, False),
        ("outsider", False, False),
    ],
)
def test_who_reads_the_versions_and_who_goes_back_to_one(
    house: Cast, member: str, reads: bool, manages: bool
) -> None:
    with scope.session(house.people()[member]):
        rows = scope.visible(ROUTERS.model)
        assert rows.exists() == reads
        for verb in Verb:
            assert scope.visible(RouterVersion, action=verb).exists() == manages
