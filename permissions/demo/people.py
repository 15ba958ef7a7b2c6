"""The staff of the demo: one account for every role, and colleagues for every department."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import elevated
from backend.core.words.text import tr_fold
from backend.drafts import actions as drafts
from backend.guidance import actions as guidance
from backend.organization.actions import save_filter
from backend.organization.models import Department, User
from backend.portals.actions import issue_token, revoke_token
from backend.portals.models import ApiToken, Scope
from backend.reminders import actions as reminders
from permissions.core import grants, scope
from permissions.core.viewer import CONTACTS, MEMBERSHIPS, OVERSEE, WORK
from permissions.demo import names
from permissions.demo.users import DEMO_USERS, PASSWORD

TOKEN_NAME = "Demo portalı"  # noqa: S105 - a label
CLERKS_A_DEPARTMENT = 2

_WORKS = {
    "sekreter": {"ozel-kalem": True},
    "fen": {"fen-isleri": True},
    "park": {"park-ve-bahceler": False},
    "ikimudurluk": {"zabita": True, "ruhsat-ve-denetim": False},
    "cagri": {"halkla-iliskiler": True},
    "portal": {"halkla-iliskiler": False},
}
"""user name -> department code -> whether they also see who the citizen is."""

_FILTERS = {
    "Geciken CİMER başvuruları": "tab=late&channel=CIMER",
    "Fen İşleri'nde bekleyenler": "tab=departments&department=fen-isleri",
}

_REMINDED = {
    "sekreter": ((0, "Müdürlükten dönüş alındı mı?"), (3, "Sonuç başkana arz edilecek")),
    "fen": ((0, "Malzeme geldi mi?"), (2, "Ekip programı")),
}
"""user name -> in how many days they come back to a case, and why."""

_TYPED = "Arayan, Meclis Mahallesi'ndeki parkın aydınlatmasının üç gündür yanmadığını söylüyor; hat kesildi, "

_HEADS = {"ozelkalem": "ozel-kalem", "fenmudur": "fen-isleri", "vekil": "destek-hizmetleri"}
_KNOW_MEMBERSHIPS = (("sekreter", "ozel-kalem"), ("ozelkalem", "ozel-kalem"), ("baskan", "ozel-kalem"))
"""Who sees the members of associations and unions."""
_OVERSEES = ("fen-isleri", "park-ve-bahceler", "temizlik-isleri")
_OTHER_DEPUTIES = (
    (
        "Nihan",
        "Sezer",
        ("imar-ve-sehircilik", "plan-ve-proje", "yapi-kontrol", "emlak-ve-istimlak", "afet-isleri"),
    ),
    ("Tarık", "Öner", ("zabita", "ruhsat-ve-denetim", "saglik-isleri", "iklim-degisikligi-ve-sifir-atik")),
    ("Şebnem", "Uçar", ("mali-hizmetler", "strateji-gelistirme", "destek-hizmetleri", "safas", "tesisler")),
    (
        "Oğuz",
        "İnanç",
        (
            "kultur-ve-sosyal-isler",
            "genclik-ve-spor-hizmetleri",
            "kadin-ve-aile-hizmetleri",
            "sosyal-destek-hizmetleri",
            "muhtarlik-isleri",
        ),
    ),
    (
        "Ceyda",
        "Ilıca",
        (
            "halkla-iliskiler",
            "basin-ve-yayin",
            "bilgi-islem",
            "yazi-isleri",
            "hukuk-isleri",
            "insan-kaynaklari-ve-egitim",
        ),
    ),
)
"""The other five of the six deputy mayors, and their groups of departments; they do not sign in. Özel Kalem and Teftiş
Kurulu are the mayor's own."""


@dataclass
class Staff:
    """Who acts in the invented stories, by primary key."""

    office: list[int] = field(default_factory=list)
    call_centre: list[int] = field(default_factory=list)
    clerks: dict[int, list[int]] = field(default_factory=dict)
    heads: dict[int, int] = field(default_factory=dict)


