"""What the table of the directory's groups gives and takes: looked at before, done at each sign-in and by a job.

The table gives permissions on departments and nothing else; never to an account of Bilgi İşlem (ADR 0017). What was
granted by hand stays, unless a line of the table says that it ends what was. Local accounts are never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.core.words.text import tr_fold
from backend.organization import actions as organization
from backend.organization.models import Department, DirectoryPerson, DirectoryRule, User
from backend.organization.sign_on import actions, ldap, once
from backend.organization.sign_on.found import LDAP, DirectoryAwayError, Found, Reading, group_key, keys
from backend.organization.sign_on.models import LONGEST_GROUP
from permissions.core import grants, scope
from permissions.core.filters import EVERYTHING, Action
from permissions.core.registry import RULES
from permissions.core.viewer import CONTACTS, HEAD
from permissions.models import DepartmentGrant, PrincipalGrant

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

AT_MOST, SHARE = 5, 0.2
"""A reading that would close or take from more people than these is not believed before an administrator says so."""


def may_see() -> bool:
    """Whether the viewer sees the table and what it would do: Bilgi İşlem, and the head of the office."""
    return RULES[DirectoryRule][Action.VIEW](scope.current_viewer()) == EVERYTHING


class EffectKind(models.TextChoices):
    """What the table does to a person."""

    OPENS = "OPENS", _("gets an account at the first sign-in")
    CLOSES = "CLOSES", _("is closed")
    REOPENS = "REOPENS", _("can sign in again")
    TAKES = "TAKES", _("loses")
    GIVES = "GIVES", _("gets")
    REFUSES = "REFUSES", _("does not get")


HARD = (EffectKind.CLOSES, EffectKind.TAKES)
"""What a reading that is not believed leaves undone, at sign-ins too."""


@dataclass(frozen=True)
class Effect:
    """One thing that the table does to one person; `reason` says why it does not."""

    kind: EffectKind
    person: DirectoryPerson
    department: Department | None = None
    permission: str = ""
    reason: str | _StrPromise = ""
    grant: DepartmentGrant | None = None


Wanted = dict[tuple[int, str], Department]
"""What the table gives a person: department and permission."""


class Table:
    """The table of groups as it stands, read once for many people."""

    def __init__(self) -> None:
        self.rules: dict[str, list[tuple[DirectoryRule, Department]]] = defaultdict(list)
        self.complete: set[tuple[int, str]] = set()
        for rule in DirectoryRule.objects.select_related("department"):
            department = rule.department.current()
            if department is not None:
                self.rules[group_key(rule.group)].append((rule, department))
                if rule.takes_others:
                    self.complete.add((department.pk, rule.permission))

    def names(self, groups: Iterable[str] | None) -> bool:
        """Whether any of the groups stands in the table."""
        return not self.rules.keys().isdisjoint(keys(groups or ()))

    def gives_contacts(self, person: DirectoryPerson, department: int) -> bool:
        """Whether a line of its own gives the contacts of the department, and not the post of its head."""
        lines = [line for key in keys(person.groups) for line in self.rules.get(key, ())]
        return any((at.pk, rule.permission) == (department, CONTACTS) for rule, at in lines)

    def wanted(self, person: DirectoryPerson) -> Wanted:
        """What it gives this person: who heads a department sees its contacts, as everywhere."""
        result: Wanted = {}
        for key in keys(person.groups):
            for rule, department in self.rules.get(key, ()):
                result[department.pk, rule.permission] = department
                if rule.permission == HEAD:
                    result[department.pk, CONTACTS] = department
        return result


def effects(only: DirectoryPerson | None = None) -> list[Effect]:
    """What applying the table would do, to everybody or to one person. It reads only."""
    table = Table()
    people = list(DirectoryPerson.objects.select_related("user"))
    wanted = {
        person.pk: {} if person.is_disabled or _is_administrator(person) else table.wanted(person)
        for person in people
    }
    concerned = [person for person in people if only is None or person.pk == only.pk]
    held = _held([person.user for person in concerned if person.user is not None])
    heads = _Heads(people, wanted)
    found = [
        effect
        for person in concerned
        for effect in _of_person(person, wanted[person.pk], held.get(person.user_id or 0, []), table, heads)
    ]
    order = list(EffectKind)
    return sorted(found, key=lambda one: (order.index(one.kind), tr_fold(str(one.person)), one.permission))


def _is_administrator(person: DirectoryPerson) -> bool:
    return person.user is not None and person.user.is_superuser


def _held(users: list[User]) -> dict[int, list[DepartmentGrant]]:
    """The grants of people that count today or later, but for vekâlet."""
    rows = DepartmentGrant.dated.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today()), user__in=users, is_acting=False
    ).select_related("content_object", "permission", "user")
    held: dict[int, list[DepartmentGrant]] = defaultdict(list)
    for grant in rows:
        held[grant.user_id].append(grant)
    return held


class _Heads:
    """Who would head a department: the table appoints only where its group has one person and the post is free."""

    def __init__(self, people: list[DirectoryPerson], wanted: dict[int, Wanted]) -> None:
        self.linked = {person.user_id for person in people}
        self.candidates: dict[int, list[DirectoryPerson]] = defaultdict(list)
        for person in people:
            for department, permission in wanted[person.pk]:
                if permission == HEAD:
                    self.candidates[department].append(person)
        self.by_hand: dict[int, list[DepartmentGrant]] = defaultdict(list)
        for grant in (
            DepartmentGrant.dated.live()
            .filter(
                content_object__in=self.candidates,
                permission__codename=HEAD,
                is_acting=False,
                by_directory=False,
            )
            .select_related("user")
        ):
            self.by_hand[grant.content_object_id].append(grant)

    def hindrance(self, person: DirectoryPerson, department: int, table: Table) -> str | _StrPromise:
        """Why this person is not appointed; "" if nothing stands against it."""
        if len(self.candidates[department]) > 1:
            return _("More than one person is in the group of the head.")
        is_complete = (department, HEAD) in table.complete
        for grant in self.by_hand[department]:
            stays = grant.user_id not in self.linked or not is_complete
            if grant.user_id != person.user_id and stays:
                return _("Another person was appointed by hand.")
        return ""


def _of_person(
    person: DirectoryPerson, wanted: Wanted, held: list[DepartmentGrant], table: Table, heads: _Heads
) -> list[Effect]:
    user = person.user
    if user is None:
        return _of_newcomer(person, wanted, table, heads) if wanted and not _is_taken(person) else []
    if user.is_active and person.is_disabled:
        if actions.is_last_administrator(user):
            reason = _("It is the last open account of Bilgi İşlem.")
            return [Effect(EffectKind.REFUSES, person, reason=reason)]
        return [Effect(EffectKind.CLOSES, person)]
    if not user.is_active and (person.closed_at is None or person.is_disabled or not wanted):
        return []
    found = [] if user.is_active else [Effect(EffectKind.REOPENS, person)]
    hindered = _hindered(person, wanted, table, heads)
    refused, found = {one.department.pk for one in hindered if one.department}, [*found, *hindered]
    has = {(grant.content_object_id, grant.permission.codename) for grant in held if _counts(grant)}
    heads_now = {pk for pk, permission in has if permission == HEAD}
    due = _due(person, wanted, table, refused - heads_now)
    own = due - {(pk, HEAD) for pk in refused}
    found += [Effect(EffectKind.GIVES, person, wanted[key], key[1]) for key in own - has]
    for grant in held:
        at = (grant.content_object_id, grant.permission.codename)
        if at not in due and (grant.by_directory or at in table.complete):
            found.append(Effect(EffectKind.TAKES, person, grant.content_object, at[1], grant=grant))
    return found


def _of_newcomer(person: DirectoryPerson, wanted: Wanted, table: Table, heads: _Heads) -> list[Effect]:
    """What a person without an account gets with it: a line for each permission, so that a preview names them."""
    hindered = _hindered(person, wanted, table, heads)
    refused = {one.department.pk for one in hindered if one.department}
    due = _due(person, wanted, table, refused) - {(pk, HEAD) for pk in refused}
    opens = [Effect(EffectKind.OPENS, person, wanted[key], key[1]) for key in sorted(due)]
    return [*(opens or [Effect(EffectKind.OPENS, person)]), *hindered]


def _due(person: DirectoryPerson, wanted: Wanted, table: Table, refused: set[int]) -> set[tuple[int, str]]:
    """What a person is to have by the table, contacts of a refused post only where another line gives them."""
    return {
        (pk, permission)
        for pk, permission in wanted
        if permission != CONTACTS or pk not in refused or table.gives_contacts(person, pk)
    }


def _hindered(person: DirectoryPerson, wanted: Wanted, table: Table, heads: _Heads) -> list[Effect]:
    """The posts that a person does not get, and why."""
    return [
        Effect(EffectKind.REFUSES, person, department, HEAD, hindrance)
        for (pk, permission), department in wanted.items()
        if permission == HEAD and (hindrance := heads.hindrance(person, pk, table))
    ]


def _counts(grant: DepartmentGrant) -> bool:
    """Whether a grant holds from today on, as what the table gives does."""
    return grant.valid_from <= today()


def _is_taken(person: DirectoryPerson) -> bool:
    return User.objects.filter(username__iexact=person.username).exists()


def apply(found: Iterable[Effect], *, by: User | None) -> int:
    """Do what was looked at; returns how much was done. What was done meanwhile is not done again."""
    done = 0
    for effect in found:
        user = effect.person.user
        if user is None or effect.kind in (EffectKind.OPENS, EffectKind.REFUSES):
            continue
        done += 1
        if effect.kind == EffectKind.CLOSES:
            actions.close(effect.person)
        elif effect.kind == EffectKind.REOPENS:
            actions.reopen(effect.person)
        elif effect.kind == EffectKind.TAKES and effect.grant is not None:
            _take(effect.grant, by)
        elif effect.department is not None:
            _give(user, effect.department, effect.permission, by)
    return done


def _give(user: User, department: Department, permission: str, by: User | None) -> None:
    if permission == HEAD and department.head_id != user.pk:
        for grant in DepartmentGrant.dated.live().filter(
            content_object=department, permission__codename=HEAD, is_acting=False
        ):
            grants.take(grant, by=by)
        organization.appoint_head(department, by=by, head=user)
    grants.give(user, permission, department, by=by, reason=str(_("by the directory")), by_directory=True)


def _take(grant: DepartmentGrant, by: User | None) -> None:
    if not DepartmentGrant.dated.live().filter(pk=grant.pk).exists() and grant.valid_from <= today():
        return
    department = grant.content_object
    if grant.permission.codename == HEAD and department.head_id == grant.user_id:
        organization.appoint_head(department, by=by, head=None)
    grants.take(grant, by=by, reason=str(_("by the directory")))


# -- the job -------------------------------------------------------------------------------------------------------
def refresh() -> int:
    """Read the directory and apply the table; returns how much was done. One that cannot be read changes nothing."""
    with system():
        once.forget()
    if not ldap.is_configured():
        return 0
    try:
        reading = ldap.read()
    except DirectoryAwayError as error:
        with system():
            row = actions.reading()
            row.tried_at, row.fault = timezone.now(), str(error)[:300]
            row.save()
        return 0
    with system():
        row = actions.reading()
        _store(reading)
        found = effects()
        concerned = {
            kind: {one.person.pk for one in found if one.kind == kind} for kind in HARD
        }  # apart: a table that takes from many keeps no account open
        linked = DirectoryPerson.objects.filter(user__is_active=True).count()
        most = max(AT_MOST, SHARE * linked)
        held = [kind for kind, people in concerned.items() if len(people) > most]
        done = apply([one for one in found if one.kind not in held], by=None)
        row.tried_at = row.read_at = timezone.now()
        row.fault, row.people = "", len(reading.people)
        row.held_back = len({pk for kind in held for pk in concerned[kind]})
        row.groups = [name for name in reading.groups if len(name) <= LONGEST_GROUP]
        row.save()
    return done


def look(reading: Reading | None) -> list[Effect]:
    """What applying the table to this reading would do, or to what was read last; within a dry run, for it is kept."""
    if reading is not None:
        _store(reading)
    return effects()


def _store(reading: Reading) -> None:
    """Keep whom the product has to do with; of whom it has an account and the directory names no more, that."""
    table = Table()
    linked = set(
        DirectoryPerson.objects.filter(source=LDAP, user__isnull=False).values_list("subject", flat=True)
    )
    names = {
        name.casefold() for name in User.objects.filter(is_staff=True).values_list("username", flat=True)
    }
    concerned = [
        one
        for one in reading.people
        if one.subject in linked or table.names(one.groups) or one.username.casefold() in names
    ]
    actions.keep(concerned)
    named = {one.subject for one in concerned}
    actions.forget(LDAP, but=named)
    DirectoryPerson.objects.filter(source=LDAP, subject__in=linked - named).update(is_disabled=True)


# -- a sign-in -----------------------------------------------------------------------------------------------------
NO_DUTY = _(
    "You have an account in the directory, but no duty here: Bilgi İşlem has to name a group of yours in the table of"
    " groups."
)
NOT_LINKED = _(
    "There is an account with your user name here that is not linked with yours in the directory yet: Bilgi İşlem has"
    " to link it."
)
GROUPS_NOT_SAID = _(
    "The directory did not say your groups this time, so nothing was changed and you are not signed in. Ask Bilgi"
    " İşlem."
)
CLOSED = _("Your account here is closed. Ask Bilgi İşlem.")


@dataclass(frozen=True)
class Arrival:
    """Who signed in by the directory, or why not."""

    user: User | None
    refusal: str | _StrPromise = ""


def arrive(found: Found, *, is_fresh: bool = True) -> Arrival:
    """Take a person in whom the directory vouches for: their account, brought in line with the table.

    The account is found by the immutable id alone, never by name or e-mail, which people may change. `is_fresh`:
    whether the directory itself was asked just now, and not a provider in front of it.
    """
    with system():
        row = actions.reading()
        known = DirectoryPerson.objects.filter(source=found.source, subject=found.subject).first()
        if known is not None:
            found = replace(
                found,
                groups=tuple(known.groups) if found.groups is None and found.source == LDAP else found.groups,
                is_disabled=found.is_disabled
                or (known.is_disabled and not is_fresh and found.source == LDAP),
            )
        if known is not None and found.groups is None and Table().names(known.groups):
            return Arrival(None, GROUPS_NOT_SAID)
        person = actions.keep([found])[found.subject]
        if person.user is None:
            if _is_taken(person):
                return Arrival(None, NOT_LINKED)
            if person.is_disabled or not Table().wanted(person):
                person.delete()  # names of people with nothing to do here are not kept
                return Arrival(None, NO_DUTY)
            try:
                person.user = actions.open_for(person)
            except DomainError as error:  # their user name can be none here
                person.delete()
                return Arrival(None, error.message)
        waits = bool(row.held_back) and not is_fresh and found.source == LDAP
        apply([one for one in effects(person) if not waits or one.kind not in HARD], by=None)
        user = User.objects.get(pk=person.user.pk)
        if not user.is_active:
            return Arrival(None, CLOSED)
        return Arrival(user) if _has_duty(user) else Arrival(None, NO_DUTY)


def _has_duty(user: User) -> bool:
    """Whether there is anything for which an account may sign in."""
    return (
        user.is_superuser
        or DepartmentGrant.dated.live().filter(user=user).exists()
        or PrincipalGrant.dated.live().filter(user=user).exists()
        or user.principals.exists()
    )


def unlink(person: DirectoryPerson, *, by: User | None) -> None:
    """Make an account a local one: what the directory gave it ends."""
    if person.user is not None:
        for grant in _held([person.user]).get(person.user.pk, []):
            if grant.by_directory:
                _take(grant, by)
    actions.unlink(person, by=by)


def waiting() -> list[tuple[DirectoryPerson, User]]:
    """People of the directory who have the user name of a local account: an administrator links them, or does not."""
    people = list(DirectoryPerson.objects.filter(user=None, is_disabled=False))
    local = User.objects.filter(is_staff=True, is_active=True, directory_person=None)
    accounts = {user.username.casefold(): user for user in local}
    pairs = [(person, accounts[key]) for person in people if (key := person.username.casefold()) in accounts]
    return sorted(pairs, key=lambda pair: pair[0].username)
