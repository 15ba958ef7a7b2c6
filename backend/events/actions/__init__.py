"""What may happen to an event: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.events.actions.agenda import Step, arrange_speakers, drop_item, put_item
from backend.events.actions.answering import answer, call, call_and_answer, may_answer
from backend.events.actions.check_in import Outcome, Scan, Seen, check_in, people_inside, undo_arrival
from backend.events.actions.inviting import (
    Invited,
    invite,
    plan_invitations,
    recall,
    remind,
    renew_link,
    send_test,
)
from backend.events.actions.linking import add_partner, drop_partner, link_letter, unlink_letter
from backend.events.actions.listing import (
    Gathered,
    add_guest,
    correct_guest,
    drop_group,
    freeze,
    in_several_groups,
    note_printed,
    perhaps_the_same,
    put_group,
    sync_guests,
    unfreeze,
)
from backend.events.actions.parts import PlannedPart, drop_part, put_part
from backend.events.actions.places import demote, promote, put_back, remove_guest
from backend.events.actions.planning import announce, cancel, close, correct, hold, plan, reopen
from backend.events.actions.publishing import publish, unpublish
from backend.events.actions.tasks import (
    add_task,
    attach,
    correct_task,
    drop_task,
    finish_task,
    name_member,
    resume_task,
    unname_member,
    write_note,
)
from backend.events.actions.templating import plan_from_template
from backend.events.actions.thanking import thank
from backend.events.published.pictures import add_picture, describe_picture, drop_picture