def make_staff(seed: int) -> Staff:
    """Create what is missing of accounts and grants, and return who is who. A second run changes nothing."""
    departments = {row.code: row for row in Department.objects.open()}
    users = {row[0]: _account(*row) for row in DEMO_USERS}
    administrator = users["bilgiislem"]
    for username, works in _WORKS.items():
        for code, sees_contacts in works.items():
            grants.give(users[username], WORK, departments[code], by=administrator)
            if sees_contacts:
                grants.give(users[username], CONTACTS, departments[code], by=administrator)
    for username, code in _HEADS.items():
        if departments[code].head_id != users[username].pk:
            grants.appoint_head(departments[code], users[username], by=administrator)
    _leadership(users, departments, administrator)
    colleagues = _colleagues(departments, users, administrator, Random(f"{seed}-staff"))  # noqa: S311 - repeatable, not secret
    return _who_is_who(users, departments, colleagues)


def keep_filters() -> None:
    """Two filters that the secretary made for herself."""
    secretary = User.objects.get(username="sekreter")
    with scope.session(secretary), elevated():
        for title, parameters in _FILTERS.items():
            save_filter(by=secretary, list_name="complaints_complaint", title=title, parameters=parameters)


def keep_drafts() -> None:
    """What the secretary was typing when the telephone rang."""
    secretary = User.objects.get(username="sekreter")
    with scope.session(secretary), elevated():
        drafts.keep(by=secretary, page="/admin/intake/", field="body", text=_TYPED)


def keep_pins() -> None:
    """What the secretary pinned to her side bar, and which of her first steps she has done."""
    secretary = User.objects.get(username="sekreter")
    with scope.session(secretary):
        newest = (
            scope.visible(Complaint.objects.open()).order_by("-registered_at").values_list("key", flat=True)
        )
        pages = {
            "/admin/complaints/complaint/?tab=late&channel=CIMER": "Geciken · CİMER",
            f"/admin/complaints/complaint/{newest[0]}/change/": "",
        }
        with elevated():
            for page, title in pages.items():
                guidance.pin(by=secretary, page=page, title=title)
            for name in ("call", "queue", "pin"):
                guidance.tick(by=secretary, name=name)


def set_reminders() -> None:
    """What the secretary and the clerk of Fen İşleri come back to: today, and in three days."""
    for username, notes in _REMINDED.items():
        person = User.objects.get(username=username)
        with scope.session(person):
            cases = list(scope.visible(Complaint.objects.open()).order_by("-registered_at")[: len(notes)])
            with elevated():
                for case, (days, note) in zip(cases, notes, strict=False):
                    reminders.remind(case, by=person, on=today() + dt.timedelta(days=days), note=note)


def make_token(by: User) -> str:
    """A new secret for the portal account, as the command line issues one: not counted as its client's. The former demo
    token stops working."""
    for token in ApiToken.objects.filter(name=TOKEN_NAME, revoked_at__isnull=True):
        revoke_token(token, by=by)
    _token, secret = issue_token(
        user=User.objects.get(username="portal"),
        name=TOKEN_NAME,
        scopes=[Scope.READ, Scope.WRITE, Scope.SUBMIT, Scope.FOLLOW],
        expires_at=timezone.now() + dt.timedelta(days=90),
        by=None,
    )
    return secret


@cache
def _hashed() -> str:
    """The public password of all, hashed once: that is what takes long."""
    return make_password(PASSWORD)


def _account(username: str, first: str, last: str, title: str) -> User:
    is_program = username == "portal"
    user = User.objects.filter(username=username).first()
    return user or User.objects.create(
        username=username,
        first_name=first,
        last_name=last,
        title=title,
        email=f"{username}@{_domain()}",
        is_staff=not is_program,
        is_superuser=username == "bilgiislem",
        password=make_password(None) if is_program else _hashed(),
    )


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")


