"""What may happen to a mail at the incoming desk, and to a mailbox: one function a verb, each one transaction."""

from backend.mailboxes.actions.boxes import save_mailbox
from backend.mailboxes.actions.desk import (
    files_of,
    join,
    make_case,
    route,
    set_aside,
    take_out,
    take_up,
)
from backend.mailboxes.actions.making import make_letter, make_request
