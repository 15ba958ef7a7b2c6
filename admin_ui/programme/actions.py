"""What may be done to an entry of a programme, as forms: the verb, its fields, and the one action it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from admin_ui.core.forms import DeedForm
from admin_ui.programme import forms as f
from backend.appointments import actions as appointments
from backend.organization.models import User
from backend.programme import actions
from backend.programme.models import Entry
from backend.programme.moves import Verb
from permissions.programme.handing_over import hand_over_entry


@dataclass(frozen=True)
class EntryDeed:
    """`form` has the fields of the action's parameters, by the same names. `guarded`: refused if somebody changed
    the entry since the page was loaded.
    """

    verb: Verb
    action: Callable[..., Any]
    form: type[DeedForm] = DeedForm
    guarded: bool = True
    danger: bool = False
    hint: Any = ""

    @property
    def slug(self) -> str:
        return self.verb.value.lower()

    @property
    def needs_form(self) -> bool:
        return self.form is not DeedForm

    def run(self, entry: Entry, values: dict[str, Any], by: User) -> Any:
        return self.action(entry, by=by, **values)


V = Verb
_ALL = [
    EntryDeed(V.CONFIRM, actions.confirm),
    EntryDeed(V.EXTEND_HOLD, actions.extend_hold, f.ExtendForm),
    EntryDeed(V.RELEASE, actions.release, f.NoteForm, danger=True),
    EntryDeed(V.MOVE, actions.move_to, f.MoveForm),
    EntryDeed(
        V.HAND_OVER,
        hand_over_entry,
        f.HandOverForm,
        hint=_("It goes into the other's programme at its time, and leaves this one and the press view."),
    ),
    EntryDeed(V.CORRECT, actions.correct, f.CorrectForm),
    EntryDeed(V.CANCEL, actions.cancel, f.CancelForm, danger=True, hint=_("Its time is free again at once.")),
    EntryDeed(V.RESTORE, actions.restore, f.RestoreForm, hint=_("At its old time, if that is still free.")),
    EntryDeed(V.FINISH, actions.finish, f.FinishForm),
    EntryDeed(V.MISS, actions.miss, f.NoteForm),
    EntryDeed(V.INVITE, actions.invite, f.InviteForm, guarded=False),
    EntryDeed(V.UNINVITE, actions.uninvite, f.UninviteForm, guarded=False),
    EntryDeed(V.PREPARE, actions.prepare, f.PrepareForm),
    EntryDeed(
        V.ASK_NOTE,
        actions.ask_note,
        f.AskNoteForm,
        guarded=False,
        hint=_("Whoever leads the department is told by e-mail, and again once it is late."),
    ),
    EntryDeed(
        V.PROMISE,
        appointments.promise_at,
        f.PromiseForm,
        guarded=False,
        hint=_("It stands in the list of promises until it is kept; who is to keep it is reminded."),
    ),
    EntryDeed(
        V.CONCEAL,
        actions.conceal,
        f.ConcealForm,
        hint=_("Only you and those named here see it; for everybody else the time is taken."),
    ),
    EntryDeed(
        V.DISCLOSE,
        actions.disclose,
        f.ConfirmForm,
        danger=True,
        hint=_("Everybody who reads this programme sees it, with its whole story."),
    ),
    EntryDeed(V.NAME_READER, actions.name_reader, f.NameReaderForm, guarded=False),
    EntryDeed(V.UNNAME_READER, actions.unname_reader, f.UnnameReaderForm, guarded=False),
    EntryDeed(
        V.SHOW_PRESS,
        actions.show_press,
        f.PressForm,
        hint=_("The press unit sees these words and the time, and nothing else."),
    ),
    EntryDeed(V.HIDE_PRESS, actions.hide_press),
]
DEEDS: dict[Verb, EntryDeed] = {deed.verb: deed for deed in _ALL}
"""Every verb has its deed; a test holds this against the table of moves."""

MAIN = (
    V.CONFIRM,
    V.MOVE,
    V.FINISH,
    V.MISS,
    V.RESTORE,
    V.CORRECT,
    V.INVITE,
    V.PREPARE,
    V.ASK_NOTE,
    V.PROMISE,
    V.CANCEL,
    V.RELEASE,
)
"""The verbs that stand as buttons; the others are one click further away."""

OF_THE_REQUEST = frozenset(
    {V.CONFIRM, V.RELEASE, V.MOVE, V.HAND_OVER, V.CANCEL, V.RESTORE, V.FINISH, V.MISS, V.PROMISE, V.CONCEAL}
)
"""Where somebody asked for the appointment these are said at the request, so that they are told."""