def _leadership(users: dict[str, User], departments: dict[str, Department], by: User) -> None:
    office = departments["ozel-kalem"]
    for codename in (OVERSEE, CONTACTS):
        grants.give(users["baskan"], codename, office, by=by)
    for username, code in _KNOW_MEMBERSHIPS:
        grants.give(users[username], MEMBERSHIPS, departments[code], by=by)
    for code in _OVERSEES:
        grants.give(users["baskanyrd"], OVERSEE, departments[code], by=by)
        Department.objects.filter(code=code, deputy_mayor__isnull=True).update(
            deputy_mayor=users["baskanyrd"]
        )
    _other_deputies(departments, by)
    cleaning = departments["temizlik-isleri"]
    if cleaning.acting_head_id is None or (cleaning.acting_until or today()) < today():
        grants.appoint_acting_head(
            cleaning,
            users["vekil"],
            valid_from=today() - dt.timedelta(days=3),
            valid_until=today() + dt.timedelta(days=11),
            by=by,
            reason="Yıllık izin süresince vekâlet",
        )


def _without_password(username: str, first: str, last: str, title: str) -> tuple[User, bool]:
    """A member of staff who is there and does not sign in; and whether they are new."""
    return User.objects.get_or_create(
        username=username,
        defaults={
            "first_name": first,
            "last_name": last,
            "title": title[:120],
            "email": f"{tr_fold(username)}@{_domain()}",
            "is_staff": True,
            "password": make_password(None),
        },
    )


def _other_deputies(departments: dict[str, Department], by: User) -> None:
    for position, (first, last, codes) in enumerate(_OTHER_DEPUTIES, start=2):
        deputy, _new = _without_password(f"baskanyrd-{position}", first, last, "Başkan Yardımcısı")
        for code in codes:
            grants.give(deputy, OVERSEE, departments[code], by=by)
            Department.objects.filter(code=code, deputy_mayor__isnull=True).update(deputy_mayor=deputy)


def _colleagues(
    departments: dict[str, Department], users: dict[str, User], by: User, random: Random
) -> dict[str, list[User]]:
    """Department code -> a head (where there is none) and clerks, who have no password to sign in with."""
    found: dict[str, list[User]] = {}
    for code, department in sorted(departments.items()):
        found[code] = []
        for position in range(CLERKS_A_DEPARTMENT + 1):
            first, last = names.full_name(random)
            is_head = position == 0
            if is_head and code in _HEADS.values():
                continue
            title = _head_title(department) if is_head else f"{department.short_name} personeli"
            username = f"{code}-{'mudur' if is_head else position}"
            user, created = _without_password(username, first, last, title)
            found[code].append(user)
            if created and is_head:
                grants.appoint_head(department, user, by=by)
            elif created:
                grants.give(user, WORK, department, by=by)
                grants.give(user, CONTACTS, department, by=by)
    return found


def _head_title(department: Department) -> str:
    if department.name.endswith("Müdürlüğü"):
        return f"{department.name.removesuffix('lüğü')}ü"
    return f"{department.short_name} müdürü"


def _who_is_who(
    users: dict[str, User], departments: dict[str, Department], colleagues: dict[str, list[User]]
) -> Staff:
    staff = Staff()
    signing_in = {"fen-isleri": "fen", "park-ve-bahceler": "park", "zabita": "ikimudurluk"}
    for code, department in departments.items():
        people = [user.pk for user in colleagues[code]]
        head = next((users[name].pk for name, headed in _HEADS.items() if headed == code), None)
        staff.heads[department.pk] = head or people[0]
        clerks = people if head else people[1:]
        staff.clerks[department.pk] = [*clerks, *([users[signing_in[code]].pk] if code in signing_in else [])]
    office = departments["ozel-kalem"].pk
    staff.office = [users["sekreter"].pk, users["sekreter"].pk, users["ozelkalem"].pk, *staff.clerks[office]]
    staff.call_centre = [users["cagri"].pk, *staff.clerks[departments["halkla-iliskiler"].pk]]
    return staff
