"""Agreements with partners by GraphQL."""

from __future__ import annotations

from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import day
from tests.factories import make_agreement, make_organisation
from tests.schema.client import Asking

LIST = """query List($filter: AgreementFilter, $search: String) {
  agreements(filter: $filter, search: $search) { totalCount nodes {
    title parties { organisation { name } } obligations { text side } viewerCan } } }"""


def test_an_agreement_is_begun_obliged_signed_and_renewed(cast: Cast) -> None:
    asking = Asking(cast.secretary)
    made = asking.does(
        "agreementDraft",
        "agreement { id viewerCan }",
        kind="TWINNING",
        title="Kardeş belediye protokolü",
        department=global_id(cast.park),
        parties=[global_id(make_organisation("Lindenau", "MUNICIPALITY"))],
    )
    assert made["errors"] == []
    id = made["agreement"]["id"]
    asking.does("agreementAddObligation", id=id, side="THEIRS", text="Heyet gönderilecek.")
    done = asking.does(
        "agreementSign",
        "agreement { status warnOn }",
        id=id,
        signedOn="2026-01-12",
        validUntil=day(365),
        decision="2026/3",
    )
    assert done["agreement"] == {"status": "IN_FORCE", "warnOn": day(305)}
    wrong = asking.does("agreementRenew", id=id, validUntil=day(-11))
    assert [(e["code"], e["field"]) for e in wrong["errors"]] == [("INVALID", "validUntil")]
    (seen,) = Asking(cast.park_clerk).data(LIST)["agreements"]["nodes"]
    assert seen["parties"] == [{"organisation": None}], "a partner that the department does not see"
    assert set(seen["viewerCan"]) == {"ADD_OBLIGATION", "FULFIL", "ATTACH"}
    assert Asking(cast.fen_clerk).data(LIST)["agreements"]["totalCount"] == 0


def test_a_list_is_searched_and_filtered(cast: Cast) -> None:
    make_agreement(cast.park, title="Işıklı yol projesi", kind="PROJECT")
    make_agreement(cast.park)
    asking = Asking(cast.secretary)
    found = asking.data(LIST, search="isikli")["agreements"]["nodes"]
    assert [row["title"] for row in found] == ["Işıklı yol projesi"]
    assert asking.data(LIST, filter={"kind": ["PROJECT"]})["agreements"]["totalCount"] == 1
    assert asking.data(LIST, filter={"toRenew": True})["agreements"]["totalCount"] == 0
