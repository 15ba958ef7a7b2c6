"""An oral instruction: from the mayor's phone to the department's acknowledgement and result, seen by nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from backend.core.session import system
from backend.instructions.models import Instruction
from backend.organization.models import User
from backend.outbox.models import Message
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.harness.notifications import deliver_notifications
from tests.schema.client import Asking
from tests.schema.compiler.equality import Comparison

GIVEN = "instruction { id reference status dueOn viewerCan }"
READ = """
query ($i: ID!) { node(id: $i) { ... on Instruction {
  reference status text result confirmedBy { fullName } acknowledgedBy { fullName } heardBy { fullName }
  attachments { name } lines(first: 50) { verb note actor { fullName } } viewerCan } } }
"""


def says(asking: Asking, mutation: str, id: str, **fields: Any) -> dict[str, Any]:
    query = (
        f"mutation ($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ {mutation}(input: $input)"
        f" {{ errors {{ code message }} {GIVEN} }} }}"
    )
    payload = asking.data(query, input={"id": id, **fields})[mutation]
    assert payload["errors"] == [], payload
    return payload["instruction"] or {}


def _everything_about(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every path by which somebody could come upon it."""
    return {
        "query($i: ID!) { node(id: $i) { id } }": {"i": row["id"]},
        "query($i: ID!) { nodes(ids: [$i]) { id } }": {"i": row["id"]},
        "query($r: String!) { instruction(reference: $r) { id } }": {"r": row["reference"]},
        "{ instructions { totalCount nodes { id } } }": {},
        'query { instructions(search: "göçük") { totalCount nodes { id } } }': {},
        "query { instructions(filter: {condition: [OPEN]}) { totalCount nodes { id } } }": {},
    }


def _mails(to: User) -> list[str]:
    deliver_notifications()
    with system():
        return list(
            Message.objects.filter(address=to.email).order_by("created_at").values_list("subject", flat=True)
        )


def test_an_oral_instruction_is_written_down_read_back_carried_out_and_accepted(
    cast: Cast, both_paths: Comparison
) -> None:
    with system():
        for person in (cast.fen_head, cast.secretary):
            person.email = f"{person.username}@example.org"
            person.save(update_fields=["email"])
    secretary, head, clerk = Asking(cast.secretary), Asking(cast.fen_head), Asking(cast.fen_clerk)
    mayor, stranger = Asking(cast.mayor), Asking(cast.park_head)

    # The mayor calls from the car: the secretary writes it down, and nothing else is needed.
    made = secretary.does(
        "instructionGive",
        GIVEN,
        principal=encode("Principal", cast.mayors.key),
        department=encode("Department", cast.fen.key),
        text="İnönü Caddesi'ndeki göçük bugün kapatılsın.",
        priority="URGENT",
    )
    assert made["errors"] == []
    row, id = made["instruction"], made["instruction"]["id"]
    number = row["reference"]
    assert _mails(cast.fen_head) == [f"Talimat {number}: yeni talimat (acil)"]

    # Read back on the telephone: the mayor sets a word right, and agrees.
    says(secretary, "instructionConfirm", id, text="İnönü Caddesi'ndeki göçük bu gece kapatılsın.")

    # The department sees it, nobody else does.
    assert clerk.data(READ, i=id)["node"]["text"].endswith("bu gece kapatılsın.")
    assert "ACKNOWLEDGE" in clerk.data(READ, i=id)["node"]["viewerCan"]
    for query, variables in _everything_about(row).items():
        found = str(stranger.data(query, **variables))
        assert number not in found, query
        assert id not in found, query
    says(clerk, "instructionAcknowledge", id, note="Ekip yolda.")
    says(clerk, "instructionNote", id, note="Çevresi kapatıldı.")

    # It takes longer; the mayor grants it on the phone.
    later = (dt.date.fromisoformat(row["dueOn"]) + dt.timedelta(days=1)).isoformat()
    says(
        head,
        "instructionRequestExtension",
        id,
        until=later,
        reason="Asfalt plenti yarın açılacak.",
    )
    assert _mails(cast.secretary)[-1] == f"Talimat {number}: ek süre isteniyor"
    assert says(mayor, "instructionGrantExtension", id)["dueOn"] == later

    # Done, with a picture's worth of proof; the first result is not enough.
    proof = SimpleUploadedFile("tutanak.txt", b"Tutanak: 12 ton asfalt.", content_type="text/plain")
    sent = signed_in(cast.fen_clerk).post(f"/files/instructions/{id}/", {"file": proof})
    assert sent.status_code == 201, sent.content
    says(clerk, "instructionReport", id, result="Göçük dolduruldu.")
    says(secretary, "instructionSendBack", id, reason="Asfaltı kalmış.")
    says(clerk, "instructionReport", id, result="Göçük dolduruldu ve asfaltlandı.")
    assert says(mayor, "instructionAccept", id, note="Teşekkür ederim.")["viewerCan"] == [
        "CONCEAL",
        "REOPEN",
    ]

    told = clerk.data(READ, i=id)["node"]
    assert (told["status"], told["result"]) == ("ACCEPTED", "Göçük dolduruldu ve asfaltlandı.")
    assert told["heardBy"] == told["confirmedBy"] == {"fullName": "Zeynep Arslan"}
    assert [file["name"] for file in told["attachments"]] == ["tutanak.txt"]
    assert [line["verb"] for line in reversed(told["lines"])] == [
        "GIVEN",
        "CONFIRMED",
        "ACKNOWLEDGED",
        "NOTED",
        "TIME_ASKED",
        "TIME_GRANTED",
        "ATTACHED",
        "REPORTED",
        "SENT_BACK",
        "REPORTED",
        "ACCEPTED",
    ]
    with system():
        assert Instruction.objects.get().ended_at is not None
    both_paths.require(at_least=3)
