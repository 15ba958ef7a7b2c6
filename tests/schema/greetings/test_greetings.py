"""Greetings through GraphQL: prepared, sent, decided on; and nothing of it for anybody outside the office."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.core.localtime import today
from backend.core.session import system
from backend.greetings import jobs
from backend.greetings.models import Batch, Recipient
from backend.outbox.models import Message
from backend.partners import lists
from schema.core.nodes import encode
from tests.cast import Cast
from tests.days import day
from tests.factories import (
    make_batch,
    make_body,
    make_citizen,
    make_occasion,
    make_organisation,
    make_role,
    refetch,
)
from tests.schema.client import Asking

NUMBERS = (
    "total pending sent noAddress deceased flagged leftOut alreadyGreeted refused onPaper printed undelivered"
)
BATCHES = f"""
query ($filter: GreetingBatchFilter) {{
  greetingBatches(first: 5, filter: $filter) {{
    totalCount
    nodes {{
      id title status channels {NUMBERS} viewerCan
      occasion {{ name kind day letterKind }}
      printRuns {{ letters sha256 url }}
      lines {{ verb fromStatus toStatus actor {{ fullName }} }}
    }}
  }}
}}
"""
RECIPIENTS = """
query ($batch: ID!, $filter: GreetingRecipientFilter) {
  greetingRecipients(batch: $batch, first: 10, filter: $filter) {
    totalCount
    nodes { id source outcome byChannel refusal citizen { fullName } department { name } body { name } }
  }
}
"""
SUGGESTIONS = """{ greetingSuggestions(days: 31) {
  code kind name day letterKind why audience caution isForOne isTaken
} }"""


def _say(user: Any, mutation: str, input_type: str, /, fields: str = "", **input: Any) -> dict[str, Any]:
    query = (
        f"mutation ($input: {input_type}Input!) {{ {mutation}(input: $input)"
        f" {{ errors {{ code field message }} {fields} }} }}"
    )
    return dict(Asking(user).data(query, input=input)[mutation])


def _done(*args: Any, **input: Any) -> dict[str, Any]:
    found = _say(*args, **input)
    assert not found["errors"], found
    return found


def _work(key: str) -> None:
    with system():
        row = Batch.objects.get(title=key)
    jobs.send_batch(key=str(row.key), run=row.run)


def test_a_batch_is_prepared_sent_and_told_in_numbers(cast: Cast) -> None:
    secretary = cast.secretary
    reached, nowhere = make_citizen("Ayşe", "Işık"), make_citizen("Ece", "Er", email="", address="")
    dead = make_citizen("Ölen", "Kişi", deceased_on=today())
    body = make_body(address="Recep Mah. 1")
    occasion = _done(
        secretary,
        "greetingOccasionMake",
        "GreetingOccasionMake",
        "occasion { id name }",
        name="Ramazan Bayramı 2027",
        on=day(56),
        kind="RELIGIOUS_DAY",
        letterKind="CONGRATULATION",
    )["occasion"]
    texts = {
        "occasion": occasion["id"],
        "title": "Bayram",
        "channels": ["EMAIL", "PRINT"],
        "subject": "{{vesile}}",
        "salutation": "{{hitap}},",
        "signatory": encode("StaffMember", cast.mayor.key),
    }
    prepare = ("greetingBatchPrepare", "GreetingBatchPrepare")
    mixed = _say(secretary, *prepare, body="Vefatı dolayısıyla tebrik ederim.", **texts)["errors"]
    assert [(one["code"], one["field"]) for one in mixed] == [("INVALID", "body")]
    batch = _done(secretary, *prepare, "batch { id viewerCan }", body="Bayramınızı tebrik ederim.", **texts)[
        "batch"
    ]
    assert batch["viewerCan"] == ["WRITE", "ADD", "REMOVE", "CANCEL"], "nobody to greet yet"
    empty = _say(secretary, "greetingBatchStart", "GreetingBatchStart", id=batch["id"])["errors"]
    assert [(one["code"], one["field"]) for one in empty] == [("REQUIRED", "recipients")]
    people = [encode("Citizen", one.key) for one in (reached, nowhere, dead)]
    added = _done(
        secretary,
        "greetingBatchAdd",
        "GreetingBatchAdd",
        "batch { total version }",
        id=batch["id"],
        citizens=people,
        bodies=[encode("OutsideBody", body.key)],
        departments=[encode("Department", cast.park.key)],
    )["batch"]
    assert added["total"] == 5
    _done(secretary, "greetingBatchStart", "GreetingBatchStart", id=batch["id"])
    _work("Bayram")
    (node,) = Asking(cast.mayor).data(BATCHES)["greetingBatches"]["nodes"]
    assert (node["status"], node["sent"], node["noAddress"], node["deceased"]) == ("DONE", 3, 1, 1)
    assert [run["letters"] for run in node["printRuns"]] == [2]
    assert (node["onPaper"], node["printed"]) == (2, 2)
    assert node["viewerCan"] == []
    assert [line["verb"] for line in node["lines"]][:3] == ["FINISHED", "PRINTED", "STARTED"]
    listed = Asking(secretary).data(RECIPIENTS, batch=batch["id"], filter={"outcome": ["SENT"]})
    found = listed["greetingRecipients"]
    assert found["totalCount"] == 3
    assert {(n["citizen"] or n["department"] or n["body"]).popitem()[1] for n in found["nodes"]} == {
        "Ayşe IŞIK",
        cast.park.name,
        body.name,
    }


def test_a_list_of_partners_is_greeted_each_person_once_with_title_and_organisation(cast: Cast) -> None:
    school, company = make_organisation("Emek Okulu", "SCHOOL"), make_organisation("Işık A.Ş.", "COMPANY")
    body = make_body()
    head = make_citizen("Ayşe", "Işık", email="")
    role = make_role(
        school, head, title="Okul Müdürü", email="mudur@okul.example", salutation="Sayın Müdürüm,"
    )
    make_role(company, head, title="Genel Müdür")
    gone = {"valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2021, 1, 1)}
    former = make_role(school, kind="DEPUTY_HEAD", title="Müdür Yardımcısı", **gone)
    with system():
        listed = lists.make(by=None, title="Paydaşlar", kinds=["SCHOOL", "COMPANY", "INSTITUTION"])
        lists.add(listed, by=None, person=make_citizen("Kendi", "Adına"))
        lists.add(listed, by=None, role=former)
    make_organisation("İSKİ", "INSTITUTION", body=body)
    batch = make_batch(salutation="{{hitap}},")
    key, of = encode("GreetingBatch", batch.key), encode("ContactList", listed.key)
    say = ("greetingBatchAdd", "GreetingBatchAdd", "batch { total }")
    assert _done(cast.secretary, *say, id=key, lists=[of])["batch"] == {"total": 3}
    assert _done(cast.secretary, *say, id=key, lists=[of])["batch"] == {"total": 3}
    fields = (
        "source title organisation role { title organisation { name } } citizen { fullName } body { name }"
    )
    query = (
        f"query ($batch: ID!) {{ greetingRecipients(batch: $batch, first: 9) {{ nodes {{ {fields} }} }} }}"
    )
    nodes = Asking(cast.secretary).data(query, batch=key)["greetingRecipients"]["nodes"]
    assert [(n["title"], n["organisation"]) for n in nodes if n["role"]] == [("Okul Müdürü", "Emek Okulu")]
    assert {n["source"] for n in nodes} == {"PARTNERS"}
    assert [n["body"]["name"] for n in nodes if n["body"]] == [body.name]
    _done(cast.secretary, "greetingBatchStart", "GreetingBatchStart", id=key)
    _work(batch.title)
    with system():
        sent = Recipient.objects.get(role=role)
        message = Message.objects.get(pk=sent.message_id)
    assert (sent.outcome, sent.address) == ("SENT", "mudur@okul.example")
    assert message.body.startswith("Sayın Müdürüm,")


def test_a_bereavement_asks_for_the_record_of_who_died(cast: Cast) -> None:
    person, dead = make_citizen("Gül", "Şen"), make_citizen("Nur", "Şen")
    given = {"id": encode("Citizen", person.key), "on": today().isoformat(), "who": "annesi"}
    say = (
        "mutation ($input: CitizenRecordBereavementInput!) { citizenRecordBereavement(input: $input)"
        " { citizen { fullName } errors { code field } } }"
    )
    said = Asking(cast.secretary).data(say, input=given)["citizenRecordBereavement"]
    assert said["errors"] == [{"code": "REQUIRED", "field": "deceased"}]
    given["deceased"] = encode("Citizen", dead.key)
    assert Asking(cast.secretary).data(say, input=given)["citizenRecordBereavement"]["errors"] == []
    assert refetch(dead).deceased_on == today()
    given["on"] = (today() - dt.timedelta(days=1)).isoformat()
    said = Asking(cast.secretary).data(say, input=given)["citizenRecordBereavement"]
    assert said["errors"] == [{"code": "INVALID", "field": "on"}]


def test_who_was_bereaved_is_decided_on(cast: Cast) -> None:
    person = make_citizen()
    _done(
        cast.secretary,
        "citizenRecordBereavement",
        "CitizenRecordBereavement",
        "citizen { fullName }",
        id=encode("Citizen", person.key),
        on=today().isoformat(),
        who="annesi",
        withoutRecord=True,
    )
    batch = make_batch(None, person, title="Bayram")
    key = encode("GreetingBatch", batch.key)
    _done(cast.secretary, "greetingBatchStart", "GreetingBatchStart", id=key)
    _work("Bayram")
    decided = _done(
        cast.secretary,
        "greetingBatchDecide",
        "GreetingBatchDecide",
        "batch { flagged pending leftOut }",
        id=key,
        decision="LEAVE_OUT",
    )["batch"]
    assert decided == {"flagged": 0, "pending": 0, "leftOut": 1}


def test_days_and_wishes_of_persons_are_kept_and_forgotten(cast: Cast) -> None:
    person = encode("Citizen", make_citizen().key)
    basis = {"basis": "CONSENT", "basisNote": "Form"}
    kept = _done(
        cast.secretary,
        "greetingDayKeep",
        "GreetingDayKeep",
        "day { id month day since citizen { fullName } }",
        citizen=person,
        kind="BIRTHDAY",
        month=today().month,
        day=today().day,
        since=1980,
        **basis,
    )["day"]
    assert kept["since"] is None
    wish = _done(
        cast.secretary,
        "greetingPrefer",
        "GreetingPrefer",
        "preference { wish }",
        citizen=person,
        wish="CONSENT",
        proof="Form",
    )
    assert wish["preference"] == {"wish": "CONSENT"}
    (one,) = [
        one
        for one in Asking(cast.secretary).data(SUGGESTIONS)["greetingSuggestions"]
        if one["kind"] == "BIRTHDAY"
    ]
    taken = _done(
        cast.secretary,
        "greetingSuggestionTake",
        "GreetingSuggestionTake",
        "batch { id } letter { kind status } occasion { name }",
        code=one["code"],
    )
    assert taken["letter"] == {"kind": "CONGRATULATION", "status": "DRAFT"}
    _done(cast.secretary, "greetingDayForget", "GreetingDayForget", id=kept["id"])
    assert Asking(cast.secretary).data("{ greetingDays(first: 5) { totalCount } }")["greetingDays"] == {
        "totalCount": 0
    }


def test_nothing_of_it_is_there_for_anybody_else(cast: Cast) -> None:
    person = make_citizen()
    batch = make_batch(make_occasion(), person, title="Bayram")
    key = encode("GreetingBatch", batch.key)
    for user in (cast.fen_clerk, cast.deputy_mayor, cast.outsider, cast.administrator):
        asking = Asking(user)
        assert asking.data(BATCHES)["greetingBatches"] == {"totalCount": 0, "nodes": []}
        assert asking.data(RECIPIENTS, batch=key)["greetingRecipients"]["totalCount"] == 0
        assert asking.data(SUGGESTIONS)["greetingSuggestions"] == []
        (error,) = _say(user, "greetingBatchStart", "GreetingBatchStart", id=key)["errors"]
        assert error["code"] == "NOT_FOUND"
    (error,) = _say(cast.mayor, "greetingBatchStart", "GreetingBatchStart", id=key)["errors"]
    assert error["code"] == "FORBIDDEN"
