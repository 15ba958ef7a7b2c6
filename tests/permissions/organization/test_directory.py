"""Accounts and permissions follow a real directory: by the table and never more, at each sign-in and by the job."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import dry_run, system
from backend.organization import accounts
from backend.organization.models import Department, DirectoryPerson, DirectoryReading, DirectoryRule, User
from backend.organization.sign_on import actions, ldap
from permissions.core import grants
from permissions.core.viewer import CONTACTS, HEAD, OVERSEE, WORK
from permissions.models import DepartmentGrant
from permissions.organization import directory
from permissions.organization.directory import EffectKind, arrive, effects, refresh
from tests.backend.organization.sign_on.slapd import PASSWORD, Directory
from tests.cast import Cast

pytestmark = pytest.mark.full


def _rule(group: str, department: Department, permission: str = WORK, **other: Any) -> DirectoryRule:
    with system():
        return actions.save_rule(by=None, group=group, department=department, permission=permission, **other)


def _sign_in(username: str) -> directory.Arrival:
    found = ldap.check(username, PASSWORD)
    assert found is not None
    return arrive(found)


def _has(user: User) -> set[tuple[str, str]]:
    with system():
        live = DepartmentGrant.dated.live().filter(user=user)
        return set(live.values_list("content_object__code", "permission__codename"))


def _linked(house: Directory, user: User) -> str:
    """Enter a person of the account's name in the directory, and link the two as an administrator does."""
    name = house.person(user.username, user.first_name, user.last_name)
    refresh()
    with system():
        actions.link(DirectoryPerson.objects.get(username=user.username), user, by=None)
    return name


def _effects() -> set[tuple[str, str, str, str]]:
    reading = ldap.read()
    with system(), dry_run():
        return {
            (one.kind, one.person.username, one.department.code if one.department else "", one.permission)
            for one in directory.look(reading)
        }


def test_the_first_sign_in_opens_an_account_with_what_the_table_gives(house: Directory, cast: Cast) -> None:
    ayse = house.person("ayse.isik", "Ayşe İrem", "IŞIK", mail="ayse@belediye.example")
    _rule(house.group("Tüm Fen", house.group("Fen İşleri Memurları", ayse)), cast.fen)

    user = _sign_in("ayse.isik").user

    assert user is not None
    assert (str(user), user.email, user.is_superuser) == ("Ayşe İrem IŞIK", "ayse@belediye.example", False)
    assert _has(user) == {("fen-isleri", WORK)}
    assert not user.has_usable_password()
    assert _sign_in("ayse.isik").user == user


def test_who_is_in_no_group_of_the_table_is_refused_in_words(house: Directory, cast: Cast) -> None:
    house.group("Yemekhane", house.person("ali", "Ali", "Can"))

    arrival = _sign_in("ali")

    assert arrival.user is None
    assert str(arrival.refusal).startswith("Dizinde hesabınız var, ama burada bir göreviniz yok:")
    assert not User.objects.filter(username="ali").exists()


def test_the_secretarys_name_and_address_make_nobody_the_secretary(house: Directory, cast: Cast) -> None:
    """Both can be changed by their owner in many directories; the immutable id cannot."""
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(email="sekreter@belediye.example")
    _linked(house, cast.secretary)
    house.remove(f"cn={cast.secretary},ou=Kişiler,dc=belediye,dc=local")
    evil = house.person("kotu", "Zeynep", "Arslan", mail="sekreter@belediye.example")
    _rule(house.group("Fen", evil), cast.fen)

    other = _sign_in("kotu").user
    assert other is not None
    assert other.pk != cast.secretary.pk
    assert _has(other) == {("fen-isleri", WORK)}

    house.change(evil, sAMAccountName=[cast.secretary.username])
    user = _sign_in(cast.secretary.username).user
    assert user is not None
    assert user.pk == other.pk


def test_the_name_of_a_local_account_opens_it_to_nobody(house: Directory, cast: Cast) -> None:
    evil = house.person(cast.administrator.username.upper(), "Kötü", "Kişi")
    _rule(house.group("Fen", evil), cast.fen)

    arrival = _sign_in(cast.administrator.username)

    assert arrival.user is None
    assert "bağlanmamış" in str(arrival.refusal)
    with system():
        [(person, user)] = directory.waiting()
    assert (person.user, user) == (None, cast.administrator)


