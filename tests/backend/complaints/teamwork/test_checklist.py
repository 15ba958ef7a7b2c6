"""A case gets the list of its category; the unit ticks it off with who and when."""

from __future__ import annotations

from typing import Any

import pytest

from backend.complaints import actions
from backend.complaints.models import ChecklistItem, ChecklistTemplateItem, Complaint, ComplaintLine
from backend.complaints.teamwork import checklist
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.organization.models import Category, User
from schema.core.nodes import global_id
from tests.backend.stories import code, say
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_category, make_complaint, refetch
from tests.schema.client import Asking

CASE = "/admin/complaints/complaint/"
LIST = """query($i: ID!) { node(id: $i) { ... on Complaint {
  checklist { id text status isRequired doneAt doneBy { lastName } viewerCan } } } }"""


def ask_for(cast: Cast, category: Category, text: str, **more: Any) -> ChecklistTemplateItem:
    with system():
        return checklist.save_template_item(by=cast.secretary, category=category, text=text, **more)


def items(person: User, case: Complaint) -> list[dict[str, Any]]:
    return Asking(person).data(LIST, i=global_id(case))["node"]["checklist"]


def lists(cast: Cast) -> tuple[Category, Category]:
    group = make_category("yol", "Yol ve kaldırım")
    hole, lamp = make_category("cukur", "Çukur", parent=group), make_category("lamba", "Lamba")
    ask_for(cast, group, "Yerinde görüldü", position=1)
    ask_for(cast, hole, "Fotoğraf çekildi", position=2, is_required=True)
    ask_for(cast, lamp, "Direk numarası yazıldı")
    return hole, lamp


def test_a_case_gets_the_list_of_its_category_and_follows_it(cast: Cast) -> None:
    hole, lamp = lists(cast)
    case = make_complaint(to=cast.fen, category=hole, accepted_by=cast.fen_clerk)
    found = items(cast.fen_clerk, case)
    assert [(one["text"], one["isRequired"]) for one in found] == [
        ("Yerinde görüldü", False),
        ("Fotoğraf çekildi", True),
    ]
    assert Asking(cast.fen_clerk).does("checklistItemTick", id=found[0]["id"])["errors"] == []
    say(case, "correct", by=cast.secretary, category=lamp)
    assert [one["text"] for one in items(cast.fen_clerk, case)] == [
        "Yerinde görüldü",
        "Direk numarası yazıldı",
    ]
    say(case, "correct", by=cast.secretary, category=hole)
    assert [(one["text"], one["status"]) for one in items(cast.fen_clerk, case)] == [
        ("Yerinde görüldü", "DONE"),
        ("Fotoğraf çekildi", "OPEN"),
    ]


def test_who_works_it_ticks_with_name_and_moment_and_a_reader_only_reads(cast: Cast) -> None:
    hole, _lamp = lists(cast)
    case = make_complaint(to=cast.fen, category=hole, collaborators=(cast.park,))
    first = items(cast.fen_clerk, case)[0]
    assert first["viewerCan"] == ["TICK"]
    assert items(cast.mayor, case)[0]["viewerCan"] == []
    assert items(cast.park_clerk, case)[0]["viewerCan"] == ["TICK"]
    answers = {
        person.username: [
            error["code"] for error in Asking(person).does("checklistItemTick", id=first["id"])["errors"]
        ]
        for person in (cast.mayor, cast.outsider, cast.park_clerk)
    }
    assert list(answers.values()) == [["FORBIDDEN"], ["NOT_FOUND"], []]
    done = items(cast.fen_clerk, case)[0]
    assert (done["status"], done["doneBy"]["lastName"], done["viewerCan"]) == (
        "DONE",
        cast.park_clerk.last_name,
        ["UNTICK"],
    )
    with system():
        line = ComplaintLine.objects.get(complaint=case, verb="ticked")
    assert (line.note, line.actor_id) == ("Yerinde görüldü", cast.park_clerk.pk)
    assert Asking(cast.fen_clerk).does("checklistItemUntick", id=first["id"])["errors"] == []
    with as_viewer(cast.outsider):
        assert not ChecklistItem.objects.exists(), "the second wall"


def test_what_is_required_comes_before_the_reply_is_submitted(cast: Cast) -> None:
    hole, _lamp = lists(cast)
    case = make_complaint(to=cast.fen, category=hole, accepted_by=cast.fen_clerk)
    say(case, "draft", by=cast.fen_clerk, body="Onarıldı.")
    with pytest.raises(DomainError) as refused:
        say(case, "submit", by=cast.fen_clerk)
    assert refused.value.code == ErrorCode.REQUIRED
    assert "Fotoğraf çekildi" in str(refused.value.message)
    assert "Yerinde görüldü" not in str(refused.value.message), "it is only said"
    clerk = signed_in(cast.fen_clerk)
    page = clerk.get(f"{CASE}{case.key}/change/").content.decode()
    assert "2 açık" in page
    assert "cevaptan önce" in page
    with system():
        item = ChecklistItem.objects.get(complaint=case, text="Fotoğraf çekildi")
    sent = {"item": str(item.key), "verb": "TICK", "version": item.version}
    assert clerk.post(f"{CASE}{case.key}/checklist/", sent)["Location"].endswith("#checklist")
    again = clerk.post(f"{CASE}{case.key}/checklist/", sent, follow=True)
    assert [message.level_tag for message in again.context["messages"]] == ["error"], "a second press is told"
    say(case, "submit", by=cast.fen_clerk)
    assert refetch(case).status == "ANSWERED"


def test_the_lists_are_kept_by_the_office_and_bilgi_islem(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hole = make_category("cukur")
    new = {"category": hole.code, "text": "Yerinde görüldü", "position": "5", "is_active": "on"}
    url = "/admin/complaints/checklisttemplateitem/"
    assert signed_in(cast.fen_clerk).post(f"{url}new/", new).status_code == 403
    assert signed_in(cast.administrator).post(f"{url}new/", new).status_code == 302
    (row,) = ChecklistTemplateItem.objects.all()
    assert (
        signed_in(cast.secretary).post(f"{url}{row.key}/change/", new | {"is_required": "on"}).status_code
        == 302
    )
    listed = signed_in(cast.fen_clerk).get(url).content.decode()
    assert "Yerinde görüldü" in listed
    saved = {"category": global_id(hole), "text": "Ölçüldü"}
    assert (
        Asking(cast.fen_clerk).does("checklistTemplateItemSave", **saved)["errors"][0]["code"] == "FORBIDDEN"
    )
    asked = Asking(cast.secretary).does(
        "checklistTemplateItemSave", "item { text category { code } }", **saved
    )
    assert asked["item"] == {"text": "Ölçüldü", "category": {"code": "cukur"}}
    monkeypatch.setattr(checklist, "MOST", 2)
    assert code(lambda: ask_for(cast, hole, "Üçüncü")) == ErrorCode.OVER_LIMIT
    with system():
        actions.triage(refetch(make_complaint()), by=cast.secretary, category=hole)
        assert ChecklistItem.objects.count() == 2
