"""The second wall of submissions: no department reads what is not yet anybody's; see `permissions.policies`."""

from permissions.core.conditions import NEVER

SECURED: dict[str, str] = {
    "submissions_affectedperson": NEVER,
    "submissions_contactproof": NEVER,
    "submissions_shareuse": NEVER,
    "submissions_submission": NEVER,
    "submissions_submissionfile": NEVER,
}
