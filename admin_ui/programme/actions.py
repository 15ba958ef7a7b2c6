"""What may be done to an entry of a programme on its page: a step a verb, with what its form has of its own."""

from __future__ import annotations

from admin_ui.core.actions import steps_of
from admin_ui.programme import forms as f
from backend.programme.moves import Verb, entry_action
from permissions.programme.handing_over import hand_over_entry

V = Verb
STEPS = steps_of(
    entry_action,
    {
        V.MOVE: f.MoveForm,
        V.RESTORE: f.PlacedForm,
        V.CORRECT: f.CorrectForm,
        V.PREPARE: f.PrepareForm,
        V.ASK_NOTE: f.AskNoteForm,
        V.PROMISE: f.PromiseForm,
        V.CANCEL: f.SeriesForm,
        V.EXTEND_HOLD: f.ExtendForm,
        V.HAND_OVER: f.HandOverForm,
        V.UNINVITE: f.UninviteForm,
        V.UNNAME_READER: f.UnnameReaderForm,
        V.SHOW_PRESS: f.PressForm,
    },
    through={V.HAND_OVER: hand_over_entry},
)
