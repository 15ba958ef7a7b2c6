"""The fixed cast of every test: who works where, and what they may see."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.at_rest.sessions import SessionStore
from backend.core.session import system
from backend.organization.models import Department, User
from backend.portals.actions import issue_token
from backend.portals.models import Scope
from backend.programme.choices import Office
from backend.programme.models import Principal
from permissions.core import grants, scope
from permissions.core.backends import AccountBackend
from permissions.core.viewer import CONTACTS, HEAD, KEEP, MEMBERSHIPS, OVERSEE, PRESS, READ, WORK, Viewer
from permissions.models import DepartmentGrant
from tests.factories import LONG_AGO, PASSWORD, make_department, make_principal, make_user


@dataclass(frozen=True)
class Cast:
    """Five departments, two programmes and eleven accounts."""

    office: Department  # Özel Kalem
    fen: Department
    park: Department
    cleaning: Department
    relations: Department  # Halkla İlişkiler: the call centre
    fen_clerk: User  # sees who the citizen is
    fen_head: User
    park_clerk: User  # does not see who the citizen is
    park_head: User
    secretary: User  # works in the private office
    office_head: User
    mayor: User  # served by the private office
    deputy_mayor: User  # oversees Fen İşleri and Temizlik İşleri
    portal: User  # the account of a program; works in Halkla İlişkiler
    outsider: User  # signs in, has no department
    administrator: User  # bilgi işlem: runs the installation
    portal_secret: str  # a token with READ and WRITE, without CONTACTS
    mayors: Principal  # the mayor's programme: the secretary keeps it, the head of Park sees its press view
    deputys: Principal  # the deputy mayor's: the clerk of Fen keeps it, the head of Fen reads it

    def people(self) -> dict[str, User]:
        """Every account by its name in the cast."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, User)}


def make_cast() -> Cast:
    """Make the cast's rows, in the transaction of the caller if there is one."""
    with system():
        office = make_department(
            "ozel-kalem", "Özel Kalem Müdürlüğü", is_private_office=True, detsis="24312041"
        )
        fen = make_department("fen-isleri", "Fen İşleri Müdürlüğü")
        park = make_department("park-ve-bahceler", "Park ve Bahçeler Müdürlüğü")
        cleaning = make_department("temizlik-isleri", "Temizlik İşleri Müdürlüğü")
        relations = make_department("halkla-iliskiler", "Halkla İlişkiler Müdürlüğü")
        people = _people()
        _give_grants(people, office, fen, park, cleaning, relations)
        _token, secret = issue_token(
            user=people["portal"],
            name="153 çağrı merkezi",
            scopes=[Scope.READ, Scope.WRITE],
            expires_at=timezone.now() + dt.timedelta(days=365),
            by=people["administrator"],
        )
        mayors, deputys = _programmes(people)
    return Cast(
        mayors=mayors,
        deputys=deputys,
        office=office,
        fen=fen,
        park=park,
        cleaning=cleaning,
        relations=relations,
        portal_secret=secret,
        **people,
    )


def _people() -> dict[str, User]:
    return {
        "fen_clerk": make_user("fen.memur", "Murat", "Demir"),
        "fen_head": make_user("fen.mudur", "Selma", "Aydın"),
        "park_clerk": make_user("park.memur", "Emine", "Çelik"),
        "park_head": make_user("park.mudur", "Hakan", "Şahin"),
        "secretary": make_user("ozelkalem.memur", "Zeynep", "Arslan"),
        "office_head": make_user("ozelkalem.mudur", "Kemal", "Yıldız"),
        "mayor": make_user("baskan", "Ülkü", "Öztürk"),
        "deputy_mayor": make_user("baskan.yardimcisi", "İlker", "Ünal"),
        "portal": make_user("portal.153", "153", "Çağrı Merkezi", is_staff=False),
        "outsider": make_user("disarida", "Cem", "Irmak"),
        "administrator": make_user("bilgi.islem", "Oya", "Güneş", is_superuser=True),
    }