def test_the_job_gives_and_takes_and_leaves_what_was_granted_by_hand(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.outsider)
    park = house.group("Park", name)
    _rule(park, cast.park)
    with system():
        grants.give(cast.outsider, WORK, cast.cleaning, by=None)
    assert _effects() == {(EffectKind.GIVES, "disarida", "park-ve-bahceler", WORK)}

    refresh()
    assert _has(cast.outsider) == {("park-ve-bahceler", WORK), ("temizlik-isleri", WORK)}
    assert refresh() == 0

    house.change(park, member=[])
    refresh()
    assert _has(cast.outsider) == {("temizlik-isleri", WORK)}


def test_a_line_that_says_so_ends_what_was_granted_by_hand_but_not_of_local_accounts(
    house: Directory, cast: Cast
) -> None:
    _linked(house, cast.fen_clerk)
    _rule(house.group("Fen"), cast.fen, WORK, takes_others=True)
    with system():
        grants.give(cast.outsider, WORK, cast.fen, by=None)

    refresh()

    assert ("fen-isleri", WORK) not in _has(cast.fen_clerk)
    assert ("fen-isleri", CONTACTS) in _has(cast.fen_clerk)
    assert ("fen-isleri", WORK) in _has(cast.outsider)  # a local account


def test_a_head_is_appointed_by_a_group_of_one(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.outsider)
    group = house.group("Temizlik Müdürü", name)
    _rule(group, cast.cleaning, HEAD)
    refresh()
    assert _has(cast.outsider) == {("temizlik-isleri", HEAD), ("temizlik-isleri", CONTACTS)}
    cast.cleaning.refresh_from_db()
    assert cast.cleaning.head == cast.outsider

    house.change(group, member=[])
    refresh()
    cast.cleaning.refresh_from_db()
    assert not cast.cleaning.head_id
    assert not _has(cast.outsider)


def test_of_two_in_the_group_of_a_head_none_is_appointed(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.outsider)
    _rule(house.group("Temizlik Müdürü", name, house.person("iki", "İki", "Kişi")), cast.cleaning, HEAD)

    assert (EffectKind.REFUSES, "disarida", "temizlik-isleri", HEAD) in _effects()
    refresh()
    assert _has(cast.outsider) == set(), "the contacts come with the post"


def test_a_head_who_was_appointed_by_hand_stays(house: Directory, cast: Cast) -> None:
    _rule(house.group("Fen Müdürü", _linked(house, cast.outsider)), cast.fen, HEAD)

    refresh()

    cast.fen.refresh_from_db()
    assert cast.fen.head == cast.fen_head
    assert _has(cast.outsider) == set()


def test_who_is_not_appointed_has_the_contacts_that_another_line_gives(house: Directory, cast: Cast) -> None:
    group = house.group("Fen Müdürü", _linked(house, cast.outsider))
    _rule(group, cast.fen, HEAD)
    line = _rule(group, cast.fen, CONTACTS)
    refresh()
    assert _has(cast.outsider) == {("fen-isleri", CONTACTS)}

    with system():
        actions.remove_rule(line, by=None)
    refresh()
    assert _has(cast.outsider) == set()


def test_bilgi_islem_gets_nothing_by_any_group(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.administrator)
    for number, permission in enumerate((WORK, HEAD, OVERSEE, CONTACTS)):
        _rule(house.group(f"Grup {number}", name), cast.fen, permission)

    refresh()

    assert _sign_in(cast.administrator.username).user == cast.administrator
    assert _has(cast.administrator) == set()


def test_an_account_closes_and_opens_with_the_directory(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.outsider)
    _rule(house.group("Park", name), cast.park)
    refresh()
    house.disable(name)

    refresh()
    assert not User.objects.get(pk=cast.outsider.pk).is_active

    house.change(name, userAccountControl=[512])
    refresh()
    assert User.objects.get(pk=cast.outsider.pk).is_active
    assert _has(cast.outsider) == {("park-ve-bahceler", WORK)}


def test_who_is_gone_from_the_directory_is_closed(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.outsider)
    house.person("kalan", "Kalan", "Kişi")
    house.remove(name)

    refresh()

    cast.outsider.refresh_from_db()
    assert not cast.outsider.is_active


def test_what_was_closed_by_hand_the_directory_does_not_open(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.outsider)
    _rule(house.group("Park", name), cast.park)
    house.disable(name)
    refresh()
    with system():
        accounts.close_account(cast.outsider, by=None)
    house.change(name, userAccountControl=[512])

    refresh()

    assert _sign_in("disarida").user is None
    cast.outsider.refresh_from_db()
    assert not cast.outsider.is_active


