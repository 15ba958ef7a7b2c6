"""Clients through GraphQL: by those who manage them, in a browser; a program reads its own."""

from __future__ import annotations

import json

from backend.core.session import system
from backend.portals.models import Client
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.schema.client import Asking
from tests.schema.http.test_limits_of_clients import ME, sha
from tests.schema.http.test_oauth import Program

FIELDS = """client { id name scopes documentsOnly open311 version closedAt
  secrets { id prefix expiresAt revokedAt } documents { id sha256 name retiredAt } hours(first: 5) { requests } }"""


def test_a_client_lives_through_its_mutations(cast: Cast) -> None:
    head = Asking(cast.office_head)
    with system():
        account = global_id(cast.portal)
    told = {"name": "e-Belediye", "contactName": "Işıl İnce", "contactEmail": "isil@portal.example"}
    made = head.does("clientCreate", f"secret {FIELDS}", account=account, scopes=["READ"], **told)
    assert made["errors"] == []
    assert made["secret"].startswith("oks_")
    id = made["client"]["id"]
    again = head.does("clientCreate", "secret", account=account, scopes=["READ"], **told)
    assert (again["secret"], again["errors"][0]["code"], again["errors"][0]["field"]) == (
        None,
        "DUPLICATE",
        "account",
    )
    changed = head.does("clientChange", FIELDS, id=id, version=1, documentsOnly=True)["client"]
    assert (changed["documentsOnly"], changed["version"], changed["name"]) == (True, 2, "e-Belediye")
    assert changed["open311"] is False  # closed to whoever is limited to documents, until it is opened
    assert head.does("clientChange", FIELDS, id=id, open311=True)["client"]["open311"] is True
    late = head.does("clientChange", id=id, version=1, name="x")
    assert late["errors"][0]["code"] == "CONFLICT"
    wrong = head.does("clientChange", id=id, costPerMinute=1)
    assert wrong["errors"][0]["field"] == "costPerMinute"
    rotated = head.does("clientSecretRotate", f"secret {FIELDS}", id=id)
    newest, former = rotated["client"]["secrets"]
    assert (newest["expiresAt"], bool(former["expiresAt"])) == (None, True)
    revoked = head.does("clientSecretRevoke", FIELDS, id=former["id"])["client"]["secrets"][1]
    assert revoked["revokedAt"]
    bad = head.does("clientDocumentsRegister", "registered", id=id, file="{}")
    assert bad["errors"][0]["field"] == "file"
    file = json.dumps({sha(ME): ME})
    said = head.does("clientDocumentsRegister", f"registered known {FIELDS}", id=id, file=file)
    assert (said["registered"], said["known"]) == (1, 0)
    document = said["client"]["documents"][0]
    assert (document["sha256"], document["name"]) == (sha(ME), "Me")
    retired = head.does("clientDocumentRetire", FIELDS, id=document["id"])["client"]["documents"][0]
    assert retired["retiredAt"]
    assert head.does("clientClose", FIELDS, id=id)["client"]["closedAt"]
    assert head.does("clientReopen", f"secret {FIELDS}", id=id)["secret"]


def test_a_program_reads_its_own_limits_and_changes_nothing(cast: Cast) -> None:
    program = Program(cast)
    bearer = Asking(token=program.token())
    query = "{ clients { nodes { id requestsPerMinute secrets { prefix } documents { name } } } }"
    (own,) = bearer.data(query)["clients"]["nodes"]
    assert (own["requestsPerMinute"], own["secrets"], own["documents"]) == (120, [], [])
    assert bearer.does("clientChange", id=own["id"], requestsPerMinute=9)["errors"][0]["code"] == "FORBIDDEN"
    assert bearer.does("clientSecretRotate", id=own["id"])["errors"][0]["code"] == "FORBIDDEN"
    for other in (cast.secretary, cast.fen_clerk):
        assert Asking(other).data(query)["clients"]["nodes"] == []
        assert Asking(other).data("query($i: ID!) { client(id: $i) { name } }", i=own["id"])["client"] is None
    assert Asking(cast.administrator).data(query)["clients"]["nodes"][0]["secrets"]
    with system():
        assert Client.objects.get().version == 1
