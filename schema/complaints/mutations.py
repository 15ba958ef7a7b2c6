"""Saying a verb to a case: load through the scope, one action, the case read again as the viewer sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.complaints import actions
from backend.complaints.models import Complaint as Row
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen, PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody, User
from permissions.core import grants, scope
from schema.complaints import inputs
from schema.complaints.types import Complaint
from schema.contacts.types import recorded
from schema.core.nodes import key_of, load, row_again
from schema.core.results import Payload, answered
from schema.core.scalars import values

Edges = dict[str, type[models.Model]]


@strawberry.type(description="The case, as the viewer sees it afterwards.")
class ComplaintPayload(Payload):
    complaint: Complaint | None = row_again(
        Row, "The case; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="What the citizen is given to take along.")
class ComplaintReceipt:
    reference: str = strawberry.field(description="The number of the case.")
    tracking_code: str = strawberry.field(description="With this the citizen follows the case.")


@strawberry.type(description="The new case, and its receipt even for whoever will not see the case.")
class ComplaintRegisterPayload(ComplaintPayload):
    receipt: ComplaintReceipt | None = strawberry.field(
        description="What the citizen takes along.", default=None
    )


def given(input: Any, edges: Edges, *, keep_null: bool = False) -> dict[str, Any]:
    """What was said, as keyword arguments of the action; ids loaded as far as the viewer sees the rows."""
    found = values(input, "id", "version", "new_applicant")
    for name in set(found) & set(edges):
        found[name] = load(edges[name], found[name], name)
    return found if keep_null else {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class Saying:
    """A verb, the one action it calls, and the fields of its input that name rows."""

    verb: Verb
    act: Callable[..., Any]
    edges: Edges

    def to(self, input: Any) -> UUID:
        """Say it to the case that the input names; the key of the case."""
        fields = given(input, self.edges, keep_null=self.verb is Verb.CORRECT)
        key = key_of(Row, input.id)
        with scope.acting(self.verb, Row, key, version=input.version or None) as complaint:
            self.act(complaint, by=scope.current_viewer().user, **fields)
        return key


SAYINGS: dict[type, Saying] = {}
"""By input, so that what can be said can be rehearsed."""


def said(
    verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: type[models.Model]
) -> Any:
    """The mutation that says a verb. `edges`: the fields of the input that name rows."""

    saying = SAYINGS[input_type] = Saying(verb, act, edges)

    def resolver(self: Any, input: Any) -> Any:
        return answered(ComplaintPayload, lambda: {"key": saying.to(input)})

    resolver.__annotations__ = {"input": input_type, "return": ComplaintPayload}
    return strawberry.mutation(resolver, description=description)


def _register(input: inputs.ComplaintRegisterInput) -> dict[str, Any]:
    fields = given(
        input,
        {
            "category": Category,
            "neighbourhood": Neighbourhood,
            "applicant": Citizen,
            "on_behalf_of": Citizen,
            "privacy_notice": PrivacyNotice,
        },
    )
    with scope.registering() as viewer:
        if input.new_applicant:
            if "applicant" in fields:
                message = _("Name a known applicant or a new one, not both.")
                raise DomainError(ErrorCode.INVALID, message, "new_applicant")
            fields["applicant"] = recorded(input.new_applicant, viewer.user)
        fields = {"applicant": None} | fields
        complaint = actions.register(**fields, by=viewer.user, source_account=viewer.own_numbers)
    receipt = ComplaintReceipt(reference=complaint.reference, tracking_code=complaint.tracking_code)
    return {"key": complaint.key, "receipt": receipt}


@strawberry.type
class ComplaintMutations:
    @strawberry.mutation(description="Record a new case. Every member of staff may (TCK 121).")
    def complaint_register(self, input: inputs.ComplaintRegisterInput) -> ComplaintRegisterPayload:
        return answered(ComplaintRegisterPayload, lambda: _register(input))

    complaint_triage = said(
        Verb.TRIAGE,
        actions.triage,
        inputs.ComplaintTriageInput,
        "Decide what the case is.",
        category=Category,
    )
    complaint_correct = said(
        Verb.CORRECT,
        actions.correct,
        inputs.ComplaintCorrectInput,
        "Set facts right; dates follow.",
        category=Category,
        neighbourhood=Neighbourhood,
        applicant=Citizen,
        on_behalf_of=Citizen,
    )
    complaint_route = said(
        Verb.ROUTE,
        actions.route,
        inputs.ComplaintRouteInput,
        "Make a department responsible (havale).",
        to=Department,
    )
    complaint_add_collaborator = said(
        Verb.ADD_COLLABORATOR,
        actions.add_collaborator,
        inputs.ComplaintAddCollaboratorInput,
        "Let another department read and comment.",
        department=Department,
    )
    complaint_release_collaborator = said(
        Verb.RELEASE_COLLABORATOR,
        actions.release_collaborator,
        inputs.ComplaintReleaseCollaboratorInput,
        "End a collaboration.",
        department=Department,
    )
    complaint_accept = said(
        Verb.ACCEPT, actions.accept, inputs.ComplaintAcceptInput, "The department takes it on."
    )
    complaint_return = said(
        Verb.RETURN, actions.return_, inputs.ComplaintReturnInput, "Give it back to the office (iade)."
    )
    complaint_start = said(Verb.START, actions.start, inputs.ComplaintStartInput, "The work has begun.")
    complaint_wait = said(Verb.WAIT, actions.wait, inputs.ComplaintWaitInput, "Put it on hold.")
    complaint_resume = said(Verb.RESUME, actions.resume, inputs.ComplaintResumeInput, "Go on with it.")
    complaint_draft = said(
        Verb.DRAFT, actions.draft, inputs.ComplaintDraftInput, "Write the reply in the making."
    )
    complaint_submit = said(
        Verb.SUBMIT, actions.submit, inputs.ComplaintSubmitInput, "Hand the reply in for approval."
    )
    complaint_send_back = said(
        Verb.SEND_BACK, actions.send_back, inputs.ComplaintSendBackInput, "The reply is to be changed."
    )
    complaint_approve = said(
        Verb.APPROVE, actions.approve, inputs.ComplaintApproveInput, "Approve the reply."
    )
    complaint_send = said(Verb.SEND, actions.send, inputs.ComplaintSendInput, "Send the approved reply.")
    complaint_notify_progress = said(
        Verb.NOTIFY_PROGRESS,
        actions.notify_progress,
        inputs.ComplaintNotifyProgressInput,
        "Tell how far the matter is (3071 m.7).",
    )
    complaint_message = said(
        Verb.MESSAGE, actions.message, inputs.ComplaintMessageInput, "Write to the citizen."
    )
    complaint_comment = said(
        Verb.COMMENT, actions.comment, inputs.ComplaintCommentInput, "Add an internal note."
    )
    complaint_extend = said(
        Verb.EXTEND, actions.extend, inputs.ComplaintExtendInput, "Extend the limit, once (4982 m.11)."
    )
    complaint_ask_fee = said(
        Verb.ASK_FEE, actions.ask_fee, inputs.ComplaintAskFeeInput, "Ask for the fee; the clock stops."
    )
    complaint_record_fee = said(
        Verb.RECORD_FEE,
        actions.record_fee,
        inputs.ComplaintRecordFeeInput,
        "The fee was paid; the clock runs again.",
    )
    complaint_forward = said(
        Verb.FORWARD,
        actions.forward,
        inputs.ComplaintForwardInput,
        "Sent on to another body (3071 m.5).",
        to=OutsideBody,
    )
    complaint_inform_forwarded = said(
        Verb.INFORM_FORWARDED,
        actions.inform_forwarded,
        inputs.ComplaintInformForwardedInput,
        "Tell the citizen of the forwarding.",
    )
    complaint_close = said(Verb.CLOSE, actions.close, inputs.ComplaintCloseInput, "Close the case.")
    complaint_withdraw = said(
        Verb.WITHDRAW, actions.withdraw, inputs.ComplaintWithdrawInput, "The citizen takes it back."
    )
    complaint_mark_duplicate = said(
        Verb.MARK_DUPLICATE,
        actions.mark_duplicate,
        inputs.ComplaintMarkDuplicateInput,
        "It repeats an earlier case.",
        of=Row,
    )
    complaint_split = said(
        Verb.SPLIT,
        actions.split,
        inputs.ComplaintSplitInput,
        "Register a matter of the application as a case of its own (`parts`); the rest goes on.",
        category=Category,
        department=Department,
    )
    complaint_mark_not_examinable = said(
        Verb.MARK_NOT_EXAMINABLE,
        actions.mark_not_examinable,
        inputs.ComplaintMarkNotExaminableInput,
        "It cannot be examined (3071 m.6).",
    )
    complaint_reject = said(Verb.REJECT, actions.reject, inputs.ComplaintRejectInput, "Refuse what is asked.")
    complaint_reopen = said(Verb.REOPEN, actions.reopen, inputs.ComplaintReopenInput, "Take it up again.")
    complaint_contest = said(
        Verb.CONTEST,
        actions.contest,
        inputs.ComplaintContestInput,
        "Record an objection to how access to information was decided, or its result (4982 m.13).",
    )
    complaint_tag = said(Verb.TAG, actions.tag, inputs.ComplaintTagInput, "Put tags on and take tags off.")
    complaint_share = said(
        Verb.SHARE, grants.share, inputs.ComplaintShareInput, "Let one person read it and comment.", user=User
    )
    complaint_unshare = said(
        Verb.UNSHARE, grants.unshare, inputs.ComplaintUnshareInput, "Stop sharing with a person.", user=User
    )