def _give_grants(
    people: dict[str, User],
    office: Department,
    fen: Department,
    park: Department,
    cleaning: Department,
    relations: Department,
) -> None:
    held = [
        ("fen_clerk", WORK, fen),
        ("fen_clerk", CONTACTS, fen),
        ("fen_head", HEAD, fen),
        ("fen_head", CONTACTS, fen),
        ("park_clerk", WORK, park),
        ("park_head", HEAD, park),
        ("park_head", CONTACTS, park),
        ("park_head", MEMBERSHIPS, park),
        ("secretary", WORK, office),
        ("secretary", CONTACTS, office),
        ("office_head", HEAD, office),
        ("office_head", CONTACTS, office),
        ("office_head", MEMBERSHIPS, office),
        ("mayor", OVERSEE, office),
        ("mayor", CONTACTS, office),
        ("mayor", MEMBERSHIPS, office),
        ("deputy_mayor", OVERSEE, fen),
        ("deputy_mayor", OVERSEE, cleaning),
        ("portal", WORK, relations),
    ]
    for name, codename, department in held:
        grants.give(people[name], codename, department, by=None, valid_from=LONG_AGO)
    heads = {fen: "fen_head", park: "park_head", office: "office_head"}
    for department, name in heads.items():
        department.head = people[name]
    for department in (fen, cleaning):
        department.deputy_mayor = people["deputy_mayor"]
    for department in (*heads, cleaning):
        department.save()


def _programmes(people: dict[str, User]) -> tuple[Principal, Principal]:
    mayors = make_principal("Belediye Başkanı", people["mayor"])
    deputys = make_principal("Başkan Yardımcısı İlker Ünal", people["deputy_mayor"], Office.DEPUTY_MAYOR)
    held = [
        ("secretary", KEEP, mayors),
        ("park_head", PRESS, mayors),
        ("fen_clerk", KEEP, deputys),
        ("fen_head", READ, deputys),
    ]
    for name, codename, principal in held:
        grants.give_programme(people[name], codename, principal, by=None, valid_from=LONG_AGO)
    return mayors, deputys


def heads_alone(cast: Cast) -> None:
    """Let the heads of Fen and Park be the only people of their units."""
    with system():
        for clerk in (cast.fen_clerk, cast.park_clerk):
            for grant in DepartmentGrant.dated.filter(user=clerk):
                grants.take(grant, by=None)


Populated = dict[str, Complaint]
"""What the fixture `populated` gives: the cases of a database with rows of every table."""


@contextmanager
def as_viewer(user: User | None, scopes: list[str] | None = None) -> Iterator[Viewer]:
    """Ask the permissions directly, as somebody."""
    with scope.session(user, scopes) as viewer:
        yield viewer


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    request = HttpRequest()
    request.session = SessionStore()  # `force_login` makes one first, and throws it away
    login(request, user, backend="permissions.core.backends.AccountBackend")
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client


@contextmanager
def in_mind() -> Iterator[None]:
    """Read each browser session and its user from their rows once, and the session again after it is written.

    For crawls, in which no user is changed: both are the viewer's own.
    """
    kept: dict[Any, dict[str, Any]] = {}
    people: dict[Any, bytes] = {}
    load, save, delete = SessionStore.load, SessionStore.save, SessionStore.delete
    get_user = AccountBackend.get_user

    def remembered(store: SessionStore) -> dict[str, Any]:
        if store.session_key not in kept:
            kept[store.session_key] = load(store)
        return deepcopy(kept[store.session_key])

    def written(store: SessionStore, must_create: bool = False) -> None:
        save(store, must_create)
        kept.clear()

    def deleted(store: SessionStore, session_key: str | None = None) -> None:
        delete(store, session_key)
        kept.clear()

    def known(backend: AccountBackend, user_id: int) -> Any:
        if user_id not in people:
            people[user_id] = pickle.dumps(get_user(backend, user_id))
        return pickle.loads(people[user_id])  # noqa: S301 - written above; no request has another's instance

    sessions = patch.multiple(SessionStore, load=remembered, save=written, delete=deleted)
    with sessions, patch.object(AccountBackend, "get_user", known):
        yield


CONTENT = {"HX-Request": "true", "HX-Target": "work"}
"""Headers with which a script asks for the content of a page alone. Who crawls asks so where the side bar around it is
asked for elsewhere: it takes half of a page's time, and is the same on all pages of a person."""


__all__ = [
    "CONTENT",
    "PASSWORD",
    "Cast",
    "Populated",
    "as_viewer",
    "heads_alone",
    "in_mind",
    "make_cast",
    "signed_in",
]
