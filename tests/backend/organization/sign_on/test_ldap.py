"""A real directory is read whole or not at all: nested groups, Turkish names, disabled people, passwords."""

from __future__ import annotations

from typing import Any

import pytest
from ldap3.extend import StandardExtendedOperations

from backend.organization.sign_on import ldap
from backend.organization.sign_on.found import LDAP, DirectoryAwayError, Found, group_key, short_group
from tests.backend.organization.sign_on.slapd import GROUPS, PASSWORD, Directory, guid

pytestmark = pytest.mark.full


def _read() -> dict[str, Found]:
    return {one.username: one for one in ldap.read().people}


def test_people_come_with_their_names_and_their_immutable_id(house: Directory) -> None:
    house.person("irmak.isik", "İrmak", "IŞIK", mail="irmak@belediye.example", title="Şef")

    found = _read()["irmak.isik"]

    assert found == Found(
        LDAP, str(guid("irmak.isik")), "irmak.isik", "İrmak", "IŞIK", "irmak@belediye.example", "Şef"
    )


def test_groups_count_at_any_depth_and_in_a_circle(house: Directory) -> None:
    ayse = house.person("ayse", "Ayşe", "Ilgaz")
    clerks = house.group("Fen İşleri Memurları", ayse)
    staff = house.group("Tüm Memurlar", clerks)
    house.group("IT", staff)
    house.change(clerks, member=[ayse, staff])  # each is in the other

    found = {short_group(group) for group in _read()["ayse"].groups or ()}

    assert found == {"Fen İşleri Memurları", "Tüm Memurlar", "IT"}


def test_who_is_disabled_is_read_as_that(house: Directory) -> None:
    house.person("acik", "Açık", "Hesap")
    house.disable(house.person("kapali", "Kapalı", "Hesap"))

    found = _read()

    assert (found["acik"].is_disabled, found["kapali"].is_disabled) == (False, True)


def test_more_people_than_a_page_are_all_read(house: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ldap, "PAGE", 3)
    for number in range(8):
        house.person(f"memur{number}", "Memur", str(number))

    assert len(_read()) == 8


def test_an_answer_cut_short_is_no_answer(house: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else everybody behind the cut would count as gone."""
    house.person("bir", "Bir", "Kişi")
    house.person("iki", "İki", "Kişi")

    def cut(connection: Any, *rest: Any, **options: Any) -> list[dict[str, Any]]:
        connection.search(*rest[:2], size_limit=1, attributes=[])
        return list(connection.response)

    monkeypatch.setattr(
        StandardExtendedOperations,
        "paged_search",
        lambda self, *rest, **options: cut(self._connection, *rest, **options),
    )
    with pytest.raises(DirectoryAwayError, match="not whole"):
        ldap.read()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("urls", ["ldap://127.0.0.1:9"]),
        ("bind_password", "yanlış"),
        ("people", "ou=yok,dc=belediye,dc=local"),
        ("people_filter", "(objectClass=nothing)"),
    ],
)
def test_a_directory_that_does_not_answer_as_one_is_away(
    house: Directory, settings: Any, setting: str, value: object
) -> None:
    house.person("bir", "Bir", "Kişi")
    settings.SIGN_ON_LDAP = house.settings(**{setting: value})

    with pytest.raises(DirectoryAwayError):
        ldap.read()


def test_the_second_server_is_asked_where_the_first_is_away(house: Directory, settings: Any) -> None:
    house.person("bir", "Bir", "Kişi")
    settings.SIGN_ON_LDAP = house.settings(urls=["ldap://127.0.0.1:9", f"ldap://127.0.0.1:{house.port}"])

    assert set(_read()) == {"bir"}


@pytest.mark.parametrize("way", ["ldaps", "start_tls"])
def test_the_line_is_encrypted_and_the_certificate_looked_at(
    house: Directory, settings: Any, way: str
) -> None:
    house.person("bir", "Bir", "Kişi")
    line: dict[str, Any] = (
        {"urls": [f"ldaps://localhost:{house.tls_port}"]}
        if way == "ldaps"
        else {"urls": [f"ldap://localhost:{house.port}"], "start_tls": True}
    )
    settings.SIGN_ON_LDAP = house.settings(**line)
    assert set(_read()) == {"bir"}

    settings.SIGN_ON_LDAP = house.settings(**line, certificates="")  # nobody vouches for it
    with pytest.raises(DirectoryAwayError):
        ldap.read()


def test_a_password_is_right_or_wrong(house: Directory) -> None:
    house.person("zeynep", "Zeynep", "Öz")
    found = ldap.check("zeynep", PASSWORD)
    assert found is not None
    assert found.subject == str(guid("zeynep"))

    for name, password in (
        ("zeynep", "yanlış"),
        ("zeynep", ""),  # a bind without password is no sign-in, though a server agrees
        ("yok", PASSWORD),
        ("*", PASSWORD),
        ("zeynep)(objectClass=*", PASSWORD),
        ("", PASSWORD),
        ("zeynep", "par\u0007ola"),  # no password has such a sign
    ):
        assert ldap.check(name, password) is None


def test_a_name_is_taken_as_it_is_spelled(house: Directory) -> None:
    """Else each spelling that a server takes for the same has tries of its own."""
    house.person("zeynep öz", "Zeynep", "Öz")
    assert ldap.check(" Zeynep Öz ", PASSWORD) is not None
    assert ldap.check("zeynep  öz", PASSWORD) is None


def test_groups_are_compared_without_case_but_letter_by_letter() -> None:
    """Where İ, I and ı were one, one group would have the rights of another."""
    assert group_key(f"CN=Fen Memurları, {GROUPS.upper()}") == group_key(f"cn=fen memurları,{GROUPS}")
    assert len({group_key(name) for name in ("ILICA", "İLICA", "ılıca")}) == 3
    assert short_group(r"CN=Fen\, Yapı,OU=x") == "Fen, Yapı"
    assert short_group("/belediye/fen") == "fen"
