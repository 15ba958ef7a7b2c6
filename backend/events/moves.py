"""Transition tables of events, tasks and guests: the states in which each verb is allowed, and the state it leads
to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.events.choices import GuestStatus, Status, TaskStatus
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to an event. The same word is the action, the mutation and the permission."""

    ANNOUNCE = "ANNOUNCE", _("Announce the event")
    INVITE = "INVITE", _("Send the invitations")
    RECALL = "RECALL", _("Take back the invitations")
    HOLD = "HOLD", _("Record that it was held")
    CLOSE = "CLOSE", _("Close the file")
    SEND_TEST = "SEND_TEST", _("Send me a test")
    PUT_ITEM = "PUT_ITEM", _("Add or change a step")
    ADD_TASK = "ADD_TASK", _("Add a task")
    SYNC_GUESTS = "SYNC_GUESTS", _("Read the guests anew")
    THANK = "THANK", _("Thank those who came")
    ARRANGE_SPEAKERS = "ARRANGE_SPEAKERS", _("Put the speakers in order")
    CORRECT = "CORRECT", _("Correct the event")
    PUT_PART = "PUT_PART", _("Add or change a part")
    DROP_PART = "DROP_PART", _("Take a part off")
    DROP_ITEM = "DROP_ITEM", _("Take a step off")
    NAME_MEMBER = "NAME_MEMBER", _("Assign a duty")
    UNNAME_MEMBER = "UNNAME_MEMBER", _("Take a duty off")
    ADD_PARTNER = "ADD_PARTNER", _("Add an organisation")
    DROP_PARTNER = "DROP_PARTNER", _("Take an organisation off")
    LINK_LETTER = "LINK_LETTER", _("Add a letter to the file")
    UNLINK_LETTER = "UNLINK_LETTER", _("Take a letter out of the file")
    WRITE_NOTE = "WRITE_NOTE", _("Write a note")
    ATTACH = "ATTACH", _("Attach a file")
    PUT_GROUP = "PUT_GROUP", _("Add or change a group of guests")
    DROP_GROUP = "DROP_GROUP", _("Take a group off")
    FREEZE = "FREEZE", _("Freeze the guest list for print")
    UNFREEZE = "UNFREEZE", _("Open the guest list again")
    CHECK_IN = "CHECK_IN", _("Check guests in")
    PUBLISH = "PUBLISH", _("Put into the public calendar")
    ADD_PICTURE = "ADD_PICTURE", _("Add a picture to the public calendar")
    DESCRIBE_PICTURE = "DESCRIBE_PICTURE", _("Change the words of a picture")
    DROP_PICTURE = "DROP_PICTURE", _("Take a picture out of the public calendar")
    UNPUBLISH = "UNPUBLISH", _("Take out of the public calendar")
    REOPEN = "REOPEN", _("Open the event again")
    CANCEL = "CANCEL", _("Cancel the event")


class TaskVerb(models.TextChoices):
    """Everything that may be done to a task of an event."""

    FINISH = "FINISH", _("Record that it is done")
    RESUME = "RESUME", _("Record that it is not done")
    CORRECT = "CORRECT", _("Correct the task")
    DROP = "DROP", _("Take the task off")


class GuestVerb(models.TextChoices):
    """Everything that may be done to a guest."""

    ANSWER = "ANSWER", _("Record the answer")
    CALL = "CALL", _("Record a call")
    PROMOTE = "PROMOTE", _("Give a place")
    CORRECT = "CORRECT", _("Correct the guest")
    DEMOTE = "DEMOTE", _("Put on the reserve list")
    PUT_BACK = "PUT_BACK", _("Put back on the list")
    RENEW_LINK = "RENEW_LINK", _("Make a new link")
    UNDO_ARRIVAL = "UNDO_ARRIVAL", _("Take the arrival back")
    REMOVE = "REMOVE", _("Take off the list")


event_action = ActionTable(Verb, Status)
"""Cancelled events stay cancelled: their times are released, and a new event is planned."""

task_action = ActionTable(TaskVerb, TaskStatus)

guest_action = ActionTable(GuestVerb, GuestStatus)

allows, require = event_action.allows, event_action.require
