"""A part of THE TABLE: departments, leave and holidays, saved filters, and the grants of people."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from backend.organization.models import (
    AdministrativeLeave,
    DangerSign,
    Department,
    DirectoryPerson,
    DirectoryReading,
    DirectoryRule,
    HolidayCorrection,
    SavedFilter,
)
from permissions.core.filters import Action, all_if, either
from permissions.core.relations import (
    administrator,
    everybody,
    office,
    office_head_or_administrator,
    office_or_administrator,
    own,
    own_or_administered,
)
from permissions.models import ComplaintGrant, DepartmentGrant, PrincipalGrant

_GRANT: dict[str, Any] = {
    Action.VIEW: own_or_administered,
    Action.GIVE: office_head_or_administrator,
    Action.TAKE: office_head_or_administrator,
}

RULES: dict[type[Model], dict[str, Any]] = {
    DepartmentGrant: _GRANT,
    PrincipalGrant: _GRANT,
    ComplaintGrant: {Action.VIEW: lambda v: either([office(v), own(v)])},
    Department: {Action.VIEW: everybody, Action.CHANGE: office_head_or_administrator},
    DirectoryRule: {Action.VIEW: office_head_or_administrator, Action.CHANGE: administrator},
    DirectoryPerson: {Action.VIEW: own_or_administered, Action.CHANGE: administrator},
    DirectoryReading: {Action.VIEW: office_head_or_administrator},
    DangerSign: {Action.VIEW: everybody, Action.CHANGE: office_or_administrator},
    SavedFilter: {
        Action.VIEW: own,
        Action.CHANGE: own,
        Action.REGISTER: lambda v: all_if(v.user is not None),
    },
    AdministrativeLeave: {Action.VIEW: everybody, Action.CHANGE: office_or_administrator},
    HolidayCorrection: {Action.VIEW: everybody, Action.CHANGE: office_head_or_administrator},
}
