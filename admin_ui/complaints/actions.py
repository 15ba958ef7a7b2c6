"""What may be done to a case, as forms: the verb, its fields, and the one action it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from admin_ui.complaints import forms as f
from admin_ui.complaints.split_form import SplitForm
from admin_ui.core.forms import DeedForm, NoteForm, ReasonForm
from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.organization.models import User
from permissions.core import grants

Run = Callable[[Complaint, dict[str, Any], User], Any]


@dataclass(frozen=True)
class Deed:
    """`form` has the fields of the action's parameters, by the same names.

    `tells`: the citizen is told something, now or one day, so that it can be rehearsed for a preview.

    `guarded`: refused if somebody changed the case since the page was loaded.
    """

    verb: Verb
    run: Run
    form: type[DeedForm] = DeedForm
    tells: bool = False
    guarded: bool = True
    danger: bool = False
    hint: Any = ""

    @property
    def slug(self) -> str:
        return self.verb.value.lower()

    @property
    def needs_form(self) -> bool:
        return self.form is not DeedForm


def _call(action: Callable[..., Any]) -> Run:
    return lambda complaint, values, by: action(complaint, by=by, **values)


def _route(complaint: Complaint, values: dict[str, Any], by: User) -> Any:
    together = values.pop("together", ())
    actions.route(complaint, by=by, **values)
    having = {complaint.responsible_department_id, *complaint.collaborators}
    for department in together:
        if department.pk not in having:
            actions.add_collaborator(complaint, by=by, department=department)


def _attach(complaint: Complaint, values: dict[str, Any], by: User) -> Any:
    upload = values["file"]
    return actions.attach(complaint, by=by, file=upload, name=upload.name)


def _tag(complaint: Complaint, values: dict[str, Any], by: User) -> Any:
    now, wanted = set(complaint.tags), set(values["tags"])
    return actions.tag(complaint, by=by, add=sorted(wanted - now), remove=sorted(now - wanted))


def _share(complaint: Complaint, values: dict[str, Any], by: User) -> Any:
    return grants.share(complaint, by=by, **values)


def _unshare(complaint: Complaint, values: dict[str, Any], by: User) -> Any:
    return grants.unshare(complaint, by=by, **values)


V = Verb
_TOLD = _("The citizen is told this end and its reason.")
_ALL = [
    Deed(V.TRIAGE, _call(actions.triage), f.TriageForm),
    Deed(V.CORRECT, _call(actions.correct), f.CorrectForm),
    Deed(V.ROUTE, _route, f.RouteForm),
    Deed(V.ADD_COLLABORATOR, _call(actions.add_collaborator), f.CollaboratorForm, guarded=False),
    Deed(V.RELEASE_COLLABORATOR, _call(actions.release_collaborator), f.ReleaseForm, guarded=False),
    Deed(V.ACCEPT, _call(actions.accept)),
    Deed(
        V.RETURN,
        _call(actions.return_),
        ReasonForm,
        danger=True,
        hint=_("The application leaves your department at once. Say why, and whose it is if you know."),
    ),
    Deed(V.START, _call(actions.start)),
    Deed(V.WAIT, _call(actions.wait), f.WaitForm),
    Deed(V.RESUME, _call(actions.resume), NoteForm),
    Deed(V.DRAFT, _call(actions.draft), f.DraftForm, tells=True),
    Deed(V.SUBMIT, _call(actions.submit)),
    Deed(V.SEND_BACK, _call(actions.send_back), ReasonForm),
    Deed(V.APPROVE, _call(actions.approve)),
    Deed(V.SEND, _call(actions.send), f.SendForm, tells=True),
    Deed(
        V.NOTIFY_PROGRESS,
        _call(actions.notify_progress),
        f.ProgressForm,
        tells=True,
        hint=_(
            "Tells how far the matter is. The result is still owed and must be told separately (3071 m.7)."
        ),
    ),
    Deed(V.MESSAGE, _call(actions.message), f.MessageForm, tells=True, guarded=False),
    Deed(V.COMMENT, _call(actions.comment), f.CommentForm, guarded=False),
    Deed(V.ATTACH, _attach, f.AttachForm, guarded=False),
    Deed(
        V.EXTEND,
        _call(actions.extend),
        f.ExtendForm,
        tells=True,
        hint=_("Once, in writing, with the reason, before the fifteen working days end (4982 m.11)."),
    ),
    Deed(V.ASK_FEE, _call(actions.ask_fee), f.FeeForm, tells=True),
    Deed(V.RECORD_FEE, _call(actions.record_fee), f.PaymentForm),
    Deed(
        V.FORWARD,
        _call(actions.forward),
        f.ForwardForm,
        hint=_(
            "Forwarding and telling the citizen are two steps; both are needed before closing (3071 m.5)."
        ),
    ),
    Deed(V.INFORM_FORWARDED, _call(actions.inform_forwarded), f.InformForm, tells=True),
    Deed(V.CLOSE, _call(actions.close), f.CloseForm),
    Deed(
        V.WITHDRAW,
        _call(actions.withdraw),
        NoteForm,
        danger=True,
        hint=_("The citizen no longer wants it. This is an end but not a solution."),
    ),
    Deed(
        V.MARK_DUPLICATE, _call(actions.mark_duplicate), f.DuplicateForm, tells=True, danger=True, hint=_TOLD
    ),
    Deed(
        V.SPLIT,
        _call(actions.split),
        SplitForm,
        hint=_(
            "The matter becomes a case of its own with the same applicant and day of receipt; its number is sent to"
            " whoever asked. The rest goes on here."
        ),
    ),
    Deed(
        V.MARK_NOT_EXAMINABLE,
        _call(actions.mark_not_examinable),
        f.NotExaminableForm,
        tells=True,
        danger=True,
        hint=_TOLD,
    ),
    Deed(V.REJECT, _call(actions.reject), f.RejectForm, tells=True, danger=True, hint=_TOLD),
    Deed(V.REOPEN, _call(actions.reopen), ReasonForm),
    Deed(
        V.CONTEST,
        _call(actions.contest),
        f.ContestForm,
        hint=_("To the Board or a court (4982 m.13). Say it again when the result is known."),
    ),
    Deed(V.TAG, _tag, f.TagForm, guarded=False),
    Deed(V.SHARE, _share, f.ShareForm, guarded=False),
    Deed(V.UNSHARE, _unshare, f.UnshareForm, guarded=False),
]
DEEDS: dict[Verb, Deed] = {deed.verb: deed for deed in _ALL}
"""Every verb has its deed; a test holds this against the table of moves."""

MAIN = (
    V.ROUTE,
    V.ACCEPT,
    V.RETURN,
    V.START,
    V.RESUME,
    V.DRAFT,
    V.SUBMIT,
    V.APPROVE,
    V.SEND_BACK,
    V.SEND,
    V.INFORM_FORWARDED,
    V.CLOSE,
    V.REOPEN,
    V.MESSAGE,
    V.COMMENT,
)
"""The verbs that stand as buttons; the others are one click further away."""

__all__ = ["DEEDS", "MAIN", "Deed"]
