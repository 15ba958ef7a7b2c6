"""What may happen to a programme: one keyword-only function a verb, named as the verb.

Every action takes a row that the caller loaded through `permissions.core.scope`, under the lock of its programme,
checks the table of moves, changes the row where it still is as the caller knows it, and writes one line of the
story: all in one transaction. Whatever takes up time asks `places` first, and the table of entries refuses the rest.
"""

from backend.programme.actions.ending import (
    cancel,
    confirm,
    extend_hold,
    finish,
    miss,
    release,
    release_expired_holds,
    restore,
)
from backend.programme.actions.moving import correct, move_to
from backend.programme.actions.people import invite, uninvite
from backend.programme.actions.planning import plan
from backend.programme.actions.preparing import (
    ask_note,
    ask_note_again,
    chase_notes,
    prepare,
    return_note,
    withdraw_note,
    write_note,
)
from backend.programme.actions.press import hide_press, show_press
from backend.programme.actions.principals import (
    change_principal,
    end_public_day,
    establish,
    set_public_day,
    set_working_hours,
)
from backend.programme.actions.secrecy import (
    mark_confidential,
    name_reader,
    remove_confidentiality,
    unname_reader,
)
from backend.programme.actions.standing_in import appoint_stand_in, end_stand_in, hand_over
