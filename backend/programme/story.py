"""The words of the story: what an `EntryLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    """One word a line. Most tell of a `Verb`; PLANNED begins the story, EXPIRED happened by itself."""

    PLANNED = "planned", _("Entered")
    CONFIRMED = "confirmed", _("Confirmed")
    HOLD_EXTENDED = "hold_extended", _("Hold extended")
    RELEASED = "released", _("Hold ended")
    EXPIRED = "expired", _("Hold expired")
    MOVED = "moved", _("Moved")
    HANDED_OVER = "handed_over", _("Handed over to another principal")
    CORRECTED = "corrected", _("Entry corrected")
    CANCELLED = "cancelled", _("Cancelled")
    RESTORED = "restored", _("Taken up again")
    FINISHED = "finished", _("Took place")
    MISSED = "missed", _("Did not take place")
    INVITED = "invited", _("Participant added")
    UNINVITED = "uninvited", _("Participant removed")
    PREPARED = "prepared", _("Briefing prepared")
    NOTE_ASKED = "note_asked", _("Department asked for its note")
    NOTE_WRITTEN = "note_written", _("Department's note written")
    NOTE_RETURNED = "note_returned", _("Department's note returned")
    NOTE_ASKED_AGAIN = "note_asked_again", _("Department asked again")
    NOTE_WITHDRAWN = "note_withdrawn", _("Department no longer asked")
    PROMISED = "promised", _("Promise recorded")
    PROMISE_KEPT = "promise_kept", _("Promise kept")
    PROMISE_BROKEN = "promise_broken", _("Promise not kept")
    PROMISE_CORRECTED = "promise_corrected", _("Promise corrected")
    PROMISE_WITHDRAWN = "promise_withdrawn", _("Promise taken back")
    PROMISE_REOPENED = "promise_reopened", _("Promise opened again")
    CONCEALED = "concealed", _("Made confidential")
    DISCLOSED = "disclosed", _("Confidentiality ended")
    READER_NAMED = "reader_named", _("Reader named")
    READER_UNNAMED = "reader_unnamed", _("Reader taken off")
    PRESS_SHOWN = "press_shown", _("Shown to the press unit")
    PRESS_HIDDEN = "press_hidden", _("Hidden from the press unit")
