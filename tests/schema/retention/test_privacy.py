"""Privacy notices through GraphQL: read by everybody, written by the office, on the record that was taken."""

from __future__ import annotations

from backend.contacts import privacy
from backend.core.localtime import today
from backend.core.session import system
from schema.core.nodes import global_id
from tests.schema.client import Asking
from tests.schema.conftest import Doors

TEXT = "Veri sorumlusu: Sancaktepe Belediye Başkanlığı. " + "Verileriniz cevap vermek için işlenir. " * 4
SHOWN = "privacyNotice { purpose language version }"


def write(who: Asking, **more: object) -> dict:
    said = {"purpose": "CASE", "text": TEXT, "validFrom": f"{today()}", "source": "Olur"} | more
    return who.does("privacyNoticeWrite", "privacyNotice { id version text }", **said)


def test_the_office_writes_versions_and_everybody_reads_them(ask: Doors) -> None:
    first = write(ask.secretary)
    assert (first["errors"], first["privacyNotice"]["version"]) == ([], 1)
    assert write(ask.secretary)["privacyNotice"]["version"] == 2
    assert [error["code"] for error in write(ask.fen_clerk)["errors"]] == ["FORBIDDEN"]
    query = "{ privacyNotices(inForce: true) { nodes { version text purpose } } all: privacyNotices { totalCount } }"
    for who in (ask.secretary, ask.fen_clerk, ask.outsider):
        answer = who.data(query)
        assert answer["all"] == {"totalCount": 2}
        assert [row["version"] for row in answer["privacyNotices"]["nodes"]] == [2]
        assert answer["privacyNotices"]["nodes"][0]["text"] == TEXT.strip()


def test_a_case_keeps_and_tells_which_version_was_shown(ask: Doors) -> None:
    with system():
        notice = privacy.new_version(by=None, purpose="CASE", text=TEXT, source="Olur", valid_from=today())
        other = privacy.new_version(by=None, purpose="EVENT", text=TEXT, source="Olur", valid_from=today())
    said = {
        "kind": "COMPLAINT",
        "channel": "PHONE",
        "subject": "Çukur",
        "newApplicant": {"firstName": "İnci"},
        "privacyNotice": global_id(notice),
    }
    answer = ask.secretary.does("complaintRegister", f"complaint {{ {SHOWN} }}", **said)
    assert answer["complaint"]["privacyNotice"] == {"purpose": "CASE", "language": "TR", "version": 1}
    wrong = ask.secretary.does("complaintRegister", **said | {"privacyNotice": global_id(other)})
    assert [(error["code"], error["field"]) for error in wrong["errors"]] == [("INVALID", "privacyNotice")]
