"""The words of the stories: what lines of events and guests may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.events.moves import GuestVerb, TaskVerb, Verb


class Happened(models.TextChoices):
    PLANNED = "planned", _("Event recorded")
    ANNOUNCED = "announced", _("Announced")
    HELD = "held", _("Took place")
    CLOSED = "closed", _("File closed")
    CORRECTED = "corrected", _("Event corrected")
    PART_PUT = "part_put", _("Part added or changed")
    PART_DROPPED = "part_dropped", _("Part taken off")
    ITEM_PUT = "item_put", _("Step added or changed")
    ITEM_DROPPED = "item_dropped", _("Step taken off")
    SPEAKERS_ARRANGED = "speakers_arranged", _("Speakers put in order")
    TASK_ADDED = "task_added", _("Task added")
    TASK_FINISHED = "task_finished", _("Task done")
    TASK_RESUMED = "task_resumed", _("Task taken up again")
    TASK_CORRECTED = "task_corrected", _("Task corrected")
    TASK_DROPPED = "task_dropped", _("Task not needed")
    MEMBER_NAMED = "member_named", _("Duty given")
    MEMBER_UNNAMED = "member_unnamed", _("Duty taken off")
    PARTNER_ADDED = "partner_added", _("Organisation added")
    PARTNER_DROPPED = "partner_dropped", _("Organisation taken off")
    LETTER_LINKED = "letter_linked", _("Letter added to the file")
    LETTER_UNLINKED = "letter_unlinked", _("Letter taken out of the file")
    NOTE_WRITTEN = "note_written", _("Note written")
    ATTACHED = "attached", _("File attached")
    GROUP_PUT = "group_put", _("Group of guests added or changed")
    GROUP_DROPPED = "group_dropped", _("Group of guests taken off")
    GATHERED = "gathered", _("Guests read anew")
    INVITED = "invited", _("Invitations sent")
    FROZEN = "frozen", _("Guest list frozen")
    UNFROZEN = "unfrozen", _("Guest list opened again")
    CHECKED_IN = "checked_in", _("Arrivals taken over")
    PUBLISHED = "published", _("Put into the public calendar")
    UNPUBLISHED = "unpublished", _("Taken out of the public calendar")
    CANCELLED = "cancelled", _("Event cancelled")
    REOPENED = "reopened", _("Event opened again")
    LETTERS_DRAFTED = "letters_drafted", _("Letters begun")
    THANKED = "thanked", _("Guests thanked")


TELLS = {
    Verb.ANNOUNCE: Happened.ANNOUNCED,
    Verb.HOLD: Happened.HELD,
    Verb.CLOSE: Happened.CLOSED,
    Verb.CORRECT: Happened.CORRECTED,
    Verb.PUT_PART: Happened.PART_PUT,
    Verb.DROP_PART: Happened.PART_DROPPED,
    Verb.PUT_ITEM: Happened.ITEM_PUT,
    Verb.DROP_ITEM: Happened.ITEM_DROPPED,
    Verb.ARRANGE_SPEAKERS: Happened.SPEAKERS_ARRANGED,
    Verb.ADD_TASK: Happened.TASK_ADDED,
    Verb.NAME_MEMBER: Happened.MEMBER_NAMED,
    Verb.UNNAME_MEMBER: Happened.MEMBER_UNNAMED,
    Verb.ADD_PARTNER: Happened.PARTNER_ADDED,
    Verb.DROP_PARTNER: Happened.PARTNER_DROPPED,
    Verb.LINK_LETTER: Happened.LETTER_LINKED,
    Verb.UNLINK_LETTER: Happened.LETTER_UNLINKED,
    Verb.WRITE_NOTE: Happened.NOTE_WRITTEN,
    Verb.ATTACH: Happened.ATTACHED,
    Verb.PUT_GROUP: Happened.GROUP_PUT,
    Verb.DROP_GROUP: Happened.GROUP_DROPPED,
    Verb.GATHER: Happened.GATHERED,
    Verb.INVITE: Happened.INVITED,
    Verb.FREEZE: Happened.FROZEN,
    Verb.UNFREEZE: Happened.UNFROZEN,
    Verb.CHECK_IN: Happened.CHECKED_IN,
    Verb.THANK: Happened.THANKED,
    Verb.PUBLISH: Happened.PUBLISHED,
    Verb.UNPUBLISH: Happened.UNPUBLISHED,
    Verb.CANCEL: Happened.CANCELLED,
    Verb.REOPEN: Happened.REOPENED,
}

TASK_TELLS = {
    TaskVerb.FINISH: Happened.TASK_FINISHED,
    TaskVerb.RESUME: Happened.TASK_RESUMED,
    TaskVerb.CORRECT: Happened.TASK_CORRECTED,
    TaskVerb.DROP: Happened.TASK_DROPPED,
}


class GuestHappened(models.TextChoices):
    LISTED = "listed", _("Put on the list")
    ANSWERED = "answered", _("Answered")
    CALLED = "called", _("Called")
    CORRECTED = "corrected", _("Guest corrected")
    PROMOTED = "promoted", _("Got a place")
    DEMOTED = "demoted", _("Put on the reserve list")
    TAKEN_OFF = "taken_off", _("Taken off the list")
    PUT_BACK = "put_back", _("Put back on the list")
    LINK_RENEWED = "link_renewed", _("New link made")
    ARRIVED = "arrived", _("Arrived")
    ARRIVAL_UNDONE = "arrival_undone", _("Arrival taken back")
    MESSAGED = "messaged", _("Invitation sent")
    REMINDED = "reminded", _("Reminded of the answer")
    PRINTED = "printed", _("Card printed")
    THANKED = "thanked", _("Thanked")


GUEST_TELLS = {
    GuestVerb.ANSWER: GuestHappened.ANSWERED,
    GuestVerb.CALL: GuestHappened.CALLED,
    GuestVerb.CORRECT: GuestHappened.CORRECTED,
    GuestVerb.PROMOTE: GuestHappened.PROMOTED,
    GuestVerb.DEMOTE: GuestHappened.DEMOTED,
    GuestVerb.TAKE_OFF: GuestHappened.TAKEN_OFF,
    GuestVerb.PUT_BACK: GuestHappened.PUT_BACK,
    GuestVerb.RENEW_LINK: GuestHappened.LINK_RENEWED,
    GuestVerb.UNDO_ARRIVAL: GuestHappened.ARRIVAL_UNDONE,
}
