"""The table of the directory's groups: who may read it, and who may change it."""

from __future__ import annotations

from backend.core.session import system
from backend.organization.models import DirectoryRule
from permissions.core.viewer import WORK
from tests.backend.organization.sign_on.rows import make_rule
from tests.cast import Cast, signed_in

LIST = "/admin/organization/directoryrule/"


def _line(cast: Cast, group: str) -> dict[str, str]:
    return {"group": group, "department": cast.fen.code, "permission": WORK}


def test_a_line_is_removed(cast: Cast) -> None:
    rule = make_rule(cast.fen, "Fen")
    signed_in(cast.administrator).post(f"{LIST}{rule.key}/remove/")
    with system():
        assert not DirectoryRule.objects.exists()


def test_the_head_of_the_office_reads_and_changes_nothing(cast: Cast) -> None:
    rule = make_rule(cast.fen, "Fen")
    browser = signed_in(cast.office_head)
    assert "Fen" in browser.get(LIST).content.decode()
    assert browser.get(f"{LIST}preview/").status_code == 200
    for address in (f"{LIST}new/", f"{LIST}preview/", f"{LIST}{rule.key}/remove/"):
        assert browser.post(address, _line(cast, "Park")).status_code == 403
    for other in (cast.secretary, cast.fen_head, cast.mayor):
        assert signed_in(other).get(f"{LIST}preview/").status_code == 404
    with system():
        assert DirectoryRule.objects.get().group == "Fen"
