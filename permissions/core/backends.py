"""Who is signed in; and `user.has_perm(…)`, answered from the same table and grants as everything else."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from backend.core.at_rest.columns import WriteOnlyField
from backend.core.session import prepared
from backend.organization.models import Department, User
from permissions.core import scope
from permissions.core.registry import RULES
from permissions.models import DepartmentGrant


@cache
def _reading() -> tuple[str, list[str]]:
    names = [field.attname for field in User._meta.concrete_fields if not isinstance(field, WriteOnlyField)]
    return f"SELECT {', '.join(names)} FROM organization_user WHERE id = $1 AND is_active", names  # noqa: S608 - names of our model


def signed_in_user(user_id: int) -> User | None:
    """The account with this number, unless it is closed: the instance that the ORM gives, without its compiling.

    It is read with each request of a browser, so that what was closed meanwhile ends there, and is never remembered.
    """
    statement, names = _reading()
    with prepared(statement, [user_id], keep=False) as cursor:
        row = cursor.fetchone()
    return None if row is None else User.from_db(DEFAULT_DB_ALIAS, names, row)


class AccountBackend(AuthenticationBackend):
    """Sign-in with the password, and with what allauth adds to it."""

    def get_user(self, user_id: int) -> User | None:
        return signed_in_user(user_id)


class RulesBackend:
    """Object permissions only: `complaints.route` on a complaint, `organization.work_department` on a department.

    Answers for the viewer of this request, or for anybody where a grant on a department is asked for. A permission
    without an object is never granted here: no model-level permission exists on a table of cases.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user: User, perm: str, obj: Model | None = None) -> bool:
        if obj is None or not user.is_active:
            return False
        codename = perm.rpartition(".")[2]
        if isinstance(obj, Department):
            return not user.is_superuser and (
                DepartmentGrant.dated.live()
                .filter(user=user, content_object=obj, permission__codename=codename)
                .exists()
            )
        action = codename.upper()
        if action not in RULES.get(type(obj), {}):
            return False
        viewer = scope.current_viewer()
        return viewer.user_id == user.pk and scope.can(action, obj, viewer)
