"""Lists that the secretary took along: a small one that is there, and one that the demo's worker makes."""

from __future__ import annotations

from backend.exports.models import Export
from backend.organization.models import User
from permissions.core import scope
from permissions.exports import access as exports

TAKEN = (
    {"list_name": "complaints_complaint", "format": "XLSX", "asked": {"tab": "late"}},
    {"list_name": "organization_department", "format": "PDF", "asked": {}},
    {"list_name": "complaints_complaint", "format": "CSV", "asked": {"tab": "all"}},
)


def load() -> None:
    """Take them along once, as the secretary sees them. A large one before others would keep them waiting."""
    secretary = User.objects.get(username="sekreter")
    for one in TAKEN:
        with scope.session(secretary):
            if (
                Export.objects.count() < len(TAKEN)
                and not Export.objects.filter(status__in=("WAITING", "RUNNING")).exists()
            ):
                exports.start(**one)  # type: ignore[arg-type]
