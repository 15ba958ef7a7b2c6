"""An invented directory as it was last read, and its table of groups. None is set up: nothing is applied by itself."""

from __future__ import annotations

from django.utils import timezone

from backend.core.session import system
from backend.organization.models import Department, DirectoryRule, User
from backend.organization.sign_on import actions
from backend.organization.sign_on.found import LDAP, Found
from permissions.core.viewer import CONTACTS, HEAD, WORK
from permissions.demo.users import DEMO_USERS

BASE = "OU=Gruplar,DC=sancaktepe,DC=local"
RULES = (
    ("Fen İşleri Memurları", "fen-isleri", WORK),
    ("Fen İşleri Müdürü", "fen-isleri", HEAD),
    ("Park ve Bahçeler Memurları", "park-ve-bahceler", WORK),
    ("Çağrı Merkezi", "halkla-iliskiler", WORK),
    ("Çağrı Merkezi", "halkla-iliskiler", CONTACTS),
    ("Temizlik İşleri Memurları", "temizlik-isleri", WORK),
)
NEW = (
    ("irmak.isik", "İrmak", "Işık", "Fen İşleri Memurları"),
    ("ilker.ilgin", "İlker", "Ilgın", "Çağrı Merkezi"),
    ("sule.ozgur", "Şule", "Özgür", "Park ve Bahçeler Memurları"),
)
"""Of the directory alone: they get an account when they first sign in."""
LINKED = ("Temizlik İşleri Memurları", "Çağrı Merkezi", "Park ve Bahçeler Memurları", "")
"""The groups of colleagues whose accounts are linked; the last one has left."""


def _dn(group: str) -> str:
    return f"CN={group},{BASE}"


def load_once() -> None:
    """Also into a database with the older demo."""
    with system():
        by = User.objects.filter(username="bilgiislem").first()
        if by is None or DirectoryRule.objects.exists():
            return
        for group, code, permission in RULES:
            department = Department.objects.open().filter(code=code).first()
            if department is not None:
                actions.save_rule(by=by, group=_dn(group), department=department, permission=permission)
        known = [username for username, *_rest in DEMO_USERS]
        colleagues = User.objects.filter(is_staff=True, is_active=True, heads=None).exclude(
            username__in=known
        )
        linked = list(zip(colleagues.order_by("pk")[: len(LINKED)], LINKED, strict=False))
        found = [
            Found(LDAP, f"demo-{name}", name, first, last, f"{name}@sancaktepe.example", "", (_dn(group),))
            for name, first, last, group in NEW
        ]
        found += [
            Found(
                LDAP, f"demo-{user.username}", user.username, user.first_name, user.last_name,
                groups=(_dn(group),) if group else (), is_disabled=not group,
            )
            for user, group in linked
        ]  # fmt: skip
        fen = User.objects.get(username="fen")
        waits = (_dn("Fen İşleri Memurları"),)
        found.append(Found(LDAP, "demo-fen", "fen", fen.first_name, fen.last_name, groups=waits))
        people = actions.keep(found)
        for user, _group in linked:
            actions.link(people[f"demo-{user.username}"], user, by=by)
        row = actions.reading()
        row.tried_at = row.read_at = timezone.now()
        row.people, row.groups = 412, sorted({_dn(group) for group, _code, _permission in RULES})
        row.save()
