"""What may happen to a message at the incoming desk, to a mailbox and a line: one function a verb, each one
transaction."""

from backend.mailboxes.actions.boxes import save_mailbox
from backend.mailboxes.actions.desk import (
    files_of,
    join,
    make_case,
    route,
    set_aside,
    take_out,
    take_up,
    void_refusal,
)
from backend.mailboxes.actions.lines import save_line
from backend.mailboxes.actions.making import make_letter, make_request
from backend.mailboxes.matters.undelivered import report_undelivered
from backend.mailboxes.matters.writing import (
    note_on_letter,
    note_on_organisation,
    note_on_request,
    take_back_of_letter,
    take_back_of_organisation,
    write_about_letter,
    write_to_organisation,
)
