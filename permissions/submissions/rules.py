"""A part of THE TABLE: submissions that await verification, which the private office decides on."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Model

from backend.submissions import actions  # noqa: F401 - declares the verbs
from backend.submissions.models import AffectedPerson, ContactProof, ShareUse, Submission, SubmissionFile
from backend.submissions.moves import Verb, submission_action
from permissions.core.filters import Action, Allowed, Rule, VerbTable, all_if
from permissions.core.relations import office, served


class SubmissionRelation(StrEnum):
    """What a viewer is to a submission."""

    OFFICE = "OFFICE"  # works in the private office
    SERVED = "SERVED"  # the private office serves them: the mayor


SUBMISSION_RELATIONS: dict[SubmissionRelation, Rule] = {
    SubmissionRelation.OFFICE: office,
    SubmissionRelation.SERVED: served,
}
_OFFICE = frozenset({SubmissionRelation.OFFICE})
SUBMISSION_RULES: dict[str, Allowed] = {
    Action.VIEW: frozenset(SubmissionRelation),
    Verb.ACCEPT: _OFFICE,
    Verb.REJECT: _OFFICE,
}
SUBMISSIONS_TABLE = VerbTable(
    submission_action,
    model=Submission,
    relations=SUBMISSION_RELATIONS,
    rules=SUBMISSION_RULES,
    seen=lambda v: all_if(v.sees_all),
)
RULES: dict[type[Model], dict[str, Any]] = {
    Submission: SUBMISSIONS_TABLE.as_rules(),
    AffectedPerson: {Action.VIEW: lambda v: all_if(v.sees_all)},
    SubmissionFile: {Action.VIEW: lambda v: all_if(v.sees_all)},
    ContactProof: {Action.VIEW: lambda v: all_if(v.sees_all)},
    ShareUse: {Action.VIEW: lambda v: all_if(v.sees_all)},
}
VERB_TABLES = (SUBMISSIONS_TABLE,)
