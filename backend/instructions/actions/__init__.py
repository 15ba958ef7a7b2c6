"""What may happen to an instruction: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.instructions.actions.deciding import (
    accept,
    add_collaborator,
    grant_extension,
    insist,
    reassign,
    reject_extension,
    release_collaborator,
    reopen,
    send_back,
    withdraw,
)
from backend.instructions.actions.dictating import dictate, discard
from backend.instructions.actions.doing import acknowledge, note, refuse, report, request_extension
from backend.instructions.actions.giving import attach, beginning, confirm, correct, give, usual_date
from backend.instructions.actions.secrecy import conceal, disclose, name_reader, unname_reader
