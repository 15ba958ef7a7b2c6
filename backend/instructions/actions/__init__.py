"""What may happen to an instruction: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.instructions.actions.deciding import (
    accept,
    add_collaborator,
    deny_time,
    grant_time,
    insist,
    readdress,
    release_collaborator,
    reopen,
    send_back,
    withdraw,
)
from backend.instructions.actions.doing import acknowledge, ask_time, note, refuse, report
from backend.instructions.actions.giving import attach, beginning, confirm, correct, give, usual_date
from backend.instructions.actions.secrecy import conceal, disclose, name_reader, unname_reader

__all__ = [
    "accept",
    "acknowledge",
    "add_collaborator",
    "ask_time",
    "attach",
    "beginning",
    "conceal",
    "confirm",
    "correct",
    "deny_time",
    "disclose",
    "give",
    "grant_time",
    "insist",
    "name_reader",
    "note",
    "readdress",
    "refuse",
    "release_collaborator",
    "reopen",
    "report",
    "send_back",
    "unname_reader",
    "usual_date",
    "withdraw",
]
