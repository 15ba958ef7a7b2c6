"""The second wall of drafts; see `permissions.policies`. The house only deletes old ones."""

from permissions.core.conditions import OWN, OWN_OR_THE_HOUSE

SECURED: dict[str, str] = {"drafts_draft": OWN}
WITHHELD: dict[str, str] = {"drafts_draft": OWN_OR_THE_HOUSE}
