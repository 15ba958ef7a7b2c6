"""Mentions in internal notes: `@user.name` of somebody who may see the case, and of nobody else."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.models import TrFold
from backend.core.words.text import tr_fold
from backend.organization.models import User

MENTION = re.compile(r"(?<![\w@./+-])@([\w.+-]*\w)")
"""A user name behind an @ that ends no word before it, so that an address of mail mentions nobody."""
MOST = 8


def readers(complaint: Complaint) -> QuerySet[User]:
    """The people who may see the case today, by name. The database answers whoever sees it themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.readers_of_case(%s)", [complaint.pk])
        keys = [key for (key,) in cursor.fetchall()]
    return User.objects.filter(pk__in=keys).order_by("first_name", "last_name", "pk")


def mentioned(text: str, complaint: Complaint) -> list[User]:
    """The people whom a note mentions. INVALID, naming them, if one may not see the case; an @ before what is no user
    name, such as the municipality's account elsewhere, mentions no one."""
    names = list(dict.fromkeys(MENTION.findall(text)))
    if not names:
        return []
    known = {tr_fold(person.username): person for person in readers(complaint)}
    unknown = [name for name in names if tr_fold(name) not in known]
    if hidden := unknown and _people(unknown):
        message = _(
            "“@%(name)s” is nobody who may see this application. Choose somebody from the list, or share it with"
            " them first."
        )
        raise DomainError(ErrorCode.INVALID, message % {"name": hidden[0]}, "body")
    return list(dict.fromkeys(known[tr_fold(name)] for name in names if name not in unknown))


def _people(names: list[str]) -> list[str]:
    """Those of the names, as they were written, that are user names of accounts."""
    folded = {tr_fold(name): name for name in names}
    rows = User.objects.annotate(folded=TrFold(F("username")))
    there = set(rows.filter(folded__in=folded).values_list("folded", flat=True))
    return [name for key, name in folded.items() if key in there]


def offered(complaint: Complaint, text: str) -> list[User]:
    """Whom a note may mention, by the beginning of a name or user name; the first few."""
    begun = tr_fold(text.strip())
    people = [
        person
        for person in readers(complaint).only("username", "first_name", "last_name", "title")
        if not begun or any(tr_fold(word).startswith(begun) for word in _words(person))
    ]
    return people[:MOST]


def _words(person: User) -> list[str]:
    return [person.username, person.get_full_name(), person.last_name]
