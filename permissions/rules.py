"""THE TABLE: who may do what to which rows. Everything else asks it through `permissions.core.scope`.

A *relation* is what a viewer is to a row, written as a filter over its table. A rule names the relations that may
do a thing. The second wall (`permissions.policies`) says the VIEW rows again in SQL; a test holds the two together.
"""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from backend.calendars.models import Feed, ReminderChoice
from backend.complaints import actions  # noqa: F401 - declares the verbs
from backend.complaints.models import (
    Attachment,
    Comment,
    Complaint,
    ComplaintLine,
    Extension,
    FeeNotice,
    FileImport,
    Forwarding,
    Notice,
    Routing,
)
from backend.complaints.moves import Verb, complaint_action
from backend.contacts.models import Citizen, PrivacyNotice
from backend.exports.models import Export
from backend.journal.models import AccessLog, AuditLog, ChangeEvent
from backend.notifications.models import Notification, Preference
from backend.organization.models import AdministrativeLeave, Department, SavedFilter
from backend.outbox.models import Message
from backend.portals.models import ApiToken, IdempotentResponse
from backend.timeline.models import Moment
from permissions.agreements.rules import AGREEMENTS, AGREEMENTS_TABLE
from permissions.appointments.rules import APPOINTMENTS, PROMISES, REQUESTS, citizens_of_requests
from permissions.complaints import (
    paths,
    sharing,  # noqa: F401 - declares its verbs
)
from permissions.complaints.paths import Path
from permissions.core.filters import EVERYTHING, NOTHING, Action, Allowed, Rule, VerbTable, all_if, either
from permissions.core.viewer import Viewer
from permissions.engagements.rules import ENGAGEMENTS, ENGAGEMENTS_TABLE
from permissions.events.rules import EVENTS, EVENTS_TABLE, GUESTS_TABLE, TASKS_TABLE, citizens_of_guests
from permissions.greetings.rules import GREETINGS, GREETINGS_TABLE
from permissions.instructions.rules import INSTRUCTIONS, INSTRUCTIONS_TABLE
from permissions.invitations.rules import INVITATIONS, INVITATIONS_TABLE
from permissions.letters.rules import LETTERS, LETTERS_TABLE
from permissions.models import ComplaintGrant, DepartmentGrant, PrincipalGrant
from permissions.notifications.rules import notifications
from permissions.partners.rules import LISTS_TABLE, ORGANISATIONS_TABLE, PARTNERS, citizens_of_roles
from permissions.portals.rules import CLIENTS
from permissions.programme.rules import ENTRIES, NOTES, PROGRAMME
from permissions.protocol.rules import PROTOCOL
from permissions.retention.rules import DESTRUCTIONS_TABLE, RETENTION, SUBJECT_REQUESTS_TABLE, may_anonymise
from permissions.seating.rules import SEATING
from permissions.timeline.rules import moments

__all__ = ["EVERYTHING", "NOTHING", "RULES", "VERB_TABLES", "Action", "Relation"]


class Relation(StrEnum):
    """What a viewer is to a complaint."""

    OFFICE = "OFFICE"  # works in the private office
    OFFICE_HEAD = "OFFICE_HEAD"
    PRINCIPAL = "PRINCIPAL"  # the private office serves them: the mayor
    HEAD = "HEAD"  # heads, or acts for the head of, the responsible department
    WORKER = "WORKER"  # works in the responsible department
    COLLABORATOR = "COLLABORATOR"  # works in a collaborating department
    OVERSEER = "OVERSEER"  # the deputy mayor of a department that has it
    READER = "READER"  # it is shared with them


def _collaborating(departments: frozenset[int]) -> Q:
    return Q(collaborators__overlap=list(departments)) if departments else NOTHING


def _responsible(departments: frozenset[int]) -> Q:
    return Q(responsible_department__in=departments) if departments else NOTHING


def _may_be_shared_with(viewer: Viewer) -> bool:
    """Exclude anonymous viewers and Bilgi İşlem from shares, whatever grant exists."""
    return viewer.user is not None and not viewer.user.is_superuser


def _shared(viewer: Viewer) -> Q:
    if not _may_be_shared_with(viewer):
        return NOTHING
    return Q(pk__in=ComplaintGrant.dated.live().filter(user=viewer.user_id).values("content_object"))


