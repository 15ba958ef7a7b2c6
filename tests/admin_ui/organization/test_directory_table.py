"""The table of the directory's groups: who may read it, and who may change it."""

from __future__ import annotations

from django.test import Client

from backend.core.session import system
from backend.organization.models import DirectoryPerson, DirectoryRule
from permissions.core.viewer import WORK
from tests.backend.organization.sign_on.rows import make_person, make_rule
from tests.cast import PASSWORD, Cast, signed_in

LIST = "/admin/organization/directoryrule/"


def _line(cast: Cast, group: str) -> dict[str, str]:
    return {"group": group, "department": cast.fen.code, "permission": WORK}


def test_a_line_is_removed(cast: Cast) -> None:
    rule = make_rule(cast.fen, "Fen")
    signed_in(cast.administrator).post(f"{LIST}{rule.key}/remove/")
    with system():
        assert not DirectoryRule.objects.exists()


def test_a_second_click_on_link_parts_nobody_and_the_account_has_a_button_for_it(cast: Cast) -> None:
    person = make_person("1", username=cast.fen_clerk.username)
    browser, head = signed_in(cast.administrator), signed_in(cast.office_head)
    for _click in range(2):
        browser.post(f"{LIST}link/", {"person": str(person.key)})
    account = f"/admin/organization/user/{cast.fen_clerk.key}/change/"
    assert "Yerel hesaba çevir" in browser.get(account).content.decode()
    assert "Yerel hesaba çevir" not in head.get(account).content.decode()

    assert head.post(f"{LIST}unlink/", {"person": str(person.key)}).status_code == 403
    with system():
        assert DirectoryPerson.objects.get().user == cast.fen_clerk
    answer = browser.post(f"{LIST}unlink/", {"person": str(person.key)}, follow=True)
    assert answer.redirect_chain[-1][0] == account
    page = answer.content.decode()
    assert "Hesap yeniden yerel hesap oldu" in page
    assert "Yerel hesaba çevir" not in page
    with system():
        assert DirectoryPerson.objects.get().user is None


def test_whom_the_provider_alone_knows_comes_in_by_no_other_door(cast: Cast) -> None:
    """Else a passkey of ours opened after they have left, for no reading closes the account."""
    make_person("1", user=cast.fen_clerk)
    form = {"login": cast.fen_clerk.username, "password": PASSWORD}
    with system():
        DirectoryPerson.objects.update(source="https://kimlik.example")
    browser = Client()

    answer = browser.post("/accounts/login/", form)

    assert answer.status_code == 403
    assert "dizin düğmesini kullanınız" in answer.content.decode()
    assert browser.get("/admin/").status_code == 302


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