def test_the_last_account_of_bilgi_islem_stays_open(house: Directory, cast: Cast) -> None:
    house.disable(_linked(house, cast.administrator))
    house.person("kalan", "Kalan", "Kişi")

    refresh()

    cast.administrator.refresh_from_db()
    assert cast.administrator.is_active


def test_a_directory_that_is_away_closes_nobody_and_is_said(
    house: Directory, cast: Cast, settings: Any
) -> None:
    name = _linked(house, cast.outsider)
    house.disable(name)
    settings.SIGN_ON_LDAP = house.settings(urls=["ldap://127.0.0.1:9"])

    assert refresh() == 0

    cast.outsider.refresh_from_db()
    assert cast.outsider.is_active
    with system():
        row = DirectoryReading.objects.get()
    assert row.fault
    assert row.read_at is not None
    assert row.tried_at is not None
    assert row.tried_at > row.read_at


def test_a_reading_that_would_close_many_waits_for_a_person(house: Directory, cast: Cast) -> None:
    people = [cast.fen_clerk, cast.fen_head, cast.park_clerk, cast.park_head, cast.secretary, cast.outsider]
    names = [_linked(house, user) for user in people]
    for name in names:
        house.disable(name)

    refresh()

    with system():
        assert DirectoryReading.objects.get().held_back == 6
        assert User.objects.filter(pk__in=[user.pk for user in people], is_active=True).count() == 6
        directory.apply(effects(), by=cast.administrator)
        assert not User.objects.filter(pk__in=[user.pk for user in people], is_active=True).exists()


def test_a_table_that_takes_from_many_keeps_no_account_open(house: Directory, cast: Cast) -> None:
    people = [cast.fen_clerk, cast.fen_head, cast.park_clerk, cast.park_head, cast.secretary, cast.outsider]
    line = _rule(house.group("Temizlik", *(_linked(house, user) for user in people)), cast.cleaning)
    left = _linked(house, cast.deputy_mayor)
    refresh()
    with system():
        actions.remove_rule(line, by=None)
    house.disable(left)

    refresh()

    assert ("temizlik-isleri", WORK) in _has(cast.outsider)
    with system():
        assert DirectoryReading.objects.get().held_back == 6
    assert not User.objects.get(pk=cast.deputy_mayor.pk).is_active


def test_kept_are_only_those_whom_the_product_has_to_do_with(house: Directory, cast: Cast) -> None:
    house.person("baska", "Başka", "Kişi")
    ali = house.person("ali", "Ali", "Can")
    house.person(cast.secretary.username, "Zeynep", "Arslan")
    group = house.group("Fen", ali)
    rule = _rule(group, cast.fen)

    refresh()
    with system():
        assert set(DirectoryPerson.objects.values_list("username", flat=True)) == {
            "ali",
            cast.secretary.username,
        }
        assert DirectoryReading.objects.get().groups == [group]
        actions.remove_rule(rule, by=None)
    refresh()
    with system():
        assert not DirectoryPerson.objects.filter(username="ali").exists()


def test_the_provider_in_front_may_leave_the_groups_to_the_reading(house: Directory, cast: Cast) -> None:
    name = _linked(house, cast.outsider)
    _rule(house.group("Park", name), cast.park)
    refresh()
    found = ldap.check("disarida", PASSWORD)
    assert found is not None

    user = arrive(found.__class__(found.source, found.subject, "disarida", groups=None), is_fresh=False).user

    assert user == cast.outsider
    assert _has(cast.outsider) == {("park-ve-bahceler", WORK)}


def test_linking_ends_the_password_here_and_parting_ends_what_the_directory_gave(
    house: Directory, cast: Cast
) -> None:
    name = _linked(house, cast.outsider)
    _rule(house.group("Park", name), cast.park)
    refresh()
    cast.outsider.refresh_from_db()
    assert not cast.outsider.has_usable_password()
    with system(), pytest.raises(DomainError):
        accounts.reset_password(cast.outsider, by=None)

    with system():
        directory.unlink(DirectoryPerson.objects.get(user=cast.outsider), by=None)
        assert accounts.reset_password(cast.outsider, by=None)
    assert _has(cast.outsider) == set()


def test_vekalet_stays_as_it_was_given(house: Directory, cast: Cast) -> None:
    _linked(house, cast.outsider)
    _rule(house.group("Fen Müdürü"), cast.fen, HEAD, takes_others=True)
    with system():
        grants.appoint_acting_head(
            cast.fen,
            cast.outsider,
            valid_from=today(),
            valid_until=today() + dt.timedelta(days=5),
            by=None,
        )

    refresh()

    assert ("fen-isleri", HEAD) in _has(cast.outsider)
