"""Renaming and closing a department, through GraphQL and the admin (acceptance cases 14 and 15)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from freezegun import freeze_time

from backend.appointments import actions as appointments
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.organization.models import CategoryCandidate, Department
from backend.programme import actions as programme
from schema.core.nodes import encode, global_id
from tests.cast import signed_in
from tests.factories import make_category, make_complaint, make_entry, make_instruction, make_request, refetch

DAY = dt.timedelta(days=1)

AFTER = "department { id name shortName validFrom validTo successor { name } head { fullName } }"
EFFECTS = """query($i: ID!) { departmentEffects(id: $i) { openCases collaborations awaitedNotes openPromises
    openInstructions incomingLetters people sections categories bodies } }"""
SEEN = """query($i: ID!) { node(id: $i) { ... on Complaint { responsibleDepartment { name successor { name } }
    routings { department { name } } } } complaints { totalCount } }"""


def at(day: str) -> Any:
    return freeze_time(f"{day}T09:00:00Z")


def error_of(payload: dict[str, Any]) -> tuple[str, str]:
    assert payload["department"] is None
    return payload["errors"][0]["code"], payload["errors"][0]["field"]


@pytest.mark.parametrize("who", ["administrator", "office_head"])
@pytest.mark.parametrize(
    ("on", "last_day", "name", "short"),
    [
        ("2026-03-01", "2026-02-28", "Altyapı İşleri Müdürlüğü", ""),
        ("2026-11-25", "2026-11-24", "Yapı ve Altyapı Müdürlüğü", "Yapı"),
    ],
)
def test_case_15_a_renamed_department_keeps_its_old_name_on_what_was_written_under_it(
    ask, cast, who, on, last_day, name, short
):
    with at("2025-11-03"):
        old = make_complaint("Eski", to=cast.fen)
    with at("2026-11-25"):
        given = {"id": global_id(cast.fen), "name": name, "shortName": short, "on": on}
        done = getattr(ask, who).does("departmentRename", AFTER, **given)
        assert done["errors"] == []
        fresh = done["department"]
        assert (fresh["name"], fresh["shortName"], fresh["validFrom"]) == (name, short or name, on)
        assert fresh["head"] == {"fullName": "Selma Aydın"}
        new = make_complaint("Yeni", to=Department.objects.get(name=name))
        # Its people work on under the new name; what was written under the old one still bears it.
        seen = ask.fen_clerk.data(SEEN, i=global_id(old))
        assert seen["complaints"]["totalCount"] == 2
        assert seen["node"]["responsibleDepartment"] == {
            "name": "Fen İşleri Müdürlüğü",
            "successor": {"name": name},
        }
        assert seen["node"]["routings"][0]["department"]["name"] == "Fen İşleri Müdürlüğü"
        named = ask.fen_clerk.data(SEEN, i=global_id(new))["node"]
        assert named["responsibleDepartment"]["name"] == name
        assert ask.park_clerk.data(SEEN, i=global_id(old))["node"] is None
    assert refetch(cast.fen).valid_to == dt.date.fromisoformat(last_day)
    with system():
        assert AuditLog.objects.get(verb="department_renamed").actor == getattr(cast, who)


@pytest.mark.parametrize("successor", ["fen", "cleaning", "relations"])
def test_case_14_a_closed_departments_rights_go_to_its_successor(ask, cast, successor):
    into = getattr(cast, successor)
    mine = make_complaint(to=cast.park)
    done = ask.administrator.does(
        "departmentClose", AFTER, id=global_id(cast.park), successor=global_id(into), lastDay="2026-02-28"
    )
    assert done["errors"] == []
    assert done["department"]["successor"] == {"name": into.name}
    seers = {"fen": "fen_clerk", "cleaning": "deputy_mayor", "relations": "portal"}
    for who in set(seers.values()):
        seen = getattr(ask, who).data(SEEN, i=global_id(mine))["node"]
        expected = who == seers[successor] or (who == "deputy_mayor" and successor == "fen")
        assert bool(seen) == expected, who
    refusal = ask.secretary.does(
        "complaintRoute", "complaint { id }", id=global_id(make_complaint()), to=global_id(cast.park)
    )
    assert refusal["errors"][0]["code"] == "INVALID"
    assert into.name in refusal["errors"][0]["message"]


def hang_on(department, cast):
    """A note that it has to write, one that it has written, a promise that it is to keep, and one that was kept."""
    due = today() + dt.timedelta(days=20)
    for done in (False, True):
        entry = make_entry(cast.mayors, by=cast.secretary)
        given = {"question": "Durum?", "due_at": entry.starts_at, "by": cast.secretary}
        note = programme.ask_note(entry, department=department, **given)
        request = make_request(cast.mayors)
        appointments.redirect(request, department=cast.relations, by=None, means="PHONE")
        facts = {"text": "Söz", "due_on": due, "department": department}
        promise = appointments.promise(request, by=None, **facts)
        if done:
            programme.write_note(note, by=None, text="Tamam")
            appointments.keep_promise(promise, by=None)


def test_the_notes_and_promises_of_a_closed_department_are_its_successors(ask, cast):
    with system():
        hang_on(cast.park, cast)
    done = ask.administrator.does(
        "departmentClose", id=global_id(cast.park), successor=global_id(cast.fen), lastDay=str(today() - DAY)
    )
    assert done["errors"] == []
    left = """{ departmentNotes(filter: {awaited: true}) { totalCount }
        promises(filter: {status: [OPEN]}) { totalCount } }"""
    assert ask.fen_clerk.data(left) == {"departmentNotes": {"totalCount": 1}, "promises": {"totalCount": 1}}


def test_what_moves_along_is_told_first_and_the_cases_only_to_who_sees_them(ask, cast):
    make_complaint(to=cast.fen)
    make_complaint(to=cast.fen)
    make_complaint(to=cast.park, collaborators=(cast.fen,))
    with system():
        CategoryCandidate.objects.create(category=make_category(), department=cast.fen)
        hang_on(cast.fen, cast)
    make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    make_instruction(cast.mayors, cast.park, by=cast.secretary)
    told = ask.office_head.data(EFFECTS, i=global_id(cast.fen))["departmentEffects"]
    assert told == {
        "openCases": 2,
        "collaborations": 1,
        "awaitedNotes": 1,
        "openPromises": 1,
        "openInstructions": 1,
        "incomingLetters": 0,
        "people": 3,
        "sections": 0,
        "categories": 1,
        "bodies": 0,
    }
    blind = ask.administrator.data(EFFECTS, i=global_id(cast.fen))["departmentEffects"]
    work = ("openCases", "collaborations", "awaitedNotes", "openPromises")
    hidden = (*work, "openInstructions", "incomingLetters")
    assert blind == told | dict.fromkeys(hidden)
    for who in ("secretary", "fen_head", "mayor", "outsider"):
        assert getattr(ask, who).data(EFFECTS, i=global_id(cast.fen)) == {"departmentEffects": None}


@pytest.mark.parametrize("who", ["secretary", "fen_head", "fen_clerk", "mayor", "deputy_mayor", "outsider"])
def test_nobody_else_renames_or_closes(ask, cast, who):
    asking = getattr(ask, who)
    key = global_id(cast.fen)
    for mutation, fields in [
        ("departmentRename", {"name": "Başka", "on": "2026-03-01"}),
        ("departmentClose", {"successor": global_id(cast.park), "lastDay": "2026-03-01"}),
    ]:
        assert error_of(asking.does(mutation, AFTER, id=key, **fields))[0] == "FORBIDDEN"
    client = signed_in(getattr(cast, who))
    for page in ("rename", "close"):
        assert client.get(f"/admin/organization/department/{cast.fen.key}/{page}/").status_code == 404
    assert refetch(cast.fen).valid_to is None


@pytest.mark.parametrize(
    ("mutation", "fields", "error"),
    [
        ("departmentRename", {"name": " ", "on": "2026-03-01"}, ("REQUIRED", "name")),
        ("departmentRename", {"name": "Yeni", "on": "2026-11-26"}, ("INVALID", "on")),
        ("departmentRename", {"name": "Yeni", "on": "2019-12-31"}, ("INVALID", "on")),
        ("departmentClose", {"lastDay": "2026-11-25"}, ("INVALID", "lastDay")),
        ("departmentClose", {"lastDay": "2019-12-31"}, ("INVALID", "lastDay")),
    ],
)
def test_impossible_days_and_names_are_refused_at_their_field(ask, cast, mutation, fields, error):
    with at("2026-11-25"):
        if mutation == "departmentClose":
            fields = fields | {"successor": global_id(cast.park)}
        assert error_of(ask.administrator.does(mutation, AFTER, id=global_id(cast.fen), **fields)) == error


def test_neither_itself_nor_the_office_into_another_nor_twice(ask, cast):
    asking, day = ask.administrator, {"lastDay": "2026-02-28"}

    def close(what: Department, into: Department) -> tuple[str, str]:
        return error_of(
            asking.does("departmentClose", AFTER, id=global_id(what), successor=global_id(into), **day)
        )

    assert close(cast.fen, cast.fen) == ("INVALID", "successor")
    assert close(cast.office, cast.fen) == ("INVALID", "successor")
    assert asking.does(
        "departmentClose", AFTER, id=global_id(cast.fen), successor=global_id(cast.park), **day
    )["department"]
    assert close(cast.fen, cast.cleaning)[0] == "WRONG_STATE"
    assert close(cast.park, cast.fen) == ("INVALID", "successor")
    missing = asking.does(
        "departmentRename",
        AFTER,
        id=encode("Department", cast.fen.key.__class__(int=1)),
        name="x",
        on="2026-01-01",
    )
    assert error_of(missing)[0] == "NOT_FOUND"


# -- the admin -------------------------------------------------------------------------------------------------
def page(department: Department, name: str) -> str:
    return f"/admin/organization/department/{department.key}/{name}/"


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_department_page_offers_both_only_to_who_may_and_while_it_exists(cast):
    offered, plain = signed_in(cast.office_head), signed_in(cast.fen_head)
    assert page(cast.fen, "rename") in text(offered, page(cast.fen, "change"))
    assert page(cast.fen, "close") in text(offered, page(cast.fen, "change"))
    assert page(cast.fen, "rename") not in text(plain, page(cast.fen, "change"))
    with system():
        Department.objects.filter(pk=cast.fen.pk).update(valid_to=dt.date(2026, 2, 28), successor=cast.park)
    assert page(cast.fen, "rename") not in text(offered, page(cast.fen, "change"))


def test_a_rename_in_the_admin_shows_what_moves_and_leads_to_the_new_name(cast):
    make_complaint(to=cast.fen)
    client = signed_in(cast.office_head)
    shown = text(client, page(cast.fen, "rename"))
    assert "<dt>Açık başvuruları</dt><dd>1</dd>" in shown
    assert "<dt>Yetkili kişi</dt><dd>3</dd>" in shown
    refused = client.post(page(cast.fen, "rename"), {"name": "Yeni", "on": "2099-01-01"})
    assert 'id="id_on_error"' in refused.content.decode()
    done = client.post(page(cast.fen, "rename"), {"name": "Altyapı İşleri Müdürlüğü", "on": "2026-03-01"})
    assert done.status_code == 302
    after = text(client, done["Location"])
    assert "Altyapı İşleri Müdürlüğü" in after
    assert "Fen İşleri Müdürlüğü" in after  # "formerly"


def test_closing_in_the_admin_names_the_successor_and_not_the_cases_to_the_administrator(cast):
    make_complaint(to=cast.park)
    client = signed_in(cast.administrator)
    assert (
        "Açık başvurular"
        not in text(client, page(cast.park, "close")).split("ok-form")[0].split("ok-facts")[1]
    )
    itself = client.post(page(cast.park, "close"), {"successor": cast.park.code, "last_day": "2026-02-28"})
    assert 'id="id_successor_error"' in itself.content.decode()
    done = client.post(page(cast.park, "close"), {"successor": cast.fen.code, "last_day": "2026-02-28"})
    assert done.status_code == 302
    assert refetch(cast.park).successor == cast.fen
    assert "Fen İşleri Müdürlüğü" in text(client, done["Location"])


def test_two_who_rename_at_once_make_one_new_name(ask, cast):
    given = {"id": global_id(cast.fen), "on": "2026-03-01"}
    assert ask.administrator.does("departmentRename", AFTER, name="Bir Müdürlüğü", **given)["errors"] == []
    assert error_of(ask.office_head.does("departmentRename", AFTER, name="İki Müdürlüğü", **given))[0] == (
        "WRONG_STATE"
    )
