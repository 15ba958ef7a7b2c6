"""A part of THE TABLE: complaints and what belongs to them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, Subquery
from django.db.models.lookups import Exact, IsNull

from backend.complaints import actions  # noqa: F401 - declares the verbs
from backend.complaints.models import (
    Attachment,
    ChecklistItem,
    ChecklistTemplateItem,
    Comment,
    Complaint,
    ComplaintLine,
    Extension,
    FeeNotice,
    FileImport,
    Forwarding,
    Notice,
    NoticeFile,
    ReportCell,
    ReportChange,
    ReportFact,
    Routing,
    SocialPost,
)
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.teamwork.checklist import ChecklistVerb, checklist_action
from backend.configuration.office import configured
from permissions.complaints import (
    paths,
    sharing,  # noqa: F401 - declares its verbs
)
from permissions.complaints.paths import Path
from permissions.core.filters import (
    EVERYTHING,
    NOTHING,
    Action,
    Allowed,
    Rule,
    SeenAsOwner,
    VerbTable,
    all_if,
    both,
    either,
)
from permissions.core.relations import everybody, office, office_or_administrator, served
from permissions.core.viewer import Viewer
from permissions.models import ComplaintGrant


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
    Relation.OFFICE: office,
    Relation.OFFICE_HEAD: lambda v: all_if(v.heads_office),
    Relation.PRINCIPAL: served,
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
    return _OFFICE_OR_HEAD if configured.HEAD_MAY_APPROVE else _OFFICE


COMPLAINT_RULES: dict[str, Allowed] = {
    Action.VIEW: _ANYBODY,
    Verb.TRIAGE: _OFFICE,
    Verb.MARK_URGENT: _OFFICE,
    Verb.DISMISS_DANGER: _OFFICE,
    Verb.CORRECT: _OFFICE,
    Verb.ROUTE: _OFFICE,
    Verb.ADD_COLLABORATOR: _OFFICE_OR_HEAD,
    Verb.RELEASE_COLLABORATOR: _OFFICE_OR_HEAD,
    Verb.ACCEPT: _WORKER,
    Verb.RETURN: _WORKER,
    Verb.TAKE_OVER: _WORKER,
    Verb.ASSIGN: _OFFICE_OR_WORKER,
    Verb.RELEASE: _OFFICE_OR_WORKER,
    Verb.START: _WORKER,
    Verb.PUT_ON_HOLD: _WORKER,
    Verb.RESUME: _WORKER,
    Verb.DRAFT: _OFFICE_OR_WORKER,
    Verb.SUBMIT: _OFFICE_OR_WORKER,
    Verb.SEND_BACK: _approvers,
    Verb.APPROVE_AND_SEND: _approvers,
    Verb.CORRECT_REPLY: _approvers,
    Verb.APPROVE: _approvers,
    Verb.SEND: _approvers,
    Verb.RECALL: _approvers,
    Verb.UNDO: _OFFICE_OR_WORKER,
    Verb.RECORD_CIMER_ENTRY: _approvers,
    Verb.NOTIFY_PROGRESS: _OFFICE_OR_HEAD,
    Verb.MESSAGE: _OFFICE_OR_HEAD,
    Verb.UNSEND: _OFFICE_OR_HEAD,
    Verb.COMMENT: _ANYBODY,
    Verb.ATTACH: frozenset({Relation.OFFICE, Relation.WORKER, Relation.COLLABORATOR}),
    Verb.RECORD_POST: _OFFICE,
    Verb.EXTEND: _OFFICE_OR_HEAD,
    Verb.ASK_FEE: _OFFICE_OR_HEAD,
    Verb.RECORD_FEE: _OFFICE_OR_HEAD,
    Verb.FORWARD: _OFFICE,
    Verb.NOTIFY_FORWARDING: _OFFICE,
    Verb.CLOSE: _OFFICE_OR_HEAD,
    Verb.WITHDRAW: _OFFICE,
    Verb.MARK_DUPLICATE: _OFFICE,
    Verb.LINK: _OFFICE,
    Verb.UNLINK: _OFFICE,
    Verb.SET_APART: _OFFICE,
    Verb.UNSET_APART: _OFFICE,
    Verb.ADOPT_REPLY: _OFFICE,
    Verb.ANSWER_LINKED: _OFFICE,
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


_of_visible_complaint = SeenAsOwner(Complaint, complaint_filter, "complaint")


def _of_own_department(viewer: Viewer) -> Q:
    return Q(department__in=list(viewer.departments)) if viewer.departments else NOTHING


# One's own department's past ones too: its own part in the story (case 14).
_routings = SeenAsOwner(Complaint, complaint_filter, "complaint", also=_of_own_department)


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


def citizens_of_cases(viewer: Viewer) -> Q:
    """Return the citizens who are known from a case."""
    if (rule := known_persons(viewer)) in (EVERYTHING, NOTHING):
        return rule
    # Neither one EXISTS nor one OR: the planner would read every case of the department for one page of citizens.
    ways = (
        Subquery(Complaint.objects.filter(rule, **{way: OuterRef("pk")}).values("pk")[:1])
        for way in ("applicant", "on_behalf_of")
    )
    return either([Q(IsNull(way, False)) for way in ways])


def _attachments(viewer: Viewer) -> Q:
    """The files of visible cases; the picture of a post names a person, as the post does."""
    cases, known = complaint_filter(viewer), known_persons(viewer)
    if known == EVERYTHING or cases == NOTHING:
        return _of_visible_complaint(viewer)
    if known == NOTHING:
        return both(_of_visible_complaint(viewer), Q(is_of_post=False))
    names_none = Q(
        Exact(OuterRef("is_of_post"), False)
    )  # within: two EXISTS behind an OR read every visible case
    return Q(Exists(Complaint.objects.filter(cases, names_none | known, pk=OuterRef("complaint"))))


def posts_of_known(viewer: Viewer) -> Q:
    """Posts on social media: they name a person, so of who sees the case and may know its person."""
    rule = both(complaint_filter(viewer), known_persons(viewer))
    if rule in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(Complaint.objects.filter(rule, pk=OuterRef("complaint"))))


def _imports(viewer: Viewer) -> Q:
    """Imports: visible to their author, and in the office to viewers of every citizen, since a report may quote
    the file."""
    if not viewer.is_office:
        return NOTHING
    return EVERYTHING if viewer.sees_all_contacts else Q(uploaded_by=viewer.user_id)


def may_register(viewer: Viewer) -> bool:
    """Every member of staff must be able to take a petition: refusing one is an offence (TCK 121)."""
    return bool(viewer.staffs) and viewer.may("WRITE")


class ItemRelation(StrEnum):
    """What a viewer is to an item of the list of a case."""

    WORKS = "WORKS"  # the office, the unit that has the case, and units that work along
    SEES = "SEES"


def _of_worked_complaint(viewer: Viewer) -> Q:
    rule = complaint_filter(viewer, Verb.ATTACH)
    if rule in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(Complaint.objects.filter(rule, pk=OuterRef("complaint"))))


_WORKS_ON_ITEM = frozenset({ItemRelation.WORKS})
CHECKLISTS = VerbTable(
    checklist_action,
    model=ChecklistItem,
    relations={ItemRelation.WORKS: _of_worked_complaint, ItemRelation.SEES: _of_visible_complaint},
    rules={
        Action.VIEW: frozenset(ItemRelation),
        ChecklistVerb.TICK: _WORKS_ON_ITEM,
        ChecklistVerb.UNTICK: _WORKS_ON_ITEM,
    },
    seen=_of_visible_complaint,
)


def _figures(viewer: Viewer) -> Q:
    """Kept figures: those of one's own departments; the whole house's for who sees every case."""
    return EVERYTHING if viewer.sees_all else _of_own_department(viewer)


OF_COMPLAINT = (ComplaintLine, Comment, Notice, Extension, FeeNotice, Forwarding, NoticeFile)

RULES: dict[type[Model], dict[str, Any]] = {
    Complaint: COMPLAINTS.as_rules(),
    Routing: {Action.VIEW: _routings},
    **{model: {Action.VIEW: _of_visible_complaint} for model in OF_COMPLAINT},
    ChecklistItem: CHECKLISTS.as_rules(),
    Attachment: {Action.VIEW: _attachments},
    SocialPost: {Action.VIEW: posts_of_known},
    ChecklistTemplateItem: {Action.VIEW: everybody, Action.CHANGE: office_or_administrator},
    **{model: {Action.VIEW: _figures} for model in (ReportFact, ReportCell, ReportChange)},
    FileImport: {Action.VIEW: _imports, Action.CHANGE: _imports, Action.REGISTER: office},
}
VERB_TABLES = (COMPLAINTS, CHECKLISTS)
