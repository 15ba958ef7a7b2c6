"""Who comes in by the directory is known by the immutable id alone; looking at what the table does costs little."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.test import Client
from django.utils import timezone

from backend.core.session import system
from backend.organization.models import DirectoryPerson, DirectoryReading, User
from backend.organization.sign_on import actions
from backend.organization.sign_on.found import Found
from permissions.core.viewer import HEAD, READ, WORK
from permissions.models import DepartmentGrant
from permissions.organization.directory import EffectKind, arrive, effects
from tests.backend.organization.sign_on.rows import make_person, make_reading, make_rule
from tests.cast import Cast, signed_in
from tests.permissions.walls.world import make_feed
from tests.schema.http.test_authentication import token_of


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


def test_of_whom_there_is_nothing_to_do_here_no_name_is_kept(cast: Cast) -> None:
    make_rule(cast.fen, "Fen")
    arrive(_found("1", "ali", "Yemekhane"))
    arrival = arrive(_found("2", r"BELEDIYE\ali can", "Fen"))
    assert arrival.user is None
    assert "Kullanıcı adında yalnızca" in str(arrival.refusal)
    with system():
        assert not DirectoryPerson.objects.exists()


def test_groups_that_a_provider_does_not_say_are_not_none(cast: Cast) -> None:
    """Entra ID leaves long lists out, and an update may lose the mapper: nobody loses their cases for that."""
    make_rule(cast.fen, "Fen")
    found = Found("https://kimlik.example", "1", "ayse", first_name="Ayşe", groups=("Fen",))
    user = arrive(found, is_fresh=False).user
    assert user is not None

    arrival = arrive(replace(found, groups=None), is_fresh=False)

    assert arrival.user is None
    assert "gruplarınızı bildirmedi" in str(arrival.refusal)
    with system():
        assert DepartmentGrant.dated.live().filter(user=user).exists()
    assert arrive(replace(found, groups=()), is_fresh=False).user is None
    with system():
        assert not DepartmentGrant.dated.live().filter(user=user).exists()


def test_a_sign_in_does_nothing_that_a_reading_held_back(cast: Cast) -> None:
    """Behind a provider the reading alone says who is gone: one that is not believed closes nobody at the door."""
    row = make_reading()
    make_person("1", user=cast.fen_clerk)
    again = replace(_found("1", cast.fen_clerk.username), groups=None)
    with system():
        DirectoryPerson.objects.update(is_disabled=True)
        DirectoryReading.objects.update(held_back=6)
    assert arrive(again, is_fresh=False).user == cast.fen_clerk

    with system():
        DirectoryReading.objects.filter(pk=row.pk).update(held_back=0)
    assert arrive(again, is_fresh=False).user is None
    assert not User.objects.get(pk=cast.fen_clerk.pk).is_active


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


def test_tokens_and_feeds_of_whom_the_provider_alone_knows_sleep_after_a_week(cast: Cast) -> None:
    """No reading says that they left: what they have of us ends a week after the provider let them in last,
    and begins again when it does so anew."""
    make_rule(cast.fen, "Fen")
    found = replace(_found("1", "ayse", "Fen"), source="https://kimlik.example")
    user = arrive(found, is_fresh=False).user
    assert user is not None
    with system():
        _token, secret = token_of(user, days=90)
        _feed, feed = make_feed(user, "Telefonum")

    def works() -> tuple[bool, bool]:
        asked = Client().post(
            "/graphql/",
            {"query": "{ me { username } }"},
            "application/json",
            headers={"authorization": f"Bearer {secret}"},
        )
        return asked.status_code == 200, Client().get(f"/takvim/{feed}.ics").status_code == 200

    def came(days: int, source: str = found.source) -> None:
        with system():
            DirectoryPerson.objects.update(seen_at=timezone.now() - dt.timedelta(days=days), source=source)

    came(6)
    assert works() == (True, True)
    came(8)
    assert works() == (False, False)
    came(8, "ldap")  # a reading closes these
    assert works() == (True, True)
    came(8)
    arrive(found, is_fresh=False)
    assert works() == (True, True)


def test_a_preview_names_what_a_newcomer_would_get(cast: Cast) -> None:
    """Once it showed a dash where the department and the permission belong."""
    with system():
        for department, permission in ((cast.fen, WORK), (cast.fen, READ), (cast.park, HEAD)):
            actions.save_rule(by=None, group="Fen", department=department, permission=permission)
    make_person("1", "Fen")

    with system():
        found = {(one.kind, one.department, one.permission) for one in effects()}

    assert found == {
        (EffectKind.OPENS, cast.fen, WORK),
        (EffectKind.OPENS, cast.fen, READ),
        (
            EffectKind.REFUSES,
            cast.park,
            HEAD,
        ),  # it has one who was appointed by hand, and contacts go with the post
    }
    page = signed_in(cast.administrator).get("/admin/organization/directoryrule/preview/").content.decode()
    assert "<strong>1</strong> × ilk girişinde hesabı açılır" in page  # people, however many lines each has
