"""The table of the directory's groups in the admin, the sign-in by a password of the directory, the status page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from backend.core.session import system
from backend.monitoring.directory import directory_lines
from backend.organization.models import DirectoryPerson, DirectoryRule, User
from permissions.core.viewer import WORK
from permissions.models import DepartmentGrant
from permissions.organization.directory import refresh
from tests.backend.organization.sign_on.rows import make_person, make_rule
from tests.backend.organization.sign_on.slapd import PASSWORD as OF_DIRECTORY
from tests.backend.organization.sign_on.slapd import Directory
from tests.cast import PASSWORD, Cast, signed_in

pytestmark = pytest.mark.full

LIST = "/admin/organization/directoryrule/"


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    cache.clear()


def _enter(username: str, password: str) -> Any:
    return Client().post("/accounts/login/", {"login": username, "password": password})


def _line(cast: Cast, group: str, **more: str) -> dict[str, str]:
    return {"group": group, "department": cast.fen.code, "permission": WORK, **more}


def test_a_line_is_looked_at_before_it_is_kept(house: Directory, cast: Cast) -> None:
    group = house.group("Fen Memurları", house.person("ayse", "Ayşe", "Ilgaz"))
    browser = signed_in(cast.administrator)

    seen = browser.post(f"{LIST}new/", _line(cast, group, look="1")).content.decode()
    assert "Bu satır kaydedilirse" in seen
    assert "Ayşe Ilgaz" in seen
    assert "ilk girişinde hesabı açılır" in seen
    with system():
        assert not DirectoryRule.objects.exists()
        assert not DirectoryPerson.objects.exists()

    assert browser.post(f"{LIST}new/", _line(cast, group)).status_code == 302
    with system():
        assert DirectoryRule.objects.get().group == group
    again = browser.post(f"{LIST}new/", _line(cast, group.replace("cn=", "CN="))).content.decode()
    assert "Bu satır zaten var" in again


def test_a_group_that_was_not_read_is_said_to_be_none(house: Directory, cast: Cast) -> None:
    house.group("Fen", house.person("ayse", "Ayşe", "Ilgaz"))
    refresh()

    seen = signed_in(cast.administrator).post(f"{LIST}new/", _line(cast, "Fen", look="1")).content.decode()

    assert "Bu adda bir grup okunmadı" in seen


def test_the_preview_shows_and_does(house: Directory, cast: Cast) -> None:
    make_rule(cast.fen, house.group("Fen", house.person("disarida", "Cem", "Irmak")))
    refresh()
    browser = signed_in(cast.administrator)
    page = browser.get(f"{LIST}preview/").content.decode()
    assert "Bağlanmayı bekleyen hesaplar" in page

    with system():
        person = DirectoryPerson.objects.get()
    browser.post(f"{LIST}link/", {"person": str(person.key)})
    page = browser.get(f"{LIST}preview/").content.decode()
    assert "Bağlanmayı bekleyen hesaplar" not in page
    assert "yetki verilir" in page
    browser.post(f"{LIST}preview/")

    with system():
        [grant] = DepartmentGrant.dated.live().filter(user=cast.outsider)
        assert (grant.content_object, grant.by_directory, grant.given_by) == (
            cast.fen,
            True,
            cast.administrator,
        )
    assert "herkes tablonun verdiğine zaten sahip" in browser.get(f"{LIST}preview/").content.decode()


def test_a_password_of_the_directory_signs_in(house: Directory, cast: Cast) -> None:
    make_rule(cast.fen, house.group("Fen", house.person("irmak.isik", "İrmak", "Işık")))

    answer = _enter("irmak.isik", OF_DIRECTORY)

    assert answer["Location"] == "/admin/"
    user = User.objects.get(username="irmak.isik")
    browser = Client()
    browser.post("/accounts/login/", {"login": "irmak.isik", "password": OF_DIRECTORY})
    assert browser.get("/admin/").status_code == 200
    refused = browser.post("/accounts/password/set/", {"password1": "uzun bir parola 27", "password2": "x"})
    assert "parolanızı orada değiştiriniz" in refused.content.decode()
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_a_session_and_what_else_was_open_end_with_the_directory(house: Directory, cast: Cast) -> None:
    name = house.person("irmak", "İrmak", "Işık")
    make_rule(cast.fen, house.group("Fen", name))
    browser = Client()
    browser.post("/accounts/login/", {"login": "irmak", "password": OF_DIRECTORY})
    house.disable(name)
    refresh()

    assert browser.get("/admin/").status_code == 302
    assert "Location" not in _enter("irmak", OF_DIRECTORY)


def test_who_has_no_duty_here_reads_it(house: Directory, cast: Cast) -> None:
    house.person("ali", "Ali", "Can")
    answer = _enter("ali", OF_DIRECTORY)
    assert "Dizinde hesabınız var, ama burada bir göreviniz yok:" in answer.content.decode()


def test_a_directory_that_is_away_is_said_and_local_accounts_come_in(
    house: Directory, cast: Cast, settings: Any
) -> None:
    settings.SIGN_ON_LDAP = house.settings(urls=["ldap://127.0.0.1:9"])
    assert "Dizine şu anda ulaşılamıyor" in _enter("ali", OF_DIRECTORY).content.decode()
    assert _enter(cast.administrator.username, PASSWORD)["Location"] == "/admin/"


def test_the_status_page_names_the_directory_and_the_local_accounts(
    house: Directory, cast: Cast, settings: Any
) -> None:
    house.person("ali", "Ali", "Can")
    refresh()
    lines = {line.check: line for line in directory_lines()}
    assert (lines["directory"].state, lines["local_accounts"].state) == ("GOOD", "GOOD")
    assert cast.administrator.username in lines["local_accounts"].sentence

    make_person("2", user=cast.fen_clerk)
    with system():
        DirectoryPerson.objects.filter(subject="2").update(source="https://kimlik.example")
    [unwatched, _local] = directory_lines()
    assert (unwatched.state, unwatched.sentence[:2]) == ("ATTENTION", "1 ")

    settings.SIGN_ON_LDAP = house.settings(urls=["ldap://127.0.0.1:9"])
    refresh()
    [away, _local] = directory_lines()
    assert away.state == "ATTENTION"
    assert "hiçbir hesap kapatılmaz" in away.sentence

    make_person("1", user=cast.administrator)
    [_away, local] = directory_lines()
    assert local.state == "ATTENTION"
