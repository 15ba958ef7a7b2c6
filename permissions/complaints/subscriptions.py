"""Following what happens: a happening is a row's number, and each follower's eyes decide what it means to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Model

from backend.complaints.models import Complaint
from backend.complaints.recalling import MESSAGE_LEFT
from backend.core.localtime import local_date
from backend.core.session import system
from backend.journal.change_feed import News
from backend.journal.messages import FARED
from backend.organization.models import User
from permissions.complaints.portal import case_of, note_shown
from permissions.complaints.public import Tracked, shown
from permissions.complaints.public_status import public_status_digest
from permissions.core import scope
from permissions.core.filters import Action
from permissions.core.viewer import HEAD, OVERSEE, WORK, Viewer
from permissions.models import ComplaintGrant

_HAD = """
    SELECT EXISTS (
      SELECT FROM permissions_departmentgrant g
        JOIN auth_permission p ON p.id = g.permission_id
        JOIN app.successions() mine ON mine.department_id = g.content_object_id
        JOIN app.successions() theirs ON theirs.current_id = mine.current_id
       WHERE g.user_id = %(viewer)s AND p.codename = ANY(%(kinds)s) AND theirs.department_id = ANY(%(lost_by)s)
         AND g.given_at <= %(at)s AND g.valid_from <= %(day)s
         AND (g.valid_until IS NULL OR g.valid_until >= %(day)s))
"""


def visible_key(model: type[Model], row: int, action: str = Action.VIEW) -> UUID | None:
    """The key of this row if the viewer may see it now (`action`: do this to it)."""
    return scope.visible(model, action=action).filter(pk=row).values_list("key", flat=True).first()


def revoked_key(news: Sequence[News], held: Collection[int]) -> UUID | None:
    """The key of a case that the viewer can no longer see after this event: one shown on this connection
    (`held`), or one that their department had while they belonged to it. None for every other hidden case, whose
    existence stays secret."""
    case = news[0].subject_id
    if case not in held and not any(map(_had, news)):
        return None
    with system():
        return Complaint.objects.filter(pk=case).values_list("key", flat=True).first()


def concerning(news: Sequence[News], held: Collection[int]) -> list[News]:
    """Events that the viewer may get, in one query: of cases that they see, that they were shown (`held`), or
    that their departments lost."""
    departments = scope.current_viewer().departments
    news = without_deliveries(news)
    seen = scope.visible(Complaint).filter(pk__in={event.subject_id for event in news})
    rows = set(seen.values_list("pk", flat=True))
    rows |= {event.subject_id for event in news if event.subject_id in held or event.lost_by & departments}
    return [event for event in news if event.subject_id in rows]


def without_deliveries(news: Sequence[News], _held: Collection[int] = ()) -> list[News]:
    """Events without those of how messages fared, which are for who follows the conversation."""
    return [event for event in news if event.verb not in (FARED, MESSAGE_LEFT)]


@dataclass(frozen=True)
class Audience:
    """Whom something that happened to cases may concern: departments that have them or lost them, and persons with whom
    they are shared. A hint to save looks: who sees a case is among them; the rules are asked when they look."""

    cases: frozenset[int]
    departments: frozenset[int]
    persons: frozenset[int]

    def includes(self, viewer: Viewer) -> bool:
        """`viewer`: as they were when they last looked."""
        here = viewer.sees_all or bool(viewer.departments & self.departments)
        return here or viewer.user_id in self.persons


def audience_of(news: Sequence[News]) -> Audience:
    """Whom this news of cases may concern."""
    cases = {event.subject_id for event in news}
    departments = {department for event in news for department in event.lost_by}
    with system():
        rows = Complaint.objects.filter(pk__in=cases).values_list("responsible_department", "collaborators")
        for responsible, collaborators in rows:
            departments |= {responsible, *collaborators}
        shared = ComplaintGrant.dated.filter(content_object__in=cases).values_list("user", flat=True)
        return Audience(frozenset(cases), frozenset(departments), frozenset(shared))


def _had(news: News) -> bool:
    """Whether a department of the viewer lost the row by this, and was theirs then already."""
    viewer = scope.current_viewer()
    lost_by = news.lost_by & viewer.departments
    if not lost_by:
        return False
    words = {
        "viewer": viewer.user_id, "kinds": [WORK, HEAD, OVERSEE], "lost_by": list(lost_by),
        "at": news.at, "day": local_date(news.at),
    }  # fmt: skip
    with system(), connection.cursor() as cursor:
        cursor.execute(_HAD, words)
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True)
class PortalCase:
    """Case brought in by an account. `stands`: digest of its public status, for comparison. `found`: the public
    view; None if it is unchanged."""

    number: int
    stands: str
    found: Tracked | None


def portal_case(code: str, by: User, *, stood: str = "") -> PortalCase | None:
    """The case of this tracking code, if the account brought it in; with its view unless the status is still
    `stood`."""
    with system():
        case = case_of(code, by)
        if case is None:
            return None
        stands = public_status_digest(case)
        result = shown(case, by=by) if stands != stood else None
    if result:
        note_shown([case])
    return PortalCase(case.pk, stands, result)
