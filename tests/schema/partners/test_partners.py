"""Partners by GraphQL: what each sees, roles behind their own permission and in the read log, verbs as mutations."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from backend.core.session import system
from backend.journal.models import AccessLog
from backend.partners import actions as partners
from backend.partners.models import Organisation
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_citizen, make_organisation, make_role, refetch
from tests.schema.client import Asking

LIST = """query List($filter: OrganisationFilter, $search: String, $first: Int, $after: String) {
  organisations(filter: $filter, search: $search, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { name kind roles { title person { fullName } } liaisons { department { shortName } } viewerCan } } }"""
ONE = "{ node(id: %s) { ... on Organisation { name roles { id title person { fullName } } } } }"


def names(answer: dict) -> list[str]:
    return [row["name"] for row in answer["organisations"]["nodes"]]


def test_each_sees_their_partners_and_the_people_they_may_know(cast: Cast) -> None:
    union = make_organisation("Yol Sendikası", "UNION", departments=(cast.park,))
    make_organisation("Asfalt A.Ş.", "COMPANY", departments=(cast.fen,))
    make_role(union, make_citizen("Halit", "Ünlü"))
    seen = {
        "office_head": (["Asfalt A.Ş.", "Yol Sendikası"], 1),
        "secretary": (["Asfalt A.Ş.", "Yol Sendikası"], 0),
        "park_head": (["Yol Sendikası"], 1),
        "park_clerk": (["Yol Sendikası"], 0),
        "fen_clerk": (["Asfalt A.Ş."], 0),
        "outsider": ([], 0),
    }
    for compiled in (True, False):
        with override_settings(GRAPHQL_COMPILED_READS=compiled):
            for member, (expected, people) in seen.items():
                answer = Asking(cast.people()[member]).data(LIST)
                assert names(answer) == expected, member
                found = [role for row in answer["organisations"]["nodes"] for role in row["roles"]]
                assert len(found) == people, member


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "interpreted"])
def test_whoever_is_shown_a_membership_is_remembered(cast: Cast, compiled: bool) -> None:
    union = make_organisation("Yol Sendikası", "UNION", departments=(cast.park,))
    role = make_role(union, make_citizen("Halit", "Ünlü"))
    with override_settings(GRAPHQL_COMPILED_READS=compiled):
        Asking(cast.park_head).data("{ organisations { nodes { name } } }")
        with system():
            assert not AccessLog.objects.exists()
        Asking(cast.park_head).data("{ organisations { nodes { name roles { title } } } }")
        with system():
            noted = list(AccessLog.objects.values_list("subject_kind", "subject_ids", "reader"))
        assert noted == [("partners.role", [role.pk], cast.park_head.pk)]
        Asking(cast.park_head).data("{ organisations { nodes { roles { person { fullName } } } } }")
        with system():
            kinds = set(AccessLog.objects.values_list("subject_kind", flat=True))
        assert kinds == {"partners.role", "contacts.citizen"}


def test_a_list_is_filtered_and_searched_in_turkish(cast: Cast) -> None:
    for name, kind, tags in (
        ("Işık Okulu", "SCHOOL", ["okul"]),
        ("Ihlamur Derneği", "ASSOCIATION", ["çevre"]),
        ("İnci A.Ş.", "COMPANY", []),
    ):
        make_organisation(name, kind, tags=tags, departments=(cast.park,))
    asking = Asking(cast.secretary)
    assert names(asking.data(LIST)) == ["Ihlamur Derneği", "Işık Okulu", "İnci A.Ş."]
    assert names(asking.data(LIST, search="isik")) == ["Işık Okulu"]
    assert names(asking.data(LIST, filter={"tag": "çevre"})) == ["Ihlamur Derneği"]
    assert names(asking.data(LIST, filter={"kind": ["SCHOOL", "COMPANY"]})) == ["Işık Okulu", "İnci A.Ş."]
    park = global_id(cast.park)
    assert len(names(asking.data(LIST, filter={"department": park}))) == 3
    page = asking.data(LIST, first=2)["organisations"]
    rest = asking.data(LIST, first=2, after=page["pageInfo"]["endCursor"])
    assert (page["totalCount"], names(rest)) == (3, ["İnci A.Ş."])


def test_the_number_of_statements_does_not_grow_with_the_rows(cast: Cast) -> None:
    counts = []
    for compiled in (True, False):
        with override_settings(GRAPHQL_COMPILED_READS=compiled):
            asking = Asking(cast.office_head)
            for number in (2, 9):
                for n in range(number):
                    make_role(make_organisation(f"Dernek {compiled}{number}{n}", departments=(cast.park,)))
                asking.data(LIST)
                with CaptureQueriesContext(connection) as found:
                    asking.data(LIST)
                counts.append(len(found))
    assert (counts[0], counts[2]) == (counts[1], counts[3])


def test_an_organisation_and_its_people_are_written_by_mutations(cast: Cast) -> None:
    asking = Asking(cast.office_head)
    made = asking.does(
        "organisationRecord",
        "organisation { id version viewerCan }",
        kind="ASSOCIATION",
        name="Yeşil Vadi Derneği",
        liaisons=[global_id(cast.park)],
    )
    assert made["errors"] == []
    id = made["organisation"]["id"]
    assert "ADD_ROLE" in made["organisation"]["viewerCan"]
    person = global_id(make_citizen("Suna", "Ak"))
    answer = asking.does(
        "organisationAddRole",
        "organisation { roles { id title person { fullName } } }",
        id=id,
        person=person,
        kind="HEAD",
        title="Dernek Başkanı",
        validFrom="2023-04-01",
    )
    (role,) = answer["organisation"]["roles"]
    assert (role["title"], role["person"]["fullName"]) == ("Dernek Başkanı", "Suna AK")
    ended = asking.does("organisationEndRole", id=id, role=role["id"], on="2022-01-01")
    assert [(e["code"], e["field"]) for e in ended["errors"]] == [("INVALID", "on")]
    corrected = asking.does("organisationCorrect", "organisation { city }", id=id, city="Sancaktepe")
    assert corrected["organisation"]["city"] == "Sancaktepe"
    stale = asking.does("organisationCorrect", id=id, city="Kartal", version=1)
    assert [e["code"] for e in stale["errors"]] == ["CONFLICT"]


def test_a_twin_is_asked_about_and_hidden_ones_are_not_named(cast: Cast) -> None:
    asking = Asking(cast.office_head)
    twin = make_organisation("Denetim Kültür Derneği")
    given = {"kind": "ASSOCIATION", "name": "Denetim Kultur Dernegi"}
    asked = asking.does("organisationRecord", "organisation { id } alike", **given)
    assert [(e["code"], e["field"]) for e in asked["errors"]] == [("UNUSUAL", "acceptAlike")]
    assert "Denetim Kültür Derneği" in asked["errors"][0]["message"]
    assert (asked["organisation"], asked["alike"]) == (None, [global_id(twin)])
    with system():
        assert Organisation.objects.count() == 1
        # who sees none of them is told of none
        nobody = Organisation.objects.none()
        partners.record(by=None, kind="ASSOCIATION", name="Denetim Kültür Derneği", among=nobody)
    said = asking.does("organisationRecord", "alike organisation { name }", acceptAlike=True, **given)
    assert (said["errors"], said["alike"]) == ([], [])
    assert said["organisation"]["name"] == "Denetim Kultur Dernegi"


def test_a_department_may_read_and_change_nothing(cast: Cast) -> None:
    row = make_organisation(departments=(cast.park,))
    hidden = make_organisation("Uzak Vakfı", "FOUNDATION")
    asking = Asking(cast.park_head)
    for one, code in ((row, "FORBIDDEN"), (hidden, "NOT_FOUND")):
        answer = asking.does("organisationCorrect", id=global_id(one), city="x")
        assert [e["code"] for e in answer["errors"]] == [code]
    recorded = asking.does("organisationRecord", kind="SCHOOL", name="Okul")
    assert [e["code"] for e in recorded["errors"]] == ["FORBIDDEN"]
    with system():
        assert Organisation.objects.count() == 2


def test_who_does_not_know_memberships_neither_adds_one_nor_opens_them(cast: Cast) -> None:
    row = make_organisation("Yol Sendikası", "UNION")
    make_role(row)
    asking = Asking(cast.secretary)
    person = global_id(make_citizen())
    for mutation, more in (
        ("organisationReclassify", {"kind": "COMPANY"}),
        ("organisationAddRole", {"person": person, "kind": "MEMBER"}),
    ):
        answer = asking.does(mutation, id=global_id(row), **more)
        assert [e["code"] for e in answer["errors"]] == ["FORBIDDEN"], mutation
    assert refetch(row).kind == "UNION"
