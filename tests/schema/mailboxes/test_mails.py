"""The incoming desk by GraphQL: the connection, its verbs and the mailboxes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from backend.core.session import system
from backend.mailboxes.models import Mailbox
from backend.organization.models import Department
from schema.core.nodes import global_id
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast
from tests.factories import make_category, make_citizen, make_complaint
from tests.schema.client import Asking

LIST = """query ($status: [InboundMessageStatus!], $search: String) {
  inboundMessages(first: 20, status: $status, search: $search) { totalCount nodes {
    id status kind subject fromName fromAddress toAddresses text spf dkim notes viewerCan version
    files { name url } mailbox { name address fault } department { name } complaint { reference subject } } } }"""


def nodes(asking: Asking, **variables: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asking.data(LIST, **variables)["inboundMessages"]["nodes"]
    return found


def test_each_unit_reads_its_own_desk(cast: Cast) -> None:
    make_mail(make_mailbox(cast.office), "Başkanlığa", authentication={"spf": "pass"}, notes=["WINMAIL"])
    make_mail(make_mailbox(cast.fen), "Fen İşlerine")
    [row] = nodes(Asking(cast.fen_clerk))
    assert (row["subject"], row["viewerCan"]) == (
        "Fen İşlerine",
        ["MAKE_CASE", "MAKE_REQUEST", "MAKE_LETTER", "JOIN", "ROUTE", "SET_ASIDE"],
    )
    first, second = nodes(Asking(cast.secretary))
    assert (first["subject"], first["spf"], first["dkim"], first["notes"]) == (
        "Başkanlığa",
        "pass",
        None,
        ["WINMAIL"],
    )
    assert second["files"][0]["name"] == "Fen İşlerine.txt"
    assert nodes(Asking(cast.park_clerk)) == []
    [row] = nodes(Asking(cast.mayor), search="fen isl")
    assert (row["subject"], row["viewerCan"]) == ("Fen İşlerine", [])


def test_a_mail_becomes_a_case(cast: Cast) -> None:
    person, category = make_citizen(), make_category()
    mail = make_mail(make_mailbox(cast.office), "Lamba")
    answer = Asking(cast.secretary).does(
        "inboundMessageMakeCase",
        "inboundMessage { status complaint { reference subject channel registeredAt applicant { firstName } } }",
        id=global_id(mail),
        version=1,
        kind="COMPLAINT",
        applicant=global_id(person),
        category=global_id(category),
    )
    assert answer["errors"] == []
    made = answer["inboundMessage"]
    assert (made["status"], made["complaint"]["subject"], made["complaint"]["channel"]) == (
        "MADE",
        "Lamba",
        "EMAIL",
    )
    again = Asking(cast.secretary).does("inboundMessageMakeCase", id=global_id(mail), kind="COMPLAINT")
    assert [error["code"] for error in again["errors"]] == ["WRONG_STATE"]


def test_a_mail_becomes_an_appointment_request(cast: Cast) -> None:
    mail, person = make_mail(make_mailbox(cast.office), "Ziyaret"), make_citizen()
    answer = Asking(cast.secretary).does(
        "inboundMessageMakeRequest",
        "inboundMessage { status complaint { id } appointmentRequest { reference subject channel partySize } }",
        id=global_id(mail),
        version=1,
        principal=global_id(cast.mayors),
        kind="COURTESY",
        applicant=global_id(person),
        partySize=4,
    )
    assert answer["errors"] == []
    made = answer["inboundMessage"]["appointmentRequest"]
    assert (made["subject"], made["channel"], made["partySize"]) == ("Ziyaret", "EMAIL", 4)
    assert made["reference"].startswith("RT-")
    assert (answer["inboundMessage"]["status"], answer["inboundMessage"]["complaint"]) == ("MADE", None)


def test_a_mail_becomes_an_incoming_letter_of_its_unit(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.fen), "Dilekçe")
    answer = Asking(cast.fen_clerk).does(
        "inboundMessageMakeLetter",
        "inboundMessage { status letter { reference subject sender department { name } } }",
        id=global_id(mail),
        version=1,
    )
    assert answer["errors"] == []
    made = answer["inboundMessage"]["letter"]
    assert (made["subject"], made["sender"], made["department"]["name"]) == (
        "Dilekçe",
        mail.from_name,
        cast.fen.name,
    )
    refused = Asking(cast.deputy_mayor).does(
        "inboundMessageMakeLetter", id=global_id(make_mail(mail.mailbox))
    )
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]


def test_what_is_passed_on_leaves_ones_sight(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.fen))
    answer = Asking(cast.fen_clerk).does(
        "inboundMessageRoute", "inboundMessage { id }", id=global_id(mail), to=global_id(cast.park)
    )
    assert (answer["errors"], answer["inboundMessage"]) == ([], None)
    assert len(nodes(Asking(cast.park_clerk))) == 1
    hidden = Asking(cast.fen_clerk).does("inboundMessageSetAside", id=global_id(mail), reason="Reklam")
    assert [error["code"] for error in hidden["errors"]] == ["NOT_FOUND"]


def test_what_is_set_aside_has_a_reason_and_comes_back(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office))
    asking = Asking(cast.secretary)
    fields = "inboundMessage { status setAsideReason decidedBy { firstName } viewerCan }"
    done = asking.does("inboundMessageSetAside", fields, id=global_id(mail), reason="Reklam")[
        "inboundMessage"
    ]
    assert (done["status"], done["setAsideReason"], done["viewerCan"]) == ("SET_ASIDE", "Reklam", ["TAKE_UP"])
    assert nodes(asking, status=["WAITING"]) == []
    back = asking.does("inboundMessageTakeUp", fields, id=global_id(mail))["inboundMessage"]
    assert (back["status"], back["setAsideReason"]) == ("WAITING", "")


def test_the_overseer_reads_and_decides_nothing(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.fen))
    answer = Asking(cast.deputy_mayor).does("inboundMessageSetAside", id=global_id(mail), reason="x")
    assert [error["code"] for error in answer["errors"]] == ["FORBIDDEN"]


def saved(asking: Asking, department: Department, **more: Any) -> dict[str, Any]:
    facts = {
        "name": "Başkanlık",
        "address": "baskanlik@belediye.example",
        "host": "imap.belediye.example",
        "port": 993,
        "security": "SSL",
        "signIn": "PASSWORD",
        "login": "baskanlik",
        "department": global_id(department),
        "purpose": "COMPLAINTS",
    }
    return asking.does(
        "mailboxSave", "mailbox { id name isActive department { name } version }", **(facts | more)
    )


def test_bilgi_islem_adds_a_mailbox_and_reads_no_mail(cast: Cast) -> None:
    asking = Asking(cast.administrator)
    answer = saved(asking, cast.office, secret="çok gizli")
    assert answer["errors"] == []
    with system():
        row = Mailbox.objects.get()
        assert row.read_secret() == "çok gizli"
    make_mail(row)
    assert nodes(asking) == []
    changed = saved(asking, cast.fen, id=answer["mailbox"]["id"], isActive=False)["mailbox"]
    assert (changed["isActive"], changed["department"]["name"], changed["version"]) == (
        False,
        cast.fen.name,
        2,
    )
    listed = asking.data("{ mailboxes(first: 5) { nodes { name host login fault notTaken } } }")["mailboxes"]
    assert listed["nodes"] == [
        {
            "name": "Başkanlık",
            "host": "imap.belediye.example",
            "login": "baskanlik",
            "fault": None,
            "notTaken": 0,
        }
    ]
    refused = saved(Asking(cast.secretary), cast.office, secret="x")
    assert [error["code"] for error in refused["errors"]] == ["FORBIDDEN"]
    again = saved(asking, cast.office, secret="x")
    assert [(error["code"], error["field"]) for error in again["errors"]] == [("DUPLICATE", "address")]


def test_a_file_of_a_mail_is_its_readers_alone(cast: Cast) -> None:
    make_mail(make_mailbox(cast.fen), "dilekçe")
    asking = Asking(cast.fen_clerk)
    address = nodes(asking)[0]["files"][0]["url"]
    assert asking.client.get(address).getvalue() == "dilekçe".encode()
    assert Asking(cast.park_clerk).client.get(address).status_code == 404


def test_no_password_is_in_any_answer(cast: Cast) -> None:
    make_mailbox(cast.office)
    with system():
        assert b"gizli" not in bytes(Mailbox.objects.get().secret)
    fields = Asking(cast.administrator).data('{ __type(name: "Mailbox") { fields { name } } }')["__type"][
        "fields"
    ]
    assert not {"secret", "password"} & {field["name"] for field in fields}


def test_a_mail_joins_the_conversation_of_a_case(cast: Cast) -> None:
    case, box = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk), make_mailbox(cast.office)
    mail = make_mail(box, "Ek bilgi", text="Direk 114.", received_at=timezone.now())
    ask = Asking(cast.secretary)
    seen = "inboundMessage { status complaint { reference conversation(first: 1) { text mail { files { name } } } } }"
    answer = ask.does("inboundMessageJoin", seen, id=global_id(mail), version=1, complaint=global_id(case))
    assert answer["errors"] == []
    assert answer["inboundMessage"]["status"] == "JOINED"
    assert answer["inboundMessage"]["complaint"] == {
        "reference": case.reference,
        "conversation": [{"text": "Direk 114.", "mail": {"files": [{"name": "Ek bilgi.txt"}]}}],
    }
    again = ask.does("inboundMessageJoin", seen, id=global_id(mail), version=2, complaint=global_id(case))
    assert [error["code"] for error in again["errors"]] == ["WRONG_STATE"]
    hidden = make_mail(make_mailbox(cast.park), "Park")
    refused = Asking(cast.park_clerk).does(
        "inboundMessageJoin", seen, id=global_id(hidden), version=1, complaint=global_id(case)
    )
    assert [error["code"] for error in refused["errors"]] == ["NOT_FOUND"], "a case that one does not see"
