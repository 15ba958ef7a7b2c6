"""Approved phrases below the texts of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from admin_ui.core.fields import choice
from admin_ui.core.forms import optional
from admin_ui.core.parts.messages import AnswerForm
from admin_ui.core.parts.phrases import PhrasesForm as AnyPhrasesForm
from backend.complaints.actions.notices import means_of_message, way_back
from backend.complaints.choices import DeliveryMethod
from backend.complaints.models import Complaint
from backend.letters.case_phrases import Filled
from backend.letters.choices import PhrasePart
from permissions.complaints.rules import knows_person
from permissions.core import scope
from permissions.letters.case_phrases import offered

PURPOSE = "admin: phrases of a case"


class PhrasesForm(AnyPhrasesForm):
    """A form whose text `phrases_in` takes approved phrases of `part`."""

    part = PhrasePart.REPLY

    def phrases(self, row: Complaint) -> Sequence[Filled]:
        return offered(row, self.part, PURPOSE)


class NotePhrasesForm(PhrasesForm):
    part = PhrasePart.NOTE


class MessagePhrasesForm(PhrasesForm):
    part = PhrasePart.MESSAGE


class MessageForm(AnswerForm, MessagePhrasesForm):
    """A message to the citizen, answered as it came; how it goes is to be chosen where nothing says it.

    Who may not know the citizen chooses nothing here: the action finds the way, from addresses they do not read.
    """

    def prepare(self, row: Model) -> None:
        super().prepare(row)
        if _knows_applicant(row) and not means_of_message(row):
            means = choice(self, "means")
            means.required = True
            means.choices = optional(DeliveryMethod.choices, _("Choose how it goes"))

    def way_back(self, row: Model) -> str:
        return way_back(row) if _knows_applicant(row) else ""


def _knows_applicant(row: Model) -> TypeGuard[Complaint]:
    return isinstance(row, Complaint) and knows_person(scope.current_viewer(), row)