RELATIONS: dict[Relation, Rule] = {
    Relation.OFFICE: lambda v: all_if(v.is_office),
    Relation.OFFICE_HEAD: lambda v: all_if(v.heads_office),
    Relation.PRINCIPAL: lambda v: all_if(v.sees_all and not v.is_office),
    Relation.HEAD: lambda v: _responsible(v.heads),
    Relation.WORKER: lambda v: _responsible(v.staffs),
    Relation.COLLABORATOR: lambda v: _collaborating(v.staffs),
    Relation.OVERSEER: lambda v: _responsible(v.oversees) | _collaborating(v.oversees),
    Relation.READER: _shared,
}

_ANYBODY = frozenset(Relation)
_OFFICE = frozenset({Relation.OFFICE})
_WORKER = frozenset({Relation.WORKER})
_OFFICE_OR_WORKER = frozenset({Relation.OFFICE, Relation.WORKER})
_OFFICE_OR_HEAD = frozenset({Relation.OFFICE, Relation.HEAD})


def _approvers() -> frozenset[Relation]:
    """The office; by setting HEAD_MAY_APPROVE also the head of the responsible department."""
    return _OFFICE_OR_HEAD if settings.HEAD_MAY_APPROVE else _OFFICE


COMPLAINT_RULES: dict[str, Allowed] = {
    Action.VIEW: _ANYBODY,
    Verb.TRIAGE: _OFFICE,
    Verb.CORRECT: _OFFICE,
    Verb.ROUTE: _OFFICE,
    Verb.ADD_COLLABORATOR: _OFFICE_OR_HEAD,
    Verb.RELEASE_COLLABORATOR: _OFFICE_OR_HEAD,
    Verb.ACCEPT: _WORKER,
    Verb.RETURN: _WORKER,
    Verb.START: _WORKER,
    Verb.PUT_ON_HOLD: _WORKER,
    Verb.RESUME: _WORKER,
    Verb.DRAFT: _OFFICE_OR_WORKER,
    Verb.SUBMIT: _OFFICE_OR_WORKER,
    Verb.SEND_BACK: _approvers,
    Verb.APPROVE: _approvers,
    Verb.SEND: _approvers,
    Verb.NOTIFY_PROGRESS: _OFFICE_OR_HEAD,
    Verb.MESSAGE: _OFFICE_OR_HEAD,
    Verb.COMMENT: _ANYBODY,
    Verb.ATTACH: frozenset({Relation.OFFICE, Relation.WORKER, Relation.COLLABORATOR}),
    Verb.EXTEND: _OFFICE_OR_HEAD,
    Verb.ASK_FEE: _OFFICE_OR_HEAD,
    Verb.RECORD_FEE: _OFFICE_OR_HEAD,
    Verb.FORWARD: _OFFICE,
    Verb.NOTIFY_FORWARDING: _OFFICE,
    Verb.CLOSE: _OFFICE_OR_HEAD,
    Verb.WITHDRAW: _OFFICE,
    Verb.MARK_DUPLICATE: _OFFICE,
    Verb.SPLIT: _OFFICE,
    Verb.MARK_NOT_EXAMINABLE: _OFFICE,
    Verb.REJECT: _OFFICE,
    Verb.RECORD_OBJECTION: _OFFICE,
    Verb.REOPEN: _OFFICE,
    Verb.TAG: _OFFICE_OR_WORKER,
    Verb.SHARE: _OFFICE_OR_HEAD,
    Verb.UNSHARE: _OFFICE_OR_HEAD,
}
"""Verb -> the relations that may say it. The state of the case must allow it too (`complaints.moves`)."""


def complaint_filter(viewer: Viewer, action: str = Action.VIEW) -> Q:
    """The complaints to which `viewer` may do `action`, as a filter."""
    return COMPLAINTS.filter(viewer, action)


def _seen(viewer: Viewer) -> Q:
    """All relations at once, each asked once."""
    if viewer.sees_all:
        return EVERYTHING
    mine = viewer.departments
    return either([_responsible(mine), _collaborating(mine), _shared(viewer)])


COMPLAINTS = VerbTable(
    complaint_action,
    model=Complaint,
    relations=RELATIONS,
    rules=COMPLAINT_RULES,
    seen=_seen,
)


def access_paths(viewer: Viewer) -> list[Path]:
    """The VIEW rule of a viewer without access to all cases, as access paths of one index each."""
    return [*map(paths.own, list(viewer.departments)), *other_paths(viewer)]


def other_paths(viewer: Viewer) -> list[Path]:
    """The ways to what does not lie with the viewer's departments, or not only."""
    together = [paths.collaborating(department) for department in list(viewer.departments)]
    return [*together, paths.shared(viewer)] if _may_be_shared_with(viewer) else together


