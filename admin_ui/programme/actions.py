"""What may be done to an entry of a programme on its page: a step a verb, with what its form has of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import TextChoices

from admin_ui.core.actions import RowAction, steps_of
from admin_ui.programme import forms
from backend.programme.moves import Verb, entry_action
from permissions.core import scope
from permissions.programme.handing_over import hand_over_entry

STEPS = steps_of(
    entry_action,
    {
        Verb.MOVE: forms.MoveForm,
        Verb.RESTORE: forms.PlacedForm,
        Verb.CORRECT: forms.CorrectForm,
        Verb.PREPARE: forms.PrepareForm,
        Verb.ASK_NOTE: forms.AskNoteForm,
        Verb.PROMISE: forms.PromiseForm,
        Verb.CANCEL: forms.SeriesForm,
        Verb.EXTEND_HOLD: forms.ExtendForm,
        Verb.HAND_OVER: forms.HandOverForm,
        Verb.UNINVITE: forms.UninviteForm,
        Verb.UNNAME_READER: forms.UnnameReaderForm,
        Verb.SHOW_PRESS: forms.PressForm,
    },
    through={Verb.HAND_OVER: hand_over_entry},
)


def within_reach(steps: Iterable[RowAction], hand_over: TextChoices) -> list[RowAction]:
    """Leave out handing over for viewers who keep no other programme: a matter of theirs, not of the row."""
    keeps_another = len(scope.current_viewer().kept) > 1
    return [step for step in steps if step.verb is not hand_over or keeps_another]
