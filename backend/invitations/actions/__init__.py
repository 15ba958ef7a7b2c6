"""What may happen to an invitation: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.invitations.actions.deciding import attend, cancel, decline, reopen, represent
from backend.invitations.actions.receiving import (
    alike,
    attach,
    correct,
    drop,
    fulfil,
    lapse,
    link_partner,
    order,
    receive,
)
