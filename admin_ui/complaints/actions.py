"""The buttons of a case: which come with a form of their own, and which comes first."""

from __future__ import annotations

from admin_ui.complaints import forms
from admin_ui.complaints.replies.phrases import MessageForm, MessagePhrasesForm
from admin_ui.core.actions import steps_of
from admin_ui.core.forms import AttachForm
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from permissions.core import scope

STEPS = steps_of(
    complaint_action,
    {
        Verb.TRIAGE: forms.TriageForm,
        Verb.CORRECT: forms.CorrectForm,
        Verb.ROUTE: forms.RouteForm,
        Verb.COMMENT: forms.CommentForm,
        Verb.ASSIGN: forms.AssignForm,
        Verb.RELEASE_COLLABORATOR: forms.ReleaseForm,
        Verb.PUT_ON_HOLD: forms.WaitForm,
        Verb.DRAFT: forms.DraftForm,
        Verb.APPROVE_AND_SEND: forms.ApproveAndSendForm,
        Verb.CORRECT_REPLY: forms.CorrectReplyForm,
        Verb.SEND: forms.SendForm,
        Verb.RECORD_CIMER_ENTRY: forms.EntryForm,
        Verb.ATTACH: AttachForm,
        Verb.RECORD_POST: forms.RecordPostForm,
        Verb.MESSAGE: MessageForm,
        Verb.NOTIFY_PROGRESS: MessagePhrasesForm,
        Verb.ASK_FEE: forms.FeeForm,
        Verb.RECORD_FEE: forms.PaymentForm,
        Verb.FORWARD: forms.ForwardForm,
        Verb.CLOSE: forms.CloseForm,
        Verb.MARK_DUPLICATE: forms.DuplicateForm,
        Verb.LINK: forms.LinkForm,
        Verb.SET_APART: forms.OtherForm,
        Verb.UNSET_APART: forms.OtherForm,
        Verb.SPLIT: forms.SplitForm,
        Verb.MARK_NOT_EXAMINABLE: forms.NotExaminableForm,
        Verb.REJECT: forms.RejectForm,
        Verb.RECORD_OBJECTION: forms.ContestForm,
        Verb.TAG: forms.TagForm,
        Verb.UNSHARE: forms.UnshareForm,
    },
)

NEXT = {
    Status.NEW: Verb.ROUTE,
    Status.TRIAGED: Verb.ROUTE,
    Status.RETURNED: Verb.ROUTE,
    Status.ASSIGNED: Verb.ACCEPT,
    Status.ACCEPTED: Verb.START,
    Status.IN_PROGRESS: Verb.DRAFT,
    Status.WAITING: Verb.RESUME,
    Status.ANSWERED: Verb.APPROVE_AND_SEND,
    Status.APPROVED: Verb.SEND,
    Status.REPLIED: Verb.CLOSE,
    Status.FORWARDED: Verb.NOTIFY_FORWARDING,
}
"""State -> the verb that usually comes next."""


def next_verb(complaint: Complaint) -> Verb | None:
    """What usually comes next, if the viewer may do it: it is drawn stronger and stands first."""
    able = scope.allowed_actions(complaint)
    if complaint.danger and Verb.MARK_URGENT in able:
        return Verb.MARK_URGENT
    wanted = NEXT.get(Status(complaint.status))
    if wanted is Verb.NOTIFY_FORWARDING and wanted not in able:
        wanted = Verb.CLOSE
    if wanted is Verb.SEND and complaint.came_through_cimer:
        wanted = Verb.RECORD_CIMER_ENTRY
    if wanted is Verb.APPROVE_AND_SEND and wanted not in able:
        wanted = Verb.APPROVE
    if wanted in (Verb.DRAFT, Verb.START) and Verb.SUBMIT in able:
        wanted = Verb.SUBMIT
    return wanted if wanted in able else None