def _of_visible_complaint(viewer: Viewer) -> Q:
    """A child row is visible exactly when its complaint is."""
    if (rule := complaint_filter(viewer)) in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(Complaint.objects.filter(rule, pk=OuterRef("complaint"))))


def _routings(viewer: Viewer) -> Q:
    """Those of a visible complaint, and one's own department's past ones: its own part in the story (case 14)."""
    if viewer.sees_all:
        return EVERYTHING
    own = Q(department__in=list(viewer.departments)) if viewer.departments else NOTHING
    if (rule := complaint_filter(viewer)) == NOTHING:
        return own
    # Not EXISTS: behind an OR the planner hashes it, and reads every visible complaint for the routings of one page.
    complaint = Subquery(Complaint.objects.filter(rule, pk=OuterRef("complaint")).values("pk")[:1])
    return either([own, Q(IsNull(complaint, False))])


def known_persons(viewer: Viewer) -> Q:
    """Visible cases whose citizen the viewer may know: a permission of its own, held in a department that has the
    case, and never where the identity is hidden; for staff of the office with it, all cases."""
    if viewer.sees_all_contacts:
        return EVERYTHING
    if not (departments := _knowing_departments(viewer)):
        return NOTHING
    return (_responsible(departments) | _collaborating(departments)) & Q(identity_hidden=False)


def knows_person(viewer: Viewer, complaint: Complaint) -> bool:
    """`known_persons` of one visible case that is at hand."""
    if viewer.sees_all_contacts:
        return True
    has_it = {complaint.responsible_department_id, *complaint.collaborators}
    return not complaint.identity_hidden and bool(_knowing_departments(viewer) & has_it)


def _knowing_departments(viewer: Viewer) -> frozenset[int]:
    """Departments through which a viewer without access to all citizens knows those of their cases."""
    if viewer.sees_all or not viewer.may("CONTACTS"):
        return frozenset()
    return viewer.contacts_in & viewer.departments


def _citizens(viewer: Viewer) -> Q:
    """Those who are looked up, and those who are met on a list of guests."""
    return either([citizens_looked_up(viewer), citizens_of_guests(viewer)])


def citizens_looked_up(viewer: Viewer) -> Q:
    """Those who are known from a case, a request for an appointment, or a role at an organisation. Anybody may be named
    in the team of an event, so who meets guests there is no reason to have a list of citizens."""
    return either([_citizens_of_cases(viewer), citizens_of_requests(viewer), citizens_of_roles(viewer)])


def _citizens_of_cases(viewer: Viewer) -> Q:
    if (rule := known_persons(viewer)) in (EVERYTHING, NOTHING):
        return rule
    theirs = Q(applicant=OuterRef("pk")) | Q(on_behalf_of=OuterRef("pk"))
    return Q(Exists(Complaint.objects.filter(theirs, rule)))


def _office_only(viewer: Viewer) -> Q:
    return all_if(viewer.is_office)


def _imports(viewer: Viewer) -> Q:
    """Imports: visible to their author, and in the office to viewers of every citizen, since a report may quote
    the file."""
    if not viewer.is_office:
        return NOTHING
    return EVERYTHING if viewer.sees_all_contacts else Q(uploaded_by=viewer.user_id)


def _administrator(viewer: Viewer) -> Q:
    """Bilgi işlem: accounts, grants and tokens of the installation, but no complaint."""
    return all_if(bool(viewer.user and viewer.user.is_superuser and viewer.scopes is None))


def _own_or_administered(viewer: Viewer) -> Q:
    return either([_administrator(viewer), _office_head(viewer), _own(viewer)])


def _office_head(viewer: Viewer) -> Q:
    """The head in a browser. A token never gives itself more: no grant, no token, no read log."""
    return all_if(viewer.heads_office and viewer.scopes is None)


def _own(viewer: Viewer) -> Q:
    return Q(user=viewer.user_id) if viewer.user_id is not None else NOTHING


def _in_a_browser(viewer: Viewer) -> Q:
    """A person, for themselves. A token never gives itself more: what it made would outlive it."""
    return all_if(viewer.user is not None and viewer.scopes is None)


def _own_in_a_browser(viewer: Viewer) -> Q:
    """A person's own. A token with fewer scopes than its owner would read there what it may not."""
    return _own(viewer) if viewer.scopes is None else NOTHING


def _office_or_administrator(viewer: Viewer) -> Q:
    return either([_office_only(viewer), _administrator(viewer)])


_CHILD: dict[str, Rule] = {Action.VIEW: _of_visible_complaint}

