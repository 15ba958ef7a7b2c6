"""What may happen to an organisation: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.partners.actions.merging import family, merge, standing, undo_merge
from backend.partners.actions.people import add_role, correct_role, end_role
from backend.partners.actions.recording import (
    AlikeError,
    add_liaison,
    alike,
    close,
    correct,
    meant_by,
    reclassify,
    record,
    release_liaison,
    reopen,
)
