"""What is done about the directory: its table of groups, whom it names, and which account is whose."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import is_email_address, required
from backend.core.words.text import line
from backend.journal.actions import record
from backend.organization import accounts
from backend.organization.models import Department, User
from backend.organization.sign_on.found import LDAP, Found, group_key
from backend.organization.sign_on.models import (
    LONGEST_GROUP,
    DirectoryPerson,
    DirectoryReading,
    DirectoryRule,
)

BY_DIRECTORY = "directory"
"""What the journal says of accounts that the directory opened or closed."""


@transaction.atomic
def save_rule(
    rule: DirectoryRule | None = None,
    *,
    by: User | None,
    group: str,
    department: Department,
    permission: str,
    takes_others: bool = False,
) -> DirectoryRule:
    """Add a line to the table of groups, or correct one. REQUIRED, DUPLICATE; INVALID for a closed department."""
    row = rule or DirectoryRule()
    row.group = required(group, "group", _("Write or choose the group."), LONGEST_GROUP)
    if not department.is_open():
        raise DomainError(
            ErrorCode.INVALID, _("This department is closed. Choose another one."), "department"
        )
    row.department, row.permission, row.takes_others = department, permission, takes_others
    alike = DirectoryRule.objects.filter(department=department, permission=permission).exclude(pk=row.pk)
    if any(group_key(other.group) == group_key(row.group) for other in alike):
        raise DomainError(ErrorCode.DUPLICATE, _("This line is there already. Correct that one."), "group")
    row.save()
    record(verb="directory_rule_saved", about=row, by=by, label=_label(row))
    return row


@transaction.atomic
def remove_rule(rule: DirectoryRule, *, by: User | None) -> None:
    """Remove a line of the table; what it gave ends when the table is next applied."""
    record(verb="directory_rule_removed", about=rule, by=by, label=_label(rule))
    rule.delete()


def _label(rule: DirectoryRule) -> str:
    return f"{rule.group[:100]} → {rule.department.code}: {rule.permission}"


def reading() -> DirectoryReading:
    """The row of how the readings went, locked: two readings, or a reading and a sign-in, go one after the other."""
    DirectoryReading.objects.get_or_create(pk=1)
    return DirectoryReading.objects.select_for_update().get(pk=1)


def let_go() -> None:
    """What a reading held back was applied by a person."""
    DirectoryReading.objects.update(held_back=0)


def keep(found: Iterable[Found]) -> dict[str, DirectoryPerson]:
    """Write down people as the directory says them; returns them by their id."""
    now = timezone.now()
    rows = [
        DirectoryPerson(
            source=one.source,
            subject=one.subject[:255],
            username=line(one.username)[:150],
            first_name=line(one.first_name)[:150],
            last_name=line(one.last_name)[:150],
            title=line(one.title)[:120],
            email=line(one.email)[:254],
            groups=[group for group in one.groups or () if len(group) <= LONGEST_GROUP],
            is_disabled=one.is_disabled,
            seen_at=now,
        )
        for one in found
    ]
    facts = ["username", "first_name", "last_name", "title", "email", "groups", "is_disabled", "seen_at"]
    DirectoryPerson.objects.bulk_create(
        rows, 500, update_conflicts=True, unique_fields=["source", "subject"], update_fields=facts
    )
    subjects = [row.subject for row in rows]
    kept = DirectoryPerson.objects.filter(source__in={row.source for row in rows}, subject__in=subjects)
    return {row.subject: row for row in kept.select_related("user")}


def forget(source: str, *, but: Iterable[str]) -> int:
    """Remove people without an account whom a reading no longer names or needs."""
    gone = DirectoryPerson.objects.filter(source=source, user=None).exclude(subject__in=list(but))
    return gone.delete()[0]


@transaction.atomic
def link(person: DirectoryPerson, user: User, *, by: User | None) -> None:
    """Say whose account it is, for good: from now on they sign in by the directory, and their password here ends.

    DUPLICATE if either has another; INVALID for an account of a program.
    """
    if user.is_program:
        raise DomainError(ErrorCode.INVALID, _("This is the account of a program."))
    linked = DirectoryPerson.objects.filter(user=user).exclude(pk=person.pk)
    if linked.exists() or person.user_id not in (None, user.pk):
        raise DomainError(ErrorCode.DUPLICATE, _("It is linked with another one already."))
    person.user = user
    person.save(update_fields=["user"])
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record(verb="directory_linked", about=user, by=by, label=user.username)


@transaction.atomic
def unlink(person: DirectoryPerson, *, by: User | None) -> None:
    """Make the account a local one again: it needs a link to choose a password, and the directory closes it no more."""
    user, person.user, person.closed_at = person.user, None, None
    person.save(update_fields=["user", "closed_at"])
    if user is not None:
        record(verb="directory_unlinked", about=user, by=by, label=user.username)


@transaction.atomic
def open_for(person: DirectoryPerson) -> User:
    """An account for a person who signs in for the first time; it has no password and, as yet, no permission."""
    user, _token = accounts.open_account(
        username=person.username,
        first_name=person.first_name or person.username,
        last_name=person.last_name,
        title=person.title,
        email=person.email if is_email_address(person.email) else "",  # no person stays out for it
        by=None,
    )
    person.user = user
    person.save(update_fields=["user"])
    record(verb="directory_linked", about=user, by=None, label=user.username)
    return user


@transaction.atomic
def close(person: DirectoryPerson) -> bool:
    """Close the account of a person whom the directory closed; not the last open account of Bilgi İşlem."""
    user = person.user
    if user is None or not user.is_active or is_last_administrator(user):
        return False
    accounts.close_account(user, by=None, note=BY_DIRECTORY)
    person.closed_at = timezone.now()
    person.save(update_fields=["closed_at"])
    user.is_active = False
    return True


@transaction.atomic
def reopen(person: DirectoryPerson) -> None:
    """Open an account again that the directory had closed."""
    user = person.user
    if user is not None and person.closed_at is not None:
        held = User.objects.filter(is_active=True, extension=user.extension).exclude(extension="")
        if held.exists():  # another got the telephone meanwhile: no person stays out for it
            user.extension = ""
            user.save(update_fields=["extension"])
        accounts.reopen_account(user, by=None, note=BY_DIRECTORY)
        person.closed_at = None
        person.save(update_fields=["closed_at"])
        user.is_active = True


def is_known_by_provider_alone(user: User) -> bool:
    """Whether no reading of the directory says when the owner of the account has left, only the provider's next no."""
    return DirectoryPerson.objects.filter(user=user).exclude(source=LDAP).exists()


def unwatched() -> int:
    """How many open accounts no reading of the directory closes."""
    return DirectoryPerson.objects.filter(user__is_active=True).exclude(source=LDAP).count()


def is_last_administrator(user: User) -> bool:
    """Whether no other open account could administer the installation."""
    others = User.objects.filter(is_superuser=True, is_active=True, is_staff=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


def reading_so_far() -> DirectoryReading | None:
    """How the readings went; None before the first."""
    return DirectoryReading.objects.first()


def has_emergency_administrator() -> bool:
    """Whether an account of Bilgi İşlem can sign in while the directory is away."""
    return any(user.is_superuser for user in emergency_accounts())


def emergency_accounts() -> list[User]:
    """The open local accounts of people: they sign in while the directory is away."""
    return list(
        User.objects.filter(is_active=True, is_staff=True, directory_person=None).order_by("username")
    )