RULES: dict[type[Model], dict[str, Rule]] = {
    Complaint: COMPLAINTS.as_rules(),
    Routing: {Action.VIEW: _routings},
    ComplaintLine: _CHILD,
    Comment: _CHILD,
    Notice: _CHILD,
    Extension: _CHILD,
    FeeNotice: _CHILD,
    Forwarding: _CHILD,
    Attachment: _CHILD,
    Citizen: {
        Action.VIEW: _citizens,
        Action.CORRECT: _office_only,
        Action.MERGE: _office_only,
        Action.ANONYMISE: may_anonymise,
        Action.REPORT: lambda v: all_if(v.heads_office and v.sees_all_contacts and v.scopes is None),
        Action.REVEAL: lambda v: all_if(v.is_office and v.sees_all_contacts),
    },
    PrivacyNotice: {Action.VIEW: lambda v: EVERYTHING, Action.REGISTER: _office_only},
    FileImport: {Action.VIEW: _imports, Action.CHANGE: _imports, Action.REGISTER: _office_only},
    Message: {Action.VIEW: _office_only},
    AuditLog: {Action.VIEW: _office_or_administrator},
    AccessLog: {Action.VIEW: lambda v: either([_office_head(v), _administrator(v)])},
    ChangeEvent: {Action.VIEW: lambda v: NOTHING},
    IdempotentResponse: {Action.VIEW: _own},
    ApiToken: {Action.VIEW: _own_or_administered, Action.REVOKE: _own_or_administered},
    DepartmentGrant: {
        Action.VIEW: _own_or_administered,
        Action.GIVE: lambda v: either([_administrator(v), _office_head(v)]),
        Action.TAKE: lambda v: either([_administrator(v), _office_head(v)]),
    },
    ComplaintGrant: {Action.VIEW: lambda v: either([_office_only(v), _own(v)])},
    PrincipalGrant: {
        Action.VIEW: _own_or_administered,
        Action.GIVE: lambda v: either([_administrator(v), _office_head(v)]),
        Action.TAKE: lambda v: either([_administrator(v), _office_head(v)]),
    },
    Department: {
        Action.VIEW: lambda v: EVERYTHING,
        Action.CHANGE: lambda v: either([_administrator(v), _office_head(v)]),
    },
    SavedFilter: {
        Action.VIEW: _own,
        Action.CHANGE: _own,
        Action.REGISTER: lambda v: all_if(v.user is not None),
    },
    Export: {
        Action.VIEW: _own_in_a_browser,
        Action.CHANGE: _own_in_a_browser,
        Action.REGISTER: _in_a_browser,
    },
    Feed: {Action.VIEW: _own, Action.REVOKE: _own, Action.REGISTER: _in_a_browser},
    ReminderChoice: {Action.VIEW: _own, Action.CHANGE: _own, Action.REGISTER: _in_a_browser},
    Preference: {Action.VIEW: _own, Action.CHANGE: _own, Action.REGISTER: _in_a_browser},
    AdministrativeLeave: {Action.VIEW: lambda v: EVERYTHING, Action.CHANGE: _office_or_administrator},
    **PROGRAMME,
    **APPOINTMENTS,
    **INVITATIONS,
    **LETTERS,
    **INSTRUCTIONS,
    **PROTOCOL,
    **GREETINGS,
    **EVENTS,
    **PARTNERS,
    **ENGAGEMENTS,
    **AGREEMENTS,
    **SEATING,
    **RETENTION,
    **CLIENTS,
}


RULES[Moment] = {Action.VIEW: moments(RULES, known_persons)}
RULES[Notification] = dict.fromkeys((Action.VIEW, Action.CHANGE), notifications(RULES))

VERB_TABLES: dict[type[Model], VerbTable] = {
    table.model: table
    for table in (
        COMPLAINTS,
        ENTRIES,
        NOTES,
        REQUESTS,
        PROMISES,
        INVITATIONS_TABLE,
        LETTERS_TABLE,
        INSTRUCTIONS_TABLE,
        GREETINGS_TABLE,
        EVENTS_TABLE,
        TASKS_TABLE,
        GUESTS_TABLE,
        ORGANISATIONS_TABLE,
        LISTS_TABLE,
        ENGAGEMENTS_TABLE,
        AGREEMENTS_TABLE,
        DESTRUCTIONS_TABLE,
        SUBJECT_REQUESTS_TABLE,
    )
}
"""Kinds of rows with verbs."""


def may_register(viewer: Viewer) -> bool:
    """Every member of staff must be able to take a petition: refusing one is an offence (TCK 121)."""
    return bool(viewer.staffs) and viewer.may("WRITE")
