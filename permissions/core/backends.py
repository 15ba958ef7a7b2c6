"""`user.has_perm(…)` answered from the same table and grants as everything else."""

from typing import Any

from django.db.models import Model

from backend.organization.models import Department, User
from permissions.core import scope
from permissions.core.registry import RULES
from permissions.models import DepartmentGrant


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
