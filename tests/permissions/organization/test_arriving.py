"""Who comes in by the directory is known by the immutable id alone; looking at what the table does costs little."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from backend.core.session import system
from backend.organization.models import DirectoryPerson, User
from backend.organization.sign_on.found import Found
from permissions.core.viewer import WORK
from permissions.models import DepartmentGrant
from permissions.organization.directory import arrive, effects
from tests.backend.organization.sign_on.rows import make_person, make_rule
from tests.cast import Cast


def _found(subject: str, username: str, *groups: str, **more: Any) -> Found:
    return Found("ldap", subject, username, first_name="Zeynep", last_name="Arslan", groups=groups, **more)


def test_the_secretarys_name_and_address_make_nobody_the_secretary(cast: Cast) -> None:
    make_rule(cast.fen, "Fen")
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(email="sekreter@belediye.example")
    make_person("secretary", user=cast.secretary)

    evil = arrive(_found("evil", "kotu", "Fen", email="sekreter@belediye.example")).user
    renamed = arrive(_found("evil", cast.secretary.username, "Fen", email="sekreter@belediye.example")).user

    assert evil is not None
    assert renamed == evil != cast.secretary
    with system():
        [grant] = DepartmentGrant.dated.live().filter(user=evil)
        assert (grant.content_object, grant.permission.codename, grant.by_directory) == (cast.fen, WORK, True)


def test_the_user_name_of_a_local_account_opens_it_to_nobody(cast: Cast) -> None:
    make_rule(cast.fen, "Fen")
    arrival = arrive(_found("evil", cast.administrator.username.upper(), "Fen"))
    assert arrival.user is None
    assert "bağlanmamış" in str(arrival.refusal)


def test_who_is_in_no_group_of_the_table_gets_no_account(cast: Cast) -> None:
    arrival = arrive(_found("1", "ali", "Yemekhane"))
    assert arrival.user is None
    assert str(arrival.refusal).startswith("Dizinde hesabınız var, ama burada bir göreviniz yok:")
    assert not User.objects.filter(username="ali").exists()


def test_bilgi_islem_gets_nothing(cast: Cast) -> None:
    make_rule(cast.fen, "Fen")
    make_person("1", user=cast.administrator)
    assert arrive(_found("1", "bilgi.islem", "Fen")).user == cast.administrator
    with system():
        assert not DepartmentGrant.dated.filter(user=cast.administrator).exists()


def test_looking_costs_the_same_for_many(cast: Cast, django_assert_max_num_queries: Any) -> None:
    now = timezone.now()
    rule = make_rule(cast.fen, "grup")
    with system():
        for number in range(40):
            user = User.objects.create(username=f"memur{number}", first_name="Memur", is_staff=True)
            DirectoryPerson.objects.create(
                source="ldap",
                subject=str(number),
                user=user,
                username=user.username,
                groups=[rule.group],
                seen_at=now,
            )
        with django_assert_max_num_queries(6):
            assert len(effects()) == 40
