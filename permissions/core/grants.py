"""The one place where grants are created and revoked. Each is written to the journal."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from backend.complaints import actions as complaints
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.journal.actions import record
from backend.organization import actions as organization
from backend.organization.models import Department, User
from backend.programme.models import Principal
from permissions.core.viewer import CONTACTS, HEAD, KEEP, MEMBERSHIPS, OVERSEE, PRESS, READ, WORK
from permissions.models import DepartmentGrant, PrincipalGrant

ON_DEPARTMENT = (WORK, HEAD, OVERSEE, CONTACTS, MEMBERSHIPS)
ON_PRINCIPAL = (KEEP, READ, PRESS)


def permission_on(model: type[Model], codename: str) -> Permission:
    return Permission.objects.get(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
        codename=codename,
    )


def require_receiver(user: User, by: User | None) -> None:
    """Require a valid receiver of grants: an open account, not one's own, and none of Bilgi İşlem, which grants."""
    if user.is_superuser:
        message = _("An account of Bilgi İşlem sees no case: it can be granted nothing.")
        raise DomainError(ErrorCode.INVALID, message, field="user")
    if not user.is_active:
        raise DomainError(ErrorCode.INVALID, _("This account is closed. Reopen it first."), field="user")
    if by is not None and user.pk == by.pk:
        message = _("You cannot grant yourself a permission. Ask another user who may.")
        raise DomainError(ErrorCode.INVALID, message, field="user")


@transaction.atomic
def give(
    user: User,
    codename: str,
    department: Department,
    *,
    by: User | None,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    reason: str = "",
    is_acting: bool = False,
    by_directory: bool = False,
) -> DepartmentGrant:
    """Give a person a permission on a department, from a day (default: today) to a day (default: for good).

    Giving what is already held for the same dates changes nothing. INVALID for a closed account, for one's own and
    for one of Bilgi İşlem.
    """
    require_receiver(user, by)
    if codename not in ON_DEPARTMENT:
        raise DomainError(
            ErrorCode.INVALID, _("There is no such permission on a department."), field="permission"
        )
    facts = {"given_by": by, "reason": reason, "is_acting": is_acting, "by_directory": by_directory}
    return _give(DepartmentGrant, user, codename, department, valid_from, valid_until, facts)


@transaction.atomic
def give_programme(
    user: User,
    codename: str,
    principal: Principal,
    *,
    by: User | None,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    reason: str = "",
) -> PrincipalGrant:
    """Let a person keep or read a programme, or see its press view, from a day to a day. Confidential entries need
    more: that a reader names them. INVALID for whom `give` refuses."""
    require_receiver(user, by)
    if codename not in ON_PRINCIPAL:
        raise DomainError(
            ErrorCode.INVALID, _("There is no such permission on a programme."), field="permission"
        )
    facts = {"given_by": by, "reason": reason}
    return _give(PrincipalGrant, user, codename, principal, valid_from, valid_until, facts)


def _give[G: (DepartmentGrant, PrincipalGrant)](
    model: type[G],
    user: User,
    codename: str,
    on: Model,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
    facts: dict[str, Any],
) -> G:
    valid_from = valid_from or today()
    if valid_until and valid_until < valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), field="valid_until")
    held: dict[str, Any] = {
        "user": user,
        "permission": permission_on(type(on), codename),
        "content_object": on,
        "valid_from": valid_from,
        "valid_until": valid_until,
    }
    grant, created = model.dated.get_or_create(**held, defaults=facts)
    if created:
        until = f"–{valid_until:%d.%m.%Y}" if valid_until else ""
        record(
            verb="grant_given",
            about=on,
            by=facts["given_by"],
            note=f"{user.username}: {codename} {valid_from:%d.%m.%Y}{until} {facts['reason']}".strip(),
        )
    return grant


@transaction.atomic
def take(grant: DepartmentGrant | PrincipalGrant, *, by: User | None, reason: str = "") -> None:
    """End a grant: yesterday is its last day; one that had not begun is removed. The journal keeps both.

    Who leaves a unit is responsible for none of its cases any more."""
    yesterday = today() - dt.timedelta(days=1)
    record(
        verb="grant_taken",
        about=grant.content_object,
        by=by,
        note=f"{grant.user.username}: {grant.permission.codename} {reason}".strip(),
    )
    if grant.valid_from > yesterday:
        grant.delete()
    elif grant.valid_until is None or grant.valid_until > yesterday:
        type(grant).dated.filter(pk=grant.pk).update(valid_until=yesterday)
    if isinstance(grant, DepartmentGrant) and grant.permission.codename in (WORK, HEAD):
        complaints.release_who_left(grant.user)


@transaction.atomic
def appoint_head(department: Department, user: User, *, by: User | None) -> None:
    """Appoint a head: the department's row names them and they get the grant; the former head's ends."""
    require_receiver(user, by)
    for grant in DepartmentGrant.dated.live().filter(
        content_object=department, permission__codename=HEAD, is_acting=False
    ):
        if grant.user_id != user.pk:
            take(grant, by=by)
    organization.appoint_head(department, by=by, head=user)
    for codename in (HEAD, CONTACTS):
        give(user, codename, department, by=by)


@transaction.atomic
def appoint_acting_head(
    department: Department,
    user: User,
    *,
    valid_from: dt.date,
    valid_until: dt.date,
    by: User | None,
    reason: str = "",
) -> None:
    """Appoint an acting head for a period (vekâlet), with the head's rights."""
    require_receiver(user, by)
    organization.appoint_acting_head(department, by=by, acting=user, from_=valid_from, until=valid_until)
    for codename in (HEAD, CONTACTS):
        give(
            user,
            codename,
            department,
            by=by,
            valid_from=valid_from,
            valid_until=valid_until,
            reason=reason,
            is_acting=True,
        )
